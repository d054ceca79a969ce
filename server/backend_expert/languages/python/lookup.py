"""Where a Python name is defined, asked of jedi: for names that the facts cannot follow."""

import logging
import os
import threading
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

import msgspec

log = logging.getLogger(__name__)


class Defined(msgspec.Struct, frozen=True):
    """A definition: its file, and its name there (`Order.save` for a method)."""

    path: str
    name: str


def defined_at(text: str, path: str, root: str, places: list[tuple[int, int]]) -> list[Defined]:
    """What the names at some lines and columns (from 0) are defined as, in files below `root`.

    Nothing of the project is run: jedi reads it with this process's own Python, and no compiled
    module of the project is loaded. Places that it cannot follow give nothing.
    """
    script = _script(text, path, root)
    found: dict[Defined, None] = {}
    for line, column in places:
        try:
            names = script.goto(line + 1, column, follow_imports=True)
            for name in names:
                where = str(name.module_path or "")
                if where.startswith(root.rstrip(os.sep) + os.sep):
                    found[Defined(where, _path_in_module(name))] = None
        except Exception as error:  # jedi raises what it likes on code that it cannot follow
            log.debug("jedi cannot follow %s:%d: %r", path, line + 1, error)
    return list(found)


def is_ready(*, waits: bool = False) -> bool:
    """Whether jedi can be asked at once.

    The first call lets it read Python's own names on a thread of its own: that takes half a second,
    for which nobody should wait (but with `waits`), and which must not be broken off.
    """
    thread = _warming()
    if waits:
        thread.join()
    return not thread.is_alive()


@cache
def _warming() -> threading.Thread:
    thread = threading.Thread(target=_warm_up, name="jedi", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    try:
        _script("''.join([])", "", "/").goto(1, 4)
    except Exception as error:  # then it is asked all the same, and says so again
        log.warning("jedi cannot be made ready: %r", error)


@lru_cache(maxsize=2)
def _script(text: str, path: str, root: str) -> Any:
    jedi: Any = import_module("jedi")
    project = jedi.Project(
        root, sys_path=[root], smart_sys_path=False, load_unsafe_extensions=False
    )
    return jedi.Script(text, path=path, project=project, environment=jedi.InterpreterEnvironment())


def _path_in_module(name: Any) -> str:
    parent = name.parent()
    if parent is not None and parent.type == "class":
        return f"{parent.name}.{name.name}"
    return str(name.name)
