"""The lean import of lsprotocol: every class can still be made and turned into JSON and back."""

import json
import subprocess
import sys

CHECK = """
import json, sys
from backend_expert.lsp.lean import import_lsprotocol
import attrs
define = attrs.define
import_lsprotocol()
assert attrs.define is define
import_lsprotocol()
from lsprotocol import converters, types
converter = converters.get_converter()
made = 0
for cls in {c for c in vars(types).values() if isinstance(c, type) and attrs.has(c)}:
    attrs.resolve_types(cls, types.ALL_TYPES_MAP, {})
    # Every generated __init__ runs to its end, or complains of the None it was given.
    required = {f.name: None for f in attrs.fields(cls) if f.default is attrs.NOTHING and f.init}
    try:
        cls(**required)
    except (TypeError, ValueError, AttributeError):
        pass
    assert cls.__module__ == types.__name__
    made += 1
try:
    types.Position(line="x", character=0)
except ValueError:
    pass
else:
    raise SystemExit("validators are gone")
params = {"textDocument": {"uri": "file:///a"}, "position": {"line": 1, "character": 2}}
hover = converter.structure(params, types.HoverParams)
print(json.dumps([made, converter.unstructure(hover)]))
"""


def test_lean_classes_work() -> None:
    run = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    made, params = json.loads(run.stdout)
    assert made > 500
    assert params == {"textDocument": {"uri": "file:///a"}, "position": {"line": 1, "character": 2}}
