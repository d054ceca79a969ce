"""The list of messages beyond LSP; the document and the clients' types are generated from it."""

from typing import Any, Literal

import msgspec

from backend_expert.lsp.beyond import shapes as s


class Message(msgspec.Struct, frozen=True):
    """One message: who sends it, what it carries and what comes back.

    kind: a command is sent with `workspace/executeCommand`, its one argument being `params`.
    """

    method: str
    kind: Literal["command", "notification", "request"]
    sender: Literal["client", "server"]
    about: str
    params: Any = None
    result: Any = None


def _command(name: str, about: str, params: Any = None, result: Any = None) -> Message:
    return Message(f"backendExpert.{name}", "command", "client", about, params, result)


MESSAGES: tuple[Message, ...] = (
    _command("ask", "Asks the expert and streams the answer.", s.Ask, s.Asked),
    _command("followUp", "Goes on with an answer.", s.FollowUp, s.Asked),
    _command("regenerate", "Has a question answered again.", s.Named, s.Asked),
    _command("stop", "Stops an answer under way.", s.Stopped),
    _command("apply", "Makes the edits that an answer proposes.", s.Named),
    _command("showWouldSend", "What a question would send, unsent.", s.Ask, s.Shown),
    _command("showSent", "What was sent to a model in this session.", None, s.Shown),
    _command("history", "The answers so far, latest first.", None, tuple[s.Past, ...]),
    _command("tasks", "The tasks that fit a place.", s.At, tuple[s.Offered, ...]),
    _command("map", "The workspace's service as a graph.", None, s.ServiceMap),
    _command("overview", "What the workspace's service consists of.", None, s.Overview),
    _command("explainRule", "The page of a rule.", s.RuleName, s.Page),
    _command("applyAction", "Makes an action's edits; two arguments: its id and its title."),
    Message(
        "backendExpert/answer", "notification", "server",
        "What happens to an answer, for a client that shows answers itself: it says so in its"
        " capabilities.", s.AnswerEvent,
    ),
    Message(
        "backendExpert/complete", "request", "server",
        "Has the client ask a model that it has itself, for one that says so in its capabilities;"
        " the answer comes in parts, then its end.", s.Completion, s.Completed,
    ),
    Message(
        "backendExpert/completion", "notification", "client",
        "A part of such an answer.", s.CompletionPart,
    ),
    Message(
        "backendExpert/status", "notification", "server", "What the server is doing.", s.Status
    ),
)  # fmt: skip
