"""What is opened and not closed stays open until the process has no more of it.

A connection that never goes back empties the pool: the eleventh request waits for ever, on a
database with nothing to do. A file that is not closed may lack its last lines when the next step
reads it. Close in `with` or `finally`, so that the early return and the error close too.

Leave it off where the process ends right after, or where whoever is handed the resource closes it
in a way that this file does not show.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.context import short
from backend_expert.lint.finding import Related
from backend_expert.lint.lifetime import exits_before, life, opened, waits_before
from backend_expert.technologies.catalogue import Meaning


@rule(
    title="Resource that is not closed on every path",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(772, 404),
    sources=("Sonar S2095", "ruff SIM115", "bodyclose", "SpotBugs OBL_UNSATISFIED_OBLIGATION"),
    peers=("SIM115", "R1732"),
    in_scripts=False,
    needs=("resource",),
    examples=[
        Example(
            bad="""
                import csv

                def export(rows, path):
                    file = open(path, "w", newline="")
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ nothing closes what `open` opens
                    csv.writer(file).writerows(rows)
                    return path
            """,
        ),
        Example(
            bad="""
                import psycopg2.pool

                pool = psycopg2.pool.ThreadedConnectionPool(1, 10, "dbname=shop")

                def find(id):
                    connection = pool.getconn()
                                 ^^^^^^^^^^^^^^ stays open when the function leaves early
                    row = connection.cursor().execute("SELECT 1").fetchone()
                    if row is None:
                        return None
                    pool.putconn(connection)
                    return row
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function find(id) {
                  const client = await pool.connect();
                                       ^^^^^^^^^^^^^^ stays open when something awaited here fails
                  const { rows } = await client.query('SELECT id FROM orders WHERE id = $1', [id]);
                  client.release();
                  return rows[0];
                }
            """,
        ),
        Example(
            good="""
                import contextlib
                import sqlite3

                class Store:
                    def open(self, path):
                        self.file = open(path)

                    def lend(self, path):
                        file = open(path)
                        return file

                    def pass_on(self, path, reader):
                        file = open(path)
                        return reader.take(file)

                def read(path):
                    file = open(path)
                    try:
                        return file.read()
                    finally:
                        file.close()

                def rows(path):
                    connection = sqlite3.connect(path)
                    with contextlib.closing(connection):
                        return connection.execute("SELECT 1").fetchall()

                def size(path):
                    file = open(path)
                    if not file:
                        return 0
                    with file:
                        return len(file.read())
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function inTransaction(work) {
                  const client = await pool.connect();
                  try {
                    return await work(client);
                  } finally {
                    client.release();
                  }
                }

                async function find(id) {
                  const client = await pool.connect();
                  try {
                    const { rows } = await client.query('SELECT 1');
                    client.release();
                    return rows;
                  } catch (error) {
                    client.release(error);
                    throw error;
                  }
                }

                async function start() {
                  const client = await pool.connect();
                  process.on('exit', () => client.release());
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "resource")
    if meaning is None or ctx.meaning(call, "sink.shell", "http.client", "client"):
        return
    what = opened(call, ctx)
    if what is None or what.function.name == "main":
        return
    known = life(what, ctx)
    if known.escapes or known.is_safe:
        return
    if not known.closes:
        if known.borrowed:
            name = short(ctx.called(call))
            yield Finding(call.span, f"nothing closes what `{name}` opens")
        return
    first = min(known.closes, key=lambda close: close.span.start)
    early = next(exits_before(what, first, ctx), None)
    if early is not None:
        here = Related(early.span, "leaves here without closing it")
        yield Finding(call.span, "stays open when the function leaves early", related=(here,))
    elif len(known.closes) == 1 and _is_lent(meaning, ctx):
        waits = next(waits_before(what, first, ctx), None)
        if waits is not None:
            here = Related(waits.span, "when this fails, the close below is never reached")
            words = "stays open when something awaited here fails"
            yield Finding(call.span, words, related=(here,))


def _is_lent(meaning: Meaning, ctx: Context) -> bool:
    """Whether nothing but a close gives it back: it belongs to a pool, not to this function."""
    return not ctx.is_python or meaning.has("async")
