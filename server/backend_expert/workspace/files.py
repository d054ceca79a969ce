"""Which files are checked: those that a reader reads and that nothing leaves out."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from pathspec import GitIgnoreSpec

from backend_expert.languages.registry import language_of
from backend_expert.workspace.kinds import is_vendored
from backend_expert.workspace.skipping import MOST_CHARACTERS

IGNORE_FILES = (".gitignore", ".backendexpertignore")  # the later has the last word
_REPOSITORY = (".git", ".hg", ".jj")
# UTF-8 takes four bytes for a character at most, so a file over this need not be read.
MOST_BYTES = 4 * MOST_CHARACTERS

Excludes = Callable[[str], bool]


class Skipped(msgspec.Struct, frozen=True, order=True):
    """A path that was asked for and is not checked, with the reason as half a sentence."""

    path: str
    reason: str
    is_failure: bool = False


class Listing(msgspec.Struct, frozen=True):
    """The files to check, as absolute paths in a stable order, and what was left out and why."""

    files: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()


class Ignores:
    """The ignore files of folders, each read once. The deepest that speaks of a path decides."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._specs: dict[str, GitIgnoreSpec | None] = {}

    def ignores(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether an ignore file between the root and `path` leaves it out.

        Folders above `path` are not asked: whoever walks down has asked them already.
        """
        folder = os.path.dirname(path)
        while True:
            spec = self._spec(folder)
            if spec is not None:
                relative = os.path.relpath(path, folder).replace(os.sep, "/")
                answer = spec.check_file(relative + "/" if is_folder else relative).include
                if answer is not None:
                    return answer
            above = os.path.dirname(folder)
            if folder == self.root or above == folder:
                return False
            folder = above

    def ignores_below(self, path: str) -> bool:
        """Whether `path` or a folder above it, up to the root, is left out."""
        if self.ignores(path):
            return True
        folder = os.path.dirname(path)
        while folder != self.root and len(folder) > len(self.root):
            if self.ignores(folder, is_folder=True):
                return True
            folder = os.path.dirname(folder)
        return False

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder in self._specs:
            return self._specs[folder]
        lines: list[str] = []
        for name in IGNORE_FILES:
            try:
                text = Path(folder, name).read_text("utf-8", "replace")
            except OSError:
                continue
            lines += text.splitlines()
        spec = GitIgnoreSpec.from_lines(lines) if lines else None
        self._specs[folder] = spec
        return spec


def root_of(path: str) -> str:
    """The folder that a path belongs to: its repository's, else the path itself or its folder."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    above = folder
    while True:
        if any(os.path.exists(os.path.join(above, name)) for name in _REPOSITORY):
            return above
        parent = os.path.dirname(above)
        if parent == above:
            return folder
        above = parent


def find_files(
    paths: Iterable[str], *, root: str | None = None, excludes: Excludes | None = None
) -> Listing:
    """The files to check at and below `paths`. `excludes` is asked with absolute paths.

    A file named outright is checked even where an ignore file names it. Folders behind symbolic
    links are not entered (git does not either), so there are no loops.
    """
    files: dict[str, None] = {}
    skipped: list[Skipped] = []
    ignores: dict[str, Ignores] = {}
    for given in paths:
        path = os.path.abspath(given)
        top = root or root_of(path)
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            skipped.append(Skipped(given, _reason(error), is_failure=True))
            continue
        if stat.S_ISDIR(mode):
            walk = _Walk(top, ignores.setdefault(top, Ignores(top)), excludes, skipped)
            files.update(dict.fromkeys(walk.below(path)))
        elif language_of(path) is None:
            skipped.append(Skipped(given, "no reader for this kind of file"))
        elif not stat.S_ISREG(mode):
            skipped.append(Skipped(given, "not a regular file"))
        elif os.path.getsize(path) > MOST_BYTES:
            skipped.append(Skipped(given, "over 2 MB"))
        else:
            files[path] = None
    return Listing(tuple(files), tuple(skipped))


def files_below(folder: str, excludes: Excludes | None = None) -> Iterator[str]:
    """The files to check below a folder, one by one as they are found."""
    top = root_of(folder)
    yield from _Walk(top, Ignores(top), excludes, []).below(folder)


class _Walk:
    """One walk down from a folder."""

    def __init__(
        self, root: str, ignores: Ignores, excludes: Excludes | None, skipped: list[Skipped]
    ) -> None:
        self.root = root
        self.ignores = ignores
        self.excludes = excludes
        self.skipped = skipped

    def below(self, folder: str) -> Iterator[str]:
        """The files below a folder: its own first, by name, then those of its folders."""
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.skipped.append(Skipped(folder, _reason(error)))
            return
        folders: list[os.DirEntry[str]] = []
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry)
            elif language_of(entry.name) is not None and self._takes(entry):
                yield entry.path
        for entry in folders:
            if self._enters(entry):
                yield from self.below(entry.path)

    def _enters(self, entry: os.DirEntry[str]) -> bool:
        if entry.name in _REPOSITORY or is_vendored(self._relative(entry.path) + "/"):
            return False
        if self.excludes is not None and self.excludes(entry.path + os.sep):
            return False
        return not self.ignores.ignores(entry.path, is_folder=True)

    def _takes(self, entry: os.DirEntry[str]) -> bool:
        if is_vendored(self._relative(entry.path)) or self.ignores.ignores(entry.path):
            return False
        if self.excludes is not None and self.excludes(entry.path):
            return False
        try:
            status = entry.stat()
        except OSError:  # a dangling link, a loop, or gone since the folder was listed
            return False
        if not stat.S_ISREG(status.st_mode):
            return False
        if status.st_size > MOST_BYTES:
            self.skipped.append(Skipped(entry.path, "over 2 MB"))
            return False
        return True

    def _relative(self, path: str) -> str:
        if path.startswith(self.root):
            return path[len(self.root) :].lstrip(os.sep).replace(os.sep, "/")
        return path


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
