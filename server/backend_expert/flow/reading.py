"""What reading an item told: the value of each expression, the meaning of each call."""

import msgspec

from backend_expert.facts.code import Call, Expression, Function, Node, Text, children
from backend_expert.facts.item import Item
from backend_expert.flow.summary import Summary
from backend_expert.flow.value import UNKNOWN, Value
from backend_expert.technologies.catalogue import Meaning

# The note on a reading, or on what keeps it, that says why it is empty.
TOO_DEEP = "too deep"


class Site(msgspec.Struct, frozen=True, gc=False):
    """One call: the dotted name that is called, what that means, and what it does if it is ours."""

    call: Call
    name: str
    meanings: tuple[Meaning, ...]
    callee: Value
    summary: Summary | None = None

    @property
    def roles(self) -> set[str]:
        """What the call does, itself or through the function that it calls."""
        found = {meaning.role for meaning in self.meanings}
        if self.summary is not None:
            found.update(effect.role for effect in self.summary.effects)
            found.update(reach.role for reach in self.summary.reaches)
        return found


class Reading:
    """An item in the light of its file: nothing here outlives the item's text and what it uses.

    values, sites, returns: keyed by the identity of facts that `item` keeps alive. tagged: the
    templates with a tag (sql`…`).
    uses: the questions asked of the surroundings, with their answers.
    notes: what others work out from this reading and want to keep as long as it holds.
    """

    __slots__ = ("_parents", "item", "notes", "returns", "sites", "tagged", "uses", "values")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.values: dict[int, Value] = {}
        self.sites: dict[int, Site] = {}
        self.returns: dict[int, Value] = {}
        self.tagged: list[Text] = []
        self.uses: dict[tuple[str, ...], object] = {}
        self.notes: dict[str, object] = {}
        self._parents: dict[int, Node] | None = None

    def value(self, node: Expression) -> Value:
        """What is known of an expression where it stands."""
        return self.values.get(id(node), UNKNOWN)

    def site(self, call: Call) -> Site | None:
        """What is known of a call."""
        return self.sites.get(id(call))

    def returned(self, function: Function) -> Value:
        """What a function of this item gives back."""
        return self.returns.get(id(function), UNKNOWN)

    def parent(self, node: Node) -> Node | None:
        """The fact that `node` is part of; None for the item's own statements."""
        if self._parents is None:
            self.nodes()
        parents = self._parents
        return parents.get(id(node)) if parents is not None else None

    def nodes(self) -> list[Node]:
        """Every fact of the item, parents before what they hold."""
        parents: dict[int, Node] = {}
        found: list[Node] = []
        stack: list[Node] = list(reversed(self.item.body))
        while stack:
            top = stack.pop()
            found.append(top)
            below = children(top)
            if below:
                for node in below:
                    parents[id(node)] = top
                stack += below[::-1]
        self._parents = parents
        return found
