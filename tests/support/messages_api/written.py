"""Scripts written as JSON, for a server that is a process.

A file is a list of objects (or an object with that list under `answers`):

    [{"when": "Rewrite", "times": null, "says": ["Like ", {"waits": 0.1}, "this:",
      {"calls": {"tool": "propose_edits", "given": {"title": "…"}}}], "stop": "tool_use"},
     {"fails": 429, "retry_after": 1, "message": "slow down"}]

`when`: words that stand in the request; none: any request. `times`: how often (1; null: for ever).
"""

from collections.abc import Iterator
from typing import Any

from tests.support.messages_api import script as steps
from tests.support.messages_api.script import Matcher, Script, Step

OPTIONS = ("stop", "details", "answered", "headers_after", "ends", "headers")
FAILURE = ("message", "type", "retry_after", "headers", "details")


def scripts(written: Any) -> Iterator[tuple[Script, Matcher | None, int | None]]:
    """The scripts of a file, for `MessagesApi.script`."""
    for one in written["answers"] if isinstance(written, dict) else written:
        when = steps.contains(one["when"]) if one.get("when") else None
        yield _script(one), when, one.get("times", 1)


def _script(one: dict[str, Any]) -> Script:
    if "fails" in one:
        return steps.fails(one["fails"], **{k: v for k, v in one.items() if k in FAILURE})
    said = one["says"]
    parts = [said] if isinstance(said, str) else said
    return steps.answer(*map(_step, parts), **{k: v for k, v in one.items() if k in OPTIONS})


def _step(part: Any) -> Step:
    if isinstance(part, str):
        return part
    ((name, value),) = part.items()
    if name == "calls":
        return steps.calls(value["tool"], value["given"])
    if name == "breaks":
        return steps.breaks(value)
    if name == "sends":
        return steps.sends(value.encode())
    if name in ("holds", "pings", "cuts"):
        return getattr(steps, name)()
    return {"thinks": steps.thinks, "waits": steps.waits}[name](value)
