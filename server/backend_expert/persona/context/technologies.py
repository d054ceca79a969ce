"""What to keep in mind of the technologies that the selected code touches."""

import re

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place
from backend_expert.technologies.model import Technology

_MOST = 6
_MARKED = re.compile(r"`([^`]+)`")
# Names that say something: dotted ones, classes, and words too long to stand there by chance.
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+|[A-Z]\w{2,}|[a-z_]\w{6,}")


def used(place: Place) -> list[Technology]:
    """The technologies whose calls stand in the selection, most calls first.

    A name that only looks like a technology's own does not count: the file must import it. The
    language's own library is left out.
    """
    known = place.checked.file.flow.catalogue.technologies
    calls: dict[str, int] = {}
    for item, start in place.items():
        for site in place.checked.file.flow.reading(item).sites.values():
            if site.call.span.moved(start).overlaps(place.span) and not site.name.startswith("?"):
                for id in {meaning.technology for meaning in site.meanings}:
                    calls[id] = calls.get(id, 0) + 1
    for placed in place.endpoints():
        calls.setdefault(placed.endpoint.technology, 1)
    ids = sorted(calls, key=lambda id: -calls[id])
    return [known[id] for id in ids if id in known and known[id].kind != "language"]


def advice(place: Place, most: int = _MOST) -> list[tuple[Technology, list[str]]]:
    """The notes that speak of what the selection uses: at most `most`, technology by technology.

    A note is to the point when a name that it has in code marks stands in the code too.
    """
    code = place.text
    rated: list[tuple[int, Technology, str]] = []
    for technology in used(place):
        for note in _notes(technology):
            names = {name for span in _MARKED.findall(note) for name in _NAME.findall(span)}
            hits = sum(
                re.search(rf"(?<![\w.]){re.escape(name)}\b", code) is not None for name in names
            )
            rated.append((hits, technology, note))
    best = sorted((one for one in rated if one[0]), key=lambda one: -one[0])[:most]
    chosen: dict[int, tuple[Technology, list[str]]] = {}
    for _, technology, note in rated:
        if any(note is other for _, _, other in best):
            chosen.setdefault(id(technology), (technology, []))[1].append(note)
    return list(chosen.values())


def _notes(technology: Technology) -> list[str]:
    return [
        note.strip()
        for note in re.split(r"^- ", technology.notes, flags=re.MULTILINE)
        if note.strip()
    ]


def build(place: Place) -> Section | None:
    """All notes of each technology in use: a model weighs them itself.

    In the order of their titles: places that use the same share what the model has cached.
    """
    in_use = sorted(used(place), key=lambda one: one.title)
    texts = [f"{t.title}:\n{t.notes.strip()}" for t in in_use if t.notes.strip()]
    if not texts:
        return None
    return Section("Technologies in use", "\n\n".join(texts), is_stable=True)
