"""A webhook that does not check the signature believes whoever knows its address.

Anyone can then report a payment as captured, or a push to a branch. The provider signs the raw body
with a secret you share: compute the same over the bytes as they came in (not over JSON that was
parsed and written again), compare in constant time, and refuse old timestamps. The provider's SDK
does it all in one call. (CWE-345.)

Leave it off where a proxy checks the signature or lets only the provider's addresses through.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Index, Member, Name, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.lint import Context, Example, Finding, Related, Severity, rule
from backend_expert.lint.sensitive import words
from backend_expert.text.pattern import pattern

# Those who sign what they send.
_PROVIDERS = {
    "adyen": "Adyen", "bitbucket": "Bitbucket", "braintree": "Braintree", "calendly": "Calendly",
    "clerk": "Clerk", "coinbase": "Coinbase", "discord": "Discord", "docusign": "DocuSign",
    "github": "GitHub", "gitlab": "GitLab", "hubspot": "HubSpot", "intercom": "Intercom",
    "lemonsqueezy": "Lemon Squeezy", "linear": "Linear", "mailgun": "Mailgun", "paddle": "Paddle",
    "pagerduty": "PagerDuty", "paypal": "PayPal", "plaid": "Plaid", "quickbooks": "QuickBooks",
    "razorpay": "Razorpay", "sendgrid": "SendGrid", "shopify": "Shopify", "slack": "Slack",
    "square": "Square", "stripe": "Stripe", "svix": "Svix", "twilio": "Twilio",
    "typeform": "Typeform", "woocommerce": "WooCommerce", "xero": "Xero", "zoom": "Zoom",
}  # fmt: skip
_HOOKS = frozenset(("webhook", "webhooks", "hook", "hooks", "events", "ipn"))
_CHECKED = pattern(
    r"signature|signing|signed|verif|hmac|secret|authenti|authoriz|guard|constructEvent"
    r"|construct_event|unsign|remote_addr|whitelist|allow_?list|is_valid",
    re.IGNORECASE,
)


@rule(
    title="Webhook without a signature check",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(345,),
    tags=("authentication",),
    in_scripts=False,
    needs=("crypto.sign", "webhook.verify"),
    beside=("untrusted",),
    examples=[
        Example(
            bad="""
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/webhooks/stripe")
                def stripe_event():
                    ^^^^^^^^^^^^ webhooks from Stripe are signed, and no one checks it here
                    event = request.get_json()
                    if event["type"] == "payment_intent.succeeded":
                        settle(event["data"]["object"]["metadata"]["order"])
                    return "", 204
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.post('/hooks/github', express.json(), async (req, res) => {
                                                          ^^^^^^^^^^^^^^^^ webhooks from GitHub are signed, and no one checks it here
                  await deploy(req.body.ref);
                  res.sendStatus(204);
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const crypto = require('crypto');
                const express = require('express');
                const app = express();

                app.post('/hooks/github', (req, res) => {
                  const hash = crypto.createHmac('sha256', process.env.SECRET).update(JSON.stringify(req.body));
                                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^ parsed and written again: the sender signed the raw body
                  if (!equal(hash.digest('hex'), req.get('x-hub-signature-256'))) return res.sendStatus(401);
                  return deploy(req.body.ref);
                });
            """,
        ),
        Example(
            good="""
                import stripe
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/webhooks/stripe")
                def stripe_event():
                    header = request.headers["Stripe-Signature"]
                    event = stripe.Webhook.construct_event(request.data, header, SECRET)
                    settle(event)
                    return "", 204
            """
        ),
        Example(
            good="""
                from fastapi import APIRouter, Depends, Request
                from shop.access import from_github

                router = APIRouter(prefix="/webhooks")

                @router.post("/github", dependencies=[Depends(from_github)])
                async def pushed(request: Request):
                    await deploy(await request.json())

                @router.get("/github/last")
                async def last(request: Request):
                    return request.query_params["ref"]

                @router.post("/orders")
                async def ordered(request: Request):
                    return await request.json()
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const { verifyGithub } = require('./verify');
                const app = express();

                app.post('/hooks/github', verifyGithub, async (req, res) => {
                  await deploy(req.body.ref);
                  res.sendStatus(204);
                });
            """,
        ),
    ],
)  # fmt: skip
def check(fact: Function | Call, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Call):
        yield from _rewritten(fact, ctx)
        return
    for endpoint in ctx.file.endpoints:
        if endpoint.method in ("POST", "ANY") and _handles(fact, endpoint, ctx):
            provider = _provider(endpoint, ctx)
            if provider and not endpoint.guards and _acts_on_body(fact, ctx) and not _checks(ctx):
                message = f"webhooks from {provider} are signed, and no one checks it here"
                related = (
                    ()
                    if endpoint.home
                    else (Related(endpoint.span, f"the webhook's path is `{endpoint.path}`"),)
                )
                yield Finding(fact.name_span, message, related=related)
                return


def _handles(function: Function, endpoint: Endpoint, ctx: Context) -> bool:
    if endpoint.handler:
        owner = ctx.item.place.owner
        return endpoint.handler == (f"@{owner}.{function.name}" if owner else function.name)
    return endpoint.handler_span == function.name_span and endpoint in _here(ctx)


def _here(ctx: Context) -> list[Endpoint]:
    """The endpoints whose path is written in this item."""
    return [e for e in ctx.file.endpoints if _spelt(ctx.text[e.span.start : e.span.end], e)]


def _spelt(source: str, endpoint: Endpoint) -> bool:
    last = endpoint.path.rstrip("/").rpartition("/")[2]
    return last.strip("{}") in source


def _provider(endpoint: Endpoint, ctx: Context) -> str:
    stem = ctx.file.path.rpartition("/")[2].partition(".")[0]
    said = {*words(endpoint.path), *words(endpoint.handler), *words(stem)}
    if said.isdisjoint(_HOOKS):
        return ""
    return next((name for word, name in _PROVIDERS.items() if word in said), "")


def _acts_on_body(function: Function, ctx: Context) -> bool:
    for node in walk(function):
        if isinstance(node, Call | Member | Name | Index):
            origin = ctx.value(node).untrusted()
            if origin is not None and origin.label.startswith("request body"):
                return True
    return False


def _checks(ctx: Context) -> bool:
    """Whether anything here speaks of a check: then it is not for us to judge it."""
    if {"webhook.verify", "crypto.sign", "crypto.compare"} & ctx.file.roles:
        return True
    spoken = (ctx.text, *ctx.file.flow.imported)
    return any(_CHECKED.search(text) for text in spoken)


def _rewritten(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "crypto.sign", "webhook.verify")
    subject = ctx.subject(call, meaning) if meaning is not None else None
    while (
        isinstance(subject, Call)
        and subject.method == "encode"
        and isinstance(subject.callee, Member)
    ):
        subject = subject.callee.object
    if not isinstance(subject, Call) or subject.method not in ("stringify", "dumps"):
        return
    given = subject.argument(0)
    origin = ctx.value(given).untrusted() if given is not None else None
    if origin is not None and origin.label == "request body" and ctx.in_request(call):
        message = "parsed and written again: the sender signed the raw body"
        yield Finding(subject.span, message, related=ctx.born(origin))
