"""A cache entry that never expires is wrong for ever once it is wrong, and memory that never returns.

What was computed from the database stays after the row has changed, and every new key stays until
Redis is full: then it refuses writes or throws out keys that you need. Give each entry a time to
live; a few minutes are enough to take the load off.

Leave it off where the store is a database (sessions, locks, flags), and where the server's policy
evicts by itself.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Expression, Function, Member, Return, walk
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.text.pattern import pattern

_CACHE = pattern(r"cache|memo", re.IGNORECASE)
_STORE = pattern(
    r"session|lock|queue|flag|token|config|setting|state|counter|seq|offset|cursor|last_|latest|status|"
    r"presence|online|leader|version|setup|job|progress|usage|credit|total|seats|purchase|quota",
    re.IGNORECASE,
)
_EXPIRES = pattern(r"expir|ttl|^ex$|^px$|^EX$|^PX$", re.IGNORECASE)


@rule(
    title="Cache entry that never expires",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(770,),
    sources=("sonar S3474",),
    tags=("redis", "memory"),
    in_scripts=False,
    needs=("cache.write",),
    examples=[
        Example(
            bad="""
                import json
                import redis

                client = redis.Redis()

                def product(sku):
                    known = client.get(f"product:{sku}")
                    if known is not None:
                        return json.loads(known)
                    found = load(sku)
                    client.set(f"product:{sku}", json.dumps(found))
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cached without an expiry: it stays, right or wrong
                    return found
            """,
            good="""
                import json
                import redis

                client = redis.Redis()

                def product(sku):
                    known = client.get(f"product:{sku}")
                    if known is not None:
                        return json.loads(known)
                    found = load(sku)
                    client.set(f"product:{sku}", json.dumps(found), ex=300)
                    return found
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const Redis = require('ioredis');
                const redis = new Redis();

                async function product(sku) {
                  const key = `cache:product:${sku}`;
                  const known = await redis.get(key);
                  if (known) return JSON.parse(known);
                  const found = await load(sku);
                  await redis.set(key, JSON.stringify(found));
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cached without an expiry: it stays, right or wrong
                  return found;
                }
            """,
        ),
        Example(
            good="""
                import json
                import redis

                client = redis.Redis()

                def product(sku):
                    known = client.get(f"product:{sku}")
                    if known is None:
                        known = load(sku)
                        client.set(f"product:{sku}", known, ex=300)
                    return known

                def later(sku):
                    known = client.get(f"product:{sku}")
                    if known is None:
                        known = load(sku)
                        client.set(f"product:{sku}", known)
                        client.expire(f"product:{sku}", 300)
                    return known

                def switch(name):
                    if client.get(f"flag:{name}") is None:
                        client.set(f"flag:{name}", "on")

                def put(key, value):
                    client.set(key, value)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const Redis = require('ioredis');
                const redis = new Redis();

                async function product(sku) {
                  const known = await redis.get(`cache:${sku}`);
                  if (known) return known;
                  const found = await load(sku);
                  await redis.set(`cache:${sku}`, found, 'EX', 300);
                  return found;
                }
            """,
        ),
        Example(
            good="""
                import redis

                r = redis.Redis()

                def use(shop):
                    used = int(r.get(f"labels_usage:{shop}") or 0)
                    r.set(f"labels_usage:{shop}", used + 1)
                    return used
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "cache.write")
    if meaning is None:
        return
    kind = ctx.file.flow.catalogue.technologies[meaning.technology].kind
    if kind not in ("cache", "database") or "expiry" not in meaning.entry.options:
        return  # a framework's cache has a time to live of its own
    for word in ("expiry", "expiry_ms", "expiration", "if_absent", "condition", "keepttl", "mode"):
        if ctx.option(call, meaning, word).value is not None:
            return
    key = ctx.subject(call, meaning)
    function = ctx.function(call)
    if call.spreads or key is None or function is None or _STORE.search(ctx.source(key)):
        return
    read = _asked_before(call, key, function, ctx)
    if read is None or _expires_later(function) or _STORE.search(function.name):
        return
    slot = meaning.entry.options["expiry"]
    fix = None
    if slot.name:
        edit = ctx.with_argument(call, f"{slot.name}=300")
        fix = Fix("Keep it for 5 minutes", (edit,), is_sure=False)
    yield Finding(
        call.span,
        "cached without an expiry: it stays, right or wrong",
        fix,
        (Related(read.span, "the same key is looked up here"),),
    )


def _asked_before(call: Call, key: Expression, function: Function, ctx: Context) -> Call | None:
    """The read of the same key in the same function: what is written is a cache then."""
    written = ctx.source(key)
    named = _CACHE.search(written) or _CACHE.search(_receiver(call, ctx))
    for node in walk(function):
        if not isinstance(node, Call) or ctx.meaning(node, "cache.read") is None:
            continue
        if node.arguments and ctx.source(node.arguments[0].value) == written:
            # Counters and flags are read and set too; a cache gives on what it finds.
            return node if named or _gives_result(function) else None
    return None


def _receiver(call: Call, ctx: Context) -> str:
    return ctx.source(call.callee.object) if isinstance(call.callee, Member) else ""


def _gives_result(function: Function) -> bool:
    return any(isinstance(node, Return) and node.value is not None for node in walk(function))


def _expires_later(function: Function) -> bool:
    """Whether the function sets a time to live by itself, or speaks of one."""
    for node in walk(function):
        word = getattr(node, "id", "") or getattr(node, "name", "")
        if isinstance(word, str) and node is not function and _EXPIRES.search(word):
            return True
    return False
