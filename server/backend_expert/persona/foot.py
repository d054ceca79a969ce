"""The last line of an answer: who gave it, what it took, and what stayed here."""

from collections.abc import Sequence

from backend_expert.persona.round import Round


def foot(rounds: Sequence[Round]) -> str:
    """Who answered, what it took, and what stayed here."""
    last = rounds[-1]
    used = [going.usage for going in rounds]
    cached = sum(one.cached for one in used)
    tokens = cached + sum(one.fresh + one.stored + one.answered for one in used)
    words = [f"`{last.spent().model}`", f"{tokens:,} tokens"]
    if cached:
        words[-1] += f", {cached:,} of them cached"
    costs = [going.cost for going in rounds if going.cost is not None]
    if len(costs) == len(rounds):
        words.append(_dollars(sum(costs)))
    words += _stayed(last)
    return f"---\n\n*{' · '.join(words)}*\n"


def _dollars(cost: float) -> str:
    return "less than $0.001" if cost < 0.001 else f"about ${cost:.3f}"


def _stayed(going: Round) -> list[str]:
    taken, hidden = len(going.cleared.taken_out), sum(going.cleared.kept_back.values())
    parts: list[str] = []
    if taken:
        parts.append(f"{taken} {'section' if taken == 1 else 'sections'} not sent")
    if hidden:
        parts.append(f"{hidden} {'secret' if hidden == 1 else 'secrets'} kept back")
    return parts
