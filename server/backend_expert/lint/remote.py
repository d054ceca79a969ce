"""What rules about waiting share: does a call go to another service, and what limits it."""

import re

from backend_expert.facts.code import Await, Call, Function, Name, Node, walk
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

REMOTE = ("http.request", "mail.send", "payment.create", "queue.publish")
_LOCAL = frozenset(
    ("sql.execute", "orm.read", "orm.write", "document.read", "document.write",
     "transaction.commit", "transaction.rollback")
)  # fmt: skip
# Verbs of helpers that go over the network, where their insides cannot be seen.
_SAYS_REMOTE = pattern(
    r"^_?(send|fetch|request|notify|publish|deliver|upload|download|post|call|ping|push|quote|charge|query_api|"
    r"crawl|scrape|translate|invoke)([A-Z_]|$)"
)
_LIMITS = pattern(
    r"limit|semaphore|throttl|concurren|bottleneck|rate|pool|queue|chunk|batch", re.IGNORECASE
)


def goes_out(call: Call, ctx: Context) -> bool:
    """Whether a call asks another service, itself or through a function of this file.

    A function of this file whose inside calls what is not known counts when its name says so.
    """
    if ctx.meaning(call, *REMOTE) is not None:
        return True
    site = ctx.site(call)
    if site is None or site.meanings or site.summary is None or not site.summary.is_async:
        return False
    roles = {effect.role for effect in site.summary.effects}
    if roles & _LOCAL:
        return False
    if roles & {*REMOTE}:
        return True
    function = site.callee.node
    if function is not None and any(above is function for above in ctx.ancestors(call)):
        return False  # it goes down a tree, and what each step asks is seen at its own place
    waits = isinstance(function, Function) and any(isinstance(n, Await) for n in walk(function))
    return waits and bool(_SAYS_REMOTE.search(call.method))


def is_limited(node: Node, ctx: Context) -> bool:
    """Whether the function around `node` speaks of a limiter, semaphore, pool or batches."""
    outer = [above for above in ctx.ancestors(node) if isinstance(above, Function)]
    where = outer[-1] if outer else node
    for below in walk(where):
        if (
            isinstance(below, Call)
            and ctx.meaning(below, "concurrency-limit", "executor") is not None
        ):
            return True
        word = below.id if isinstance(below, Name) else getattr(below, "name", "")
        if isinstance(word, str) and word and _LIMITS.search(word):
            return True
    return False
