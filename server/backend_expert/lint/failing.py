"""Which `try` blocks hold what may fail without anybody minding: clean-ups, probes, questions."""

import re

from backend_expert.facts.code import Await, Call, Import, Try, walk
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_REMOTE = (
    "http.request", "sql.execute", "orm.read", "orm.write", "orm.flush", "document.read",
    "document.write", "queue.publish", "queue.ack", "cache.read", "cache.write", "cache.delete",
    "mail.send", "payment.create", "transaction.commit",
)  # fmt: skip
# What fails by design: the failure is the answer that was asked for.
_ASKS = (
    "jwt.verify",
    "jwt.decode",
    "validate",
    "crypto.compare",
    "webhook.verify",
    "sanitizer.any",
)
_CLEANUP = pattern(
    r"^_?a?(close|unlink|rm|remove|rmtree|kill|destroy|abort|end|release|cancel|disconnect|quit"
    r"|terminate|stop|clear|rollback|shutdown|cleanup|dispose|flush|unsubscribe|exit|join"
    r"|unregister|request_gc|endSession|wait_closed|rollbackTransaction|abortTransaction)(?![a-z])"
)
# Checks that say no by raising, and nothing else.
_CHECKS = pattern(r"^_*(assert|ensure|check|require)(_|[A-Z])")
_ASKING = pattern(
    r"jwt|verif|valid|decode|decrypt|parse|access|stat$|exists|lookup|^json$"
    r"|^(dns_?)?resolve(Mx|Txt|4|6|Srv|Ns|Cname)?$|^resolve(Mx|Txt|4|6|Srv)$",
    re.I,
)


# Calls whose one failure is that what they were given is no such text, or is not there.
_PARSES = frozenset(
    ("loads", "import_module", "fromhex", "fromisoformat", "strptime", "literal_eval", "b64decode",
     "version", "reconfigure", "unhexlify")
)  # fmt: skip


# What is done with a text that was read, or with the text it is read from.
_OF_TEXTS = frozenset(
    ("get", "strip", "split", "rsplit", "rpartition", "group", "read", "decode", "encode", "lower",
     "join", "replace", "str", "len", "int", "float", "keys", "values", "items", "isinstance")
)  # fmt: skip


def fails_by_design(tried: Try, ctx: Context) -> bool:
    """Whether what is tried is a clean-up, a probe, or nothing that could matter."""
    calls: list[Call] = []
    waits = False
    for statement in tried.body:
        for node in walk(statement):
            if isinstance(node, Import):
                return True
            if isinstance(node, Call):
                calls.append(node)
                waits = waits or node.awaited
            elif isinstance(node, Await):
                waits = True
    if not calls or any(ctx.meaning(call, *_ASKS) for call in calls):
        return True
    if any(_ASKING.search(call.method) for call in calls):
        return True
    if len(calls) == 1 and (calls[0].method == "ping" or "json" in calls[0].method.lower()):
        return True
    if any(
        _CLEANUP.search(call.method) for call in calls if ctx.is_statement(call) or call.awaited
    ):
        return True
    if len(calls) == 1 and (_CLEANUP.search(calls[0].method) or _CHECKS.search(calls[0].method)):
        return True
    if ctx.is_python:
        if len(calls) == 1:
            return calls[0].method in _PARSES
        is_bare = any(not handler.types for handler in tried.handlers)
        return (
            not is_bare
            and any(call.method in _PARSES for call in calls)
            and all(call.method in _PARSES or call.method in _OF_TEXTS for call in calls)
        )
    return not waits and not any(ctx.effects(call, *_REMOTE) for call in calls)
