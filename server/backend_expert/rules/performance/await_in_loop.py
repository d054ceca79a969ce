"""Awaiting in a loop asks one after the other, although none waits for another's answer.

Ten calls of 200 ms take two seconds; together they take 200 ms. Start them together and wait for
all, with a limit on how many run at once where the list can be long.

Leave it off where the order matters, where the other side limits the rate, or where all of them
share one connection or transaction.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Expression,
    Function,
    Index,
    Jump,
    Loop,
    Member,
    Name,
    Node,
    Raise,
    Region,
    Return,
    Yield,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.loops import names_in, repeats, shown
from backend_expert.lint.remote import REMOTE, goes_out, is_limited
from backend_expert.lint.rounds import goes_in_portions, is_typed

_FILLS = frozenset(("append", "push", "add", "extend", "set", "update"))


@rule(
    title="Independent calls awaited one by one",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("eslint no-await-in-loop",),
    tags=("latency",),
    in_scripts=False,
    needs=(*REMOTE, "coroutine"),
    examples=[
        Example(
            bad="""
                import httpx

                async def quote(client: httpx.AsyncClient, url: str):
                    return (await client.get(url)).json()

                async def quotes(client: httpx.AsyncClient, urls: list[str]):
                    offers = []
                    for url in urls:
                        offers.append(await quote(client, url))
                                            ^^^^^^^^^^^^^^^^^^ each `url` waits for the one before, and need not
                    return offers
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');
                const http = axios.create({ timeout: 5000 });

                async function prices(skus) {
                  const found = {};
                  for (const sku of skus) {
                    const { data } = await http.get(`/prices/${sku}`);
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^ each `sku` waits for the one before, and need not
                    found[sku] = data.price;
                  }
                  return found;
                }
            """,
        ),
        Example(
            good="""
                import asyncio
                import httpx

                async def pages(client: httpx.AsyncClient, urls, cursor):
                    found = []
                    for page in urls:
                        answer = await client.get(page, params={"cursor": cursor})
                        cursor = answer.json()["next"]
                        found.append(answer)
                    for url in urls:
                        answer = await client.get(url)
                        if answer.status_code == 200:
                            return answer
                    for url in urls:
                        found.append(await client.get(url))
                        await asyncio.sleep(1)
                    for url in urls:
                        await client.post(url)
                    return found
            """,
        ),
        Example(
            language="javascript",
            good="""
                const axios = require('axios');

                async function prices(skus, pool) {
                  const found = [];
                  for (const sku of skus) {
                    found.push(await pool.query('SELECT price FROM products WHERE sku = $1', [sku]));
                  }
                  let token = null;
                  for (const sku of skus) {
                    const { data } = await axios.get(`/prices/${sku}`, { headers: { token } });
                    token = data.token;
                    found.push(data);
                  }
                  return found;
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if not ctx.is_awaited(call) or not goes_out(call, ctx):
        return
    repeat = next(repeats(call, ctx), None)
    if repeat is None or not isinstance(repeat.node, Loop):
        return
    loop = repeat.node
    if loop.is_async or goes_in_portions(repeat, ctx):
        return
    if not _collects(call, loop, ctx) or _depends(call, loop, ctx) or is_limited(call, ctx):
        return
    if repeat.iterable is not None and is_typed(repeat.iterable, ctx):
        return
    if names_in(call) & repeat.targets:
        yield Finding(
            call.span,
            f"each `{repeat.word}` waits for the one before, and need not",
            related=(shown(repeat),),
        )


def _collects(call: Call, loop: Loop, ctx: Context) -> bool:
    """Whether the answers are gathered: pushed to a list or put under a key."""
    below: Node = call
    names: set[str] = set()
    for above in ctx.ancestors(call):
        if above is loop:
            break
        if isinstance(above, Call) and above.method in _FILLS and above.callee is not below:
            return True
        if isinstance(above, Assign):
            if isinstance(above.targets[0], Index):
                return True
            names = {n for target in above.targets for n in names_in(target)}
        below = above
    for node in walk(loop):
        if (
            isinstance(node, Call)
            and node.method in _FILLS
            and isinstance(node.callee, Member)
            and any(names & names_in(argument.value) for argument in node.arguments)
        ):
            return True
        if (
            isinstance(node, Assign)
            and node.value is not None
            and names & names_in(node.value)
            and isinstance(node.targets[0], Index)
        ):
            return True
    return False


def _depends(call: Call, loop: Loop, ctx: Context) -> bool:
    """Whether one round needs another, ends the loop, holds something or does more than to ask."""
    bound: dict[str, Expression | None] = {}
    for statement in loop.body:
        for node in walk(statement):
            if isinstance(node, Return | Yield | Raise | Function | Region):
                return True
            if isinstance(node, Jump) and node.kind == "break":
                return True
            if (
                isinstance(node, Await)
                and node.value is not call
                and (not isinstance(node.value, Call) or node.value.method not in ("json", "text"))
            ):
                return True
            if isinstance(node, Assign):
                if node.operator:
                    bound.update((n, None) for t in node.targets for n in _plain(t))
                else:
                    bound.update((n, node.value) for t in node.targets for n in _plain(t))
    used = names_in(call)
    return any(
        name in used
        and (value is None or value.span.covers(call.span) or value.span.start > call.span.end)
        for name, value in bound.items()
    )


def _plain(target: Node) -> Iterator[str]:
    if isinstance(target, Name):
        yield target.id
