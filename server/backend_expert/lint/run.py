"""Running rules: facts in, findings out. The facts are walked once for all rules."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_args

import msgspec

from backend_expert.facts.code import Call
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.flow.queries import queries, statements
from backend_expert.flow.reading import Reading, Site
from backend_expert.lint.context import CodeFile, Context
from backend_expert.lint.finding import Finding
from backend_expert.lint.rule import Rule

log = logging.getLogger(__name__)
OnError = Callable[[str, Exception], None]


class Found(msgspec.Struct, frozen=True, gc=False):
    """A finding and the rule that made it."""

    rule: Rule
    finding: Finding


class RuleSet:
    """Rules sorted by the shape they look at."""

    __slots__ = ("_calls", "_calls_by_role", "by_shape", "on_error", "rules")

    def __init__(self, rules: Iterable[Rule], on_error: OnError | None = None) -> None:
        self.rules = tuple(rules)
        self.on_error = on_error or _log
        self.by_shape: dict[type[Any], tuple[Rule, ...]] = {}
        for rule in self.rules:
            for shape in get_args(rule.shape) or (rule.shape,):  # `Call | Assign` is both
                self.by_shape[shape] = (*self.by_shape.get(shape, ()), rule)
        # A file has many calls, and most rules speak of calls with a certain role.
        calls = self.by_shape.get(Call, ())
        self._calls = tuple(rule for rule in calls if not rule.needs)
        self._calls_by_role: dict[str, tuple[Rule, ...]] = {}
        for rule in calls:
            for role in rule.needs:
                self._calls_by_role[role] = (*self._calls_by_role.get(role, ()), rule)

    def applying_to(self, file: CodeFile) -> "RuleSet":
        """The rules that speak of a file of this language and kind."""
        return RuleSet(
            (
                rule
                for rule in self.rules
                if file.family in rule.languages
                and (rule.in_tests or not file.is_test)
                and (rule.in_migrations or not file.is_migration)
                and (rule.in_scripts or not file.is_script)
            ),
            self.on_error,
        )

    def check_item(self, file: CodeFile, item: Item) -> tuple[Found, ...]:
        """The findings of one item, by all rules that look at less than a file."""
        if file.family == "sql":
            reading = Reading(item)
            known = statements(item, file.dialect)
        else:
            reading = file.flow.reading(item)
            known = queries(reading, file.flow.catalogue, file.dialect)
        context = Context(file, item, reading, known)
        return tuple(dict.fromkeys(self._found(context, known)))

    def _found(self, context: Context, known: list[Query]) -> list[Found]:
        found: list[Found] = []
        by_shape = self.by_shape
        for node in context.reading.nodes():
            shape = type(node)
            if shape is Call:
                rules = self._of_call(context.reading.sites.get(id(node)))
            else:
                rules = by_shape.get(shape, ())
            for rule in rules:
                try:
                    for finding in rule.check(node, context):
                        found.append(Found(rule, finding))
                except Exception as error:  # one broken rule never takes another down
                    self.on_error(rule.id, error)
        for rule in by_shape.get(Query, ()):
            for query in known:
                if query.expression is not None:
                    found += self._run(rule, query, context)
        for rule in by_shape.get(Item, ()):
            found += self._run(rule, context.item, context)
        return found

    def _of_call(self, site: Site | None) -> tuple[Rule, ...]:
        """The rules that may have something to say of a call."""
        roles = site.roles if site is not None else ()
        rules = self._calls
        by_role = self._calls_by_role
        for role in roles:
            if role in by_role:
                rules = (*rules, *(rule for rule in by_role[role] if rule not in rules))
        return rules

    def check_file(self, file: CodeFile) -> tuple[Found, ...]:
        """The findings of rules that look at a whole file."""
        found: list[Found] = []
        for rule in self.by_shape.get(CodeFile, ()):
            if not rule.needs or not rule.needs.isdisjoint(file.roles):
                found += self._run(rule, file, None)
        return tuple(found)

    def _run(self, rule: Rule, fact: object, context: Context | None) -> Iterator[Found]:
        try:
            for finding in rule.check(fact, context):
                yield Found(rule, finding)
        except Exception as error:  # one broken rule never takes another down
            self.on_error(rule.id, error)


def _log(rule: str, error: Exception) -> None:
    log.error("rule %s failed and was passed over: %r", rule, error, exc_info=error)
