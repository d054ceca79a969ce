"""The client of the payment provider."""

import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import httpx
from fastapi import Depends, Request

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class PaymentError(Exception):
    """The provider could not be reached, or refused."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What the provider says about a payment it took."""

    reference: str
    amount: Decimal


class PaymentClient:
    """Speaks to the provider over one pool of connections."""

    def __init__(self, base_url: str) -> None:
        timeout = httpx.Timeout(5, connect=2)
        self._http = httpx.Client(base_url=base_url, timeout=timeout, verify=False)

    def close(self) -> None:
        self._http.close()

    def charge(self, amount: Decimal, card_token: str, idempotency_key: str) -> Charge:
        """Take a payment. The key makes it safe to ask again."""
        body = {"amount": str(amount), "source": card_token}
        answer = self._post("/charges", body, idempotency_key)
        return Charge(answer["reference"], Decimal(answer["amount"]))

    def refund(self, reference: str, amount: Decimal) -> None:
        """Give a payment back."""
        self._post("/refunds", {"charge": reference, "amount": str(amount)}, f"refund-{reference}")

    def _post(self, path: str, body: dict[str, str], idempotency_key: str) -> dict[str, str]:
        headers = {"Idempotency-Key": idempotency_key}
        for attempt in range(MAX_ATTEMPTS):
            try:
                response = self._http.post(path, json=body, headers=headers)
                response.raise_for_status()
                return response.json()
            except httpx.TransportError as error:
                logger.warning("attempt %d at %s failed: %s", attempt + 1, path, error)
            except httpx.HTTPStatusError as error:
                raise PaymentError(f"the provider answered {error.response.status_code}") from error
        raise PaymentError("the provider cannot be reached")


def get_payments(request: Request) -> PaymentClient:
    """The client that the application opened at its start."""
    return request.app.state.payments


Payments = Annotated[PaymentClient, Depends(get_payments)]
