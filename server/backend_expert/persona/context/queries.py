"""The queries that the code runs, in words."""

from backend_expert.ide.explain_query import explain_query
from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """Each query with its explanation."""
    document = place.checked.document
    texts: list[str] = []
    for placed in place.queries():
        line = document.position(placed.span.start)[0] + 1
        texts.append(f"Line {line}:\n{explain_query(placed.query)}")
    return (
        Section("Queries that it runs (facts)", "\n\n".join(texts), path=document.path or "")
        if texts
        else None
    )
