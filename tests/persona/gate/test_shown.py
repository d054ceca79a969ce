"""What would be sent and what was sent, as documents."""

from backend_expert.persona.events import Usage
from backend_expert.persona.gate import Destination, Gate
from backend_expert.persona.gate.shown import fence_for
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.outgoing import Block
from inline_snapshot import snapshot

from tests.persona.gate.conftest import HERE, MODEL, Place
from tests.persona.gate.test_secrets import RANDOM


def preview(at: Place, *blocks: str | Block, gate: Gate | None = None) -> str:
    shown = (gate or at.gate()).preview(at.request(*blocks), HERE, MODEL)
    return shown.replace(str(at.workspace), "/work")


def test_what_would_be_sent(at: Place) -> None:
    env = Block("A=1", path=at.file(".env"), title="Settings of the service")
    code = Block("```python\nx = 1\n```", path=at.file("app.py"), title="The selection")
    assert preview(at, env, code) == snapshot("""\
# What would be sent

- To: anthropic, model `claude-sonnet-5-5`
- For: the task `explain`
- Size: about 103 tokens, and at most 1,000 for the answer
- Cost, with the answer: at most $0.0903
- Kept back: nothing; no secret was found
- Left out: Settings of the service (`/work/.env`), because files of that name hold secrets

## Instructions

About what is kept back:

```text
Words like BACKEND_EXPERT_SECRET_1_… in what follows stand for values that do not leave the user's machine. Take each for the real value: where it belongs into code, write the word unchanged, and do not remark on it otherwise.
```

```text
You are an expert.
```

*All up to here is kept in the model's cache for the next request.*

## You

Settings of the service:

```text
[Something was left out here, since it may not leave this machine.]
```

The selection:

````text
```python
x = 1
```
````
""")


def test_it_shows_no_secret_and_says_how_many_there_are(at: Place) -> None:
    asked = GateSettings(redact_hosts=True, redact_emails=True)
    text = f'API_KEY = "{RANDOM}"\npassword = "hunter7x"\nhost = "db.internal"\nann@example.com'
    shown = preview(at, text, gate=at.gate(asked))
    assert RANDOM not in shown and "hunter7x" not in shown and "db.internal" not in shown
    assert "- Kept back: 2 secrets, 1 private host and 1 e-mail address;" in shown


def test_it_is_shown_before_anyone_agreed_and_says_so(at: Place) -> None:
    shown = preview(at, "x = 1", gate=at.gate(agreed=False))
    assert "Nothing would be sent, because nobody has said yet" in shown and "x = 1" in shown


def test_what_is_refused_outright_is_only_said(at: Place) -> None:
    env = Block("A=round", path=at.file(".env"), is_needed=True)
    shown = preview(at, env)
    assert "round" not in shown and "may not leave this machine" in shown


def test_what_was_sent_has_what_came_of_it(at: Place) -> None:
    gate = at.gate()
    cleared = at.cleared("x = 1", gate=gate)
    shown = gate.sent(cleared, Usage(MODEL, 1_000, 2_000, 200, 400), "cancelled")
    assert "- Outcome: cancelled" in shown and "$0.0067" in shown
    assert "2,000 read from the model's cache" in shown and "x = 1" in shown


def test_a_fence_holds_whatever_is_in_the_text() -> None:
    assert fence_for("x") == "```"
    assert fence_for("a ``` b ````` c") == "``````"


def test_a_destination_shows_its_host_and_no_login() -> None:
    assert Destination("bedrock").name == "bedrock"
    gateway = Destination("anthropic", "https://me:hunter7x@llm.example.com/v1?key=abc")
    assert gateway.name == "anthropic at llm.example.com"
    assert Destination("anthropic", "http://[::1]:8080").name == "anthropic at ::1:8080"
    assert Destination("anthropic", "http://h:99999999").name == "anthropic"
