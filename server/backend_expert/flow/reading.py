"""What reading an item told: the value of each expression, the meaning of each call."""

from collections.abc import Callable
from operator import attrgetter

import msgspec

from backend_expert.facts.code import (
    BELOW,
    Argument,
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
NO_ROLES: frozenset[str] = frozenset()


class Site(msgspec.Struct, frozen=True, gc=False):
    """One call: the dotted name that is called, what that means, and what it does if it is ours.

    roles: what the call does, itself or through the function that it calls; `coroutine` too.
    """

    call: Call
    name: str
    meanings: tuple[Meaning, ...]
    callee: Value
    summary: Summary | None = None
    roles: frozenset[str] = NO_ROLES


_ROLES: Callable[[Site], frozenset[str]] = attrgetter("roles")
_ORIGINS: Callable[[Value], tuple[Origin, ...]] = attrgetter("origins")


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
            found = set[str]().union(*map(_ROLES, self.sites.values()))
            # Values hand on the very tuples that they got, so there are few of these.
            known = filter(None, map(_ORIGINS, self.values.values()))
            origins_of = {id(origins): origins for origins in known}
            if any(origin.kind == INPUT for origins in origins_of.values() for origin in origins):
                found.add(UNTRUSTED)
            self._roles = frozenset(found)
        return self._roles

    def parent(self, node: Node) -> Node | None:
        """The fact that `node` is part of; None for the item's own statements."""
        if self._nodes is None:
            self.nodes()
        return self._parents.get(id(node))

    def slim(self) -> None:
        """Lets go of what can be listed again: it is most of the memory that a reading takes."""
        self._nodes, self._parents = None, {}

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
                if type(top) is Argument:  # every fifth is one, and holds but one
                    parents[id(top.value)] = top
                    stack.append(top.value)
                    continue
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
