"""Texts put together from pieces: concatenation, `%`, `.format`, `join`, constant holes."""

import re
from collections.abc import Callable, Sequence

from backend_expert.facts.code import (
    Argument,
    Collection,
    Constant,
    Expression,
    Fragment,
    Hole,
    Text,
)
from backend_expert.flow.value import Value
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

Parts = tuple[Fragment | Hole, ...]
Evaluate = Callable[[Expression], Value]

# `%s`, `%(name)s`, `%-5d`, `%%`
_PERCENT = pattern(r"%(?:%|(?:\((\w+)\))?[-+ #0]*(?:\*|\d+)?(?:\.\d+)?[a-zA-Z])")
# `{}`, `{0}`, `{name}`, `{name!r:>10}`, `{{`, `}}`
_FORMAT = pattern(r"\{\{|\}\}|\{(\w*)((?:\.\w+|\[\w+\])*)(![rsa])?(:[^{}]*)?\}")
_LONGEST = 400  # pieces; beyond that a text is data, not code


def as_parts(expression: Expression, value: Value, span: Span) -> Parts:
    """The value's text as it appears at `span`: its own pieces, or one hole.

    Pieces of a constant that stands in another item are shown at the place of use.
    """
    if value.parts is None:
        if isinstance(value.node, Constant) and value.node.value is not None:
            return (Fragment(span, str(value.node.value)),)
        return (Hole(span, expression),)
    if not value.home:
        return value.parts
    return tuple(
        Fragment(span, part.value) if isinstance(part, Fragment) else Hole(span, part.value)
        for part in value.parts
    )


def template(text: Text, evaluate: Evaluate) -> Parts:
    """A string literal's parts, holes with a known text filled in."""
    done: list[Fragment | Hole] = []
    for part in text.parts:
        if isinstance(part, Fragment):
            done.append(part)
            continue
        value = evaluate(part.value)
        filled = as_parts(part.value, value, part.span) if not part.form else None
        if filled is None or (len(filled) == 1 and isinstance(filled[0], Hole)):
            done.append(part)
        else:
            done += (_shown_at(piece, part.span) for piece in filled)
    return tuple(done[:_LONGEST])


def _shown_at(piece: Fragment | Hole, span: Span) -> Fragment | Hole:
    if isinstance(piece, Fragment):
        return Fragment(span, piece.value)
    return Hole(span, piece.value, piece.form)


def concatenated(operands: Sequence[Expression], values: Sequence[Value]) -> Parts | None:
    """`a + b + c` as one text; None when none of them is known to be a text."""
    if not any(value.parts is not None for value in values):
        return None
    done: list[Fragment | Hole] = []
    for operand, value in zip(operands, values, strict=True):
        done += as_parts(operand, value, operand.span)
        if len(done) > _LONGEST:
            return None
    return tuple(done)


def percent(parts: Parts, right: Expression, evaluate: Evaluate) -> Parts:
    """`"… %s …" % right` with its conversions replaced by holes, or by known constants."""
    queue = (
        [entry.value for entry in right.entries]
        if isinstance(right, Collection) and right.kind == "tuple"
        else [right]
    )

    def given(found: re.Match[str]) -> Expression | None:
        name = found[1]
        if name is not None:
            return (right.get(name) or right) if isinstance(right, Collection) else right
        return queue.pop(0) if queue else None

    return _replaced(parts, _PERCENT, given, evaluate)


def formatted(parts: Parts, arguments: Sequence[Argument], evaluate: Evaluate) -> Parts:
    """`"… {} …".format(arguments)` with its fields replaced by holes."""
    positional = [a.value for a in arguments if a.name is None and not a.spread]
    named = {a.name: a.value for a in arguments if a.name is not None}
    spread = next((a.value for a in arguments if a.spread), None)
    count = 0

    def given(found: re.Match[str]) -> Expression | None:
        nonlocal count
        key = found[1]
        if key is None:
            return None
        if key == "" or key.isdigit():
            index = int(key) if key else count
            count += 1
            return positional[index] if index < len(positional) else spread
        return named.get(key, spread)

    return _replaced(parts, _FORMAT, given, evaluate)


def _replaced(
    parts: Parts,
    pattern: re.Pattern[str],
    given: Callable[[re.Match[str]], Expression | None],
    evaluate: Evaluate,
) -> Parts:
    done: list[Fragment | Hole] = []
    for part in parts:
        if isinstance(part, Hole):
            done.append(part)
            continue
        at = 0
        for found in pattern.finditer(part.value):
            if found[0] in ("%%", "{{", "}}"):
                done.append(_slice(part, at, found.start()))
                done.append(Fragment(_slice(part, *found.span()).span, found[0][0]))
                at = found.end()
                continue
            value = given(found)
            if value is None:
                continue
            done.append(_slice(part, at, found.start()))
            span = _slice(part, *found.span()).span
            done += (_shown_at(p, span) for p in as_parts(value, evaluate(value), span))
            at = found.end()
        done.append(_slice(part, at, len(part.value)))
        if len(done) > _LONGEST:
            break
    return tuple(piece for piece in done if isinstance(piece, Hole) or piece.value)


def _slice(part: Fragment, start: int, end: int) -> Fragment:
    """A stretch of a fragment; an escape stays whole."""
    if len(part.value) == len(part.span):
        return Fragment(Span(part.span.start + start, part.span.start + end), part.value[start:end])
    return Fragment(part.span, part.value[start:end])
