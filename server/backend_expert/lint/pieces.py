"""Pieces of SQL that are handed to a mapper or query builder as text."""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Expression
from backend_expert.lint.context import Context
from backend_expert.technologies.catalogue import Meaning


def pieces(call: Call, ctx: Context) -> Iterator[tuple[Meaning, Expression]]:
    """The arguments of a call that become part of a statement as they are.

    Text that is only marked as SQL counts where it goes into a builder: what is executed as a whole
    is looked at there.
    """
    site = ctx.site(call)
    for meaning in site.meanings if site is not None else ():
        if meaning.role != "sql.text":
            continue
        for word in ("select", "tables"):
            other = ctx.option(call, meaning, word).value
            if other is not None and meaning.has("fragment"):
                yield meaning, other
        piece = ctx.subject(call, meaning)
        if piece is None or not _goes_into_builder(call, meaning, ctx):
            continue
        value = ctx.value(piece)
        is_text = value.parts is not None or (meaning.has("names") and value.node is None)
        if is_text or not meaning.has("text-or-map"):
            yield meaning, piece


def _goes_into_builder(call: Call, meaning: Meaning, ctx: Context) -> bool:
    above = ctx.enclosing(call, Call)
    is_argument = isinstance(above, Call) and not above.callee.span.covers(call.span)
    if not is_argument or not isinstance(above, Call):
        return meaning.has("fragment")
    if ctx.meaning(above, "sql.execute") is not None:
        return False
    return meaning.has("fragment") or ctx.meaning(above, "orm.query") is not None
