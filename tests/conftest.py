"""Every test, and every server that one starts, has a user of its own: no settings, no key."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine is says nothing about what is tested.
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any")

_HOME = Path(tempfile.mkdtemp(prefix="backend-expert-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
_OF_A_MODEL = ("ANTHROPIC_", "BACKEND_EXPERT_", "AWS_", "GOOGLE_")

_OF_THE_TESTS = ("BACKEND_EXPERT_EDITORS", "BACKEND_EXPERT_PICTURES")  # where what is kept

for name in [name for name in os.environ if name.startswith(_OF_A_MODEL)]:
    if name in _OF_THE_TESTS:
        continue
    del os.environ[name]
for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
    os.environ[f"XDG_{kind}_HOME"] = str(_HOME / kind.lower())


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user for one test: the folder that holds their `config`, `state` and `cache`."""
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "user" / kind.lower()))
    return tmp_path / "user"
