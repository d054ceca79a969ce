"""A call that waits without `await` stops the event loop, and with it every other request.

The loop runs on one thread. While it sleeps, reads a socket or hashes a password there, nothing
else is served: no request, no heartbeat, no timeout. Use the awaitable form of the call, or hand it
to a thread (`asyncio.to_thread`) or worker pool.

Leave it off where the loop has nothing else to do, as in a command-line tool or before the server
starts to listen.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Constant, Function, Import, Index, Member, Name, Region
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.loops import called_as
from backend_expert.lint.serving import in_service, is_handler, is_start_up, may_serve, runs_once
from backend_expert.text.pattern import pattern

_PACKS = pattern(r"zip|deflate|brotli|compress", re.IGNORECASE)


@rule(
    title="Blocking call on the event loop",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(833,),
    sources=("ruff ASYNC210-251", "sonar S7487-S7499"),
    tags=("async",),
    peers=("ASYNC210", "ASYNC220", "ASYNC221", "ASYNC222", "ASYNC251"),
    in_scripts=False,
    needs=("blocking",),
    examples=[
        Example(
            bad="""
                import time

                async def poll(job):
                    while not job.done:
                        time.sleep(0.5)
                        ^^^^^^^^^^^^^^^ `time.sleep` stops the event loop for everybody
            """,
            good="""
                import asyncio
                import time

                async def poll(job):
                    while not job.done:
                        await asyncio.sleep(0.5)
            """,
        ),
        Example(
            bad="""
                import requests
                from fastapi import FastAPI

                app = FastAPI()

                @app.get("/rates")
                async def rates():
                    return requests.get("https://rates.example/v1", timeout=5).json()
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `requests.get` stops the event loop for everybody
            """,
            good="""
                import asyncio

                import requests
                from fastapi import FastAPI

                app = FastAPI()

                @app.get("/rates")
                async def rates():
                    return (await asyncio.to_thread(requests.get, "https://rates.example/v1", timeout=5)).json()
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const fs = require('fs');
                const express = require('express');
                const app = express();

                app.get('/terms', async (req, res) => {
                  const text = fs.readFileSync('/srv/terms.txt', 'utf8');
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `fs.readFileSync` stops the event loop for everybody
                  res.send(text);
                });
            """,
            good="""
                const fs = require('fs');
                const express = require('express');
                const app = express();

                app.get('/terms', async (req, res) => {
                  const text = await fs.promises.readFile('/srv/terms.txt', 'utf8');
                  res.send(text);
                });
            """,
        ),
        Example(
            good="""
                import asyncio
                import time
                import requests

                def pause():
                    time.sleep(1)

                async def rates(urls):
                    loop = asyncio.get_running_loop()
                    one = await asyncio.to_thread(requests.get, urls[0])
                    two = await loop.run_in_executor(None, lambda: requests.get(urls[1]))

                    def third():
                        return requests.get(urls[2])

                    return one, two, await asyncio.to_thread(third)
            """,
        ),
        Example(
            good="""
                import asyncio
                import queue
                import subprocess

                inbox = queue.Queue()

                async def next_job():
                    return inbox.get(block=False)

                async def main():
                    subprocess.run(["alembic", "upgrade", "head"], check=True)
                    await serve()

                asyncio.run(main())
            """,
        ),
        Example(
            language="javascript",
            good="""
                const fs = require('fs');
                const config = JSON.parse(fs.readFileSync('/etc/shop.json', 'utf8'));

                function load(name) {
                  return fs.readFileSync(name, 'utf8');
                }

                async function start() {
                  const key = fs.readFileSync('/etc/shop.key');
                  await listen(key);
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.meaning(call, "blocking") is None or ctx.is_awaited(call):
        return
    function = ctx.function(call)
    if function is None or runs_once(function):
        return
    if not function.is_async and (ctx.is_python or not is_handler(function, ctx)):
        return
    if is_start_up(ctx) or (ctx.meaning(call, "sink.path") and not in_service(call, ctx)):
        return  # reading a file takes little: while requests are served it counts
    if _packs_a_constant(call, ctx) or _is_of_a_test_route(call, ctx):
        return
    if _is_told_not_to_wait(call, ctx) or _is_entered_async(call, ctx) or not may_serve(ctx):
        return
    words = f"`{called_as(call, ctx)}` stops the event loop for everybody"
    yield Finding(call.span, words, _fix(call, function, ctx))


def _packs_a_constant(call: Call, ctx: Context) -> bool:
    """Whether what is packed is a text of the program, which is short and always the same."""
    if not _PACKS.search(call.method) or not call.arguments:
        return False
    given = call.arguments[0].value
    if isinstance(given, Call) and given.method == "from" and given.arguments:
        given = given.arguments[0].value
    named = given.id if isinstance(given, Name) else ""
    return ctx.value(given).is_constant or (named.isupper() and "_" in named)


def _is_of_a_test_route(call: Call, ctx: Context) -> bool:
    """Whether the handler around it answers a path that only tests ask: `/_e2e/snapshot`."""
    for above in ctx.ancestors(call):
        if isinstance(above, Call) and ctx.meaning(above, "endpoint") and above.arguments:
            path = ctx.text_of(above.arguments[0].value) or ""
            return re.search(r"(^|[/_-])(e2e|tests?|testing)([/_-]|$)", path) is not None
    return False


def _is_told_not_to_wait(call: Call, ctx: Context) -> bool:
    """`get(block=False)`, `wait(timeout=0)`."""
    return any(
        ctx.is_constant(argument.value, False)
        if argument.name in ("block", "blocking")
        else argument.name in ("timeout", "connect") and ctx.is_constant(argument.value, 0, False)
        for argument in call.arguments
    )


def _is_entered_async(call: Call, ctx: Context) -> bool:
    """`async with` on its result: then the type is not the one we took it for."""
    held = ctx.parent(call)
    region = ctx.parent(held) if held is not None else None
    return isinstance(region, Region) and region.is_async


def _fix(call: Call, function: Function, ctx: Context) -> Fix | None:
    if not function.is_async or ctx.file.imports("trio") or call.spreads:
        return None
    if not ctx.is_python:
        return _promised(call, ctx)
    if not _is_function_of_module(call, ctx):
        return None
    given = ctx.text[call.callee.span.end : call.span.end]
    if ctx.meaning(call, "sleep"):
        text = f"await asyncio.sleep{given}"
        title = "Sleep without blocking"
    else:
        inner = given[1:]
        between = ", " if inner.strip() != ")" else ""
        text = f"await asyncio.to_thread({ctx.source(call.callee)}{between}{inner}"
        title = "Run it in a thread"
    return Fix(title, (ctx.replace(call, _bracketed(text, call, ctx)),), ("import asyncio",))


def _bracketed(text: str, call: Call, ctx: Context) -> str:
    """The awaited call, in brackets where something is done with its result on the spot."""
    return f"({text})" if isinstance(ctx.parent(call), Member | Index) else text


def _is_function_of_module(call: Call, ctx: Context) -> bool:
    """Whether a plain function of an imported module is called, not a method of some object."""
    site = ctx.site(call)
    root = call.callee
    while isinstance(root, Member):
        root = root.object
    bound = ctx.file.flow.outline.names.get(root.id) if isinstance(root, Name) else None
    if site is None or bound is None or not isinstance(bound.node, Import):
        return False
    return site.name.rpartition(".")[2].islower()


def _promised(call: Call, ctx: Context) -> Fix | None:
    """Node's own promises: `fs.readFileSync(…)` as `await fs.promises.readFile(…)`."""
    callee = call.callee
    if not isinstance(callee, Member) or not isinstance(callee.object, Name):
        return None
    if callee.name not in _PROMISED:
        return None
    if isinstance(call.argument(0), Constant):
        return None  # a descriptor, which promises do not take
    given = ctx.text[callee.span.end : call.span.end]
    text = f"await {callee.object.id}.promises.{callee.name.removesuffix('Sync')}{given}"
    return Fix("Use the promise", (ctx.replace(call, _bracketed(text, call, ctx)),))


_PROMISED = frozenset(
    ("readFileSync", "writeFileSync", "appendFileSync", "rmSync", "readdirSync", "copyFileSync",
     "truncateSync", "cpSync")
)  # fmt: skip
