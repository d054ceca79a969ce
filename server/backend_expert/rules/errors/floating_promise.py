"""A promise that nobody waits for fails where nobody looks.

In Node an unhandled rejection ends the whole process; in Python a coroutine that is not awaited
never runs at all, and a task that nobody holds may be collected half done. Await it, or hand it
to something that waits for it (a task group, a queue); where it may really go on alone, give it a
`catch` of its own.

Leave it off where the function called deals with all its errors itself, which this file does not
show; in JavaScript, `void` before the call says so.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Function, Member, Name
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

# How callbacks of the older form are named, and their first parameter.
_DONE = frozenset(("callback", "cb", "next", "done"))
_ERRORS = frozenset(("err", "error", "e", "ex", "failure"))


@rule(
    title="Promise or coroutine that nobody waits for",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(390,),
    sources=("typescript-eslint no-floating-promises", "ruff RUF006", "Sonar S7502"),
    twins=("typescript-eslint no-floating-promises",),
    peers=("RUF006", "@typescript-eslint/no-floating-promises"),
    beside=("spawn", "coroutine", *_WORK),
    in_scripts=False,
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
                const knex = require('knex')({ client: 'pg' });

                async function inPortions(ids, work, after) {
                  for (const id of ids) await work(id);
                  after();
                }

                function renumber(ids, callback) {
                  inPortions(ids, (id, next) => next(id), callback);
                }

                async function count(id, columns) {
                  const counted = knex('couriers').where('id', id);
                  for (const column of columns) {
                    counted.increment(column);
                  }
                  await counted;
                }
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
    if not ctx.is_statement(call) or ctx.function(call) is None:
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
        if source.callee.name not in ("then", "finally"):
            break
        if len(source.arguments) > 1:
            return
        source = source.callee.object
    name = _asynchronous(source, ctx)
    if not name or _is_signal(call, ctx) or _tells_when_done(source) or _is_built(source, ctx):
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
        if not function.is_async or function.is_generator:
            return ""
        if not all(ctx.name(d) in _PLAIN for d in function.decorators):
            return ""
        return "" if not ctx.is_python and never_fails(function) else function.name
    if site.name.startswith(("?", "@")):
        return ""
    for meaning in site.meanings:
        if meaning.role in _WORK and meaning.has("async"):
            return short(site.name)
    return ""


def _tells_when_done(call: Call) -> bool:
    """Whether a function of ours is told whom to call in the end, with the error first."""
    for argument in call.arguments:
        given = argument.value
        if isinstance(given, Name) and given.id in _DONE:
            return True
        if isinstance(given, Function) and not given.is_async and given.parameters:
            names = [parameter.name.lstrip("_") for parameter in given.parameters]
            if names[0] in _ERRORS or names[-1] in _DONE:
                return True
    return False


def _is_built(call: Call, ctx: Context) -> bool:
    """Whether it adds to a query in a variable, which is run when that is awaited."""
    callee = call.callee
    if not isinstance(callee, Member) or not isinstance(callee.object, Name):
        return False
    builder = callee.object.id
    if ctx.meaning(call, "orm.query", "orm.write") is None:
        return False
    return any(
        isinstance(node, Assign)
        and isinstance(target := node.targets[0], Name)
        and target.id == builder
        for node in ctx.reading.nodes()
    )


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
