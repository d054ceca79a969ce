"""A label with a value for each user or request makes a time series for each of them.

Every series is kept in the memory of the metrics server and paid for by the month: a label with a
hundred thousand ids takes it down. Label with what has few values (route template, status class,
tenant tier); put the id into a log line, a trace attribute or an exemplar.

Leave it off where the set is small and fixed although its name sounds otherwise.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Expression, Index, Member, Name, Text
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.text.pattern import pattern

_ID = pattern(
    r"(?:^|_)(?:user|order|customer|account|session|request|trace|email|mail|uuid|guid|ip|token"
    r"|message|msg|error|exception|timestamp|url|path|query)(?:_?(?:id|key|address|name|text))?$",
    re.IGNORECASE,
)
_SURE = pattern(
    r"(?:^|_)(?:email|uuid|guid|token|session_?id|request_?id|trace_?id|(?:user|order|customer"
    r"|account|payment|cart|message|invoice)_?id|ip_?address|client_?ip|remote_?addr|timestamp)$",
    re.IGNORECASE,
)
_FREE = frozenset(("path", "url", "originalUrl", "full_path", "message", "args", "email"))


@rule(
    title="Metric label without bounds",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("Prometheus documentation: naming",),
    tags=("metrics",),
    needs=("metric.label",),
    examples=[
        Example(
            bad="""
                from prometheus_client import Counter

                PAID = Counter("orders_paid", "Paid orders", ["customer"])

                def paid(order):
                    PAID.labels(customer=order.customer_id).inc()
                                         ^^^^^^^^^^^^^^^^^ one series for each `customer_id`: it has no bounds
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const client = require('prom-client');
                const paid = new client.Counter({ name: 'paid', help: 'Paid', labelNames: ['path'] });

                function count(req) {
                  paid.labels(req.originalUrl).inc();
                              ^^^^^^^^^^^^^^^ one series for each `originalUrl`: it has no bounds
                }
            """,
        ),
        Example(
            good="""
                from prometheus_client import Counter

                PAID = Counter("orders_paid", "Paid orders", ["status", "route"])

                def paid(order, request):
                    PAID.labels(status=order.status, route=request.scope["route"].path).inc()
                    PAID.labels("2xx", "/orders/{id}").inc()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const client = require('prom-client');
                const paid = new client.Counter({ name: 'paid', help: 'Paid', labelNames: ['route'] });

                function count(req) {
                  paid.labels(req.route.path).inc();
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.meaning(call, "metric.label") is None:
        return
    for argument in call.arguments:
        for value in _values(argument.value):
            bare = _bare(value)
            word = _word(bare)
            if _unbounded(bare, word, ctx):
                yield Finding(value.span, f"one series for each `{word}`: it has no bounds")


def _values(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Collection):
        for entry in node.entries:
            yield entry.value
    else:
        yield node


def _bare(node: Expression) -> Expression:
    """What is turned into text: `order.id` of `str(order.id)`, of `order.id.toString()`."""
    if isinstance(node, Call) and node.arguments and node.method in ("str", "String"):
        return _bare(node.arguments[0].value)
    if (
        isinstance(node, Call)
        and node.method in ("toString", "hex")
        and isinstance(node.callee, Member)
    ):
        return _bare(node.callee.object)
    return node


def _word(node: Expression) -> str:
    if isinstance(node, Member):
        return node.name
    if isinstance(node, Index) and isinstance(node.key, Text):
        return node.key.value or ""
    return node.id if isinstance(node, Name) else ""


def _unbounded(node: Expression, word: str, ctx: Context) -> bool:
    if _SURE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word)):
        return True
    if word == "id" and isinstance(node, Member):
        return True
    if word in _FREE and isinstance(node, Member):
        return ctx.value(node).untrusted() is not None
    return False
