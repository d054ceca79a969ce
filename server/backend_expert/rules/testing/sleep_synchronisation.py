"""A test that sleeps until something must have happened is slow and fails at random.

On a fast day the sleep is waste; on a busy build machine it is too short, and the team learns to
press "run again". Wait for the thing itself: poll for it with a deadline, await the task, or let
the code under test take its clock as an argument.

Leave it off where the passing of real time is what the test is about.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Assertion, Call, Constant, Function, Loop, walk
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.asserting import asserts_after, body_of, is_test, verifies
from backend_expert.text.pattern import pattern

_YIELD = 0.01  # seconds: no more than letting others run
_TIMED = pattern(
    r"ttl|expir|time_?out|rate|throttl|debounc|delay|interval|stale|last_?seen|cool|sleep|elapsed"
    r"|duration|clock|schedul|lease|window|retr(y|ies)|back_?off|age\b|renew|heartbeat|keep_?alive|evict|updated_at|timestamp",
    re.IGNORECASE,
)
_AGES = pattern(
    r"last_?seen|updated_?at|created_?(at|on)|modified|expir|ttl|stale|elapsed|timestamp|\blatest\(",
    re.I,
)

_NOTHING = pattern(
    r"^assert not\b|(==|is) *(\[\]|\(\)|\{\}|0|None|False)$|\bnot in\b|assert_?not|assert(IsNone|False)"
    r"|\.not\.|Length\(0\)|Times\(0\)|toBe(Null|Undefined|Falsy)\(|to(Be|Equal)\((0|\[\]|false|null)\)",
    re.IGNORECASE,
)
_PASSES = pattern(r"later|older|newer|strictly|distinct|different|same (milli)?second|order", re.I)
_TIME_GIVEN = pattern(
    r"\w*(delay|interval|timeout|ttl|window|expiry|period|debounce)(_?(ms|s|seconds))?\s*[=:]\s*[\d.]+"
    r"|Date\.now\(\)\s*\+\s*\d|timedelta\(",
    re.IGNORECASE,
)


@rule(
    title="Test that sleeps and hopes",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    cwe=(362,),
    sources=("Sonar S2925",),
    in_tests=True,
    needs=("sleep",),
    only_in_tests=True,
    examples=[
        Example(
            path="tests/test_orders.py",
            bad="""
                import time

                def test_audit_trail(api, store):
                    api.post("/orders")
                    time.sleep(0.3)
                    ^^^^^^^^^^^^^^^ a fixed sleep: too long today, too short tomorrow
                    assert store.count("audit_log") == 1
            """,
        ),
        Example(
            language="javascript",
            path="test/app.test.js",
            bad="""
                const assert = require('node:assert');
                const { it } = require('node:test');

                it('keeps a record', async () => {
                  await call('POST', '/deliveries');
                  await new Promise((resolve) => setTimeout(resolve, 200));
                                                 ^^^^^^^^^^^^^^^^^^^^^^^^ a fixed sleep: too long today, too short tomorrow
                  assert.equal(await count('deliveries'), 1);
                });
            """,
        ),
        Example(
            path="tests/test_orders.py",
            good="""
                import time

                def test_entry_expires(cache):
                    cache.set("key", 1, ttl=1)
                    time.sleep(1.1)
                    assert cache.get("key") is None

                def test_ping(user):
                    before = user.last_seen
                    time.sleep(2)
                    user.ping()
                    assert user.last_seen > before

                def test_audit_trail(api, store):
                    api.post("/orders")
                    deadline = time.monotonic() + 5
                    while not store.count("audit_log"):
                        assert time.monotonic() < deadline
                        time.sleep(0.1)
                    assert store.count("audit_log") == 1

                def test_order(api):
                    def slow():
                        time.sleep(1)
                        return 1

                    time.sleep(0)
                    assert api.get(slow) == 1
            """,
        ),
        Example(
            language="javascript",
            path="test/app.test.js",
            good="""
                it('gives up after a timeout', async () => {
                  await new Promise((resolve) => setTimeout(resolve, 200));
                  expect(calls).toBe(1);
                });

                it('answers', async () => {
                  vi.useFakeTimers();
                  const answer = ask();
                  setTimeout(() => stop(), 200);
                  expect(await answer).toBe(1);
                });
            """,
        ),
        Example(
            path="tests/test_feed.py",
            good="""
                import time

                def test_calm_files(folder):
                    watch = Watch(calm_delay=0.1)
                    watch.add(folder)
                    time.sleep(0.12)
                    assert watch.calm() == [folder]

                def test_sorting(feed):
                    feed.post("first")
                    # The next one must be strictly later.
                    time.sleep(0.05)
                    feed.post("second")
                    assert feed.newest() == "second"
            """,
        ),
        Example(
            language="javascript",
            path="test/socket.test.js",
            good="""
                it('closes the socket', async () => {
                  const socket = open();
                  socket.close();
                  for (let i = 0; i < 50 && !socket.isClosed; i++) {
                    await new Promise((resolve) => setTimeout(resolve, 20));
                  }
                  expect(socket.isClosed).toBe(true);
                });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "sleep")
    if meaning is None or ctx.loop(call) is not None:
        return
    if ctx.is_python and meaning.has("async") and not ctx.is_awaited(call):
        return  # given to a task that stands for long work
    length = ctx.subject(call, meaning)
    value = _number(ctx.value(length).node if length is not None else None, length)
    if value is None or value * (1 if ctx.is_python else 0.001) <= _YIELD:
        return
    function = ctx.function(call)
    if meaning.has("callback"):
        function = _around_promise(call, ctx)
        if function is not None and _is_polled(call, function, ctx):
            return
    if not isinstance(function, Function):
        return
    title = function.name if ctx.is_python else _title(function, ctx)
    if title is None or (ctx.is_python and not is_test(function)):
        return
    if _is_explained(call, ctx) or _sets_a_time(function, ctx):
        return
    if _TIMED.search(title) or _AGES.search(ctx.source(function)) or _fakes_clock(ctx):
        return
    if not asserts_after(call, function, ctx) or _is_for_nothing(call, function, ctx):
        return
    yield Finding(call.span, "a fixed sleep: too long today, too short tomorrow")


