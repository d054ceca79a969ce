"""The checks on content blocks and on the marks of the prompt cache."""

from typing import Any

from tests.support.messages_api.caching import blocks
from tests.support.messages_api.wrong import Wrong, wants

FIELDS = {
    "text": ({"text"}, {"citations"}),
    "thinking": ({"thinking", "signature"}, set()),
    "redacted_thinking": ({"data"}, set()),
    "tool_use": ({"id", "name", "input"}, {"caller"}),
    "tool_result": ({"tool_use_id"}, {"content", "is_error"}),
    "image": ({"source"}, set()),
    "document": ({"source"}, {"title", "context", "citations"}),
}
MOST_MARKS = 4


def check_system(system: Any) -> None:
    """The system prompt: a text, or text blocks."""
    if isinstance(system, str):
        return
    wants(isinstance(system, list), "system", "Input should be a valid list")
    for number, block in enumerate(system):
        _block(block, f"system.{number}", ("text",))


def check_content(content: Any, where: str) -> None:
    """The content of a message: a text, or blocks."""
    if isinstance(content, str):
        wants(bool(content), where, "messages must have non-empty content")
        return
    wants(isinstance(content, list), where, "Input should be a valid list")
    wants(bool(content), where, "messages must have non-empty content")
    for number, block in enumerate(content):
        _block(block, f"{where}.{number}", tuple(FIELDS))


def check_marks(body: Any) -> None:
    """No more than four marks."""
    marks = sum(1 for block in blocks(body) if block.get("cache_control"))
    marks += 1 if body.get("cache_control") else 0
    if marks > MOST_MARKS:
        message = (
            f"A maximum of {MOST_MARKS} blocks with cache_control may be provided. Found {marks}."
        )
        raise Wrong(400, "invalid_request_error", message)


def check_mark(mark: Any, where: str) -> None:
    """One mark."""
    if mark is None:
        return
    wants(
        isinstance(mark, dict) and mark.get("type") == "ephemeral",
        f"{where}.cache_control.type",
        "Input should be 'ephemeral'",
    )
    wants(set(mark) <= {"type", "ttl"}, f"{where}.cache_control", "Extra inputs are not permitted")
    wants(
        mark.get("ttl", "5m") in ("5m", "1h"),
        f"{where}.cache_control.ttl",
        "Input should be '5m' or '1h'",
    )


def _block(block: Any, where: str, kinds: tuple[str, ...]) -> None:
    wants(isinstance(block, dict), where, "Input should be a valid dictionary")
    kind = block.get("type")
    wants(kind in kinds, f"{where}.type", f"Input should be one of {', '.join(kinds)}")
    needed, optional = FIELDS[kind]
    for key in sorted(needed):
        wants(key in block, f"{where}.{kind}.{key}", "Field required")
    for key in block:
        known = key in needed | optional or key in ("type", "cache_control")
        wants(known, f"{where}.{kind}.{key}", "Extra inputs are not permitted")
    if kind == "text":
        wants(
            isinstance(block["text"], str), f"{where}.text.text", "Input should be a valid string"
        )
        wants(
            bool(block["text"].strip()),
            where,
            "text content blocks must contain non-whitespace text",
        )
    if kind in ("thinking", "redacted_thinking"):
        wants(
            "cache_control" not in block,
            f"{where}.{kind}.cache_control",
            "Extra inputs are not permitted",
        )
    check_mark(block.get("cache_control"), where)
