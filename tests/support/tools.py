"""The scripts of `server/tools`, which are no package, as modules."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
TOOLS = SERVER / "tools"
PACKAGE = SERVER / "backend_expert"


def tool(name: str) -> ModuleType:
    """The module `server/tools/<name>.py`."""
    if str(TOOLS) not in sys.path:
        sys.path.append(str(TOOLS))  # they import each other, as scripts do
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
