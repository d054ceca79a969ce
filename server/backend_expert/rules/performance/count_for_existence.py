"""Counting all rows to learn whether there is one reads all of them; asking for one stops at it.

On a table of ten million rows `count() > 0` is a scan of the index, and `exists()` one look. Ask
what you want to know.

Leave it off where the number itself is used as well.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Await,
    Branch,
    Call,
    Choice,
    Collection,
    Entry,
    Loop,
    Member,
    Node,
    Operation,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.technologies.catalogue import Meaning

# Comparisons that ask for existence: operator and number, and whether they ask that there is none.
_ASKS: dict[tuple[str, int], bool] = {
    (">", 0): False,
    (">=", 1): False,
    ("!=", 0): False,
    ("==", 0): True,
    ("<", 1): True,
    ("<=", 0): True,
}
# Names of keys that one row has alone.
_KEYS = frozenset(("id", "pk", "_id", "uuid", "uid"))


@rule(
    title="Counted only to know whether there is one",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("semgrep upsell-count", "rubocop Rails/WhereExists"),
    in_scripts=False,
    needs=("orm.read", "document.read"),
    examples=[
        Example(
            bad="""
                from django.db import models

                class Order(models.Model):
                    pass

                def is_new(customer):
                    if Order.objects.filter(customer=customer).count() == 0:
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ counts every row to learn whether there is one
                        return True
                    return Order.objects.filter(paid=False).count() > 0
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ counts every row to learn whether there is one
            """,
            good="""
                from django.db import models

                class Order(models.Model):
                    pass

                def is_new(customer):
                    if not Order.objects.filter(customer=customer).exists():
                        return True
                    return Order.objects.filter(paid=False).exists()
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                async function isTaken(email) {
                  return (await prisma.user.count({ where: { email } })) > 0;
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ counts every row to learn whether there is one
                }
            """,
        ),
        Example(
            good="""
                from django.db import models

                class Order(models.Model):
                    pass

                def numbers(customer):
                    orders = Order.objects.filter(customer=customer)
                    names = ["a", "b"]
                    if orders.count() > 10 or names.count("a") > 0:
                        return orders.count()
                    return {"open": orders.exists(), "all": Order.objects.count()}
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                async function pages(size) {
                  const total = await prisma.user.count();
                  return total > 0 ? Math.ceil(total / size) : 1;
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "orm.read", "document.read")
    if meaning is None or not meaning.has("count"):
        return
    node: Node = call
    above = ctx.parent(call)
    if isinstance(above, Await):
        node, above = above, ctx.parent(above)
    asked: tuple[Node, bool] | None = None
    if isinstance(above, Operation) and above.operator == "not":
        asked = above, True
    elif isinstance(above, Operation):
        for (operator, number), is_none in _ASKS.items():
            if above.operator == operator and ctx.is_constant(above.operands[1], number):
                asked = above, is_none
    elif isinstance(above, Branch | Choice | Loop) and above.test is node:
        asked = node, False
    if asked is not None and not _is_of_one(call, ctx):
        whole, is_none = asked
        words = "counts every row to learn whether there is one"
        yield Finding(whole.span, words, _fix(call, meaning, whole, is_none, ctx))


def _is_of_one(call: Call, ctx: Context) -> bool:
    """Whether the rows are chosen by their own key, so that there is one of them at most."""
    for node in walk(call):
        if isinstance(node, Argument) and node.name in _KEYS:
            holder = ctx.parent(node)
            if not isinstance(holder, Call) or holder.method != "exclude":
                return True
        if isinstance(node, Entry) and isinstance(node.key, Text) and node.key.value in _KEYS:
            return not isinstance(node.value, Collection)
        if isinstance(node, Operation) and node.operator == "==":
            return any(isinstance(o, Member) and o.name in _KEYS for o in node.operands)
    return False


def _fix(call: Call, meaning: Meaning, whole: Node, is_none: bool, ctx: Context) -> Fix | None:
    instead = next((t.partition(" ")[2] for t in meaning.entry.traits if t[:8] == "instead "), "")
    if not instead or not isinstance(call.callee, Member) or call.arguments:
        return None
    text = f"{'not ' if is_none else ''}{ctx.source(call.callee.object)}.{instead}()"
    return Fix("Ask whether there is one", (ctx.replace(whole.span, text),))
