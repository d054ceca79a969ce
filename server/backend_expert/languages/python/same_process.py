"""jedi inside this process without a trace in it: other threads import and read meanwhile."""

import pickle
import sys
from typing import Any

import jedi  # pyright: ignore[reportMissingTypeStubs]
import parso.cache
from jedi.inference.compiled.subprocess import (  # pyright: ignore[reportMissingTypeStubs]
    InferenceStateSameProcess,
)

_UNREADABLE = (EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError)


class Environment(jedi.InterpreterEnvironment):
    """This process's own Python, asked without a change of `sys.path`."""

    def get_inference_state_subprocess(self, inference_state: Any) -> InferenceStateSameProcess:
        return _SameProcess(inference_state)


class _SameProcess(InferenceStateSameProcess):
    # jedi's own two put the project's folder in the place of `sys.path` for a moment. An import of
    # another thread then fails, or, worse, takes a module of the project and runs it.

    def get_module_info(
        self, sys_path: list[str] | None = None, path: list[str] | None = None, **asked: Any
    ) -> Any:
        return self._ask("get_module_info", path=path if sys_path is None else sys_path, **asked)

    def load_module(self, dotted_name: str, sys_path: list[str]) -> Any:
        if dotted_name not in sys.builtin_module_names:
            return None
        return self._ask("load_module", dotted_name=dotted_name, sys_path=sys.path)

    def _ask(self, name: str, **asked: Any) -> Any:
        ask: Any = super().__getattr__(name)  # pyright: ignore[reportUnknownMemberType]
        return ask(**asked)


def read_kept_tree(*asked: Any, **more: Any) -> Any:
    """A syntax tree that was kept in the user's cache; none when half of it is there.

    Another server may be writing it at this moment, or have been stopped while it did.
    """
    try:
        return _read_kept_tree(*asked, **more)
    except _UNREADABLE:
        return None


_parso: Any = parso.cache
_read_kept_tree = _parso._load_from_file_system
_parso._load_from_file_system = read_kept_tree
