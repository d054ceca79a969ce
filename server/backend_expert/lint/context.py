"""What a rule may ask: the file, the project, and what is known of each fact."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from backend_expert.facts.code import (
    Argument,
    Await,
    Call,
    Comprehension,
    Constant,
    Expression,
    Function,
    Loop,
    Member,
    Node,
    Region,
    Text,
    Try,
    blocks,
)
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.facts.project import NO_PROJECT, Project
from backend_expert.facts.query import Query
from backend_expert.flow import slots
from backend_expert.flow.file import FileFlow
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.sinks import endangered
from backend_expert.flow.slots import Option
from backend_expert.flow.summarise import passed
from backend_expert.flow.value import UNKNOWN, Origin, Value
from backend_expert.lint.finding import Related
from backend_expert.technologies.catalogue import Meaning
from backend_expert.technologies.model import Slot
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

N = TypeVar("N", bound=Node)
_SHELLS: tuple[type[Node], ...] = (Function,)


class CodeFile(msgspec.Struct, frozen=True, eq=False):
    """A file as rules see it.

    path is relative to the project's root, with `/`. is_merged: it is a migration, and on the
    default branch as it stands. handlers: the names of functions that answer
    endpoints. roles: those of all calls in the file, which
    rules may ask for at no cost; role_counts: how many items have each.
    """

    path: str
    language: str
    family: str
    flow: FileFlow
    is_test: bool = False
    is_migration: bool = False
    is_script: bool = False
    is_merged: bool = False
    dialect: str = ""
    endpoints: tuple[Endpoint, ...] = ()
    project: Project = NO_PROJECT
    handlers: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    role_counts: Counter[str] = Counter()

    @property
    def items(self) -> tuple[Item, ...]:
        """The file's items, in order. A rule for single items that asks is run at each change."""
        self.flow.asked_all = True
        return self.flow.items

    def imports(self, *modules: str) -> bool:
        """Whether the file imports one of the modules, or something beneath it."""
        return any(
            known == module or known.startswith((module + ".", module + "/"))
            for known in self.flow.imports
            for module in modules
        )


class Hit(msgspec.Struct, frozen=True, gc=False):
    """Untrusted data that reaches a sink from `call`.

    argument: what is handed over; origin: where it came in; role, name: the sink; related: the
    chain of places, ready for a finding; meaning: of the sink, when the call itself is the sink.
    """

    call: Call
    argument: Expression
    origin: Origin
    role: str
    name: str
    related: tuple[Related, ...]
    meaning: Meaning | None = None


