"""An answer as server-sent events, or as one message: byte for byte as the specification shows."""

import json
from collections.abc import Iterator
from typing import Any

from tests.support.messages_api.caching import Counted, tokens
from tests.support.messages_api.script import (
    Answer,
    Awaits,
    Breaks,
    Calls,
    Cuts,
    Holds,
    Pings,
    Sends,
    Thinks,
    Waits,
)

Frame = bytes | Waits | Holds | Awaits | Cuts


def event(name: str, **data: Any) -> bytes:
    """One event; its data begins with its type."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode()


def frames(answer: Answer, number: int, model: str, counted: Counted) -> Iterator[Frame]:
    """The events of an answer in their order, and the pauses between them."""
    yield event("message_start", message=_empty(number, model, counted))
    index, in_text, pinged = -1, False, False
    for step in answer.steps:
        if in_text and isinstance(step, Thinks | Calls):
            yield event("content_block_stop", index=index)
            in_text = False
        if isinstance(step, str) and not in_text:
            index, in_text = index + 1, True
            yield event(
                "content_block_start", index=index, content_block={"type": "text", "text": ""}
            )
        elif isinstance(step, Thinks | Calls):
            index += 1
            yield event(
                "content_block_start", index=index, content_block=_opened(step, number, index)
            )
        if index == 0 and not pinged:
            pinged = True
            yield event("ping")
        if isinstance(step, Waits | Holds | Awaits | Cuts):
            yield step
        elif isinstance(step, Breaks):
            yield event("error", error={"type": step.type, "message": step.message})
            return
        else:
            yield from _step(step, index)
    if in_text:
        yield event("content_block_stop", index=index)
    if answer.ends:
        end = {"stop_reason": stop_of(answer), "stop_sequence": None}
        end |= {"stop_details": answer.details} if answer.details else {}
        used = _used(counted) | {"output_tokens": answered(answer)}
        yield event("message_delta", delta=end, usage=used)
        yield event("message_stop")


def whole(answer: Answer, number: int, model: str, counted: Counted) -> dict[str, Any]:
    """The answer as one message."""
    content: list[dict[str, Any]] = []
    for step in answer.steps:
        if isinstance(step, str):
            if not content or content[-1]["type"] != "text":
                content.append({"type": "text", "text": ""})
            content[-1]["text"] += step
        elif isinstance(step, Thinks):
            content.append({"type": "thinking", "thinking": step.text, "signature": step.signature})
        elif isinstance(step, Calls):
            opened = _opened(step, number, len(content))
            content.append(opened | {"input": json.loads(step.json)})
    message = _empty(number, model, counted)
    message["usage"]["output_tokens"] = answered(answer)
    details = {"stop_details": answer.details} if answer.details else {}
    return message | {"content": content, "stop_reason": stop_of(answer)} | details


def stop_of(answer: Answer) -> str:
    """The stop reason of an answer."""
    if answer.stop is not None:
        return answer.stop
    return "tool_use" if any(isinstance(step, Calls) for step in answer.steps) else "end_turn"


def answered(answer: Answer) -> int:
    """The tokens of an answer."""
    if answer.answered is not None:
        return answer.answered
    texts = (step.json if isinstance(step, Calls) else step for step in answer.steps)
    return tokens("".join(text for text in texts if isinstance(text, str)))


def _step(step: object, index: int) -> Iterator[bytes]:
    if isinstance(step, str):
        yield _delta(index, {"type": "text_delta", "text": step})
    elif isinstance(step, Thinks):
        if step.text:
            yield _delta(index, {"type": "thinking_delta", "thinking": step.text})
        yield _delta(index, {"type": "signature_delta", "signature": step.signature})
        yield event("content_block_stop", index=index)
    elif isinstance(step, Calls):
        pieces = [
            "",
            *(step.json[i : i + step.width] for i in range(0, len(step.json), step.width)),
        ]
        for piece in pieces:
            yield _delta(index, {"type": "input_json_delta", "partial_json": piece})
        yield event("content_block_stop", index=index)
    elif isinstance(step, Pings):
        yield event("ping")
    elif isinstance(step, Sends):
        yield step.raw


def _delta(index: int, delta: dict[str, Any]) -> bytes:
    return event("content_block_delta", index=index, delta=delta)


def _opened(step: Thinks | Calls, number: int, index: int) -> dict[str, Any]:
    if isinstance(step, Thinks):
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {
        "type": "tool_use",
        "id": f"toolu_{number:04}{index:02}",
        "name": step.tool,
        "input": {},
    }


def _empty(number: int, model: str, counted: Counted) -> dict[str, Any]:
    return {
        "id": f"msg_{number:06}",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": model,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": _used(counted) | {"output_tokens": 1},
    }


def _used(counted: Counted) -> dict[str, Any]:
    return {
        "input_tokens": counted.fresh,
        "cache_creation_input_tokens": counted.stored,
        "cache_read_input_tokens": counted.cached,
    }
