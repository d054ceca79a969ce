"""A lock taken in two steps is a lock that can stay for ever, or be given to two at once.

`SETNX` and then `EXPIRE`: the process that dies between them leaves a lock without an end. Take
the lock with one command, `SET key token NX PX 30000`, and release it only if the token is still
yours (a Lua script or the client's own lock does that), since by then it may belong to another.

Leave it off where the key is a flag and no lock, and staying for ever is what it should do.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Function
from backend_expert.lint import Context, Example, Finding, Related, Severity, rule


@rule(
    title="Redis lock taken in two steps",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(667,),
    sources=("Redis documentation: distributed locks",),
    tags=("locks", "cache"),
    beside=("cache.expire",),
    examples=[
        Example(
            bad="""
                import redis

                cache = redis.Redis()

                def claim(order_id):
                    if cache.setnx(f"lock:{order_id}", "1"):
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a crash before `expire` leaves this lock for ever
                        cache.expire(f"lock:{order_id}", 30)
                        return True
                    return False
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const Redis = require('ioredis');
                const redis = new Redis();

                async function claim(id) {
                  const taken = await redis.setnx(`lock:${id}`, '1');
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a crash before `expire` leaves this lock for ever
                  if (taken) await redis.expire(`lock:${id}`, 30);
                  return taken;
                }
            """,
        ),
        Example(
            good="""
                import redis

                cache = redis.Redis()

                def claim(order_id, token):
                    return cache.set(f"lock:{order_id}", token, nx=True, px=30_000)
            """,
        ),
        Example(
            good="""
                import redis

                cache = redis.Redis()

                def first_visit(user_id):
                    return cache.setnx(f"seen:{user_id}", "1")
            """,
        ),
    ],
)
def check(function: Function, ctx: Context) -> Iterator[Finding]:
    taken: list[Call] = []
    for site in ctx.sites:
        if function.span.covers(site.call.span) and ctx.function(site.call) is function:
            if ctx.meaning(site.call, "cache.set-if-absent"):
                taken.append(site.call)
            elif ctx.meaning(site.call, "cache.expire"):
                yield from _pair(taken, site.call, ctx)


def _pair(taken: list[Call], expire: Call, ctx: Context) -> Iterator[Finding]:
    key = expire.arguments[0].value if expire.arguments else None
    if key is None:
        return
    for call in taken:
        first = call.arguments[0].value if call.arguments else None
        if first is not None and ctx.source(first) == ctx.source(key):
            taken.remove(call)
            yield Finding(
                call.span,
                f"a crash before `{expire.method}` leaves this lock for ever",
                related=(Related(expire.span, "the end is set only here"),),
            )
            return
