"""Asks the notification service to tell a customer something."""

import requests

from shop.settings import get_settings

SUBJECTS = {
    "order.placed": "We have your order",
    "order.paid": "Your payment has arrived",
    "order.shipped": "Your order is on its way",
    "order.cancelled": "Your order is cancelled",
    "order.cancellation_requested": "A customer wants to cancel",
    "customer.reset": "Set a new password",
}


def send(message_id: str, topic: str, customer_id: int, body: str) -> None:
    """Hand a message over; the message id keeps it from being sent twice."""
    response = requests.post(
        f"{get_settings().notifications_url}/deliveries",
        json={
            "messageId": message_id,
            "customerId": customer_id,
            "subject": SUBJECTS[topic],
            "body": body,
        },
        headers={"X-Api-Key": get_settings().service_key},
    )
    response.raise_for_status()