def _is_for_nothing(call: Call, function: Function, ctx: Context) -> bool:
    """Whether the test says that nothing has happened, for which it can only let time pass."""
    said = [
        node
        for statement in function.body
        for node in walk(statement)
        if node.span.start >= call.span.end
        and (
            isinstance(node, Assertion)
            or (isinstance(node, Call) and ctx.is_statement(node) and verifies(node, ctx))
        )
    ]
    return bool(said) and all(_NOTHING.search(ctx.source(node)) for node in said)


def _is_explained(call: Call, ctx: Context) -> bool:
    """Whether the comment above says that time itself must pass, for an order or a clock."""
    start = ctx.text.rfind("\n", 0, call.span.start) + 1
    return any(
        comment.span.end <= start
        and not ctx.text[comment.span.end : start].strip()
        and _PASSES.search(comment.text)
        for comment in ctx.item.comments
    )


def _sets_a_time(function: Function, ctx: Context) -> bool:
    """Whether the test gives what it tests a time to keep: `delay=0.1`, `Date.now() + 2000`."""
    return _TIME_GIVEN.search(ctx.source(function)) is not None


def _number(known: object, node: object) -> float | None:
    for one in (node, known):
        if isinstance(one, Constant) and isinstance(one.value, int | float):
            return float(one.value)
    return None


def _around_promise(call: Call, ctx: Context) -> Function | None:
    """The function that waits for `new Promise((resolve) => setTimeout(resolve, …))`."""
    inner = ctx.function(call)
    given = ctx.enclosing(call, Call)
    if not isinstance(inner, Function) or not isinstance(given, Call):
        return None
    if given.method != "Promise" or not ctx.is_awaited(given):
        return None
    return ctx.function(given)


def _is_polled(call: Call, function: Function, ctx: Context) -> bool:
    """Whether it waits between two looks at what must come, in a loop."""
    return any(
        isinstance(above, Loop) and function.span.covers(above.span)
        for above in ctx.ancestors(call)
    )


def _title(function: Function, ctx: Context) -> str | None:
    """The title of the test whose body `function` is."""
    call = ctx.enclosing(function, Call)
    if not isinstance(call, Call) or body_of(call, ctx) is not function:
        return None
    first = call.argument(0)
    return (ctx.text_of(first) or "") if first is not None else ""


def _fakes_clock(ctx: Context) -> bool:
    for site in ctx.sites:
        for meaning in site.meanings:
            if meaning.has("clock"):
                return True
    return False
