"""A file in the light of its technologies: readings of its items, each made when first asked for.

An item's reading depends on its own facts and on answers about names of the file. Each reading
records the questions it asked, so after an edit it is kept when the answers are still the same.

Answers have a depth, of two numbers: through how many calls one may still look, and through how
many names. What a call does is asked of a reading that looks through one call less, what a name
stands for of one that looks through no call and one name less. The bounds make an answer
independent of who asked first, which is what lets a file checked keystroke by keystroke and one
checked afresh agree.
"""

from collections.abc import Callable, Iterable
from typing import cast

from backend_expert.facts.code import Class, Constant, Function, Import
from backend_expert.facts.item import Item
from backend_expert.flow.around import Around
from backend_expert.flow.elsewhere import NOWHERE_ELSE, Elsewhere
from backend_expert.flow.evaluate import Evaluator
from backend_expert.flow.known import TOP, Depth, Known, Question, shared
from backend_expert.flow.outline import Binding, Outline, part_of
from backend_expert.flow.reading import TOO_DEEP, Reading
from backend_expert.flow.summarise import summarise
from backend_expert.flow.summary import Summary
from backend_expert.flow.types import aliased_type, annotated_type
from backend_expert.flow.value import UNKNOWN, Value
from backend_expert.technologies.catalogue import Catalogue, root_of


