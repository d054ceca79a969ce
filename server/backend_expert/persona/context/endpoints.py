"""The endpoints that the code answers."""

from backend_expert.ide import describe
from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """Method, path, guards and what each handler touches."""
    path = place.checked.document.path or ""
    texts = [describe.endpoint(place.checked, placed) for placed in place.endpoints()]
    return (
        Section("Endpoints that it answers (facts)", "\n\n".join(texts), path=path)
        if texts
        else None
    )
