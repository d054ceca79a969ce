"""A request in the words of the Messages API: blocks in order, marks at the seams, the tool."""

from typing import Any

import msgspec

from backend_expert.persona.outgoing import Block, Outgoing
from backend_expert.persona.proposal import SCHEMA

TOOL = "propose_edits"
TOOL_TEXT = (
    "Proposes edits of the user's files. Call it once, after the text of the answer, with all "
    "edits. Each edit replaces whole lines; `old` must be exactly what stands there now. They are "
    "applied to a copy and checked before the user sees them."
)
MOST_MARKS = 4
THINKING = 8_000  # tokens for thinking, on top of those of the answer: both count as answered


class Abilities(msgspec.Struct, frozen=True):
    """What a model is known to be able to do; None: nobody said.

    longest: the most tokens that it answers with.
    """

    adapts: bool | None = None
    is_strict: bool | None = None
    longest: int | None = None


UNKNOWN = Abilities()


def parameters(sent: Outgoing, model: str, abilities: Abilities = UNKNOWN) -> dict[str, Any]:
    """The parameters of a message. Thinking is asked for only where the model is known to adapt."""
    found = counted(sent, model, abilities)
    longest = sent.max_tokens + (THINKING if "thinking" in found else 0)
    found["max_tokens"] = min(longest, abilities.longest or longest)
    return found


def counted(sent: Outgoing, model: str, abilities: Abilities = UNKNOWN) -> dict[str, Any]:
    """The parameters that tokens are counted of: all but the limit."""
    groups = (sent.system, *(turn.blocks for turn in sent.turns))
    pieces = [_written(blocks) for blocks in groups]
    _mark([piece for group in pieces for piece in group])
    system, *turns = [[piece.block for piece in group] for group in pieces]
    found: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": turn.role, "content": blocks}
            for turn, blocks in zip(sent.turns, turns, strict=True)
            if blocks
        ],
    }
    if system:
        found["system"] = system
    if abilities.adapts:
        found["thinking"] = {"type": "adaptive"}
    if sent.wants_edits:
        found["tools"] = [_tool(abilities)]
        # Not forced: the text comes first, and thinking allows no forced tool.
        found["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
    return found


class _Piece(msgspec.Struct):
    """A block as it is sent, and whether all up to here stays the same."""

    block: dict[str, Any]
    is_seam: bool = False


def _written(blocks: tuple[Block, ...]) -> list[_Piece]:
    """Blocks as they are sent; the API takes no blank ones, whose seam goes to the one before."""
    found: list[_Piece] = []
    for block in blocks:
        if block.text.strip():
            found.append(_Piece({"type": "text", "text": block.text}, block.is_seam))
        elif block.is_seam and found:
            found[-1].is_seam = True
    return found


def _mark(pieces: list[_Piece]) -> None:
    """Marks the first seam, which other tasks share, and the last ones, for what comes next."""
    seams = [piece.block for piece in pieces if piece.is_seam]
    if len(seams) > MOST_MARKS:
        seams = [seams[0], *seams[1 - MOST_MARKS :]]
    for block in seams:
        block["cache_control"] = {"type": "ephemeral"}


def _tool(abilities: Abilities) -> dict[str, Any]:
    tool = {"name": TOOL, "description": TOOL_TEXT, "input_schema": SCHEMA}
    return tool if abilities.is_strict is False else {**tool, "strict": True}
