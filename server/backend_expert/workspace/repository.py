"""A git repository read as data: where its default branch ends, and what lies in that tree.

Git itself is never run, and no setting of the repository is read: either could start commands that
the repository names.
"""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from dulwich.object_store import DiskObjectStore

_HEAD, _HEADS = b"HEAD", b"refs/heads/"
_REMOTE = b"refs/remotes/origin/"
_SYMBOLIC = b"ref: "
_USUAL = (b"main", b"master")
_SHA256 = 64  # digits of an id


class Unreadable(Exception):
    """A repository that is there and cannot be read."""


class Repository(msgspec.Struct, frozen=True):
    """Where a repository lies.

    work: the folder of its files. git: what git keeps of them; common: what all worktrees share.
    """

    work: str
    git: str
    common: str


def repository_at(folder: str) -> Repository | None:
    """The repository whose files begin in `folder`; None when none does.

    Raises:
        Unreadable: its `.git` says nothing that can be followed.
    """
    git = os.path.join(folder, ".git")
    try:
        mode = os.stat(git).st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode):  # a worktree or a submodule
        key, _, there = _first_line(git).partition(":")
        if key != "gitdir":
            raise Unreadable(f"{git} names no folder")
        git = _beside(folder, there.strip())
    shared = os.path.join(git, "commondir")
    common = _beside(git, _first_line(shared)) if os.path.isfile(shared) else git
    return Repository(folder, git, common)


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(4_096).strip()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error


def _beside(folder: str, said: str) -> str:
    """A path that a file of the repository names; never one on another machine."""
    if not said or said.startswith(("//", "\\\\")):
        raise Unreadable(f"{folder} leads to {said!r}")
    return os.path.normpath(os.path.join(folder, said))


def tip_of(repository: Repository) -> bytes | None:
    """The commit at which the default branch ends, None when it is not known which that is.

    It is the branch of origin/HEAD, else main or master. Where it is checked out, its own commits
    count; elsewhere those that origin has, if there is an origin.

    Raises:
        Unreadable: the references cannot be read.
    """
    from dulwich.refs import DiskRefsContainer, Ref

    refs = DiskRefsContainer(repository.common, repository.git)
    try:
        chain, head = refs.follow(Ref(_HEAD))
        if head is None and not os.path.isfile(os.path.join(repository.git, "HEAD")):
            raise Unreadable(f"{repository.git} has no HEAD")
        said = refs.read_ref(Ref(_REMOTE + _HEAD)) or b""
        told = said.startswith(_SYMBOLIC + _REMOTE)
        for name in (said[len(_SYMBOLIC + _REMOTE) :].strip(),) if told else _USUAL:
            if chain[-1] == _HEADS + name:
                return head
            for ref in (_REMOTE + name, _HEADS + name):
                commit = refs.follow(Ref(ref))[1]
                if commit is not None:
                    return commit
    except Unreadable:
        raise
    except Exception as error:  # a library's many ways to say that bytes make no sense
        raise Unreadable(f"its references: {error!r}") from error
    return None


class Tree:
    """The files of a commit. Each folder is read when a file of it is first asked for."""

    def __init__(self, repository: Repository, commit: bytes) -> None:
        self._objects = os.path.join(repository.common, "objects")
        self._commit = commit
        self._folders: dict[str, dict[str, tuple[int, bytes]]] = {}

    def id_of(self, path: str) -> bytes | None:
        """The id of a file's content by its path (with `/`), None when there is no such file.

        Raises:
            Unreadable: an object is missing or damaged.
        """
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            try:
                with _store(self._objects, self._commit) as store:
                    self._read(folder, store)
            except Exception as error:  # see above
                raise Unreadable(f"its objects: {error!r}") from error
        mode, id = self._folders[folder].get(name, (0, b""))
        return id if stat.S_ISREG(mode) else None

    def _read(self, folder: str, store: "DiskObjectStore") -> dict[str, tuple[int, bytes]]:
        """What lies in a folder, by name: mode and id. Nothing when there is no such folder."""
        from dulwich.objects import Commit, ObjectID
        from dulwich.objects import Tree as Listing

        known = self._folders.get(folder)
        if known is not None:
            return known
        if folder:
            above, _, name = folder.rpartition("/")
            mode, id = self._read(above, store).get(name, (0, b""))
        else:
            commit = store[ObjectID(self._commit)]
            mode, id = stat.S_IFDIR, commit.tree if isinstance(commit, Commit) else b""
        found: dict[str, tuple[int, bytes]] = {}
        listing = store[ObjectID(id)] if id and stat.S_ISDIR(mode) else None
        if isinstance(listing, Listing):
            for entry in listing.iteritems():
                found[entry.path.decode("utf-8", "surrogateescape")] = entry.mode, entry.sha
        self._folders[folder] = found
        return found


@contextmanager
def _store(objects: str, commit: bytes) -> "Generator[DiskObjectStore]":
    """The objects, open for as long as they are read and no longer."""
    from dulwich.object_format import SHA1, SHA256
    from dulwich.object_store import DiskObjectStore

    kind = SHA256 if len(commit) == _SHA256 else SHA1
    store = DiskObjectStore(objects, object_format=kind)
    try:
        yield store
    finally:
        store.close()
