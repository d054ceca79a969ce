"""A queue without a size holds everything that its consumer has no time for.

When the database is slow for a minute, the entries pile up in memory; when it is slow for an hour,
the process is killed and all of them are lost. Give the queue a size and decide what happens when
it is full: wait, drop, or answer 503. Then the pressure shows where something can be done about it.

Leave it off where the number of entries is bounded by how they are made.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Function, Member, Name
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.sensitive import spelling
from backend_expert.text.pattern import pattern

_OF_ONE = pattern(r"^(request|req|web_?socket|ws|socket|connection|stream|scope)$", re.IGNORECASE)


@rule(
    title="Queue without a size",
    severity=Severity.INFORMATION,
    languages=("python",),
    cwe=(770,),
    tags=("memory",),
    in_scripts=False,
    needs=("buffer",),
    examples=[
        Example(
            bad="""
                import queue

                class AuditTrail:
                    def __init__(self) -> None:
                        self._entries: queue.Queue[str] = queue.Queue()
                                                          ^^^^^^^^^^^^^ no size: when its consumer is slow it fills the memory

                    def record(self, entry: str) -> None:
                        self._entries.put(entry)
            """,
            good="""
                import queue

                class AuditTrail:
                    def __init__(self) -> None:
                        self._entries: queue.Queue[str] = queue.Queue(maxsize=1000)

                    def record(self, entry: str) -> None:
                        self._entries.put(entry)
            """,
        ),
        Example(
            good="""
                import asyncio
                import queue

                jobs = asyncio.Queue(maxsize=100)
                payments = asyncio.Queue(maxsize=0)

                async def crawl(urls):
                    waiting = asyncio.Queue()
                    for url in urls:
                        waiting.put_nowait(url)
                    return await work(waiting)

                class Answers:
                    def __init__(self, size):
                        self.results = queue.Queue(size)
            """,
        ),
        Example(
            good="""
                import queue

                class Writer:
                    def __init__(self, producer):
                        self.pages = queue.Queue()
                        self.producer = producer

                    def write(self, page):
                        self.pages.put(page)
                        if self.pages.qsize() > 5:
                            self.producer.pause()
            """,
        ),
        Example(
            good="import queue\n\n\ndef buffer(**options):\n    return queue.Queue(**options)",
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "buffer")
    if meaning is None or "capacity" not in meaning.entry.options:
        return
    capacity = ctx.option(call, meaning, "capacity")
    if capacity.hidden:
        return
    if capacity.value is not None:
        return  # a written 0 says that it is meant
    above = ctx.parent(call)
    if not isinstance(above, Assign) or not _is_lasting(above, ctx) or _is_watched(above, ctx):
        return
    edit = ctx.with_argument(call, f"{meaning.entry.options['capacity'].name}=1000")
    fix = Fix("Hold at most 1000", (edit,), is_sure=False)
    yield Finding(call.span, "no size: when its consumer is slow it fills the memory", fix)


def _is_lasting(assign: Assign, ctx: Context) -> bool:
    """Whether the queue lives as long as the process: a field of an object, or of the module."""
    target = assign.targets[0]
    if isinstance(target, Member):
        function = ctx.enclosing(assign, Function)
        given = function.parameters if isinstance(function, Function) else ()
        if any(_OF_ONE.search(parameter.name) for parameter in given):
            return False  # it lives as long as one request or connection
        return isinstance(target.object, Name) and target.object.id == "self"
    return isinstance(target, Name) and ctx.enclosing(assign, Function) is None


def _is_watched(assign: Assign, ctx: Context) -> bool:
    """Whether the file looks at the queue's size itself, to hold its producer back."""
    name = spelling(assign.targets[0])
    return any(f"{name}.qsize()" in item.text for item in ctx.file.items)
