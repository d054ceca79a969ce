"""The outline of a file: the names it makes known, and which item each comes from."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from backend_expert.facts.code import (
    Assign,
    Branch,
    Class,
    Collection,
    Entry,
    Expression,
    Function,
    Import,
    Loop,
    Member,
    Name,
    Region,
    Statement,
    Try,
    walk,
)
from backend_expert.facts.item import Item


class Binding(msgspec.Struct, frozen=True, gc=False):
    """One name of a file: what binds it and the item where that stands.

    `value` is what an assignment gives it; `path` leads into it for destructuring (`a.b`).
    """

    name: str
    node: Import | Function | Class | Assign
    item: Item
    value: Expression | None = None
    path: str = ""


class Outline:
    """The names of one file, from items alone.

    imports: the modules that are brought in; imported: the dotted names.
    """

    __slots__ = ("attributes", "imported", "imports", "methods", "names", "stars")

    def __init__(self, parts: "Iterable[Part]") -> None:
        self.names: dict[str, Binding] = {}
        self.methods: dict[str, dict[str, Binding]] = {}
        self.attributes: dict[str, dict[str, Binding]] = {}
        self.stars: list[str] = []
        self.imports: list[str] = []
        self.imported: list[str] = []
        for part in parts:
            self.names.update(part.names)
            self.stars += part.stars
            self.imports += part.imports
            self.imported += part.imported
            for owner, methods in part.methods.items():
                self.methods.setdefault(owner, {}).update(methods)
            for owner, attributes in part.attributes.items():
                known = self.attributes.setdefault(owner, {})
                for name, binding in attributes.items():
                    # The first assignment tells the type; later `self.x = None` does not.
                    known.setdefault(name, binding)

    def binding(self, name: str) -> Binding | None:
        """What binds a name: `QUERY`, `@Order.save`, `@Order.table`."""
        if not name.startswith("@"):
            return self.names.get(name)
        owner, _, word = name[1:].partition(".")
        method = self.methods.get(owner, {}).get(word)
        return method or self.attributes.get(owner, {}).get(word)

    def function(self, name: str) -> Binding | None:
        """The function that a name (`f`, `@Order.save`) stands for, if it is one."""
        found = self.binding(name)
        return found if found is not None and isinstance(found.node, Function) else None

    def replaced(
        self, gone: set[int], old: "Sequence[Part]", new: "Sequence[Part]"
    ) -> "Outline | None":
        """The outline after some items gave way to others that make the same names known.

        It is this one, with their bindings put in the place of the old; None when the names
        differ, or more than names is concerned: then all is built afresh.
        """
        if _shape(old) != _shape(new):
            return None
        for part in new:
            _put(part.names, self.names, gone)
            for owner, members in part.methods.items():
                _put(members, self.methods[owner], gone)
            for owner, members in part.attributes.items():
                _put(members, self.attributes[owner], gone)
        return self


def _put(bindings: "dict[str, Binding]", known: "dict[str, Binding]", gone: set[int]) -> None:
    for name, binding in bindings.items():
        if id(known[name].item) in gone:
            known[name] = binding


def _shape(parts: "Sequence[Part]") -> object:
    """The names that some parts make known; None-like for those that are not simply replaced."""
    if any(part.stars for part in parts):
        return object()
    return [
        (
            part.imported,
            tuple(part.names),
            tuple((o, tuple(m)) for o, m in part.methods.items()),
            tuple((o, tuple(m)) for o, m in part.attributes.items()),
        )
        for part in parts
    ]


class Part(msgspec.Struct, frozen=True):
    """What one item adds to the outline."""

    names: dict[str, Binding]
    methods: dict[str, dict[str, Binding]]
    attributes: dict[str, dict[str, Binding]]
    stars: tuple[str, ...]
    imports: tuple[str, ...]
    imported: tuple[str, ...]


def part_of(item: Item) -> Part:
    """What `item` adds to its file's outline."""
    names: dict[str, Binding] = {}
    methods: dict[str, dict[str, Binding]] = {}
    attributes: dict[str, dict[str, Binding]] = {}
    stars: list[str] = []
    imports: list[str] = []
    imported: list[str] = []
    owner = item.place.owner
    for statement in _shallow(item.body):
        if isinstance(statement, Import):
            imports.append(statement.module)
            imported.append(statement.dotted)
            if statement.name == "*":
                stars.append(statement.module)
            else:
                names[statement.binds] = Binding(statement.binds, statement, item)
        elif isinstance(statement, Function):
            if owner:
                _method(owner, statement, item, methods, attributes)
            elif statement.name:
                names[statement.name] = Binding(statement.name, statement, item)
        elif isinstance(statement, Class):
            if not owner:
                names[statement.name] = Binding(statement.name, statement, item)
            _class(statement, item, methods, attributes)
        elif isinstance(statement, Assign):
            if owner:
                known = attributes.setdefault(owner, {})
                for binding in _bound(statement, item):
                    known.setdefault(binding.name, binding)
            else:
                for binding in _bound(statement, item):
                    names[binding.name] = binding
    return Part(names, methods, attributes, tuple(stars), tuple(imports), tuple(imported))


