"""Which rules may have something to say: told of an item, then of a fact, before any is asked."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, get_args

from backend_expert.facts.code import Assign, Call
from backend_expert.flow.reading import Reading, Site
from backend_expert.lint.rule import Rule

_NONE: frozenset[str] = frozenset()
_ALWAYS = (_NONE, _NONE)
Shapes = dict[type[Any], tuple[Rule, ...]]


class Dispatch:
    """The rules that may speak of one item, by the shape of fact that they look at.

    Most facts concern no rule and most rules few facts, so what is told here is not asked there:
    rules say in `needs` and `target` which calls and assignments can be theirs at all.
    """

    __slots__ = ("_assigns", "_calls", "_calls_of", "shapes")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.shapes = by_shape(rules)
        self._calls = self.shapes.get(Call, ())
        self._calls_of: dict[Collection[str], tuple[Rule, ...]] = {}
        self._assigns: dict[type[Any], tuple[Rule, ...]] = {}

    def of_call(self, site: Site | None) -> tuple[Rule, ...]:
        """The rules that may speak of a call."""
        roles = site.roles if site is not None else _NONE
        rules = self._calls_of.get(roles)
        if rules is None:
            rules = self._calls_of[roles] = tuple(
                rule for rule in self._calls if not rule.needs or not rule.needs.isdisjoint(roles)
            )
        return rules

    def of_assign(self, target: type[Any]) -> tuple[Rule, ...]:
        """The rules that may speak of an assignment to a target of this shape."""
        rules = self._assigns.get(target)
        if rules is None:
            rules = self._assigns[target] = tuple(
                rule
                for rule in self.shapes.get(Assign, ())
                if not rule.target or target in rule.target
            )
        return rules


class Dispatches:
    """The dispatch for each item: rules that need the same beside a fact are let in together."""

    __slots__ = ("_by_gates", "_by_role", "_by_word", "_gates", "_rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        gates = dict.fromkeys((rule.beside, rule.words) for rule in rules)
        gates.pop(_ALWAYS, None)
        self._gates = [(1 << at, *gate) for at, gate in enumerate(gates)]
        # The gates that a role among the item's calls opens, and those that an identifier does.
        self._by_role: dict[str, int] = {}
        self._by_word: dict[str, int] = {}
        for gate, beside, words in self._gates:
            for keys, doors in ((beside, self._by_role), (words, self._by_word)):
                for key in keys:
                    doors[key] = doors.get(key, 0) | gate
        self._by_gates: dict[int, Dispatch] = {}

    def of_item(self, reading: Reading, has_queries: bool) -> Dispatch:
        """The dispatch for an item with this reading."""
        open_gates = self._by_role.get("query", 0) if has_queries else 0
        for role in self._by_role.keys() & reading.roles:
            open_gates |= self._by_role[role]
        for word in self._by_word.keys() & reading.item.names:
            open_gates |= self._by_word[word]
        found = self._by_gates.get(open_gates)
        if found is None:
            let_in = {(beside, words) for gate, beside, words in self._gates if gate & open_gates}
            let_in.add(_ALWAYS)
            found = self._by_gates[open_gates] = Dispatch(
                rule for rule in self._rules if (rule.beside, rule.words) in let_in
            )
        return found


def by_shape(rules: Iterable[Rule]) -> Shapes:
    """Rules by the shape that they look at; `Call | Assign` is both."""
    found: Shapes = {}
    for rule in rules:
        for shape in get_args(rule.shape) or (rule.shape,):
            found[shape] = (*found.get(shape, ()), rule)
    return found
