"""What a user may choose about the expert in hovers: the table `hover` of their own settings."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

_EXPERT = Meta(
    description="When the expert speaks in hovers. `auto`: of queries, where a model is set up and "
    "you have said yes to hovers in this workspace. `always`: of endpoints and findings too. "
    "`onRequest`: only what it was asked before. `off`: never.",
    examples=["onRequest"],
)


class HoverSettings(
    msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True
):
    """The table `hover`; each field says in its description what it does."""

    expert: Annotated[Literal["auto", "always", "onRequest", "off"], _EXPERT] = "auto"
