"""The content of a request: taken out of it what may not leave, and its secrets kept back."""

from collections.abc import Mapping

from msgspec.structs import replace

from backend_expert.persona.gate.cleared import TakenOut
from backend_expert.persona.gate.denied import Denied
from backend_expert.persona.gate.placeholders import Kind, Placeholders
from backend_expert.persona.gate.redaction import redact
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.outgoing import Block, Outgoing, Turn

# It names no file: the name of one that may not leave may not leave either.
INSTEAD = "[Something was left out here, since it may not leave this machine.]"
# In every request, needed or not, so that the beginning of a conversation never changes.
NOTE = Block(
    "Words like BACKEND_EXPERT_SECRET_1_… in what follows stand for values that do not leave the "
    "user's machine. Take each for the real value: where it belongs into code, write the word "
    "unchanged, and do not remark on it otherwise.",
    title="About what is kept back",
)


def without_secrets(text: str, placeholders: Placeholders, settings: GateSettings) -> str:
    """A text of the same conversation with placeholders for its secrets."""
    return redact([text], placeholders, settings).texts[0]


def withheld(
    outgoing: Outgoing, patterns: tuple[str, ...]
) -> tuple[Outgoing, tuple[TakenOut, ...], TakenOut | None]:
    """The request without the blocks of denied files, what they are, and one that is needed."""
    denied = Denied(outgoing.workspace, patterns)
    taken_out: dict[TakenOut, None] = {}
    needed: list[TakenOut] = []

    def looked_at(block: Block) -> Block:
        reason = denied.reason(block.path) if block.path else ""
        if not reason:
            return block
        part = TakenOut(block.title, block.path, reason)
        taken_out[part] = None
        needed.extend([part] if block.is_needed else [])
        return replace(block, text=INSTEAD)

    left = replace(
        outgoing,
        system=tuple(looked_at(block) for block in outgoing.system),
        turns=tuple(
            Turn(turn.role, tuple(looked_at(block) for block in turn.blocks))
            for turn in outgoing.turns
        ),
    )
    return left, tuple(taken_out), next(iter(needed), None)


def cleaned(
    outgoing: Outgoing, placeholders: Placeholders | None, settings: GateSettings
) -> tuple[Outgoing, Placeholders, Mapping[Kind, int]]:
    """The request with placeholders for its secrets, and how many of each kind they are."""
    blocks = [*outgoing.system, *(block for turn in outgoing.turns for block in turn.blocks)]
    texts = [block.text for block in blocks]
    placeholders = placeholders or Placeholders.apart_from(texts)
    redacted = redact(texts, placeholders, settings)
    clean = iter([replace(b, text=text) for b, text in zip(blocks, redacted.texts, strict=True)])
    system = tuple(next(clean) for _ in outgoing.system)
    turns = tuple(
        Turn(turn.role, tuple(next(clean) for _ in turn.blocks)) for turn in outgoing.turns
    )
    whole = replace(outgoing, system=(NOTE, *system), turns=turns)
    return whole, placeholders, redacted.counts
