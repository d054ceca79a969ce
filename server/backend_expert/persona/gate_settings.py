"""What a user may choose about what leaves the machine: the table `gate` of their own settings."""

from typing import Annotated

import msgspec
from msgspec import Meta

_COUNT = Meta(
    ge=0, description="The most tokens that one request may have. A larger one is not sent."
)
_COST = Meta(ge=0, description="The most that one request may cost, in USD, with its answer.")
_DAILY = Meta(ge=0, description="The most that all requests of a day may cost, in USD.")
_HOVERS = Meta(ge=0, description="The part of it that hovers may use up, in USD.")
_HOSTS = Meta(
    description="Whether private addresses and host names (`10.0.0.5`, `db.internal`) are sent as "
    "placeholders, which are put back in the answer."
)
_EMAILS = Meta(description="The same for e-mail addresses.")
_DENY = Meta(
    description="Files that are never sent, as patterns like those of `.gitignore`, beside those "
    "that are known to hold secrets and those that `.gitignore` and `.backendexpertignore` name.",
    examples=[["billing/", "*.csv"]],
)
_AUDIT = Meta(
    description="Whether the audit log holds the text of what was sent and answered too, with the "
    "placeholders in it, and not only its size, cost and hash."
)
_PRICES = Meta(
    description="Prices of models by their ids, in USD for a million tokens, in place of the "
    "known ones.",
    examples=[{"our-model": {"input": 1.0, "output": 5.0}}],
)


class Price(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What a million tokens cost, in USD.

    input: fresh ones of the request. output: of the answer. cached: read from the model's cache;
    stored: written into it (None: as fresh ones).
    """

    input: Annotated[float, Meta(ge=0)]
    output: Annotated[float, Meta(ge=0)]
    cached: Annotated[float, Meta(ge=0)] | None = None
    stored: Annotated[float, Meta(ge=0)] | None = None


class GateSettings(
    msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True
):
    """The table `gate`; each field says in its description what it does."""

    max_tokens: Annotated[int, _COUNT] = 100_000
    max_cost: Annotated[float, _COST] = 1.0
    daily_cost: Annotated[float, _DAILY] = 10.0
    daily_hover_cost: Annotated[float, _HOVERS] = 2.0
    redact_hosts: Annotated[bool, _HOSTS] = False
    redact_emails: Annotated[bool, _EMAILS] = False
    deny: Annotated[tuple[str, ...], _DENY] = ()
    audit_text: Annotated[bool, _AUDIT] = False
    prices: Annotated[dict[str, Price], _PRICES] = {}
