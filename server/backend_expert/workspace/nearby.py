"""The nearer part of a project: its files folder by folder, breadth first, in a stable order."""

import os
from collections.abc import Callable, Iterator


class Nearby:
    """The files below a root.

    deepest: how many levels of folders are looked into. most: the entries after which no further
    folder is. is_aside: whether a folder of that name is passed over. Folders that cannot be read,
    and links to folders, are passed over too.
    """

    def __init__(self, root: str, deepest: int, most: int, is_aside: Callable[[str], bool]) -> None:
        self._level = [root]
        self._deepest = deepest
        self._most = most
        self._is_aside = is_aside
        self.is_whole = True  # nothing was left out for being too deep or too much

    def files(self) -> Iterator[tuple[int, os.DirEntry[str]]]:
        """Each file with the depth of its folder; the root's is 0."""
        level, seen = self._level, 0
        for depth in range(self._deepest):
            below: list[str] = []
            for folder in level:
                found = _entries(folder)
                seen += len(found)
                for entry in found:
                    if not entry.is_dir(follow_symlinks=False):
                        yield depth, entry
                    elif not self._is_aside(entry.name):
                        below.append(entry.path)
                if seen > self._most:
                    self.is_whole = False
                    return
            level = below
        self.is_whole = not level


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
