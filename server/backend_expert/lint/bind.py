"""Edits that turn values spliced into SQL into bound parameters."""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import (
    Call,
    Collection,
    Expression,
    Fragment,
    Hole,
    Index,
    Member,
    Name,
    Text,
)
from backend_expert.facts.query import Query, QueryHole
from backend_expert.lint.context import Context
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

# Traits of `sql.execute` entries that say how the driver writes parameters; `each` takes them one
# by one where the others take a list.
STYLES = ("?", "%s", "$1 each", "$1", ":name")


# The `f` of a string's prefix.
_MARKED = pattern(r"(?<![\w'\"])[rR]?([fF])[rR]?(?=['\"])")


def bound(call: Call, query: Query, hole: QueryHole, ctx: Context) -> tuple[Edit, ...]:
    """Edits that bind all the values of a query, `hole` among them; none when that is not simple.

    Simple is: one string literal (of several parts, perhaps), every hole a value, a style that the
    technology file knows, and no parameters yet or ones that more can be added to.
    """
    meaning = ctx.meaning(call, "sql.execute")
    style = _style(meaning) if meaning else ""
    text = _literal(call, ctx)
    if meaning is None or not style or text is None or query.home:
        return ()
    holes = sorted(query.holes, key=lambda h: h.span)
    own = [part for part in text.parts if isinstance(part, Hole)]
    if any(h.position != "value" for h in holes) or any(h.form for h in own):
        return ()
    if [h.span for h in own] != [h.span for h in holes]:
        return ()
    if any(isinstance(p, Fragment) and _needs_care(p, style) for p in text.parts):
        return ()
    given = _given(call, meaning, style, query, ctx)
    if given is None:
        return ()
    edits = list(_unmarked(text, ctx))
    names: list[str] = []
    for number, one in enumerate(holes, given.count + 1):
        name = _parameter_name(one.value, number, [*names, *given.names])
        names.append(name)
        mark = {"?": "?", "%s": "%s", ":name": f":{name}"}.get(style, f"${number}")
        edits.append(Edit(_with_quotes(one, ctx), mark))
    values = [ctx.source(h.value) for h in holes]
    edits.append(_handed(call, style, names, values, given, ctx))
    return tuple(edits)


class Given(msgspec.Struct, frozen=True):
    """The parameters that a call has already: where they end, how many, and their names."""

    at: int = -1
    count: int = 0
    names: tuple[str, ...] = ()


def _given(call: Call, meaning: Meaning, style: str, query: Query, ctx: Context) -> Given | None:
    """The call's parameters; None when no more can be added to them."""
    slot = meaning.entry.values
    if slot is None or slot.member is not None or call.spreads:
        return None
    known = call.argument(slot.position, slot.name)
    if known is None:
        return None if query.placeholders else Given()
    if style in ("?", "%s") or not isinstance(known, Collection) or known.spreads:
        return None  # their order would have to be worked out
    if style == ":name" and known.kind == "map":
        words = [e.key.value or "" for e in known.entries if isinstance(e.key, Text)]
        end = known.entries[-1].value.span.end if known.entries else known.span.end - 1
        return Given(end, len(known.entries), tuple(words))
    if style == "$1" and known.kind == "list" and known.entries:
        return Given(known.entries[-1].value.span.end, len(known.entries))
    return None


def _style(meaning: Meaning) -> str:
    return next((s for s in STYLES if meaning.has(f"binds {s}")), "")


def _literal(call: Call, ctx: Context) -> Text | None:
    meaning = ctx.meaning(call, "sql.execute")
    subject = ctx.subject(call, meaning) if meaning else None
    if isinstance(subject, Call) and ctx.meaning(subject, "sql.text") and subject.arguments:
        subject = subject.arguments[0].value
    return subject if isinstance(subject, Text) and subject.tag is None else None


def _needs_care(part: Fragment, style: str) -> bool:
    """Escaped braces must be unescaped, and `%` doubled, when the literal changes its kind."""
    braces = part.value in "{}" and len(part.span) == 2
    return braces or (style == "%s" and "%" in part.value)


def _unmarked(text: Text, ctx: Context) -> Iterator[Edit]:
    """Takes the `f` of each f-string in the literal away; their holes are gone."""
    if not ctx.is_python:
        return
    at = text.span.start
    for part in (*text.parts, None):
        end = part.span.start if part is not None else text.span.end
        for found in _MARKED.finditer(ctx.text[at:end]):
            yield Edit(Span(at + found.start(1), at + found.end(1)), "")
        at = part.span.end if part is not None else end


def _with_quotes(hole: QueryHole, ctx: Context) -> Span:
    """The hole, with the SQL quotes straight around it."""
    span = hole.span
    before, after = ctx.text[span.start - 1 : span.start], ctx.text[span.end : span.end + 1]
    if hole.is_quoted and before == after == "'":
        return Span(span.start - 1, span.end + 1)
    return span


def _parameter_name(value: Expression, number: int, taken: list[str]) -> str:
    name = ""
    if isinstance(value, Name):
        name = value.id
    elif isinstance(value, Member):
        name = value.name
    elif isinstance(value, Index) and isinstance(value.key, Text):
        name = value.key.value or ""
    return name if name.isidentifier() and name not in taken else f"p{number}"


def _handed(
    call: Call, style: str, names: list[str], values: list[str], given: Given, ctx: Context
) -> Edit:
    """The edit that hands the values to the call."""
    pairs = [f'"{name}": {value}' for name, value in zip(names, values, strict=True)]
    inner = ", ".join(pairs if style == ":name" else values)
    if given.at >= 0:
        return Edit(Span(given.at, given.at), (", " if given.count else "") + inner)
    if style == ":name":
        inner = "{" + inner + "}"
    elif style != "$1 each":
        comma = "," if len(values) == 1 else ""
        inner = f"({inner}{comma})" if ctx.is_python else f"[{inner}]"
    return ctx.with_argument(call, inner)