def _shallow(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Statements at module level, those inside `if`, `try`, `with` and loops too."""
    for statement in statements:
        yield statement
        if isinstance(statement, Branch):
            yield from _shallow((*statement.then, *statement.other))
        elif isinstance(statement, Try):
            yield from _shallow(statement.body)
            for handler in statement.handlers:
                yield from _shallow(handler.body)
            yield from _shallow((*statement.other, *statement.final))
        elif isinstance(statement, Region | Loop):
            yield from _shallow(statement.body)


def _bound(assign: Assign, item: Item) -> Iterator[Binding]:
    for target in assign.targets:
        if isinstance(target, Name):
            if not assign.operator:
                yield Binding(target.id, assign, item, assign.value)
        elif isinstance(target, Collection):
            yield from _destructured(target, assign, item)
        elif isinstance(target, Member):
            yield from _exported(target, assign, item)


def _exported(target: Member, assign: Assign, item: Item) -> Iterator[Binding]:
    """`module.exports = x` and `exports.x = …` of CommonJS make names that others import."""
    base = target.object
    if isinstance(base, Name) and base.id == "module" and target.name == "exports":
        yield Binding("default", assign, item, assign.value)
    elif (isinstance(base, Name) and base.id == "exports") or (
        isinstance(base, Member) and base.name == "exports"
    ):
        yield Binding(f"exports.{target.name}", assign, item, assign.value)


def _destructured(pattern: Collection, assign: Assign, item: Item) -> Iterator[Binding]:
    for entry in pattern.entries:
        name = _target_name(entry)
        if name:
            key = getattr(entry.key, "value", None) if entry.key is not None else None
            yield Binding(name, assign, item, assign.value, key if isinstance(key, str) else "[]")


def _target_name(entry: Entry) -> str:
    value = entry.value
    if isinstance(value, Assign) and value.targets:
        value = value.targets[0]
    return value.id if isinstance(value, Name) else ""


def _class(
    node: Class,
    item: Item,
    methods: dict[str, dict[str, Binding]],
    attributes: dict[str, dict[str, Binding]],
) -> None:
    methods.setdefault(node.name, {})
    known = attributes.setdefault(node.name, {})
    for statement in node.body:
        if isinstance(statement, Function):
            _method(node.name, statement, item, methods, attributes)
        elif isinstance(statement, Assign):
            for binding in _bound(statement, item):
                known.setdefault(binding.name, binding)


def _method(
    owner: str,
    node: Function,
    item: Item,
    methods: dict[str, dict[str, Binding]],
    attributes: dict[str, dict[str, Binding]],
) -> None:
    methods.setdefault(owner, {})[node.name] = Binding(node.name, node, item)
    known = attributes.setdefault(owner, {})
    if "self" not in item.names:
        return
    for below in walk(node):
        if isinstance(below, Assign):
            for target in below.targets:
                if (
                    isinstance(target, Member)
                    and isinstance(target.object, Name)
                    and target.object.id == "self"
                ):
                    known.setdefault(
                        target.name, Binding(target.name, below, item, below.value, node.name)
                    )
