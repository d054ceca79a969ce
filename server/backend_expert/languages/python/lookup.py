"""Where a Python name is defined, asked of jedi: for names that the facts cannot follow."""

import logging
import os
import threading
from collections.abc import Callable
from functools import lru_cache
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
    try:
        script = _script(text, path, root)
    except Exception as error:  # another version of it may have changed what we ask of it
        log.warning("jedi cannot be asked: %r", error)
        return []
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


class _Desk:
    """Asks jedi on a thread of its own, one question at a time, so that nobody waits for long."""

    def __init__(self) -> None:
        self._busy: threading.Thread | None = None
        self._is_warm = False

    def ask(self, question: Callable[[], list[Defined]], patience: float) -> list[Defined]:
        """The answer; nothing when it is not there in time, or an earlier one still goes on."""
        if not self.is_ready():
            return []
        answer: list[Defined] = []
        self._busy = threading.Thread(
            target=lambda: answer.extend(question()), name="jedi", daemon=True
        )
        self._busy.start()
        self._busy.join(patience)
        return [] if self._busy.is_alive() else answer

    def is_ready(self, *, waits: bool = False) -> bool:
        """Whether a question would be taken; the first call lets jedi read Python's own names."""
        if not self._is_warm:
            self._is_warm = True
            self._busy = threading.Thread(target=_warm_up, name="jedi", daemon=True)
            self._busy.start()
        if waits and self._busy is not None:
            self._busy.join()
        return self._busy is None or not self._busy.is_alive()


_DESK = _Desk()


def is_ready(*, waits: bool = False) -> bool:
    """Whether jedi can be asked at once.

    The first call lets it read Python's own names on a thread of its own: that takes half a second,
    for which nobody should wait (but with `waits`).
    """
    return _DESK.is_ready(waits=waits)


def defined_soon(
    text: str, path: str, root: str, places: list[tuple[int, int]], patience: float
) -> list[Defined]:
    """`defined_at`, if that is known within some seconds; else nothing."""
    return _DESK.ask(lambda: defined_at(text, path, root, places), patience)


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
    here: Any = import_module("backend_expert.languages.python.same_process")
    return jedi.Script(text, path=path, project=project, environment=here.Environment())


def _path_in_module(name: Any) -> str:
    parent = name.parent()
    if parent is not None and parent.type == "class":
        return f"{parent.name}.{name.name}"
    return str(name.name)
