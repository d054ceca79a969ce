"""Running rules: facts in, findings out. The facts are walked once for all rules."""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import compress

import msgspec

from backend_expert.facts.code import Assign, Call
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.flow.queries import queries, statements
from backend_expert.flow.reading import Reading
from backend_expert.lint.context import CodeFile, Context
from backend_expert.lint.dispatch import Dispatches, by_shape
from backend_expert.lint.finding import Finding
from backend_expert.lint.rule import Rule

log = logging.getLogger(__name__)
OnError = Callable[[str, Exception], None]


class Found(msgspec.Struct, frozen=True, gc=False):
    """A finding and the rule that made it."""

    rule: Rule
    finding: Finding


class RuleSet:
    """Rules with what tells to which of them a fact may matter."""

    __slots__ = ("_by_kind", "_by_shape", "_dispatches", "on_error", "rules")

    def __init__(self, rules: Iterable[Rule], on_error: OnError | None = None) -> None:
        self.rules = tuple(rules)
        self.on_error = on_error or _log
        self._by_kind: dict[tuple[str, bool, bool, bool, bool], RuleSet] = {}
        self._by_shape = by_shape(self.rules)
        self._dispatches = Dispatches(self.rules)

    def applying_to(self, file: CodeFile) -> "RuleSet":
        """The rules that speak of a file of this language and kind; one set for all such files."""
        kind = (file.family, file.is_test, file.is_migration, file.is_script, file.is_merged)
        found = self._by_kind.get(kind)
        if found is None:
            rules = (
                rule
                for rule in self.rules
                if file.family in rule.languages
                and (rule.in_tests or not file.is_test)
                and (rule.in_migrations or not file.is_migration)
                and (rule.in_scripts or not file.is_script)
                and (rule.in_merged or not file.is_merged)
                and (file.is_test or not rule.only_in_tests)
            )
            found = self._by_kind[kind] = RuleSet(rules, self.on_error)
        return found

    def check_item(self, file: CodeFile, item: Item) -> tuple[Found, ...]:
        """The findings of one item, by all rules that look at less than a file."""
        if file.family == "sql":
            reading = Reading(item)
            known = statements(item, file.dialect)
        else:
            reading = file.flow.reading(item)
            known = queries(reading, file.flow.catalogue, file.dialect)
        found = tuple(dict.fromkeys(self._found(Context(file, item, reading, known), known)))
        reading.slim()
        return found

    def _found(self, context: Context, known: list[Query]) -> list[Found]:
        found: list[Found] = []
        reading = context.reading
        dispatch = self._dispatches.of_item(reading, bool(known))
        shapes, sites = dispatch.shapes, reading.sites
        nodes = reading.nodes()
        for node in compress(nodes, map(shapes.__contains__, map(type, nodes))):
            shape = type(node)
            if shape is Call:
                rules = dispatch.of_call(sites.get(id(node)))
            elif isinstance(node, Assign):
                rules = dispatch.of_assign(type(node.targets[0]))
            else:
                rules = shapes[shape]
            for rule in rules:
                try:
                    for finding in rule.check(node, context):
                        found.append(Found(rule, finding))
                except Exception as error:  # one broken rule never takes another down
                    self.on_error(rule.id, error)
        for rule in shapes.get(Query, ()):
            for query in known:
                if query.expression is not None:
                    found += self._run(rule, query, context)
        for rule in shapes.get(Item, ()):
            found += self._run(rule, context.item, context)
        return found

    def check_file(self, file: CodeFile) -> tuple[Found, ...]:
        """The findings of rules that look at a whole file."""
        found: list[Found] = []
        for rule in self._by_shape.get(CodeFile, ()):
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
