"""A server on loopback that speaks the Messages API as its public specification has it.

    with MessagesApi() as api:
        api.script(answer("Hello, ", "world"))
        api.script(fails(529), when=contains("rewrite"), times=2)
        api.script(answer(thinks("hm"), "Like this:", calls("propose_edits", {"title": "t"})))
        ...  # a client of `api.url`
        assert api.requests[0].json["model"]

A request gets the first script that fits it and is not used up; one that fits none is answered
with a 500 that says so. As a process: `python -m tests.support.messages_api --script FILE`.
"""

from tests.support.messages_api.record import Recorded
from tests.support.messages_api.script import (
    Answer,
    Failure,
    answer,
    awaits,
    breaks,
    calls,
    contains,
    cuts,
    fails,
    holds,
    pings,
    sends,
    thinks,
    waits,
)
from tests.support.messages_api.server import MessagesApi

__all__ = [
    "Answer",
    "Failure",
    "MessagesApi",
    "Recorded",
    "answer",
    "awaits",
    "breaks",
    "calls",
    "contains",
    "cuts",
    "fails",
    "holds",
    "pings",
    "sends",
    "thinks",
    "waits",
]
