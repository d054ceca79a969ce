"""Files that are not open, as texts to find places in: read when needed, kept until they change."""

import os
from collections import OrderedDict

from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import decoded

MOST = 100
LARGEST = 2_000_000  # bytes
PLAIN = "plaintext"  # no reader reads it, so that nothing is worked out but its lines

_Stamp = tuple[int, int]
_known: OrderedDict[str, tuple[_Stamp, Document]] = OrderedDict()


def on_disk(path: str | None) -> Document | None:
    """A file's text; None when it cannot be read or is too large."""
    if path is None:
        return None
    try:
        stat = os.stat(path)
        stamp = (stat.st_mtime_ns, stat.st_size)
        kept = _known.get(path)
        if kept is not None and kept[0] == stamp:
            _known.move_to_end(path)
            return kept[1]
        if stat.st_size > LARGEST:
            return None
        with open(path, "rb") as file:
            text = decoded(file.read())
    except (OSError, ValueError):
        return None
    document = Document.open("", text, path=path, language=PLAIN)
    _known[path] = (stamp, document)
    if len(_known) > MOST:
        _known.popitem(last=False)
    return document
