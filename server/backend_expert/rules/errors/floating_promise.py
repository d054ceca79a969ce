"""A promise that nobody waits for fails where nobody looks.

In Node an unhandled rejection ends the whole process; in Python a coroutine that is not awaited
never runs at all, and a task that nobody holds may be collected half done. Await it, or hand it
to something that waits for it (a task group, a queue); where it may really go on alone, give it a
`catch` of its own.

Leave it off where the function called deals with all its errors itself, which this file does not
show; in JavaScript, `void` before the call says so.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Member
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.context import short
from backend_expert.lint.promises import never_fails
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

_WORK = frozenset(
    ("http.request", "http.body", "sql.execute", "sql.fetch", "orm.read", "orm.write", "orm.flush",
     "document.read", "document.write", "queue.publish", "queue.ack", "queue.nack", "cache.read",
     "cache.write", "cache.delete", "cache.expire", "cache.set-if-absent", "cache.pipeline",
     "mail.send", "payment.create", "transaction", "transaction.begin", "transaction.commit",
     "transaction.rollback", "sleep", "gather", "validate", "jwt.verify", "crypto.password-hash",
     "storage.access")
)  # fmt: skip
# Decorators that leave an async function async.
_PLAIN = frozenset(("staticmethod", "classmethod", "override", "typing.override"))


@rule(
    title="Promise or coroutine that nobody waits for",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(390,),
    sources=("typescript-eslint no-floating-promises", "ruff RUF006", "Sonar S7502"),
    peers=("RUF006", "@typescript-eslint/no-floating-promises"),
    beside=("spawn", "coroutine", *_WORK),
    examples=[
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function touch(id) {
                  await pool.query('UPDATE customers SET seen_at = now() WHERE id = $1', [id]);
                }

                async function login(req, res) {
                  touch(req.user.id);
                  ^^^^^^^^^^^^^^^^^^ nobody waits for `touch`: its failure is lost
                  res.json({ ok: true });
                }
            """,
            good="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function touch(id) {
                  await pool.query('UPDATE customers SET seen_at = now() WHERE id = $1', [id]);
                }

                async function login(req, res) {
                  await touch(req.user.id);
                  res.json({ ok: true });
                }
            """,
        ),
        Example(
            language="typescript",
            bad="""
                import axios from 'axios';

                export function notify(order: Order) {
                  axios.post('https://hooks.example', order, { timeout: 5000 }).then(() => order.note());
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nobody waits for `axios.post`: its failure is lost
                }
            """,
            good="""
                import axios from 'axios';

                export function notify(order: Order) {
                  axios.post('https://hooks.example', order, { timeout: 5000 }).then(() => order.note()).catch(console.error);
                }
            """,
        ),
        Example(
            bad="""
                async def audit(event):
                    await store(event)

                async def pay(order):
                    audit(order.id)
                    ^^^^^^^^^^^^^^^ `audit` is not awaited, so it never runs
            """,
            good="""
                async def audit(event):
                    await store(event)

                async def pay(order):
                    await audit(order.id)
            """,
        ),
        Example(
            bad="""
                import asyncio

                async def pay(order):
                    asyncio.create_task(notify(order))
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nothing holds this task: it may vanish unfinished
            """,
        ),
        Example(
            good="""
                import asyncio
                import click

                tasks = set()

                @click.command()
                async def serve():
                    task = asyncio.create_task(work())
                    tasks.add(task)
                    async with asyncio.TaskGroup() as group:
                        group.create_task(work())
                    await asyncio.gather(work(), work())

                async def work():
                    await asyncio.sleep(1)

                def main():
                    asyncio.run(work())
                    serve()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function touch(id) {
                  await pool.query('UPDATE customers SET seen_at = now() WHERE id = $1', [id]);
                }

                async function tell(id) {
                  try {
                    await touch(id);
                  } catch (error) {
                    console.error(error);
                  }
                }

                async function login(req, res, callback) {
                  void touch(req.user.id);
                  touch(req.user.id).catch(console.error);
                  tell(req.user.id);
                  const later = touch(req.user.id);
                  pool.query('SELECT 1', (error, rows) => callback(rows));
                  return Promise.all([later]);
                }

                touch(1);
            """,
        ),
        Example(
            language="javascript",
            good="""
                const fastify = require('fastify')();

                fastify.get('/orders', async (request, reply) => {
                  reply.send({ ok: true });
                  return reply;
                });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if call.awaited or not ctx.is_statement(call) or ctx.function(call) is None:
        return
    if ctx.is_python:
        yield from _python(call, ctx)
    elif not is_browser(ctx):
        yield from _javascript(call, ctx)


def _python(call: Call, ctx: Context) -> Iterator[Finding]:
    spawned = ctx.meaning(call, "spawn")
    if spawned is not None:
        if spawned.has("task") and not spawned.has("supervised") and not spawned.has("thread-safe"):
            yield Finding(call.span, "nothing holds this task: it may vanish unfinished")
        return
    name = _asynchronous(call, ctx)
    if name:
        yield Finding(call.span, f"`{name}` is not awaited, so it never runs", _awaiting(call, ctx))


def _javascript(call: Call, ctx: Context) -> Iterator[Finding]:
    source = call
    while isinstance(source.callee, Member) and isinstance(source.callee.object, Call):
        method = source.callee.name
        if method == "catch" or (method == "then" and len(source.arguments) > 1):
            return
        if method not in ("then", "finally"):
            break
        source = source.callee.object
    name = _asynchronous(source, ctx)
    if not name or _is_signal(call, ctx):
        return
    words = f"nobody waits for `{name}`: its failure is lost"
    fix = _awaiting(call, ctx)
    if fix is None:
        after = Edit(Span(call.span.end, call.span.end), ".catch(console.error)")
        fix = Fix("Catch its failure", (after,), is_sure=False)
    yield Finding(call.span, words, fix)


def _asynchronous(call: Call, ctx: Context) -> str:
    """The name of what is called, when that surely gives a promise that may fail."""
    site = ctx.site(call)
    if site is None:
        return ""
    function = site.callee.node
    if isinstance(function, Function):
        if not function.is_async or function.is_generator or not function.name:
            return ""
        if not all(ctx.name(d) in _PLAIN for d in function.decorators):
            return ""
        return "" if not ctx.is_python and never_fails(function) else function.name
    if site.name.startswith(("?", "@")) or _has_callback(call):
        return ""
    for meaning in site.meanings:
        if meaning.role in _WORK and meaning.has("async"):
            return short(site.name)
    return ""


def _has_callback(call: Call) -> bool:
    """Whether the last argument is a function: the older form, which gives no promise."""
    return bool(call.arguments) and isinstance(call.arguments[-1].value, Function)


def _is_signal(call: Call, ctx: Context) -> bool:
    """Whether the call stands in what handles a signal: the process ends anyway."""
    return any(
        isinstance(above, Function) and ctx.callback_of(above, "signal") is not None
        for above in ctx.ancestors(call)
    )


def _awaiting(call: Call, ctx: Context) -> Fix | None:
    function = ctx.function(call)
    if not isinstance(function, Function) or not function.is_async:
        return None
    before = Edit(Span(call.span.start, call.span.start), "await ")
    return Fix("Await it", (before,), is_sure=False)
