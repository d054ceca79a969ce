"""Modules: which file of a project an import names."""

import os
from collections.abc import Callable, Iterator

_SCRIPTS = (".js", ".ts", ".mjs", ".cjs", ".tsx", ".jsx", ".mts", ".cts")

# The names in a folder; none for a folder that cannot be read.
Listing = Callable[[str], frozenset[str]]


def listing(folder: str) -> frozenset[str]:
    """The names in a folder, asked of the disk."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def candidates(
    dotted: str, path: str, root: str, family: str, names: Listing = listing
) -> Iterator[tuple[str, str]]:
    """Files that may hold a dotted name as imported by the file at `path`, with the name in them.

    `shop.models.Order` may be `Order` in shop/models.py, or `models.Order` in shop/__init__.py;
    the longest module comes first. Nothing is said of files that do not exist.
    """
    if family == "python":
        yield from _python(dotted, path, root, names)
    elif family == "javascript" and dotted.startswith("."):
        yield from _script(dotted, path, root, names)


def _python(dotted: str, path: str, root: str, names: Listing) -> Iterator[tuple[str, str]]:
    bare = dotted.lstrip(".")
    level = len(dotted) - len(bare)
    words = bare.split(".")
    folder = os.path.dirname(path)
    if level:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        bases = [folder]
    else:
        first = {words[0], words[0] + ".py"}
        bases = [base for base in roots_of(folder, root) if not first.isdisjoint(names(base))]
    for count in range(len(words), -1 if level else 0, -1):
        rest = ".".join(words[count:])
        for base in bases:
            above = "/".join((base, *words[: max(count - 1, 0)]))
            stem = f"{above}/{words[count - 1]}" if count else base
            if count and words[count - 1] + ".py" in names(above):
                yield stem + ".py", rest
            elif rest and "__init__.py" in names(stem):
                yield stem + "/__init__.py", rest


def roots_of(folder: str, root: str) -> list[str]:
    """Where absolute imports of a file may start: its folder and those above it, and their src."""
    found: list[str] = []
    while True:
        found += (folder, folder + "/src")
        above = os.path.dirname(folder)
        if folder == root or above == folder or not folder.startswith(root):
            return found
        folder = above


def _script(dotted: str, path: str, root: str, names: Listing) -> Iterator[tuple[str, str]]:
    at = len(dotted)
    folder = os.path.dirname(path)
    while at > 0:
        module, rest = dotted[:at], dotted[at + 1 :]
        stem = os.path.normpath(os.path.join(folder, module))
        if stem.startswith(root):
            file = _script_file(stem, names)
            if file:
                yield file, rest
                return
        at = dotted.rfind(".", 0, at)
        if at <= 1:
            return


def _script_file(stem: str, names: Listing) -> str:
    folder, name = os.path.split(stem)
    here = names(folder)
    if name in here and name.endswith(_SCRIPTS):
        return stem
    if name.endswith(".js") and name[:-3] + ".ts" in here:
        return stem[:-3] + ".ts"  # TypeScript's own imports name the file that will be made
    for ending in _SCRIPTS:
        if name + ending in here:
            return stem + ending
    if name not in here and stem != folder:
        return ""
    inside = names(stem)
    return next((f"{stem}/index{ending}" for ending in _SCRIPTS if "index" + ending in inside), "")
