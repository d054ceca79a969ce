"""The scripts of `server/tools`, which are no package, as modules."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
PACKAGE = SERVER / "backend_expert"


def tool(name: str) -> ModuleType:
    """The module `server/tools/<name>.py`."""
    spec = importlib.util.spec_from_file_location(name, SERVER / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
