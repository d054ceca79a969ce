"""A finding at its place in a document, and what a check depends on besides the text."""

from functools import cached_property

import msgspec

from backend_expert.facts.item import Item
from backend_expert.facts.linters import Linters
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
    def _chosen(self) -> dict[str, RuleSet]:
        return {}

    def chosen(self, language: str) -> RuleSet:
        """The rules that the settings let run on files of a language."""
        found = self._chosen.get(language)
        if found is None:
            left = {rule for rule, _ in self.left(language)}
            rules = (r for r in self.rules.rules if self.settings.runs(r) and r.id not in left)
            found = self._chosen[language] = RuleSet(rules, self.rules.on_error)
        return found

    def left(self, language: str) -> tuple[tuple[str, str], ...]:
        """The rules that are left to another linter, each with its twins there."""
        return tuple(
            (rule.id, ", ".join(told))
            for rule in self.rules.rules
            if rule.twins and self.settings.runs(rule) and not self.settings.names(rule)
            if (told := twins_that_report(rule, self.project.linters, language))
        )

    @cached_property
    def without_history(self) -> "Scope":
        """The same where every migration is checked, as one that is edited would be."""
        return msgspec.structs.replace(self, history=NO_HISTORY)


def twins_that_report(rule: Rule, linters: Linters, language: str) -> tuple[str, ...]:
    """A rule's twins in a linter that has all of them on; none when no linter has."""
    by_linter: dict[str, list[str]] = {}
    for twin in rule.twins:
        by_linter.setdefault(twin.partition(" ")[0], []).append(twin)
    for twins in by_linter.values():
        if all(linters.reports(twin, language) for twin in twins):
            return tuple(twins)
    return ()


Row = tuple[Problem, ...]
