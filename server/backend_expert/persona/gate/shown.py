"""What would be sent and what was sent, as documents that the user reads."""

import re

from backend_expert.persona.events import Usage
from backend_expert.persona.gate.cleared import Cleared, Estimate, Refused
from backend_expert.persona.offline.words import count, listed
from backend_expert.persona.outgoing import Block

_KINDS = {"SECRET": "secret", "HOST": "private host", "EMAIL": "e-mail address"}
_MANY = {"EMAIL": "e-mail addresses"}


def would_be_sent(cleared: Cleared, refused: Refused | None) -> str:
    """The request as it would be sent; `refused` says why it would not be."""
    head = "# What would be sent\n\n"
    if refused is not None:
        head += f"**{_would(refused)}**\n\n"
    return head + _facts(cleared) + _blocks(cleared)


def nothing_sent(refused: Refused) -> str:
    """Why nothing would be sent of a request that was not looked at any further."""
    return f"# What would be sent\n\n{_would(refused)}\n"


def was_sent(cleared: Cleared, usage: Usage, outcome: str, cost: float | None) -> str:
    """The request as it was sent, with what came of it."""
    used = (
        f"- Outcome: {outcome}\n- Used: {count(usage.fresh, 'fresh token')}, {usage.cached:,} read "
        f"from the model's cache, {usage.stored:,} written into it, {usage.answered:,} answered\n"
        f"- Cost: {_money(cost)}\n"
    )
    return "# What was sent\n\n" + _facts(cleared) + used + _blocks(cleared)


def _would(refused: Refused) -> str:
    return refused.sentence.replace("Nothing was sent", "Nothing would be sent", 1)


def _facts(cleared: Cleared) -> str:
    lines = [
        f"- To: {cleared.destination.name}, model `{cleared.model}`",
        f"- For: the task `{cleared.outgoing.task}`",
        f"- Size: {_size(cleared.estimate)}, and at most {cleared.outgoing.max_tokens:,} for the "
        "answer",
        f"- Cost, with the answer: {_money(cleared.estimate.cost, 'at most ')}",
    ]
    if cleared.kept_back:
        kept = (
            count(number, _KINDS[kind], _MANY.get(kind, ""))
            for kind, number in cleared.kept_back.items()
        )
        lines.append(f"- Kept back: {listed(kept)}; placeholders stand for them")
    else:
        lines.append("- Kept back: nothing; no secret was found")
    for part in cleared.taken_out:
        name = part.title or part.path
        where = f" (`{part.path}`)" if part.title else ""
        lines.append(f"- Left out: {name}{where}, because {part.reason}")
    return "\n".join(lines) + "\n"


def _size(estimate: Estimate) -> str:
    how = "" if estimate.is_counted else "about "
    return f"{how}{estimate.tokens:,} tokens"


def _money(cost: float | None, how: str = "about ") -> str:
    if cost is None:
        return "not known, since the price of this model is not; set one in `gate.prices`"
    return f"{how}${cost:.4f}"


def _blocks(cleared: Cleared) -> str:
    parts = [_part("Instructions", cleared.outgoing.system)]
    for turn in cleared.outgoing.turns:
        parts.append(_part("You" if turn.role == "user" else "The expert", turn.blocks))
    return "".join(parts)


def _part(title: str, blocks: tuple[Block, ...]) -> str:
    shown = [f"\n## {title}\n"]
    for block in blocks:
        fence = fence_for(block.text)
        end = "" if block.text.endswith("\n") else "\n"
        head = f"\n{block.title}:\n" if block.title else ""
        shown.append(f"{head}\n{fence}text\n{block.text}{end}{fence}\n")
        if block.is_seam:
            shown.append("\n*All up to here is kept in the model's cache for the next request.*\n")
    return "".join(shown)


def fence_for(text: str) -> str:
    """A fence that nothing in the text can close."""
    longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
    return "`" * (longest + 1)
