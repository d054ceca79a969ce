"""Where a model's edits go: from the lines and words that it wrote to spans of the document."""

import os
from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Class, Function, Import
from backend_expert.ide.actions import difference
from backend_expert.persona.place import Place
from backend_expert.persona.proposal import DraftEdit, ProposalDraft
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

_SHOWN = 12  # lines of what really stands there, for a model to try again


class Placed(msgspec.Struct, frozen=True, eq=False):
    """A proposal with its edits in the document, the rules it says it mends, and what is wrong."""

    title: str
    edits: tuple[Edit, ...] = ()
    claims: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class _Misplaced(ValueError):
    """An edit has no place in the document; the message says why."""


def placed(place: Place, draft: ProposalDraft) -> Placed:
    """The edits of a draft in the place's document; those without a place become reasons."""
    edits: list[Edit] = []
    claims: dict[str, None] = {}
    reasons: list[str] = []
    for one in draft.edits:
        try:
            edits += _edits(place, one)
        except _Misplaced as error:
            reasons.append(str(error))
        claims.update(dict.fromkeys(one.mends))
    if not edits and not reasons:
        reasons.append("it changes nothing")
    return Placed(draft.title, tuple(dict.fromkeys(edits)), tuple(claims), tuple(reasons))


def scope_of(place: Place) -> list[Span]:
    """What an answer may edit: the statements that the selection touches, and the imports."""
    document = place.checked.document
    spans = [_head(document)]
    for item, start in place.items():
        spans.append(Span(start, start + len(item.text)))
    return _joined(sorted(spans))


def _joined(spans: list[Span]) -> list[Span]:
    """Spans that touch as one, so that an edit may go over their border."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _head(document: Document) -> Span:
    """The file down to the last import above its first function or class."""
    end = 0
    for at, piece in enumerate(document.pieces):
        if any(isinstance(statement, Import) for statement in piece.item.body):
            end = document.span_of(at).end
        if any(isinstance(statement, Function | Class) for statement in piece.item.body):
            break
    return Span(0, end)


def _edits(place: Place, one: DraftEdit) -> Iterator[Edit]:
    document = place.checked.document
    if not _is_this_file(place, one.file):
        raise _Misplaced(f"it edits {one.file}; only {place.checked.file.path} may be edited here")
    newline = document.newline
    old, new = (text.replace("\r\n", "\n").replace("\n", newline) for text in (one.old, one.new))
    start = _start(document, one, old)
    for edit in difference(old, new):
        yield Edit(edit.span.moved(start), edit.text)


def _is_this_file(place: Place, name: str) -> bool:
    document = place.checked.document
    own = {place.checked.file.path, document.uri, document.path or ""}
    return name in own or os.path.normpath(name) in own


def _start(document: Document, one: DraftEdit, old: str) -> int:
    """The offset at which the old text stands: at its line, or at the only place there is.

    Raises:
        _Misplaced: it stands nowhere, or at several places of which none is the line named.
    """
    line_start = document.line_start(one.first_line - 1)
    if not old:
        return line_start
    text = document.text
    found = list(_all(text, old))
    named = [at for at in found if document.position(at)[0] + 1 == one.first_line]
    if len(found) == 1 or named:
        return (named or found)[0]
    if not found:
        raise _Misplaced(_not_there(document, one))
    lines = ", ".join(str(document.position(at)[0] + 1) for at in found[:8])
    raise _Misplaced(f"its old text stands at several places (lines {lines}), none of them "
                     f"line {one.first_line}")  # fmt: skip


def _all(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _not_there(document: Document, one: DraftEdit) -> str:
    first = min(max(one.first_line, 1), document.line_count)
    last = min(max(one.last_line, first), first + _SHOWN - 1, document.line_count)
    there = document.slice(document.line_start(first - 1), document.line_start(last)).rstrip()
    return f"its old text does not stand in the file; lines {first} to {last} are:\n{there}"
