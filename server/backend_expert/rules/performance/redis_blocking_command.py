"""Redis does one thing at a time: a command that walks all keys makes everybody wait.

`KEYS` over a million keys takes the better part of a second, in which no other command runs, of any
client. `FLUSHALL` and `FLUSHDB` do the same and also remove what other services keep there. Walk
with `SCAN`, which pauses between portions, or keep the keys that belong together in a set.

Leave it off in tools that an administrator runs, and against an instance of one's own.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Comprehension, Generator, Loop, Member
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.loops import called_as


@rule(
    title="Redis command that stops all others",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("Redis documentation: KEYS",),
    tags=("redis",),
    in_scripts=False,
    needs=("cache.scan-all",),
    examples=[
        Example(
            bad="""
                import redis

                client = redis.Redis()

                def forget(customer_id):
                    for key in client.keys(f"cart:{customer_id}:*"):
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `client.keys` walks all keys while all clients wait
                        client.delete(key)
            """,
            good="""
                import redis

                client = redis.Redis()

                def forget(customer_id):
                    for key in client.scan_iter(f"cart:{customer_id}:*"):
                        client.delete(key)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const Redis = require('ioredis');
                const redis = new Redis();

                async function reset() {
                  await redis.flushall();
                        ^^^^^^^^^^^^^^^^ `redis.flushall` removes every key while all clients wait
                }
            """,
        ),
        Example(
            good="""
                import redis

                client = redis.Redis()
                carts = {}

                def forget(customer_id):
                    for key in client.scan_iter(f"cart:{customer_id}:*"):
                        client.unlink(key)
                    return carts.keys()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const Redis = require('ioredis');
                const redis = new Redis();

                async function size(map) {
                  await redis.del('cart:1');
                  return [...map.keys()].length;
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "cache.scan-all")
    if meaning is None:
        return
    kind = ctx.file.flow.catalogue.technologies[meaning.technology].kind
    if kind not in ("cache", "database"):
        return  # a framework's own cache: the backend is not known
    walks = meaning.subject is not None and bool(call.arguments)
    what = "walks all keys" if walks else "removes every key"
    words = f"`{called_as(call, ctx)}` {what} while all clients wait"
    instead = next((t.partition(" ")[2] for t in meaning.entry.traits if t[:8] == "instead "), "")
    yield Finding(call.span, words, _fix(call, instead, ctx) if instead else None)


def _fix(call: Call, instead: str, ctx: Context) -> Fix | None:
    callee = call.callee
    if not isinstance(callee, Member):
        return None
    given = ctx.text[callee.span.end : call.span.end]
    text = f"{ctx.source(callee.object)}.{instead}{given}"
    above = ctx.parent(call)
    if not isinstance(above, Loop | Generator | Comprehension):
        text = f"list({text})"
    return Fix("Walk in portions", (ctx.replace(call, text),), is_sure=False)
