"""History: whether a file is, as it stands, on the default branch of its repository."""

import logging
import os

from backend_expert.workspace.document import Document
from backend_expert.workspace.repository import (
    Repository,
    Tree,
    Unreadable,
    repository_at,
    tip_of,
)

log = logging.getLogger(__name__)

_BOM = b"\xef\xbb\xbf"
_SHA1 = 40  # digits of an id
_told: set[str] = set()  # the repositories of which the log knows


class History:
    """What the repositories of some files have on their default branches.

    Each is looked at when one of its files is first asked for, and then as it was: who knows that
    a branch has moved makes a new history.
    """

    def __init__(self) -> None:
        self._by_folder: dict[str, _Branch | None] = {}

    def has(self, document: Document) -> bool:
        """Whether the document's text is what the default branch has under its path.

        False also when nothing is known of a repository.
        """
        if document.path is None:
            return False
        branch = self._branch(os.path.dirname(document.path))
        id = branch.id_of(document.path) if branch is not None else None
        return id is not None and _is(document.text, id)

    def _branch(self, folder: str) -> "_Branch | None":
        """The branch of the repository that a folder belongs to."""
        if folder not in self._by_folder:
            above = os.path.dirname(folder)
            try:
                repository = repository_at(folder)
                if repository is not None:
                    found = _Branch(repository)
                else:
                    found = self._branch(above) if above != folder else None
            except Unreadable as error:
                _tell(folder, error)
                found = None
            self._by_folder[folder] = found
        return self._by_folder[folder]


class _Branch:
    """The default branch of one repository; empty when it is not known or cannot be read."""

    def __init__(self, repository: Repository) -> None:
        self._work = repository.work
        tip = tip_of(repository)
        self._tree = Tree(repository, tip) if tip is not None else None

    def id_of(self, path: str) -> bytes | None:
        """The id of the content that the branch has under an absolute path."""
        if self._tree is None:
            return None
        try:
            inside = path[len(self._work) :].lstrip(os.sep)
            return self._tree.id_of(inside.replace(os.sep, "/"))
        except Unreadable as error:
            _tell(self._work, error)
            self._tree = None
            return None


class _NoHistory(History):
    """Of files that belong to no repository."""

    def has(self, document: Document) -> bool:
        """Nothing is history."""
        return False


NO_HISTORY: History = _NoHistory()


class Tips:
    """Where the default branches of some folders ended when last asked."""

    def __init__(self) -> None:
        self._known: dict[str, bytes | None] = {}

    def moved(self, folder: str) -> bool:
        """Whether the branch of a repository has moved since; true when nobody asked before."""
        try:
            repository = repository_at(folder)
            tip = tip_of(repository) if repository is not None else None
        except Unreadable:
            tip = None
        before = self._known.get(folder, b"")
        self._known[folder] = tip
        return tip != before


def _is(text: str, id: bytes) -> bool:
    """Whether a text is the content with this id, as git may have stored it.

    A document has no byte order mark, and git may have taken `\\r` from the ends of lines.
    """
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, which only an editor can send
        return False
    forms = [data, _BOM + data]
    if b"\r\n" in data:
        plain = data.replace(b"\r\n", b"\n")
        forms += [plain, _BOM + plain]
    return any(_id(form, len(id)) == id for form in forms)


def _id(data: bytes, digits: int) -> bytes:
    import hashlib  # its OpenSSL takes a while to load, and few files are asked for

    make = hashlib.sha1 if digits == _SHA1 else hashlib.sha256
    return make(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest().encode()


def _tell(folder: str, error: Unreadable) -> None:
    if folder not in _told:
        _told.add(folder)
        words = "%s: the repository cannot be read, so merged migrations are checked too: %s"
        log.warning(words, folder, error)
