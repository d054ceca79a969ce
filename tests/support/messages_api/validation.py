"""Checks a request against the specification; what is wrong is said as the API says it."""

from typing import Any

from tests.support.messages_api import blocks as content
from tests.support.messages_api import tools
from tests.support.messages_api.models import adapts, strict
from tests.support.messages_api.wrong import Wrong, wants

VERSIONS = ("2023-06-01", "2026-10-21")
FIELDS = {
    "model", "messages", "max_tokens", "system", "stream", "tools", "tool_choice", "thinking",
    "metadata", "stop_sequences", "output_config", "cache_control", "service_tier", "container",
    "temperature", "top_k", "top_p",
}  # fmt: skip
COUNTED = {
    "model",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "thinking",
    "output_config",
    "cache_control",
}
ROLES = ("user", "assistant", "system")


def check(body: Any, models: dict[str, dict[str, Any]], *, counting: bool = False) -> None:
    """A request for a message, or (counting) for its number of tokens.

    Raises:
        Wrong: the request is not as the specification has it.
    """
    wants(isinstance(body, dict), "", "Input should be a valid dictionary")
    for key in body:
        wants(key in (COUNTED if counting else FIELDS), key, "Extra inputs are not permitted")
    for key in ("model", "messages") if counting else ("model", "max_tokens", "messages"):
        wants(key in body, key, "Field required")
    wants(
        isinstance(body["model"], str) and bool(body["model"]),
        "model",
        "Input should be a valid string",
    )
    if body["model"] not in models:
        raise Wrong(404, "not_found_error", f"model: {body['model']}")
    if not counting:
        most = models[body["model"]]["max_tokens"]
        asked = body["max_tokens"]
        wants(
            type(asked) is int and asked >= 1,
            "max_tokens",
            "Input should be greater than or equal to 1",
        )
        wants(
            asked <= most,
            "max_tokens",
            f"{asked} > {most}, which is the maximum allowed number of output tokens",
        )
        wants(type(body.get("stream", False)) is bool, "stream", "Input should be a valid boolean")
    if "system" in body:
        content.check_system(body["system"])
    _messages(body["messages"])
    tools.check(body, strict(models, body["model"]))
    _thinking(body, adapts(models, body["model"]))
    content.check_marks(body)


def check_version(version: str | None) -> None:
    """The `anthropic-version` header.

    Raises:
        Wrong: it is missing, or no version.
    """
    wants(version is not None, "anthropic-version", "header is required")
    wants(version in VERSIONS, "anthropic-version", f'"{version}" is not a valid version')


def _messages(messages: Any) -> None:
    wants(isinstance(messages, list), "messages", "Input should be a valid list")
    wants(bool(messages), "messages", "at least one message is required")
    for number, message in enumerate(messages):
        where = f"messages.{number}"
        wants(isinstance(message, dict), where, "Input should be a valid dictionary")
        for key in message:
            wants(key in ("role", "content"), f"{where}.{key}", "Extra inputs are not permitted")
        wants(
            message.get("role") in ROLES,
            f"{where}.role",
            "Input should be 'user', 'assistant' or 'system'",
        )
        wants("content" in message, f"{where}.content", "Field required")
        content.check_content(message["content"], f"{where}.content")
    first = messages[0]["role"]
    wants(first != "assistant", "messages", 'first message must use the "user" role')
    # Turns of one role in a row are joined by the API. Beginning the answer for the model is refused.
    last = messages[-1]["role"]
    wants(
        last != "assistant",
        "messages",
        "This model does not support assistant message prefill. The conversation must end with a user message.",
    )


def _thinking(body: Any, can_adapt: bool) -> None:
    thinking = body.get("thinking")
    if thinking is None:
        return
    wants(isinstance(thinking, dict), "thinking", "Input should be a valid dictionary")
    kind = thinking.get("type")
    wants(
        kind in ("adaptive", "enabled", "disabled", "between_tools"),
        "thinking.type",
        "unknown type",
    )
    if kind == "adaptive":
        wants(can_adapt, "thinking", "adaptive thinking is not supported on this model")
        extra = set(thinking) - {"type", "display"}
        wants(
            not extra,
            f"thinking.adaptive.{min(extra, default='')}",
            "Extra inputs are not permitted",
        )
    if kind == "enabled":
        budget = thinking.get("budget_tokens")
        wants(
            type(budget) is int and budget >= 1024,
            "thinking.enabled.budget_tokens",
            "Input should be greater than or equal to 1024",
        )
        wants(
            budget < body.get("max_tokens", budget + 1),
            "max_tokens",
            "must be greater than `thinking.budget_tokens`",
        )
    if kind in ("adaptive", "enabled"):
        forced = (body.get("tool_choice") or {}).get("type") in ("any", "tool")
        wants(
            not forced, "thinking", "Thinking may not be enabled when tool_choice forces tool use."
        )
