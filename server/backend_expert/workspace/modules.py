"""Modules: which file of a project an import names."""

import os
from collections.abc import Iterator

_SCRIPTS = (".js", ".ts", ".mjs", ".cjs", ".tsx", ".jsx", ".mts", ".cts")


def candidates(dotted: str, path: str, root: str, family: str) -> Iterator[tuple[str, str]]:
    """Files that may hold a dotted name as imported by the file at `path`, with the name in them.

    `shop.models.Order` may be `Order` in shop/models.py, or `models.Order` in shop/__init__.py;
    the longest module comes first. Nothing is said of files that do not exist.
    """
    if family == "python":
        yield from _python(dotted, path, root)
    elif family == "javascript" and dotted.startswith("."):
        yield from _script(dotted, path, root)


def _python(dotted: str, path: str, root: str) -> Iterator[tuple[str, str]]:
    bare = dotted.lstrip(".")
    level = len(dotted) - len(bare)
    words = bare.split(".")
    folder = os.path.dirname(path)
    if level:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        bases = [folder]
    else:
        bases = _roots(folder, root)
    for count in range(len(words), -1, -1):
        rest = ".".join(words[count:])
        if count == 0 and not level:
            return
        for base in bases:
            stem = os.path.join(base, *words[:count])
            if count and os.path.isfile(stem + ".py"):
                yield stem + ".py", rest
            elif os.path.isfile(os.path.join(stem, "__init__.py")) and rest:
                yield os.path.join(stem, "__init__.py"), rest


def _roots(folder: str, root: str) -> list[str]:
    """Where absolute imports of a file may start: its folder and those above it, and their src."""
    found: list[str] = []
    while True:
        found += (folder, os.path.join(folder, "src"))
        above = os.path.dirname(folder)
        if folder == root or above == folder or not folder.startswith(root):
            return found
        folder = above


def _script(dotted: str, path: str, root: str) -> Iterator[tuple[str, str]]:
    at = len(dotted)
    folder = os.path.dirname(path)
    while at > 0:
        module, rest = dotted[:at], dotted[at + 1 :]
        stem = os.path.normpath(os.path.join(folder, module))
        if stem.startswith(root):
            file = _script_file(stem)
            if file:
                yield file, rest
                return
        at = dotted.rfind(".", 0, at)
        if at <= 1:
            return


def _script_file(stem: str) -> str:
    if os.path.isfile(stem) and stem.endswith(_SCRIPTS):
        return stem
    if stem.endswith(".js") and os.path.isfile(stem[:-3] + ".ts"):
        return stem[:-3] + ".ts"  # TypeScript's own imports name the file that will be made
    for ending in _SCRIPTS:
        if os.path.isfile(stem + ending):
            return stem + ending
    for ending in _SCRIPTS:
        index = os.path.join(stem, "index" + ending)
        if os.path.isfile(index):
            return index
    return ""
