"""Edits that turn values spliced into SQL into bound parameters."""

from backend_expert.facts.code import (
    Call,
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
from backend_expert.text.span import Span

# Traits of `sql.execute` entries that say how the driver writes parameters.
STYLES = ("?", "%s", "$1", ":name")


def bound(call: Call, query: Query, hole: QueryHole, ctx: Context) -> tuple[Edit, ...]:
    """Edits that bind all the values of a query, `hole` among them; none when that is not simple.

    Simple is: one string literal, every hole a value, no parameters yet, a style that the
    technology file knows.
    """
    meaning = ctx.meaning(call, "sql.execute")
    style = _style(meaning) if meaning else ""
    text = _literal(call, ctx)
    if meaning is None or not style or text is None or query.home or query.placeholders:
        return ()
    holes = sorted(query.holes, key=lambda h: h.span)
    if any(h.position != "value" for h in holes) or _has_values(call, meaning):
        return ()
    own = [part for part in text.parts if isinstance(part, Hole)]
    if [h.span for h in own] != [h.span for h in holes] or any(h.form for h in own):
        return ()
    if any(isinstance(p, Fragment) and _needs_care(p, style) for p in text.parts):
        return ()
    edits = list(_unmarked(text, ctx))
    names: list[str] = []
    for number, one in enumerate(holes, 1):
        name = _parameter_name(one.value, number, names)
        names.append(name)
        mark = {"?": "?", "%s": "%s", "$1": f"${number}", ":name": f":{name}"}[style]
        edits.append(Edit(_with_quotes(one, ctx), mark))
    edits.append(_given(call, style, names, [ctx.source(h.value) for h in holes], ctx))
    return tuple(edits)


def _style(meaning: Meaning) -> str:
    return next((s for s in STYLES if meaning.has(f"binds {s}")), "")


def _literal(call: Call, ctx: Context) -> Text | None:
    meaning = ctx.meaning(call, "sql.execute")
    subject = ctx.subject(call, meaning) if meaning else None
    if isinstance(subject, Call) and ctx.meaning(subject, "sql.text") and subject.arguments:
        subject = subject.arguments[0].value
    return subject if isinstance(subject, Text) and subject.tag is None else None


def _has_values(call: Call, meaning: Meaning) -> bool:
    slot = meaning.entry.values
    if slot is None or call.spreads or slot.member is not None:
        return True
    return call.argument(slot.position, slot.name) is not None


def _needs_care(part: Fragment, style: str) -> bool:
    """Escaped braces must be unescaped, and `%` doubled, when the literal changes its kind."""
    braces = part.value in "{}" and len(part.span) == 2
    return braces or (style == "%s" and "%" in part.value)


def _unmarked(text: Text, ctx: Context) -> list[Edit]:
    """Takes the `f` of an f-string away; its holes are gone."""
    if not ctx.is_python:
        return []
    edits: list[Edit] = []
    source = ctx.source(text)
    start = text.span.start
    head = source[: len(source) - len(source.lstrip("rRfFbBuU"))]
    edits += (Edit(Span(start + at, start + at + 1), "") for at, c in enumerate(head) if c in "fF")
    return edits


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


def _given(call: Call, style: str, names: list[str], values: list[str], ctx: Context) -> Edit:
    if style == ":name":
        shown = "{" + ", ".join(f'"{n}": {v}' for n, v in zip(names, values, strict=True)) + "}"
    elif not ctx.is_python:
        shown = f"[{', '.join(values)}]"
    else:
        shown = f"({', '.join(values)}{',' if len(values) == 1 else ''})"
    return ctx.with_argument(call, shown)
