"""A payment call without an idempotency key charges twice when its answer gets lost.

A timeout does not tell whether the charge was made. Whoever tries again (a retry, a user, a queue)
makes a second one, unless both carry the same key. Derive the key from what is being paid (the
order's id and attempt), not from the clock, and store it with the order before you call.

Leave it off where a caller above gives the key through a client that this file does not show.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule

# What these make takes no money: the customer pays later, once, on a page or with a card.
_NOBODY_PAYS = frozenset(
    ("customer", "customers", "checkout", "paymentlink", "paymentlinks", "payment_links",
     "setupintent", "setupintents", "setup_intents")
)  # fmt: skip


@rule(
    title="Payment without an idempotency key",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("Zalando RESTful guidelines 230",),
    tags=("payments",),
    needs=("payment.create",),
    examples=[
        Example(
            bad="""
                import stripe

                def charge(order):
                    return stripe.PaymentIntent.create(amount=order.total, currency="eur")
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no idempotency key: a repeated call pays twice
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const stripe = require('stripe')(process.env.STRIPE_KEY);

                async function charge(order) {
                  return stripe.paymentIntents.create({ amount: order.total, currency: 'eur' });
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no idempotency key: a repeated call pays twice
                }
            """,
        ),
        Example(
            good="""
                import stripe

                def charge(order):
                    return stripe.PaymentIntent.create(
                        amount=order.total, currency="eur", idempotency_key=f"order-{order.id}"
                    )
            """,
        ),
        Example(
            good="""
                import stripe

                def customer(user, **options):
                    stripe.Customer.retrieve(user.stripe_id)
                    stripe.checkout.Session.create(mode="payment", line_items=options["items"])
                    return stripe.PaymentIntent.create(**options)
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "payment.create")
    if meaning is None or meaning.has("cloud-resource"):
        return
    slots = meaning.entry.options
    word = next((w for w in slots if "idempot" in w), "")
    if not word or not _NOBODY_PAYS.isdisjoint(ctx.called(call).lower().split(".")):
        return
    key = ctx.option(call, meaning, word)
    if key.value is None and not key.hidden:
        yield Finding(call.span, "no idempotency key: a repeated call pays twice")
