"""A quicker and smaller import of lsprotocol: its 554 classes without what we never use of them.

They get no comparison, repr and slots (for slots attrs makes each class twice), and no copy of the
whole module's names behind each `__init__`, which attrs keeps for type hints of it: 5 MiB in all.
Half the time, 8 MiB less. Only public arguments of `attrs.define` are used, and undone after.
"""

import sys
from typing import TypeVar

import attrs

C = TypeVar("C", bound=type)

NOWHERE = "lsprotocol.lean"  # no module has this name, so attrs finds no names to copy


def import_lsprotocol() -> None:
    """Imports `lsprotocol.types` with lean classes, unless it is there already."""
    if "lsprotocol.types" in sys.modules:
        return
    define = attrs.define

    def lean(made: C) -> C:
        home = made.__module__
        made.__module__ = NOWHERE
        try:
            return define(made, eq=False, repr=False, slots=False)
        finally:
            made.__module__ = home

    attrs.define = lean  # type: ignore[assignment]
    try:
        import lsprotocol.types  # noqa: F401  # pyright: ignore[reportUnusedImport]
    finally:
        attrs.define = define
    # attrs keeps the source of each method it made, for tracebacks through them.
    linecache = sys.modules.get("linecache")
    if linecache is not None:
        for name in [name for name in linecache.cache if name.startswith("<attrs generated")]:
            del linecache.cache[name]
