"""What models cost, in USD for a million tokens, and what a request has cost by that."""

import re
from collections.abc import Mapping

from backend_expert.persona.events import Usage
from backend_expert.persona.gate_settings import Price

# List prices of the Messages API; `stored` is what keeping a text for five minutes costs.
# https://platform.claude.com/docs/en/about-claude/pricing
_OPUS_5 = Price(5, 25, 0.5, 6.25)
_OPUS_4 = Price(15, 75, 1.5, 18.75)
_SONNET_4 = Price(3, 15, 0.3, 3.75)
FAMILIES: dict[str, Price] = {
    "fable-5": Price(10, 50, 1, 12.5),
    "fable-5-1": Price(10, 50, 0.25, 12.5),
    "fable-5-2": Price(8, 40, 0.2, 10),
    "mythos-5": Price(10, 50, 1, 12.5),
    "mythos-5-1": Price(10, 50, 0.25, 12.5),
    "mythos-5-2": Price(8, 40, 0.2, 10),
    "opus-5-5": Price(4, 20, 0.2, 5),
    "opus-5": _OPUS_5,
    "opus-4-8": _OPUS_5,
    "opus-4-7": _OPUS_5,
    "opus-4-6": _OPUS_5,
    "opus-4-5": _OPUS_5,
    "opus-4-1": _OPUS_4,
    "opus-4": _OPUS_4,
    "sonnet-5-5": Price(2, 10, 0.1, 2.5),
    "sonnet-5": Price(2, 10, 0.2, 2.5),
    "sonnet-4-6": _SONNET_4,
    "sonnet-4-5": _SONNET_4,
    "sonnet-4": _SONNET_4,
    "haiku-5-5": Price(0.1, 0.5, 0.01, 0.125),
    "haiku-4-5": Price(1, 5, 0.1, 1.25),
}
# From so many tokens of a request on, all of it costs more.
LONG_REQUEST = 100_000
LONG: dict[str, Price] = {"haiku-5-5": Price(0.5, 2.5, 0.05, 0.625)}

# `claude-opus-5-5`, `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `claude-haiku-4-5@20251001`.
_FAMILY = re.compile(r"claude-([a-z]+)-(\d{1,2})(?!\d)(?:-(\d{1,2})(?!\d))?")


def price_of(model: str, own: Mapping[str, Price], tokens: int = 0) -> Price | None:
    """The price of a model for a request of so many tokens; None when it is not known.

    own: the user's prices by model id, which come first.
    """
    if model in own:
        return own[model]
    found = _FAMILY.search(model.lower())
    if found is None:
        return None
    family = "-".join(part for part in found.groups() if part)
    if tokens > LONG_REQUEST and family in LONG:
        return LONG[family]
    return FAMILIES.get(family)


def most(price: Price, tokens: int, answered: int) -> float:
    """The most that a request can cost: all of it written into the cache, the answer at length."""
    return (tokens * max(price.input, _stored(price)) + answered * price.output) / 1e6


def cost(price: Price, usage: Usage) -> float:
    """What an answer has cost."""
    cached = price.input if price.cached is None else price.cached
    asked = usage.fresh * price.input + usage.cached * cached + usage.stored * _stored(price)
    return (asked + usage.answered * price.output) / 1e6


def _stored(price: Price) -> float:
    return price.input if price.stored is None else price.stored
