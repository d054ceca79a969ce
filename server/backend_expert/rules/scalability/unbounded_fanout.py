"""Starting one call for each element of a list starts as many at once as the list is long.

With ten elements it is quick. With ten thousand it opens ten thousand sockets, is throttled or
banned by the other side, and fills the memory with what waits. Let a fixed number run at a time: a
semaphore, a pool, `p-limit` or its like, or go through the list in batches.

Leave it off where the list is short by construction.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Comprehension,
    Expression,
    Node,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.crowds import may_be_long
from backend_expert.lint.finding import Related
from backend_expert.lint.loops import repeats
from backend_expert.lint.remote import goes_out, is_limited
from backend_expert.lint.rounds import goes_in_portions, is_small, is_typed


@rule(
    title="Unlimited calls at once",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(770,),
    tags=("concurrency",),
    in_scripts=False,
    needs=("gather",),
    examples=[
        Example(
            bad="""
                import asyncio
                import httpx

                async def prices(client: httpx.AsyncClient, urls: list[str]):
                    return await asyncio.gather(*[client.get(url) for url in urls])
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ one call for each `url`, all at once and without a limit
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');
                const http = axios.create({ timeout: 5000 });

                function broadcast(subscribers, message) {
                  return Promise.all(subscribers.map((one) => http.post(one.url, message)));
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ one call for each `one`, all at once and without a limit
                }
            """,
        ),
        Example(
            good="""
                import asyncio
                import httpx

                MIRRORS = ["https://a.example", "https://b.example"]

                async def prices(client: httpx.AsyncClient, urls: list[str]):
                    limit = asyncio.Semaphore(10)

                    async def one(url):
                        async with limit:
                            return await client.get(url)

                    return await asyncio.gather(*[one(url) for url in urls])

                async def health(client: httpx.AsyncClient):
                    one, two = await asyncio.gather(client.get("https://a.example"), client.get("https://b.example"))
                    return one, two, await asyncio.gather(*[client.get(url) for url in MIRRORS])
            """,
        ),
        Example(
            language="javascript",
            good="""
                const axios = require('axios');
                const pLimit = require('p-limit');

                async function broadcast(subscribers, message) {
                  const run = pLimit(10);
                  await Promise.all(subscribers.map((one) => run(() => axios.post(one.url, message))));
                }

                async function notify(settings, message) {
                  const phones = (settings.phones || '').split(',').map((one) => one.trim());
                  await Promise.all(phones.map((one) => axios.post(`https://sms.example/${one}`, message)));
                }

                async function inPortions(chunks) {
                  for (const chunk of chunks) {
                    await Promise.all(chunk.map((one) => axios.post(one.url)));
                  }
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "gather")
    if meaning is None or meaning.has("jobs") or not call.arguments or is_browser(ctx):
        return
    given = call.arguments[0].value
    for inner in _calls(given):
        if not goes_out(inner, ctx):
            continue
        repeat = next(repeats(inner, ctx), None)
        if repeat is None or not call.span.covers(repeat.node.span):
            continue
        if repeat.iterable is None or is_small(repeat.iterable, ctx):
            return
        if is_typed(repeat.iterable, ctx) or not may_be_long(repeat.iterable, ctx):
            return
        if goes_in_portions(repeat, ctx) or is_limited(call, ctx):
            return
        yield Finding(
            call.span,
            f"one call for each `{repeat.word}`, all at once and without a limit",
            related=(Related(inner.span, "this call goes to another service"),),
        )
        return


def _calls(given: Expression) -> Iterator[Call]:
    """The calls that are started for each element, in a comprehension or a callback."""
    starts: list[Node] = [given.element] if isinstance(given, Comprehension) else []
    if isinstance(given, Call):
        starts = [argument.value for argument in given.arguments]
    for start in starts:
        for node in walk(start):
            if isinstance(node, Call):
                yield node