class FileFlow:
    """The readings of one version of one file.

    A version made from the one `before` takes over what that one knew; `before` should then be
    asked nothing more. `shares`: how many items the two have in common at start and end, if that
    is known. `touched` are the items whose readings may differ from before, `retired`
    the readings that they had; `renamed` are the names that the changed items make known;
    `is_reshaped` says that the file makes other names known than before.
    """

    def __init__(
        self,
        items: Iterable[Item],
        catalogue: Catalogue,
        elsewhere: Elsewhere = NOWHERE_ELSE,
        before: "FileFlow | None" = None,
        shares: tuple[int, int] | None = None,
    ) -> None:
        self.items = tuple(items)
        self.catalogue = catalogue
        self.elsewhere = elsewhere
        self.asked = self.asked_all = False
        self.notes: dict[str, object] = {}  # what others work out from this version
        self._stale: dict[int, dict[Depth, Reading]] = {}
        if before is None or before.catalogue is not catalogue or before.elsewhere is not elsewhere:
            self._known = Known()
            self.parts = {id(item): part_of(item) for item in self.items}
            self._outline = Outline(self.parts.values())
            self.touched = self.items
            self.retired: list[Reading] = []
            self.renamed: frozenset[str] = frozenset()
            self.is_reshaped = True
        else:
            self._advance(before, shares or shared(before.items, self.items))

    @property
    def imports(self) -> list[str]:
        """The modules that the file brings in."""
        return self._outline.imports

    @property
    def imported(self) -> list[str]:
        """The dotted names that the file brings in."""
        return self._outline.imported

    @property
    def outline(self) -> Outline:
        """The names of the file. Asking sets `asked`: so a check knows that it depends on them."""
        self.asked = True
        return self._outline

    def reading(self, item: Item, depth: Depth = TOP) -> Reading:
        """The reading of one item of this file."""
        of_item = self._known.readings.get(id(item))
        if of_item is None:
            of_item = self._known.readings[id(item)] = {}
        found = of_item.get(depth)
        if found is None:
            found = self._kept(item, depth)
            if found is None:
                found = self._read(item, depth)
            of_item[depth] = found
            self._known.note(item, found)
        return found

    def _read(self, item: Item, depth: Depth) -> Reading:
        around = Around(self.answer, depth)
        try:
            found = Evaluator(item, around, self.catalogue).read()
        except RecursionError:  # readers bound the depth of facts; the note is for who shows it
            found = Reading(item)
            found.notes[TOO_DEEP] = True
        found.uses = around.uses
        return found

    def _advance(self, before: "FileFlow", shares: tuple[int, int]) -> None:
        """Takes over what the version before knew, but for what the change may touch."""
        self._known = before._known
        self.parts = before.parts
        start, end = shares
        kept = {id(item) for item in self.items[start : len(self.items) - end]}
        gone = [i for i in before.items[start : len(before.items) - end] if id(i) not in kept]
        old = [self.parts.pop(id(item)) for item in gone]
        added = [i for i in self.items[start : len(self.items) - end] if id(i) not in self.parts]
        new = [part_of(item) for item in added]
        self.parts.update((id(item), part) for item, part in zip(added, new, strict=True))
        outline = before._outline.replaced({id(item) for item in gone}, old, new)
        self.is_reshaped = outline is None
        self._outline = outline or Outline(self.parts[id(item)] for item in self.items)
        self.retired = [
            reading for item in gone if (reading := self._known.top(item, TOP)) is not None
        ]
        for item in gone:
            self._known.forget(item)
        stale = self._known.stale(old + new, self.parts)
        self.retired += [readings[TOP] for readings in stale.values() if TOP in readings]
        self._stale = stale
        self.renamed = frozenset(name for part in old + new for name in part.names)
        self.touched = tuple((*added, *(next(iter(r.values())).item for r in stale.values() if r)))

    def _kept(self, item: Item, depth: Depth) -> Reading | None:
        """The reading of the version before, if all that it asked is answered as before."""
        reading = self._stale.get(id(item), {}).get(depth)
        if reading is None:
            return None
        for question, answer in reading.uses.items():
            now = self.answer(question, depth)
            if now is not answer and now != answer:
                return None
        return reading

    # -- questions ------------------------------------------------------------------------------

    def answer(self, question: Question, depth: Depth) -> object:
        """What a question of an item read at `depth` is answered; see `Surroundings`."""
        answers = self._known.answers.get(question)
        if answers is None:
            answers = self._known.answers[question] = {}
        if depth not in answers:
            answers[depth] = _QUESTIONS[question[0]](self, depth, *question[1:])
        return answers[depth]

    def _name(self, depth: Depth, name: str) -> Value | None:
        binding = self._outline.names.get(name)
        if binding is None:
            return None
        return self._bound(binding, depth, name)

    def _bound(self, binding: Binding, depth: Depth, home: str) -> Value:
        node = binding.node
        if isinstance(node, Import):
            return self._imported(node)
        if isinstance(node, Function):
            return Value(node.name, node=node)
        if isinstance(node, Class):
            return Value("@" + node.name, node=node)
        annotation = node.annotation if not binding.path else None
        if (binding.value is None and annotation is None) or not depth[1]:
            return Value("?" + binding.name)
        reading = self.reading(binding.item, (0, depth[1] - 1))
        value = reading.value(binding.value) if binding.value is not None else UNKNOWN
        if annotation is not None and _is_to_be_set(value):
            type_name = annotated_type(annotation, reading.values)
            if type_name:
                return Value(type_name, value.origins)
        alias = aliased_type(binding.value, reading.values)
        if alias:
            return Value(alias)
        if binding.path:
            value = self._inside(value, binding.path)
        if value.parts is not None and not value.home:
            value = Value(value.name, value.origins, value.parts, home, value.grows, value.node)
        if not value.name and value.parts is None and value.node is None:
            return Value("?" + binding.name, value.origins)
        return value

    def _inside(self, value: Value, path: str) -> Value:
        if path == "[]" or not value.name:
            return UNKNOWN
        name = self.catalogue.member(f"{value.name}.{path}")
        return Value(name, value.origins)

    def _imported(self, node: Import) -> Value:
        dotted = self.catalogue.alias.get(node.dotted, node.dotted)
        if root_of(dotted) not in self.catalogue.roots:
            found = self.elsewhere.value(dotted)
            if found is not None:
                return found
        return Value(self.catalogue.types.get(dotted, dotted))

    def _elsewhere(self, depth: Depth, dotted: str) -> Value | None:
        return self.elsewhere.value(dotted)

    def _member(self, depth: Depth, owner: str, name: str) -> Value | None:
        seen: set[str] = set()
        waiting = [owner]
        while waiting:
            current = waiting.pop(0)
            if current in seen:
                continue
            seen.add(current)
            method = self._outline.methods.get(current, {}).get(name)
            if method is not None and isinstance(method.node, Function):
                return Value(f"@{current}.{name}", node=method.node)
            attribute = self._outline.attributes.get(current, {}).get(name)
            if attribute is not None and depth[1]:
                return self._attribute(current, attribute, depth)
            waiting += [base[1:] for base in self._bases(depth, current) if base[:1] == "@"]
        return None

    def _attribute(self, owner: str, binding: Binding, depth: Depth) -> Value:
        reading = self.reading(binding.item, (0, depth[1] - 1))
        node = binding.node
        value = reading.value(binding.value) if binding.value is not None else UNKNOWN
        annotation = getattr(node, "annotation", None)
        if annotation is not None and not value.name.strip("?"):
            value = Value(annotated_type(annotation, reading.values))
        # What a constructor was given is the parameter's own affair; its type is what matters.
        origins = tuple(origin for origin in value.origins if origin.kind != "parameter")
        name = value.name or "?self." + binding.name
        home = value.home or (f"@{owner}.{binding.name}" if value.parts else "")
        return Value(name, origins, value.parts, home, value.grows, value.node)

    def _bases(self, depth: Depth, owner: str) -> tuple[str, ...]:
        binding = self._outline.names.get(owner)
        if binding is None or not isinstance(binding.node, Class) or not depth[1]:
            return ()
        reading = self.reading(binding.item, (0, depth[1] - 1))
        return tuple(reading.value(base.value).name for base in binding.node.bases)

    def _summary(self, depth: Depth, function: str) -> Summary | None:
        binding = self._outline.function(function)
        if not depth[0]:
            return None
        if binding is None:
            return self.elsewhere.summary(function) if "." in function else None
        reading = self.reading(binding.item, (depth[0] - 1, TOP[1]))
        return summarise(reading, cast(Function, binding.node), function)

    def home(self, name: str) -> Item | None:
        """The item in which a name is bound: `QUERY`, `@Order.table`, `@Order.save`."""
        binding = self._outline.binding(name)
        return binding.item if binding is not None else None


_QUESTIONS: dict[str, Callable[..., object]] = {
    "name": FileFlow._name,  # pyright: ignore[reportPrivateUsage]
    "member": FileFlow._member,  # pyright: ignore[reportPrivateUsage]
    "bases": FileFlow._bases,  # pyright: ignore[reportPrivateUsage]
    "summary": FileFlow._summary,  # pyright: ignore[reportPrivateUsage]
    "elsewhere": FileFlow._elsewhere,  # pyright: ignore[reportPrivateUsage]
}


def _is_to_be_set(value: Value) -> bool:
    """Whether nothing is known of a value but that it will be set: `pool: Pool | None = None`."""
    if value.name.strip("?") or value.parts is not None:
        return False
    node = value.node
    return node is None or (isinstance(node, Constant) and node.value is None)
