"""The shapes that features speak in: what an editor is told, before any protocol."""

from typing import Literal

import msgspec

from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.piece import Piece

Tag = Literal["unnecessary", "deprecated"]
ERROR, WARNING, INFORMATION, HINT = 1, 2, 3, 4


class Related(msgspec.Struct, frozen=True, gc=False):
    """A place that is part of the evidence.

    `span` is relative to `piece`, a piece of the same document (None: the finding's own), or, when
    `uri` names another file, absolute in that file.
    """

    span: Span
    message: str
    piece: Piece | None = None
    uri: str = ""


class Diagnostic(msgspec.Struct, frozen=True, gc=False):
    """One squiggle; `span` is relative to the piece it stands in. `href` opens the rule's page."""

    span: Span
    rule: str
    message: str
    severity: int = WARNING
    related: tuple[Related, ...] = ()
    fixable: bool = False
    href: str = ""
    tags: tuple[Tag, ...] = ()


class PieceDiagnostics(msgspec.Struct, frozen=True, gc=False):
    """The diagnostics of the piece at `index` of a document.

    Hand out the *same* tuple as long as they are the same: what was rendered of it is then reused.
    """

    index: int
    diagnostics: tuple[Diagnostic, ...]


class Hover(msgspec.Struct, frozen=True, gc=False):
    """Markdown to show at `span`."""

    markdown: str
    span: Span


class FileEdit(msgspec.Struct, frozen=True, gc=False):
    """Edits of one file, good for exactly this `version` of it (None: whatever is on disk)."""

    uri: str
    version: int | None
    edits: tuple[Edit, ...]


class Command(msgspec.Struct, frozen=True, gc=False):
    """A command for the client to send back, with plain arguments."""

    title: str
    command: str
    arguments: tuple[object, ...] = ()


class Action(msgspec.Struct, frozen=True, gc=False):
    """An entry of the light bulb.

    `kind` as LSP names kinds. An action without a command has edits: `ide.actions.resolve` makes
    them from `id`, which must say everything (it comes back from the client). `rules` are the ids
    of the diagnostics that it mends; `by_model` tells that the edit comes from a language model.
    """

    id: str
    title: str
    kind: str
    is_preferred: bool = False
    command: Command | None = None
    rules: tuple[str, ...] = ()
    by_model: bool = False


class Lens(msgspec.Struct, frozen=True, gc=False):
    """A line of text above `span`, with what happens on a click (a title alone does nothing)."""

    span: Span
    command: Command


class Symbol(msgspec.Struct, frozen=True, gc=False):
    """An entry of the outline; `kind` is LSP's name of it, in lower case (`function`, `event`)."""

    name: str
    kind: str
    span: Span
    name_span: Span
    detail: str = ""
    children: "tuple[Symbol, ...]" = ()


class Question(msgspec.Struct, frozen=True, gc=False):
    """What the expert is asked: a task about a span of a file, and the user's own words if any."""

    task: str
    uri: str
    span: Span
    words: str = ""


class Said(msgspec.Struct, frozen=True, gc=False):
    """The next part of the expert's answer, in Markdown."""

    text: str


class Spent(msgspec.Struct, frozen=True, gc=False):
    """What an answer has used so far: the model, tokens of both sides, USD (None: unknown)."""

    model: str
    tokens: int
    cost: float | None = None


class Proposal(msgspec.Struct, frozen=True, gc=False):
    """Edits that the expert proposes, proved; they are shown for confirmation, never just made.

    `before` is the text of the one file that they edit, as it was when they were proved. `claims`
    are the rules of which the edits were to mend a finding.
    """

    title: str
    edits: tuple[FileEdit, ...]
    reason: str = ""
    before: str = ""
    claims: tuple[str, ...] = ()


Answered = Said | Spent | Proposal
