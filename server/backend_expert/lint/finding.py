"""Findings: what is wrong here, why it fired, and how it can be mended."""

import msgspec

from backend_expert.facts.item import Item
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


class Related(msgspec.Struct, frozen=True, gc=False):
    """A place that is part of the evidence.

    `home` is the name of this file whose item holds the span (see `FileFlow.home`), empty for the
    finding's own item; `path` another file's path, the span then counted from that file's start.
    """

    span: Span
    message: str
    home: str = ""
    path: str = ""


class Fix(msgspec.Struct, frozen=True, gc=False):
    """An edit that mends the finding.

    `edits` are in the finding's own item. `imports` are statements that the file must have
    (`import secrets`); they are added only when missing. `is_sure` says that the program then does
    what was meant, without a look by a person: such fixes are preferred and made by `--fix`.
    """

    title: str
    edits: tuple[Edit, ...]
    imports: tuple[str, ...] = ()
    is_sure: bool = True


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One fault. The rule's id and severity are added by the runner.

    `message` says what is wrong *here*, at most a dozen words, lower case, no final period.
    `home` as in `Related`. `item` is set by rules that look at a whole file.
    """

    span: Span
    message: str
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    home: str = ""
    item: Item | None = None
    tags: tuple[str, ...] = ()
