"""The edits that a model proposes: the schema it is given, and the reader of what it wrote."""

from typing import Any

import msgspec

MOST_EDITS = 200


class DraftEdit(msgspec.Struct, frozen=True):
    """One edit as it was written: whole lines of a file, replaced by others.

    file: as the brief names it. first_line, last_line: from 1, both included. last_line one less
    than first_line: nothing is replaced, and `new` stands before first_line. old: what the model
    believes to stand there. mends: ids of the rules whose findings it claims to mend.
    """

    file: str
    first_line: int
    last_line: int
    old: str
    new: str
    mends: tuple[str, ...] = ()


class ProposalDraft(msgspec.Struct, frozen=True):
    """Edits under one title, read but not proved."""

    title: str
    edits: tuple[DraftEdit, ...]


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _line(description: str) -> dict[str, Any]:
    return {"type": "integer", "description": description}


_EDIT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": _text("The path of the file, exactly as the brief names it."),
        "first_line": _line("The first line to replace, counted from 1."),
        "last_line": _line(
            "The last line to replace, included. One less than first_line to insert before it."
        ),
        "old": _text("The lines as they stand now, exactly, with their line breaks."),
        "new": _text("The lines to put in their place. Empty to delete them."),
        "mends": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Ids of the rules whose findings this edit mends; empty for none.",
        },
    },
    "required": ["file", "first_line", "last_line", "old", "new", "mends"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": _text("What the edits do, in a few words, as an imperative."),
        "edits": {"type": "array", "items": _EDIT, "description": "All edits, in file order."},
    },
    "required": ["title", "edits"],
    "additionalProperties": False,
}


def read_proposal(json: str) -> ProposalDraft:
    """The edits that a model wrote as the JSON of its tool call.

    Raises:
        ValueError: it is no such JSON; the message says what is wrong, for the model to mend.
    """
    try:
        draft = msgspec.json.decode(json.encode("utf-8", "surrogatepass"), type=ProposalDraft)
    except msgspec.ValidationError as error:
        raise ValueError(f"the edits are not as the schema has them: {error}") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ValueError(f"the edits are not whole JSON: {error}") from None
    if not draft.title.strip():
        raise ValueError("the edits have no title")
    if not draft.edits:
        raise ValueError("there is no edit in the proposal")
    if len(draft.edits) > MOST_EDITS:
        raise ValueError(f"there are {len(draft.edits)} edits; at most {MOST_EDITS} are read")
    for number, edit in enumerate(draft.edits, 1):
        _check(edit, number)
    return draft


def _check(edit: DraftEdit, number: int) -> None:
    """Raises ValueError for an edit that no text could take."""
    if not edit.file.strip() or "\0" in edit.file:
        raise ValueError(f"edit {number} names no file")
    if edit.first_line < 1:
        raise ValueError(f"edit {number} begins at line {edit.first_line}; lines count from 1")
    if edit.last_line < edit.first_line - 1:
        first, last = edit.first_line, edit.last_line
        raise ValueError(f"edit {number} ends at line {last}, before its first line {first}")
    if edit.last_line < edit.first_line and edit.old:
        raise ValueError(f"edit {number} inserts lines, so its `old` must be empty")
    if edit.old == edit.new:
        raise ValueError(f"edit {number} changes nothing")
