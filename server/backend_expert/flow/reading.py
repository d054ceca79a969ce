"""What reading an item told: the value of each expression, the meaning of each call."""

from collections.abc import Callable
from operator import attrgetter

import msgspec

from backend_expert.facts.code import (
    BELOW,
    Call,
    Expression,
    Function,
    Node,
    Text,
)
from backend_expert.facts.item import Item
from backend_expert.flow.summary import Summary
from backend_expert.flow.value import INPUT, UNKNOWN, Origin, Value
from backend_expert.technologies.catalogue import Meaning

# The note on a reading, or on what keeps it, that says why it is empty.
TOO_DEEP = "too deep"
# Words beside the roles of technologies: a call of an async function that is seen, an item in
# which untrusted data comes in or goes on.
COROUTINE = "coroutine"
UNTRUSTED = "untrusted"
_NO_ROLES: frozenset[str] = frozenset()
_ORIGINS: Callable[[Value], tuple[Origin, ...]] = attrgetter("origins")


class Site(msgspec.Struct, frozen=True, gc=False):
    """One call: the dotted name that is called, what that means, and what it does if it is ours."""

    call: Call
    name: str
    meanings: tuple[Meaning, ...]
    callee: Value
    summary: Summary | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of what the call does."""
        return bool(self.meanings) or self.callee.node is not None or self.summary is not None

    @property
    def roles(self) -> frozenset[str]:
        """What the call does, itself or through the function that it calls; `coroutine` too."""
        summary = self.summary
        function = self.callee.node
        if summary is None and type(function) is not Function:
            if not self.meanings:
                return _NO_ROLES
            return frozenset([meaning.role for meaning in self.meanings])
        found = {meaning.role for meaning in self.meanings}
        if summary is not None:
            found.update(effect.role for effect in summary.effects)
            found.update(reach.role for reach in summary.reaches)
        is_async = summary is not None and summary.is_async
        if is_async or (isinstance(function, Function) and function.is_async):
            found.add(COROUTINE)
        return frozenset(found)


class Reading:
    """An item in the light of its file: nothing here outlives the item's text and what it uses.

    values, sites, returns: keyed by the identity of facts that `item` keeps alive. tagged: the
    templates with a tag (sql`…`).
    uses: the questions asked of the surroundings, with their answers.
    notes: what others work out from this reading and want to keep as long as it holds.
    """

    __slots__ = ("_nodes", "_parents", "_roles", "item", "notes", "returns", "sites", "tagged",
                 "uses", "values")  # fmt: skip

    def __init__(self, item: Item) -> None:
        self.item = item
        self.values: dict[int, Value] = {}
        self.sites: dict[int, Site] = {}
        self.returns: dict[int, Value] = {}
        self.tagged: list[Text] = []
        self.uses: dict[tuple[str, ...], object] = {}
        self.notes: dict[str, object] = {}
        self._nodes: list[Node] | None = None
        self._parents: dict[int, Node] = {}
        self._roles: frozenset[str] | None = None

    def value(self, node: Expression) -> Value:
        """What is known of an expression where it stands."""
        return self.values.get(id(node), UNKNOWN)

    def site(self, call: Call) -> Site | None:
        """What is known of a call."""
        return self.sites.get(id(call))

    def returned(self, function: Function) -> Value:
        """What a function of this item gives back."""
        return self.returns.get(id(function), UNKNOWN)

    @property
    def roles(self) -> frozenset[str]:
        """What the item's calls do, all together; `untrusted` where such data is seen."""
        if self._roles is None:
            found: set[str] = set()
            for site in self.sites.values():
                if site.is_known:
                    found |= site.roles
            for origins in filter(None, map(_ORIGINS, self.values.values())):
                if any([origin.kind == INPUT for origin in origins]):
                    found.add(UNTRUSTED)
                    break
            self._roles = frozenset(found)
        return self._roles

    def parent(self, node: Node) -> Node | None:
        """The fact that `node` is part of; None for the item's own statements."""
        if self._nodes is None:
            self.nodes()
        return self._parents.get(id(node))

    def nodes(self) -> list[Node]:
        """Every fact of the item, parents before what they hold."""
        if self._nodes is None:
            parents: dict[int, Node] = {}
            found: list[Node] = []
            stack: list[Node] = list(reversed(self.item.body))
            pop, add = stack.pop, found.append
            while stack:
                top = pop()
                add(top)
                get = BELOW.get(type(top))
                if get is not None:
                    below = get(top)
                    for node in below:
                        parents[id(node)] = top
                    below.reverse()
                    stack += below
            self._nodes = found
            self._parents = parents
        return self._nodes