class Context:
    """One item under check. All spans and nodes are of this item."""

    __slots__ = ("_below", "_by_shape", "_queries", "file", "item", "notes", "reading", "text")

    def __init__(self, file: CodeFile, item: Item, reading: Reading, queries: list[Query]) -> None:
        self.text = item.text
        self.file = file
        self.item = item
        self.reading = reading
        self.notes: dict[str, Any] = {}  # what several rules of one topic ask, for this check alone
        self._below: dict[tuple[int, type[Node]], list[Any]] = {}
        self._by_shape: dict[type[Node], list[Any]] = {}
        self._queries = queries

    # -- text -----------------------------------------------------------------------------------

    def source(self, place: Node | Span) -> str:
        """The source of a fact or span."""
        span = place if isinstance(place, Span) else place.span
        return self.text[span.start : span.end]

    @property
    def is_python(self) -> bool:
        """Whether fixes must be written in Python; JavaScript otherwise."""
        return self.file.family == "python"

    # -- names and meanings ---------------------------------------------------------------------

    def value(self, node: Expression) -> Value:
        """What is known of an expression."""
        return self.reading.value(node)

    def name(self, node: Expression) -> str:
        """The dotted name of an expression, resolved through imports, variables and types."""
        return self.reading.value(node).name

    def called(self, call: Call) -> str:
        """The dotted name of what is called."""
        site = self.reading.site(call)
        return site.name if site else ""

    def site(self, call: Call) -> Site | None:
        """All that is known of a call."""
        return self.reading.site(call)

    @property
    def sites(self) -> Iterable[Site]:
        """All calls of the item."""
        return self.reading.sites.values()

    def meaning(self, call: Node, *roles: str) -> Meaning | None:
        """The meaning of a call among the roles, if it has one of them."""
        site = self.reading.sites.get(id(call))
        if site is not None:
            for meaning in site.meanings:
                if meaning.role in roles:
                    return meaning
        return None

    def effects(self, call: Call, *roles: str) -> Meaning | bool | None:
        """Whether a call has one of the roles, itself or through the functions of this file."""
        meaning = self.meaning(call, *roles)
        if meaning is not None:
            return meaning
        site = self.reading.site(call)
        if site is not None and site.summary is not None:
            return any(effect.role in roles for effect in site.summary.effects)
        return None

    # -- arguments ------------------------------------------------------------------------------

    def subject(self, call: Call, meaning: Meaning) -> Expression | None:
        """What the role is about: an argument, or the receiver where no file names one."""
        if meaning.subject is not None:
            return self.slot(call, meaning.subject).value
        if meaning.role.startswith("sink.") and isinstance(call.callee, Member):
            return call.callee.object
        return None

    def option(self, call: Call, meaning: Meaning, word: str) -> Option:
        """The argument that the technology file calls `word` (`timeout`, `verify`, …)."""
        slot = meaning.entry.options.get(word)
        return self.slot(call, slot) if slot else Option(None)

    def slot(self, call: Call, slot: Slot | None) -> Option:
        """The argument at a slot."""
        return slots.option(call, slot, self.reading)

    def member(self, holder: Expression, key: str) -> Option:
        """The value under a key of a map, looked up through variables."""
        return slots.member(holder, key, self.reading)

    def is_constant(self, node: Expression, *values: object) -> bool:
        """Whether an expression is one of the literal values, directly or through a constant."""
        value = self.value(node)
        if isinstance(value.node, Constant):
            known = value.node.value
            plain = isinstance(known, int | float) and not isinstance(known, bool)
            return any(known == v if plain else known is v for v in values)
        return value.text is not None and value.text in values

    def text_of(self, node: Expression) -> str | None:
        """The whole constant string that an expression stands for."""
        return self.value(node).text

    # -- taint ----------------------------------------------------------------------------------

    def hits(self, call: Call, *roles: str, sink: str = "") -> Iterator[Hit]:
        """Untrusted data that reaches a sink with one of the roles through this call.

        Looks at the call itself and, when it calls a function of this file, at what that function
        does with its parameters. `sink` is the sanitizer's word (`sql`, `shell`, `path`, …).
        """
        site = self.reading.site(call)
        if site is None:
            return
        for meaning in site.meanings:
            if meaning.role not in roles:
                continue
            for argument in endangered(call, meaning, self.reading):
                origin = self.value(argument).untrusted(sink)
                if origin is not None:
                    yield Hit(
                        call, argument, origin, meaning.role, site.name,
                        self.born(origin), meaning,
                    )  # fmt: skip
        if site.summary is None:
            return
        for reach in site.summary.reaches:
            if reach.role not in roles or "any" in reach.safe or sink in reach.safe:
                continue
            argument = passed(site, reach.index)
            if argument is None:
                continue
            origin = self.value(argument).untrusted(sink)
            if origin is not None:
                words = f"reaches `{short(reach.name)}` here"
                there = Related(reach.span, words, "" if reach.path else reach.home, reach.path)
                yield Hit(
                    call, argument, origin, reach.role, reach.name, (*self.born(origin), there)
                )

    def born(self, origin: Origin) -> tuple[Related, ...]:
        """Where untrusted data comes in, as related information."""
        if not len(origin.span):
            return ()
        return (Related(origin.span, f"untrusted {origin.label} comes in here"),)

    # -- surroundings ---------------------------------------------------------------------------

    def parent(self, node: Node) -> Node | None:
        """The fact that `node` is part of."""
        return self.reading.parent(node)

    def below(self, node: Node, kind: type[N]) -> list[N]:
        """The facts of one shape among `node` of this item and what it holds, as `walk` goes."""
        key = (id(node), kind)
        found = self._below.get(key)
        if found is None:
            start, end = node.span.start, node.span.end
            found = self._below[key] = [
                one for one in self._of(kind) if start <= one.span.start and one.span.end <= end
            ]
        return found

    def _of(self, kind: type[Node]) -> list[Any]:
        """The item's facts of one shape."""
        if not self._by_shape:
            for node in self.reading.nodes():
                self._by_shape.setdefault(type(node), []).append(node)
        return self._by_shape.get(kind, [])

    def ancestors(self, node: Node) -> Iterator[Node]:
        """The facts around `node`, innermost first."""
        above = self.reading.parent(node)
        while above is not None:
            yield above
            above = self.reading.parent(above)

    def enclosing(self, node: Node, *shapes: type[Node]) -> Node | None:
        """The innermost fact of one of the shapes around `node`."""
        parent = self.reading.parent
        above = parent(node)
        while above is not None and not isinstance(above, shapes):
            above = parent(above)
        return above

    def function(self, node: Node) -> Function | None:
        """The function in which `node` stands."""
        found = self.enclosing(node, Function)
        return found if isinstance(found, Function) else None

    def loop(self, node: Node) -> Loop | Comprehension | None:
        """The innermost loop of the same function whose body runs `node` again and again."""
        below = node
        for above in self.ancestors(node):
            if isinstance(above, Function):
                return None
            if isinstance(above, Loop):
                once = (above.iterable, *above.before)
                if not any(below is part for part in once):
                    return above
            if isinstance(above, Comprehension) and (below is above.element or below is above.key):
                return above
            below = above
        return None

    def tries(self, node: Node) -> Iterator[Try]:
        """The `try` blocks of the same function whose body holds `node`, innermost first."""
        below = node
        for above in self.ancestors(node):
            if isinstance(above, Function):
                return
            if isinstance(above, Try) and any(below is s for s in above.body):
                yield above
            below = above

    def is_statement(self, node: Expression) -> bool:
        """Whether an expression stands alone as a statement, its value unused."""
        above = self.reading.parent(node)
        if above is None:
            return any(node is statement for statement in self.item.body)
        return any(node is statement for block in blocks(above) for statement in block)

    def is_awaited(self, call: Call) -> bool:
        """Whether the call's result is awaited on the spot."""
        return call.awaited or isinstance(self.reading.parent(call), Await)

    def transaction(self, node: Node) -> Node | None:
        """What holds a transaction open around `node`; see `held`."""
        return self.held(node, "transaction")

    def held(self, node: Node, role: str) -> Node | None:
        """The region, decorated function or callback's call with `role` around `node`."""
        for above in self.ancestors(node):
            if isinstance(above, Region):
                for held in above.held:
                    if self.has_role(held.value, role):
                        return above
            elif isinstance(above, Function):
                if any(self.has_role(decorator, role) for decorator in above.decorators):
                    return above
                call = self._call_given(above)
                if call is not None and self.meaning(call, role):
                    return call
        return None

    def has_role(self, node: Expression, role: str) -> bool:
        """Whether a value, or the call that gives it, has a role."""
        if isinstance(node, Await):
            node = node.value
        if isinstance(node, Call):
            return self.meaning(node, role) is not None
        name = self.name(node)
        return any(m.role == role for m in self.file.flow.catalogue.calls(name)) if name else False

    def _call_given(self, function: Function) -> Call | None:
        """The call to which a function literal is handed as an argument."""
        above = self.reading.parent(function)
        call = self.reading.parent(above) if above is not None else None
        return call if isinstance(call, Call) and call.callee is not function else None

    def callback_of(self, function: Function, *roles: str) -> Call | None:
        """The call with one of the roles to which a function literal is handed."""
        call = self._call_given(function)
        return call if call is not None and self.meaning(call, *roles) else None

    def is_endpoint(self, function: Function) -> bool:
        """Whether a function handles requests: decorated, registered by name or as a callback."""
        if any(self.has_role(d, "endpoint") for d in function.decorators):
            return True
        given = self._call_given(function)
        if given is not None:
            # A handler may stand in a wrapper: `app.get("/", handle(async (req, res) => …))`.
            wrapper = self.reading.parent(given)
            outer = self.reading.parent(wrapper) if isinstance(wrapper, Argument) else None
            for call in (given, outer):
                if isinstance(call, Call) and self.meaning(call, "endpoint", "middleware"):
                    return True
        owner = self.item.place.owner
        name = f"@{owner}.{function.name}" if owner else function.name
        return bool(name) and name in self.file.handlers

    def in_request(self, node: Node) -> bool:
        """Whether `node` runs while a request or message is handled, as far as this file tells."""
        for above in (node, *self.ancestors(node)):
            if isinstance(above, Function) and self.is_endpoint(above):
                return True
        return False

    # -- queries --------------------------------------------------------------------------------

    @property
    def queries(self) -> list[Query]:
        """The item's queries."""
        return self._queries

    def queries_of(self, call: Call) -> Iterator[Query]:
        """The queries that a call runs."""
        return (query for query in self._queries if query.call is call)

    # -- fixes ----------------------------------------------------------------------------------

    def replace(self, node: Node | Span, text: str) -> Edit:
        """An edit that puts `text` in the place of a fact."""
        return Edit(node if isinstance(node, Span) else node.span, text)

    def with_argument(self, call: Call, argument: str) -> Edit:
        """An edit that adds an argument at the end of a call's list."""
        end = call.span.end - 1
        if not call.arguments:
            return Edit(Span(end, end), argument)
        last = call.arguments[-1].span.end
        between = self.text[last:end]
        if "," in between:
            at = last + between.index(",") + 1
            return Edit(Span(at, at), " " + argument)
        return Edit(Span(last, last), ", " + argument)

    def is_text(self, node: Expression) -> bool:
        """Whether an expression is known to be a string."""
        return isinstance(node, Text) or self.value(node).parts is not None

    def unknown(self, node: Expression) -> bool:
        """Whether nothing at all is known of an expression."""
        return self.value(node) is UNKNOWN


def short(name: str) -> str:
    """A dotted name as one would say it: its last two words, without markers."""
    words = name.lstrip("?@").replace("()", "").split(".")
    return ".".join(words[-2:])
