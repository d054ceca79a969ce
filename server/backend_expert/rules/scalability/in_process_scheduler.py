"""A scheduler inside the web process runs its jobs once in each process.

With four workers and three replicas the nightly invoice goes out twelve times; when the service is
scaled to zero it does not go out at all. Run the schedule in a process of its own, let the platform
start the job (a CronJob), or take a lock that only one process can hold before doing the work.

Leave it off for jobs that each process needs for itself, such as filling its cache again, and where
one single process is guaranteed.
"""

import re
from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Call, Name, walk
from backend_expert.flow.reading import Reading
from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.text.pattern import pattern

_LOCKS = ("lock", "cache.set-if-absent", "row-lock")
_OWN = pattern(
    r"cache|refresh|reload|metric|health|heartbeat|lock|leader|elect|advisory|purge_local|gc$|warm|"
    r"keepalive|keep_alive|ping|temp|tmp|flag",
    re.IGNORECASE,
)


class _Part(msgspec.Struct, frozen=True, gc=False):
    """What one item says: jobs it schedules, whether it serves, whether it takes a lock."""

    jobs: tuple[Call, ...] = ()
    serves: bool = False
    locks: bool = False


@rule(
    title="Scheduler inside the web process",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    tags=("replicas",),
    in_scripts=False,
    needs=("scheduler",),
    examples=[
        Example(
            bad="""
                from apscheduler.schedulers.background import BackgroundScheduler
                from flask import Flask

                app = Flask(__name__)
                scheduler = BackgroundScheduler()

                @app.get("/orders")
                def orders():
                    return []

                scheduler.add_job(send_invoices, "cron", hour=3)
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ every process of the service runs this job
                scheduler.start()
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const cron = require('node-cron');
                const express = require('express');
                const app = express();

                cron.schedule('0 3 * * *', () => sendInvoices());
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ every process of the service runs this job
                app.listen(3000);
            """,
        ),
        Example(
            good="""
                from apscheduler.schedulers.blocking import BlockingScheduler

                scheduler = BlockingScheduler()
                scheduler.add_job(send_invoices, "cron", hour=3)
                scheduler.start()
            """,
        ),
        Example(
            good="""
                from apscheduler.schedulers.background import BackgroundScheduler
                from flask import Flask

                app = Flask(__name__)
                scheduler = BackgroundScheduler()

                @app.get("/rates")
                def rates():
                    return known

                scheduler.add_job(refresh_rates, "interval", minutes=5)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const cron = require('node-cron');
                const express = require('express');
                const { withAdvisoryLock } = require('./locks');
                const app = express();

                cron.schedule('0 3 * * *', () => withAdvisoryLock('invoices', sendInvoices));
                app.listen(3000);
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    parts = [(item, _part(file.flow.reading(item))) for item in file.items]
    if any(part.locks for _, part in parts):
        return
    if not any(part.serves for _, part in parts):
        return
    for item, part in parts:
        for call in part.jobs:
            words = "every process of the service runs this job"
            yield Finding(call.span, words, item=item)


def _part(reading: Reading) -> _Part:
    kept = reading.notes.get("scheduler")
    if not isinstance(kept, _Part):
        kept = reading.notes["scheduler"] = _read(reading)
    return kept


def _read(reading: Reading) -> _Part:
    jobs: list[Call] = []
    serves = locks = False
    for site in reading.sites.values():
        for meaning in site.meanings:
            if meaning.role in ("endpoint", "server.listen"):
                serves = True
            elif meaning.role in _LOCKS:
                locks = True
            elif meaning.role == "scheduler" and not (
                meaning.has("out-of-process") or meaning.has("cluster-safe")
            ):
                is_job = meaning.has("job") or meaning.subject is not None
                if is_job and not _is_for_process(site.call):
                    jobs.append(site.call)
    return _Part(tuple(jobs), serves, locks)


def _is_for_process(call: Call) -> bool:
    """Whether the job is one that each process needs, or takes a lock: by the names it speaks of."""
    for argument in call.arguments:
        for node in walk(argument.value):
            word = node.id if isinstance(node, Name) else getattr(node, "name", "")
            if _OWN.search(str(word)):
                return True
    return False
