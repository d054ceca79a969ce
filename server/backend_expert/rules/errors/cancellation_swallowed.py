"""A task that swallows its cancellation does not stop.

`CancelledError` is how a timeout, a closed connection or a shutdown reaches the code that waits.
Where it is caught and not raised again, `asyncio.timeout` never fires, the task group waits for
ever, and the container is killed in the middle of its work. Clean up, then `raise`.

Leave it off where the cancellation was this very function's own, and it must go on after it.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Constant,
    Expression,
    Function,
    Handler,
    Jump,
    Loop,
    Member,
    Name,
    Node,
    Raise,
    Region,
    Return,
    Try,
    blocks,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_LEAVES = pattern(r"^_*(a?close|shutdown|stop|clean_?up|aexit|tear_?down|cancel|disconnect|kill)")


@rule(
    title="Cancellation swallowed",
    severity=Severity.WARNING,
    languages=("python",),
    cwe=(390,),
    sources=("Sonar S7497", "ruff ASYNC103", "flake8-async ASYNC103"),
    peers=("ASYNC103", "ASYNC104"),
    examples=[
        Example(
            bad="""
                import asyncio

                async def consume(queue):
                    while True:
                        try:
                            await handle(await queue.get())
                        except asyncio.CancelledError:
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cancellation ends here: timeouts and shutdown wait in vain
                            pass
            """,
            good="""
                import asyncio

                async def consume(queue):
                    while True:
                        try:
                            await handle(await queue.get())
                        except asyncio.CancelledError:
                            raise
            """,
        ),
        Example(
            bad="""
                async def rates(client):
                    try:
                        answer = await client.get("/rates")
                    except BaseException as error:
                    ^^^^^^^^^^^^^^^^^^^^ cancellation ends here: timeouts and shutdown wait in vain
                        print("no rates", error)
                        return {}
                    return answer.json()
            """,
        ),
        Example(
            good="""
                import asyncio

                async def consume(queue):
                    try:
                        while True:
                            await handle(await queue.get())
                    except asyncio.CancelledError:
                        print("the consumer stops")

                async def careful(queue):
                    try:
                        await queue.get()
                    except asyncio.CancelledError:
                        await queue.put(None)
                        raise
                    except Exception:
                        pass
                    return 1

                async def restart(self):
                    self.task.cancel()
                    try:
                        await self.task
                    except asyncio.CancelledError:
                        pass
                    self.task = asyncio.create_task(self.run())
            """,
        ),
        Example(
            good="""
                from concurrent.futures import CancelledError

                def wait(future):
                    try:
                        return future.result()
                    except CancelledError:
                        return None
            """,
        ),
    ],
)
def check(handler: Handler, ctx: Context) -> Iterator[Finding]:
    tried = ctx.parent(handler)
    function = ctx.function(handler)
    if not isinstance(function, Function) or not isinstance(tried, Try):
        return
    if not _catches(handler, tried, ctx) or not any(_waits(s) for s in tried.body):
        return
    if any(isinstance(node, Raise) for s in handler.body for node in walk(s)):
        return
    if (
        _LEAVES.search(function.name)
        or _is_own(tried, function)
        or _is_kept(handler)
        or _is_clean_up(tried, ctx)
        or _is_said(handler, ctx)
        or not _goes_on(tried, handler, function, ctx)
    ):
        return
    words = "cancellation ends here: timeouts and shutdown wait in vain"
    yield Finding(_head(handler), words, _fix(handler, ctx))


def _catches(handler: Handler, tried: Try, ctx: Context) -> bool:
    """Whether this handler, and none before it, gets the cancellation."""
    for earlier in tried.handlers:
        is_caught = not earlier.types or any(_is_cancellation(t, ctx) for t in earlier.types)
        if is_caught:
            return earlier is handler
    return False


def _is_cancellation(type: Expression, ctx: Context) -> bool:
    name = ctx.name(type)
    value = ctx.file.flow.catalogue.value(name)
    return name == "BaseException" or (value is not None and value.role == "cancelled")


def _waits(node: Node) -> bool:
    if isinstance(node, Function):
        return False
    return any(
        isinstance(below, Await) or (isinstance(below, Region) and below.is_async)
        for below in walk(node)
    )


def _is_own(tried: Try, function: Function) -> bool:
    """Whether the function waits for a task that it has cancelled itself."""
    waited = [n.value for s in tried.body for n in walk(s) if isinstance(n, Await)]
    if not waited or not all(isinstance(v, Name | Member) or _gathers(v) for v in waited):
        return False
    return any(isinstance(node, Call) and node.method == "cancel" for node in walk(function))


def _gathers(node: Node) -> bool:
    return isinstance(node, Call) and node.method in ("gather", "wait", "wait_for", "shield")


def _is_kept(handler: Handler) -> bool:
    """Whether the cancellation is put into a variable, to be raised once something is done."""
    return bool(handler.name) and any(
        isinstance(node, Assign)
        and node.value is not None
        and any(isinstance(n, Name) and n.id == handler.name for n in walk(node.value))
        for statement in handler.body
        for node in walk(statement)
    )


def _is_clean_up(tried: Try, ctx: Context) -> bool:
    """Whether it stands where another error, or the end, is dealt with already."""
    below: Node = tried
    for above in ctx.ancestors(tried):
        if isinstance(above, Function):
            return False
        if isinstance(above, Handler):
            return True
        if isinstance(above, Try) and any(below is statement for statement in above.final):
            return True
        below = above
    return False


def _is_said(handler: Handler, ctx: Context) -> bool:
    """Whether a comment in the handler says why."""
    return any(handler.span.covers(comment.span) for comment in ctx.item.comments)


def _goes_on(tried: Try, handler: Handler, function: Function, ctx: Context) -> bool:
    """Whether there is more to wait for behind the handler; else the task stops all the same."""
    last = handler.body[-1] if handler.body else None
    if isinstance(last, Return):
        return last.value is not None and not isinstance(last.value, Constant)
    leaves = isinstance(last, Jump) and last.kind == "break"
    below: Node = tried
    for above in ctx.ancestors(tried):
        for statements in blocks(above):
            for at, statement in enumerate(statements):
                if statement is below and not (leaves and isinstance(above, Loop)):
                    for later in statements[at + 1 :]:
                        if _waits(later):
                            return True
                        if isinstance(later, Return | Raise):
                            return False
        if above is function:
            return False
        if isinstance(above, Loop):
            if not leaves:
                return True
            leaves = False
        below = above
    return False


def _head(handler: Handler) -> Span:
    end = handler.types[-1].span.end if handler.types else handler.span.start + len("except")
    return Span(handler.span.start, end)


def _fix(handler: Handler, ctx: Context) -> Fix | None:
    last = handler.body[-1] if handler.body else None
    if last is None or isinstance(last, Return) or (isinstance(last, Jump) and last.kind != "pass"):
        return None
    if "\n" not in ctx.text[_head(handler).end : handler.body[0].span.start]:
        return None
    if isinstance(last, Jump):
        edit = ctx.replace(last, "raise")
    else:
        start = ctx.text.rfind("\n", 0, last.span.start) + 1
        indent = ctx.text[start : last.span.start]
        edit = Edit(Span(last.span.end, last.span.end), f"\n{indent}raise")
    return Fix("Raise it again", (edit,))
