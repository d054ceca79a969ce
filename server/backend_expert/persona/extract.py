"""Definitions taken out of files: the text that defines a name, with the line it begins at."""

import re

import msgspec

from backend_expert.facts.code import Assign, Class, Function, Name, Statement
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

_LONGEST = 3_500  # characters of one definition; what is longer ends at a line


class Extract(msgspec.Struct, frozen=True):
    """A part of a file: its absolute path, its first line from 1, what it defines, its text."""

    path: str
    line: int
    name: str
    text: str


def definition(document: Document, name: str) -> Extract | None:
    """What defines a name (`Order`, or `Order.save` for a method) in a document.

    A class comes with the methods under it, as far as there is room.
    """
    owner, _, last = name.rpartition(".")
    says = _defines(last)
    for at, piece in enumerate(document.pieces):
        if piece.place.owner not in ("", owner) or not says.search(piece.text):
            continue
        for statement in piece.item.body:
            span = _span(statement, owner, last, piece.place.owner)
            if span is not None:
                start = document.start_of(at)
                end = start + span.end
                if isinstance(statement, Class) and not owner:
                    end = max(end, _end_of_methods(document, at, last))
                return extract(document, Span(start + span.start, end), name)
    return None


def _defines(name: str) -> re.Pattern[str]:
    """A piece that may define the name; only such pieces are read."""
    word = re.escape(name)
    return re.compile(
        rf"\b(?:class|def|function\s*\*?|const|let|var)\s+{word}\b"
        rf"|^[ \t]*(?:static\s+|async\s+|\*\s*)*{word}\s*(?::[^=\n]+)?[=(]",
        re.M,
    )


def extract(document: Document, span: Span, name: str = "") -> Extract:
    """A span of a document, from the start of its first line; what is too long is cut."""
    line = document.position(span.start)[0]
    text = document.slice(document.line_start(line), span.end).rstrip()
    if len(text) > _LONGEST:
        kept = text[: text.rfind("\n", 0, _LONGEST)]
        more = text.count("\n") - kept.count("\n")
        text = f"{kept}\n… {more} more lines"
    return Extract(document.path or "", line + 1, name, text)


def _span(statement: Statement, owner: str, name: str, inside: str) -> Span | None:
    """Where a statement defines the name, relative to its item."""
    if isinstance(statement, Class):
        if not owner and not inside:
            return statement.span if statement.name == name else None
        if statement.name == owner:
            for inner in statement.body:
                if isinstance(inner, Function) and inner.name == name:
                    return inner.span
        return None
    if inside != owner:
        return None
    if isinstance(statement, Function):
        return statement.span if statement.name == name else None
    if isinstance(statement, Assign):
        named = any(isinstance(each, Name) and each.id == name for each in statement.targets)
        return statement.span if named else None
    return None


def _end_of_methods(document: Document, at: int, name: str) -> int:
    """Where the last method of a class ends; methods are pieces of their own, behind the head."""
    end = 0
    for after in range(at + 1, len(document.pieces)):
        piece = document.pieces[after]
        if piece.place.owner != name:
            break
        if piece.item.body:
            end = document.start_of(after) + piece.item.body[-1].span.end
    return end
