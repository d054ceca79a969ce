"""What the names in the code are defined as: functions that it calls, classes that it uses."""

import re
from collections.abc import Iterable, Iterator

from backend_expert.facts.code import Function, Import, Index, Member, Name, walk
from backend_expert.facts.item import Item
from backend_expert.persona.around import root_of, surveys
from backend_expert.persona.brief import Section
from backend_expert.persona.entries import sections
from backend_expert.persona.extract import Extract, definition
from backend_expert.persona.place import Place
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.modules import candidates
from backend_expert.workspace.survey import Survey

_SHARE = 12_000  # characters
_MOST = 16
_MOST_ASKED = 4  # names that jedi is asked for
_PATIENCE = 0.03  # seconds to wait for it
_LONGEST_ASKED = 40_000  # characters of a file; jedi reads it as a whole
_WORD = re.compile(r"[A-Za-z_]\w*")


def build(place: Place) -> list[Section]:
    """The callees first, in the order of the code, then what else is used by name."""
    found: dict[tuple[str, int], Extract] = {}
    for one in _all(place):
        found.setdefault((one.path, one.line), one)
        if len(found) >= _MOST:
            break
    whole = [one for one in found.values() if not _is_inside(one, found.values())]
    return sections("Definitions used", whole, root_of(place), _SHARE)


def _is_inside(one: Extract, others: Iterable[Extract]) -> bool:
    """Whether another extract shows this one too: a method whose class is there."""
    return any(
        other is not one and other.path == one.path and other.line < one.line
        and one.text in other.text
        for other in others
    )  # fmt: skip


def _all(place: Place) -> Iterator[Extract]:
    search = _Search(place)
    unknown: list[tuple[int, int]] = []
    for item, start in place.items():
        sites = place.checked.file.flow.reading(item).sites.values()
        for site in sorted(sites, key=lambda site: site.call.span):
            if not site.call.span.moved(start).overlaps(place.span):
                continue
            callee = site.call.callee
            found = list(search.named(site.name))
            if not found and isinstance(callee, Member):
                found = list(search.method(callee, item))
            yield from found
            if not found and isinstance(callee, Member) and search.is_own(site.name):
                unknown.append(place.checked.document.position(callee.span.end + start - 1))
    yield from search.asked(unknown[:_MOST_ASKED])
    for name in dict.fromkeys(_WORD.findall(place.text)):
        yield from search.named(name)


class _Search:
    """Looks names up: in the file, in the files that it imports, and with jedi where that ends."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._document = place.checked.document
        self._survey: Survey | None = next(iter(surveys(place)), None)
        self._imports = {
            statement.binds: statement
            for piece in self._document.pieces
            for statement in piece.item.body
            if isinstance(statement, Import)
        }

    def named(self, name: str) -> Iterator[Extract]:
        """The definition of a name of the file, or of a dotted one of another file."""
        bare = name.lstrip("@")
        if bare in self._imports:
            statement = self._imports[bare]
            yield from self._abroad(statement.dotted, statement.binds)
        elif self._place.checked.file.flow.home(bare.partition(".")[0]) is not None:
            found = definition(self._document, bare)
            if found is not None and not self._is_seen(found):
                yield found
        elif "." in bare:
            yield from self._abroad(bare, bare.rpartition(".")[2])

    def method(self, callee: Member, item: Item) -> Iterator[Extract]:
        """`payments.charge` where `payments: PaymentClient` is a parameter."""
        if not isinstance(callee.object, Name):
            return
        for statement in item.body:
            for node in walk(statement):
                if not isinstance(node, Function) or not node.span.covers(callee.span):
                    continue
                for parameter in node.parameters:
                    if parameter.name == callee.object.id and parameter.annotation is not None:
                        for owner in _names(parameter.annotation):
                            yield from self._method_of(owner, callee.name)

    def _method_of(self, owner: str, name: str) -> Iterator[Extract]:
        if owner in self._imports:
            yield from self._abroad(f"{self._imports[owner].dotted}.{name}", f"{owner}.{name}")
        else:
            found = definition(self._document, f"{owner}.{name}")
            if found is not None and not self._is_seen(found):
                yield found

    def is_own(self, name: str) -> bool:
        """Whether a name may be of the project, and is not followed to its end."""
        if name.startswith("?"):
            return True
        is_open = "(" in name or "[" in name
        roots = self._place.checked.file.flow.catalogue.roots
        return is_open and name.lstrip(".@").partition(".")[0] not in roots

    def asked(self, places: list[tuple[int, int]]) -> Iterator[Extract]:
        """What jedi says of names, for as long as there is patience."""
        path = self._document.path
        if not places or self._place.checked.file.family != "python" or not path:
            return
        if self._survey is None or len(self._document.text) > _LONGEST_ASKED:
            return
        from backend_expert.languages.python.lookup import defined_soon

        known = defined_soon(self._document.text, path, self._survey.root, places, _PATIENCE)
        for one in known:
            yield from self._in(one.path, one.name)

    def _abroad(self, dotted: str, binds: str) -> Iterator[Extract]:
        """The definition in the file that a dotted name leads to."""
        place = self._place
        around = place.checked.scope.neighbours
        root_name = dotted.lstrip(".").partition(".")[0]
        if not around.root or root_name in place.checked.file.flow.catalogue.roots:
            return
        family = place.checked.file.family
        for path, name in candidates(
            dotted, self._document.path or "", around.root, family, around.names
        ):
            found = list(self._in(path, name or binds))
            if found:
                yield from found
                return

    def _in(self, path: str, name: str) -> Iterator[Extract]:
        document = self._read(path)
        found = definition(document, name) if document is not None else None
        if found is not None and not self._is_seen(found):
            yield found

    def _read(self, path: str) -> Document | None:
        if path == self._document.path:
            return self._document
        return self._survey.document(path) if self._survey is not None else None

    def _is_seen(self, found: Extract) -> bool:
        """Whether the selection, or the function around it, shows it already."""
        if found.path != (self._document.path or ""):
            return False
        start = self._document.line_start(found.line - 1)
        shown = self._place.span
        for function, _, at in self._place.functions():
            whole = function.span.moved(at)
            shown = Span(min(shown.start, whole.start), max(shown.end, whole.end))
        return shown.start <= start < shown.end


def _names(annotation: object) -> Iterator[str]:
    """The names in an annotation: `Payments` of `Payments | None`, `Client` of `list[Client]`."""
    for node in walk(annotation):  # pyright: ignore[reportArgumentType]
        if isinstance(node, Name) and not isinstance(node, Index):
            yield node.id
