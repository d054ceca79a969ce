"""The desk: a document checked, with what its workspace tells about it."""

from backend_expert.ide.scopes import Layer, Scopes
from backend_expert.lint.checked import Checked
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot

# What an editor sets beside the settings of files.
BESIDE = frozenset(("folders", "lenses", "trace"))


def scopes_of(snapshot: Snapshot) -> Scopes:
    """What the files are checked with; the same until settings, roots or files on disk change."""
    scopes = snapshot.lasting.get("scopes")
    if not isinstance(scopes, Scopes):
        layer = Layer("the editor's settings", snapshot.settings, BESIDE)
        layers = [layer] if snapshot.settings else []
        scopes = snapshot.lasting["scopes"] = Scopes(snapshot.roots, layers)
    return scopes


def checked(snapshot: Snapshot, document: Document) -> Checked:
    """The document with its findings, made from those of the version before."""
    path = document.path or "/untitled"
    scopes = scopes_of(snapshot)
    scope = scopes.scope_for(path)
    last = document.lineage.get("checked")
    if isinstance(last, Checked):
        if last.document is document and last.scope is scope:
            return last
    else:
        last = None
    answer = Checked(document, scopes.relative(path), scope, last)
    document.lineage["checked"] = answer
    return answer


def checked_uri(snapshot: Snapshot, uri: str) -> Checked | None:
    """The same by URI; None when the document is not open."""
    document = snapshot.document(uri)
    return checked(snapshot, document) if document is not None else None
