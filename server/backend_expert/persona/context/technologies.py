"""What to keep in mind of the technologies that the file uses."""

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place
from backend_expert.technologies.model import Technology


def used(place: Place) -> list[Technology]:
    """The technologies that the file imports, the language's own library left out."""
    known = place.checked.file.flow.catalogue.technologies.values()
    imports = place.checked.file.imports
    return [
        technology
        for technology in known
        if technology.kind != "language"
        and any(imports(module) for module in technology.detect.imports)
    ]


def build(place: Place) -> Section | None:
    """The notes of each technology in use."""
    texts = [f"{t.title}:\n{t.notes.strip()}" for t in used(place) if t.notes.strip()]
    if not texts:
        return None
    return Section("Technologies in use", "\n\n".join(texts), is_stable=True)
