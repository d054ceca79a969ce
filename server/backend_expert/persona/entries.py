"""Entries of other files as sections: a section a file, cut at whole entries."""

from collections.abc import Iterable

from backend_expert.persona.brief import Section
from backend_expert.persona.extract import Extract


def sections(title: str, entries: Iterable[Extract], root: str, share: int) -> list[Section]:
    """A section for each file that entries are from, so that the gate can keep any one of them.

    share: the characters that all of them may have; entries beyond it are named, not shown.
    """
    by_file: dict[str, list[Extract]] = {}
    for entry in entries:
        by_file.setdefault(entry.path, []).append(entry)
    found: list[Section] = []
    for path, mine in by_file.items():
        shown: list[str] = []
        left: list[str] = []
        for entry in mine:
            text = f"Line {entry.line}:\n{entry.text}"
            if len(text) <= share:
                share -= len(text)
                shown.append(text)
            else:
                left.append(entry.name or f"line {entry.line}")
        if left:
            shown.append(f"Left out for want of room: {', '.join(dict.fromkeys(left))}.")
        found.append(Section(f"{title}: {relative(path, root)}", "\n\n".join(shown), path=path))
    return found


def relative(path: str, root: str) -> str:
    """A path as the selection's section names it: from the workspace's root, with `/`."""
    prefix = root.rstrip("/\\")
    inside = path[len(prefix) + 1 :] if prefix and path.startswith(prefix) else path
    return inside.replace("\\", "/")
