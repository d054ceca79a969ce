"""The door: a request goes in, and one that may be sent comes out, or the reason why not."""

import math
import time
from collections.abc import Callable
from pathlib import Path

from backend_expert.persona.events import Usage
from backend_expert.persona.gate.audit import Audit, entry_of, with_texts
from backend_expert.persona.gate.cleared import (
    Cleared,
    Destination,
    Estimate,
    Refused,
    sent_text,
)
from backend_expert.persona.gate.consent import Answer, Consent
from backend_expert.persona.gate.judge import by_consent, by_day, by_need, by_size
from backend_expert.persona.gate.placeholders import Placeholders
from backend_expert.persona.gate.prices import cost, most, price_of
from backend_expert.persona.gate.spending import Spending
from backend_expert.persona.gate.state import State
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.outgoing import Outgoing
from backend_expert.persona.request import THINKING

CHARACTERS_A_TOKEN = 3.5
_NEAR = 0.7
Clock = Callable[[], float]


class Gate:
    """The only way out: a model takes nothing but what this has `Cleared`.

    state: the folder for consent, spending and the audit log. now: the time of day; timer: one
    that never goes back. spent: what it has let out so far has cost, in USD. The detectors are
    read with the first request, not with this module.
    """

    def __init__(
        self,
        settings: GateSettings,
        state: Path,
        now: Clock = time.time,
        timer: Clock = time.monotonic,
    ) -> None:
        self._settings = settings
        self._now = now
        self._timer = timer
        self._state = State(state)
        self._consent = Consent(self._state)
        self._spending = Spending(self._state)
        self._audit = Audit(self._state)
        self.spent = 0.0

    @classmethod
    def of_user(cls, settings: GateSettings) -> "Gate":
        """The gate with the user's own state folder."""
        import platformdirs

        return cls(settings, platformdirs.user_state_path("backend-expert", appauthor=False))

    def warm(self) -> None:
        """Reads what the detectors need, so that the first request does not wait for it.

        It takes a third of a second: call it in a thread once a model is set up.
        """
        from backend_expert.persona.gate import content

        placeholders = Placeholders.apart_from(())
        content.without_secrets("0123456789abcdef", placeholders, self._settings)

    def consent(self, workspace: str) -> Answer | None:
        """What the user answered for a workspace; None when they were not asked yet."""
        return self._consent.of(workspace)

    def agree(self, workspace: str, answer: Answer) -> None:
        """Keeps what the user answered for a workspace."""
        self._consent.agree(workspace, answer, self._now())

    def clear(
        self,
        outgoing: Outgoing,
        destination: Destination,
        model: str,
        *,
        hover: bool = False,
        tokens: int | None = None,
        placeholders: Placeholders | None = None,
    ) -> Cleared | Refused:
        """The request without what may not leave, or why it is not sent at all.

        hover: nobody asked outright. tokens: of the request, when the provider has counted them
        (counting sends it, so clear it before). placeholders: those of the conversation so far.
        Texts of earlier answers are given as the person saw them, with their secrets.
        """
        refused = by_consent(self.consent(outgoing.workspace), hover)
        if refused is not None:
            return refused
        looked_at = self._looked_at(outgoing, destination, model, hover, tokens, placeholders)
        if isinstance(looked_at, Refused):
            return looked_at
        cleared, over_budget = looked_at
        return over_budget or cleared

    def preview(
        self,
        outgoing: Outgoing,
        destination: Destination,
        model: str,
        *,
        hover: bool = False,
        placeholders: Placeholders | None = None,
    ) -> str:
        """“Show what would be sent”, as Markdown. It asks for no consent, as it sends nothing."""
        from backend_expert.persona.gate import shown

        looked_at = self._looked_at(outgoing, destination, model, hover, None, placeholders)
        if isinstance(looked_at, Refused):
            return shown.nothing_sent(looked_at)
        cleared, over_budget = looked_at
        consent = by_consent(self.consent(outgoing.workspace), hover)
        return shown.would_be_sent(cleared, over_budget or consent)

    def record(self, cleared: Cleared, usage: Usage, outcome: str, answer: str) -> float | None:
        """Counts and logs what came of a request; its cost in USD, None when that is not known.

        Called once for each request that was sent, also when it failed or was cancelled. outcome:
        `answered`, `cancelled` or a kind of failure. answer: its text, with or without secrets.
        """
        from backend_expert.persona.gate import content

        now = self._now()
        spent = self.cost_of(cleared, usage)
        if spent is not None:
            self.spent += spent
            self._spending.add(spent, now, is_hover=cleared.is_hover)
        # The log never holds a secret, not even one that the answer brought in.
        clean = content.without_secrets(answer, cleared.placeholders, self._settings)
        seconds = self._timer() - cleared.began
        entry = entry_of(cleared, usage, outcome, clean, spent, now, seconds)
        if self._settings.audit_text:
            entry = with_texts(entry, cleared, clean)
        self._audit.write(entry, now)
        return spent

    def sent(self, cleared: Cleared, usage: Usage, outcome: str) -> str:
        """“Show what was sent”, as Markdown."""
        from backend_expert.persona.gate import shown

        return shown.was_sent(cleared, usage, outcome, self.cost_of(cleared, usage))

    def cost_of(self, cleared: Cleared, usage: Usage) -> float | None:
        """What an answer has cost so far, in USD; None when the model's price is not known."""
        asked = usage.fresh + usage.cached + usage.stored
        own = self._settings.prices
        price = price_of(usage.model, own, asked) or price_of(cleared.model, own, asked)
        return None if price is None else cost(price, usage)

    def wants_count(self, cleared: Cleared) -> bool:
        """Whether a request is so near a limit that its tokens are worth counting exactly."""
        estimate, settings = cleared.estimate, self._settings
        dear = estimate.cost is not None and estimate.cost > settings.max_cost * _NEAR
        return not estimate.is_counted and (estimate.tokens > settings.max_tokens * _NEAR or dear)

    def spent_today(self) -> float:
        """What was spent today, in USD."""
        return self._spending.today(self._now()).all

    def _looked_at(
        self,
        outgoing: Outgoing,
        destination: Destination,
        model: str,
        hover: bool,
        tokens: int | None,
        placeholders: Placeholders | None,
    ) -> tuple[Cleared, Refused | None] | Refused:
        from backend_expert.persona.gate import content

        began = self._timer()
        left, taken_out, needed = content.withheld(outgoing, self._settings.deny)
        # Size comes before the detectors, so that no text is too much for them.
        size = self._estimate(left, model, tokens)
        refused = by_need(needed) or by_size(size, self._settings)
        if refused is not None:
            return refused
        left, placeholders, kept_back = content.cleaned(left, placeholders, self._settings)
        size = self._estimate(left, model, tokens)
        cleared = Cleared(
            left, destination, model, hover, placeholders, size, taken_out, kept_back, began
        )
        spent = self._spending.today(self._now())
        return cleared, by_day(size, spent, self._settings, hover)

    def _estimate(self, outgoing: Outgoing, model: str, tokens: int | None) -> Estimate:
        size = math.ceil(len(sent_text(outgoing)) / CHARACTERS_A_TOKEN)
        asked = size if tokens is None else tokens
        price = price_of(model, self._settings.prices, asked)
        cost = None if price is None else most(price, asked, outgoing.max_tokens + THINKING)
        return Estimate(asked, tokens is not None, cost)
