"""What stands above a file's routers in the project's other files: the guards of mounts."""

import os
from collections.abc import Iterable, Mapping
from functools import cached_property

from backend_expert.workspace.document import Document
from backend_expert.workspace.files import files_below
from backend_expert.workspace.modules import Listing
from backend_expert.workspace.mounting import Mounting, said_of


class Mounts:
    """The mounts of one project; its files are looked at when something is first asked.

    `given` are files by absolute path that stand for those on disk.
    """

    def __init__(self, root: str, given: Mapping[str, Document] | None = None) -> None:
        self._root = root
        self._given = given

    def guards_over(self, path: str) -> tuple[str, ...]:
        """The guards under which other files mount what the file at `path` has."""
        if self._given is None:
            return self._on_disk.routing({}).guards_over(path)
        said = {known: said_of(file) for known, file in self._given.items()}
        mounting = Mounting(self._root, lambda: (), listing_of((*self._given, path)))
        return mounting.routing(said).guards_over(path)

    @property
    def files(self) -> tuple[str, ...]:
        """The files on disk that mount routers, if that was looked at."""
        mounting = self.__dict__.get("_on_disk")
        return mounting.files if isinstance(mounting, Mounting) else ()

    @cached_property
    def _on_disk(self) -> Mounting:
        found = Mounting(self._root, lambda: files_below(self._root))
        found.finish()
        return found


def listing_of(given: Iterable[str]) -> Listing:
    """The names in the folders of files that are given."""
    folders: dict[str, set[str]] = {}
    for path in given:
        while path != os.path.dirname(path):
            path, name = os.path.split(path)
            folders.setdefault(path, set()).add(name)
    return lambda folder: frozenset(folders.get(folder, ()))
