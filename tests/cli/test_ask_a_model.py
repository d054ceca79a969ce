"""`ask` with a model: the command as a process, its answer streamed, its edit proved."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.editor import SHOP
from tests.support.messages_api import MessagesApi, answer, calls, holds

KEY = "sk-ant-api03-Zk3vQm81xTrWbNf6LsYp02HdJcEa9uGo"
PLACE = "api/shop/worker/notify.py:19-29"
OLD = '        headers={"X-Api-Key": get_settings().service_key},\n'
NEW = f"{OLD}        timeout=5,\n"
EDIT = {
    "file": "api/shop/worker/notify.py",
    "first_line": 28,
    "last_line": 28,
    "old": OLD,
    "new": NEW,
    "mends": ["errors/http-call-no-timeout"],
}
REWRITE = answer(
    "It waits ", "for ever.", calls("propose_edits", {"title": "Wait 5 seconds", "edits": [EDIT]})
)
Ask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(keys=(KEY,)) as api:
        yield api


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example shop."""
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop, ignore=lambda *_: {"node_modules"})
    (shop / ".git").mkdir()
    return shop


@pytest.fixture
def environment(api: MessagesApi, user: Path) -> dict[str, str]:
    """The user's: with a key."""
    return {**os.environ, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}


@pytest.fixture
def ask(shop: Path, environment: dict[str, str]) -> Ask:
    def ask(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (sys.executable, "-m", "backend_expert.cli", "ask", *arguments),
            cwd=shop, env=environment | changed, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return ask


def test_a_proved_diff_goes_to_the_output_and_the_answer_beside_it(
    api: MessagesApi, shop: Path, ask: Ask
) -> None:
    api.script(REWRITE)
    before = (shop / "api/shop/worker/notify.py").read_text()
    done = ask("rewrite", PLACE, "--diff", "--send")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("--- ") and done.stdout.count("\n+        timeout=5,\n") == 1
    applied = subprocess.run(
        ("patch", "--dry-run", "api/shop/worker/notify.py"),
        cwd=shop, input=done.stdout, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "It waits for ever." in done.stderr and "*Proved:" in done.stderr
    assert "claude-sonnet-5-5" in done.stderr and " tokens" in done.stderr
    assert (shop / "api/shop/worker/notify.py").read_text() == before
    assert KEY not in done.stdout + done.stderr


def test_without_a_key_the_offline_answer_is_printed_and_says_so(
    api: MessagesApi, ask: Ask
) -> None:
    none = {"ANTHROPIC_API_KEY": "", "ANTHROPIC_BASE_URL": "", "HOME": "/nowhere"}
    done = ask("rewrite", PLACE, "--diff", "--send", **none)
    assert done.returncode == 0
    assert "timeout=5" in done.stdout and done.stdout.startswith("--- ")
    assert "Answered offline" in done.stderr and "set ANTHROPIC_API_KEY" in done.stderr
    assert api.requests == []


def test_nothing_is_sent_unless_someone_agreed(api: MessagesApi, ask: Ask) -> None:
    done = ask("rewrite", PLACE)
    assert "> Nothing was sent, because nobody has said yet" in done.stdout
    assert "What the code itself tells:" in done.stdout and api.requests == []


def test_an_edit_is_made_when_that_is_wanted(api: MessagesApi, shop: Path, ask: Ask) -> None:
    api.script(REWRITE)
    path = shop / "api/shop/worker/notify.py"
    before = path.read_text()
    done = ask("rewrite", PLACE, "--apply", "--send")
    assert done.returncode == 0, done.stderr
    assert path.read_text() == before.replace(OLD, NEW)


def test_an_edit_that_does_not_hold_is_never_made(api: MessagesApi, shop: Path, ask: Ask) -> None:
    bad = EDIT | {"new": "        headers={\n"}
    api.script(
        answer("So.", calls("propose_edits", {"title": "Break it", "edits": [bad]})), times=2
    )
    path = shop / "api/shop/worker/notify.py"
    before = path.read_text()
    done = ask("rewrite", PLACE, "--apply", "--send")
    assert path.read_text() == before and "does not parse" in done.stdout


def test_the_brief_is_shown_and_nothing_is_sent(api: MessagesApi, ask: Ask) -> None:
    done = ask("rewrite", PLACE, "--show-brief")
    assert done.returncode == 0 and "requests.post(" in done.stdout
    assert "notify.py" in done.stdout and api.requests == [] and KEY not in done.stdout


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Has children take an interrupt also where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ending_the_command_ends_the_answer(
    api: MessagesApi, shop: Path, environment: dict[str, str]
) -> None:
    api.script(answer("It asks ", holds()))
    arguments = ("ask", "explain", PLACE, "--send")
    with subprocess.Popen(
        (sys.executable, "-m", "backend_expert.cli", *arguments),
        cwd=shop, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        (sent,) = api.wait_for(1, 60)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
    sent.wait()
    assert sent.left_at is not None and process.returncode == 1
    assert "Traceback" not in error and error.strip().endswith("Aborted!"), error
