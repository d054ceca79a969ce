"""What rules about catch blocks share: where their head is, and how to log in them."""

import re

from backend_expert.facts.code import Handler, Jump, Opaque, Text, Try
from backend_expert.lint.context import Context
from backend_expert.lint.finding import Fix
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_IGNORES = pattern(
    r"ignor|swallow|best[- ]effort|suppress|don't care|does not matter", re.IGNORECASE
)

_MINDS = pattern(
    _IGNORES.pattern
    + r"|fail|error|exception|defensive|optional|invalid|(mal|ill[- ])formed|matter",
    re.IGNORECASE,
)


def head_of(handler: Handler, ctx: Context) -> Span:
    """`except Exception`, `catch (error)`: the handler without its block."""
    start = handler.span.start
    end = handler.body[0].span.start if handler.body else handler.span.end
    head = ctx.text[start:end]
    cut = head.rfind(":") if ctx.is_python else head.find("{")
    head = (head[:cut] if cut > 0 else head.split("\n")[0]).rstrip()
    return Span(start, start + len(head))


def with_log(handler: Handler, name: str, ctx: Context) -> Fix | None:
    """A fix that logs the error, with its stack, at the start of the handler of function `name`."""
    words = f"{name} failed" if name else "failed"
    head = head_of(handler, ctx)
    imports: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    if ctx.is_python:
        line = f'logging.getLogger(__name__).exception("{words}")'
        imports = ("import logging",)
    else:
        line = f"console.error('{words}', {handler.name or 'error'});"
        if not handler.name:
            edits = (Edit(Span(head.end, head.end), " (error)"),)
    if not handler.body:
        return None if ctx.is_python else _into_empty(handler, head, line, edits, ctx)
    first = handler.body[0]
    if "\n" not in ctx.text[head.end : first.span.start]:
        return None
    if isinstance(first, Jump | Opaque) and first.kind in ("pass", "ellipsis"):
        edits += (ctx.replace(first, line),)
    else:
        start = ctx.text.rfind("\n", 0, first.span.start) + 1
        indent = ctx.text[start : first.span.start]
        edits += (Edit(Span(first.span.start, first.span.start), f"{line}\n{indent}"),)
    return Fix("Log it with its stack", edits, imports, is_sure=False)


def _into_empty(
    handler: Handler, head: Span, line: str, edits: tuple[Edit, ...], ctx: Context
) -> Fix | None:
    block = ctx.text[head.end : handler.span.end]
    opened = block.find("{")
    if opened < 0 or not block.endswith("}"):
        return None
    if "\n" in block:
        start = ctx.text.rfind("\n", 0, head.start) + 1
        before = ctx.text[start : head.start]
        indent = before[: len(before) - len(before.lstrip())]
        filled = f"{{\n{indent}  {line}\n{indent}}}"
    else:
        filled = f"{{ {line} }}"
    inside = Span(head.end + opened, handler.span.end)
    return Fix("Log it with its stack", (*edits, Edit(inside, filled)), is_sure=False)


def is_explained(handler: Handler, ctx: Context) -> bool:
    """Whether a comment stands in the block, beside its head, or first in what is tried.

    So does one right above the `try` that speaks of failure, or a docstring that does.
    """
    text = ctx.text
    end = text.find("\n", handler.span.end)
    span = Span(handler.span.start, end if end >= 0 else len(text))
    tried = ctx.parent(handler)
    if isinstance(tried, Try) and tried.body:
        head = Span(tried.span.start, tried.body[0].span.start)
        above = text.rfind("\n", 0, tried.span.start) + 1
        for comment in ctx.item.comments:
            gap = text[comment.span.end : above]
            is_above = comment.span.end <= above and not gap.strip() and gap.count("\n") <= 1
            if (is_above or head.covers(comment.span)) and _MINDS.search(comment.text):
                return True
    function = ctx.function(handler)
    first = function.body[0] if function is not None and function.body else None
    if isinstance(first, Text) and _IGNORES.search(first.value or ""):
        return True
    return any(span.covers(comment.span) for comment in ctx.item.comments)
