"""A finding at its place in a document, and what a check depends on besides the text."""

from functools import cached_property

import msgspec

from backend_expert.facts.item import Item
from backend_expert.facts.project import NO_PROJECT, Project
from backend_expert.lint.finding import Finding
from backend_expert.lint.rule import Rule, Severity
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import DEFAULTS, Settings
from backend_expert.text.span import Span
from backend_expert.workspace.history import NO_HISTORY, History
from backend_expert.workspace.neighbours import NO_NEIGHBOURS, Neighbours


class Problem(msgspec.Struct, frozen=True, gc=False):
    """A finding at its place in a piece: the span counts from the piece's start."""

    rule: Rule
    severity: Severity
    finding: Finding
    span: Span
    item: Item


class Scope(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What a check depends on besides the text; the same object while nothing of it changes."""

    rules: RuleSet
    settings: Settings = DEFAULTS
    project: Project = NO_PROJECT
    neighbours: Neighbours = NO_NEIGHBOURS
    history: History = NO_HISTORY

    @cached_property
    def chosen(self) -> RuleSet:
        """The rules that the settings let run."""
        return RuleSet(filter(self.settings.runs, self.rules.rules), self.rules.on_error)

    @cached_property
    def without_history(self) -> "Scope":
        """The same where every migration is checked, as one that is edited would be."""
        return msgspec.structs.replace(self, history=NO_HISTORY)


Row = tuple[Problem, ...]
