"""The file's imports, which say what the code may use."""

from backend_expert.facts.code import Import
from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """The import statements as written."""
    document = place.checked.document
    texts = [
        piece.text.strip()
        for piece in document.pieces
        if any(isinstance(statement, Import) for statement in piece.item.body)
    ]
    if not texts:
        return None
    return Section("The file's imports", "\n".join(texts), path=document.path or "")
