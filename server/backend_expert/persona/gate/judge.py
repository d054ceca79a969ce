"""Whether a request may be sent, one reason after the other, with the sentence for the person."""

from backend_expert.persona.gate.cleared import Estimate, Refused, TakenOut
from backend_expert.persona.gate.consent import Answer
from backend_expert.persona.gate.spending import Spent
from backend_expert.persona.gate_settings import GateSettings


def by_consent(answer: Answer | None, hover: bool) -> Refused | None:
    """The user's yes, and for a hover their yes to hovers."""
    if answer is None:
        return Refused(
            "consent",
            "Nothing was sent, because nobody has said yet whether code of this workspace may be "
            "sent to a model: answer that once, then ask again.",
        )
    if answer == "no":
        return Refused(
            "declined",
            "Nothing was sent, because the answer for this workspace is that no code may be sent: "
            "change that answer, then ask again.",
        )
    if hover and answer != "hovers":
        return Refused(
            "declined",
            "Nothing was sent, because for this workspace a hover may not ask a model: ask "
            "outright, or allow hovers too.",
        )
    return None


def by_need(needed: TakenOut | None) -> Refused | None:
    """What is asked about may leave."""
    if needed is None:
        return None
    return Refused(
        "denied",
        f"Nothing was sent: {needed.path} may not leave this machine, because {needed.reason}; "
        "ask about another file.",
    )


def by_size(estimate: Estimate, settings: GateSettings) -> Refused | None:
    """The request is not too large, nor too dear."""
    if estimate.tokens > settings.max_tokens:
        return Refused(
            "size",
            f"Nothing was sent: the request has {_tokens(estimate)}, and your limit is "
            f"{settings.max_tokens:,}; select less, or raise `gate.max-tokens`.",
        )
    if estimate.cost is not None and estimate.cost > settings.max_cost:
        return Refused(
            "cost",
            f"Nothing was sent: the request may cost ${estimate.cost:.2f}, and your limit is "
            f"${settings.max_cost:.2f}; select less, choose a cheaper model, or raise "
            "`gate.max-cost`.",
        )
    return None


def by_day(estimate: Estimate, spent: Spent, settings: GateSettings, hover: bool) -> Refused | None:
    """There is enough left of the day's budget. Answers under way count once they have ended."""
    cost = estimate.cost
    if cost is None:
        return None  # without a price there is nothing to count with; the documents say so
    if spent.all + cost > settings.daily_cost:
        return Refused(
            "day",
            f"Nothing was sent: ${spent.all:.2f} of today's ${settings.daily_cost:.2f} are spent, "
            f"and this may cost ${cost:.2f}; ask tomorrow, or raise `gate.daily-cost`.",
        )
    if hover and spent.hovers + cost > settings.daily_hover_cost:
        return Refused(
            "hovers",
            f"Nothing was sent: hovers have spent ${spent.hovers:.2f} of today's "
            f"${settings.daily_hover_cost:.2f}; ask outright, or raise `gate.daily-hover-cost`.",
        )
    return None


def _tokens(estimate: Estimate) -> str:
    return f"{'' if estimate.is_counted else 'about '}{estimate.tokens:,} tokens"
