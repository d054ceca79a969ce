"""An assertion that nobody awaits cannot fail the test.

`expect(promise).rejects` and `assert.rejects` give a promise: the test is over, and green, before
it is settled. In Python a coroutine that is not awaited never runs, and `assert` takes it for
true. Await it; then see the test fail once, with the code under test broken on purpose.

Leave it off where the runner itself waits for what the test started.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Assertion, Call, Function, Region
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

# Decorators that leave an async function async.
_PLAIN = frozenset(("staticmethod", "classmethod"))


@rule(
    title="Assertion that is not awaited",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    sources=("jest valid-expect", "vitest valid-expect", "Sonar S2970", "Sonar S5905"),
    peers=("jest/valid-expect", "vitest/valid-expect"),
    in_tests=True,
    only_in_tests=True,
    examples=[
        Example(
            language="javascript",
            path="test/orders.test.js",
            bad="""
                const assert = require('node:assert');
                const { it } = require('node:test');

                it('refuses an empty order', async () => {
                  assert.rejects(place([]), /empty/);
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not awaited: the test ends before this can fail
                });
            """,
            good="""
                const assert = require('node:assert');
                const { it } = require('node:test');

                it('refuses an empty order', async () => {
                  await assert.rejects(place([]), /empty/);
                });
            """,
        ),
        Example(
            language="typescript",
            path="src/orders.test.ts",
            bad="""
                it('refuses an empty order', () => {
                  expect(place([])).rejects.toThrow('empty');
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not awaited: the test ends before this can fail
                });
            """,
            good="""
                it('refuses an empty order', async () => {
                  await expect(place([])).rejects.toThrow('empty');
                });
            """,
        ),
        Example(
            path="tests/test_orders.py",
            bad="""
                async def is_open(order):
                    return await order.status() == "open"

                async def test_a_new_order_is_open(order):
                    assert is_open(order)
                           ^^^^^^^^^^^^^^ a coroutine is always true: this cannot fail
            """,
            good="""
                async def is_open(order):
                    return await order.status() == "open"

                async def test_a_new_order_is_open(order):
                    assert await is_open(order)
            """,
        ),
        Example(
            path="tests/test_orders.py",
            bad="""
                async def check_open(order):
                    assert await order.status() == "open"

                async def test_a_new_order_is_open(order):
                    check_open(order)
                    ^^^^^^^^^^^^^^^^^ `check_open` is not awaited, so it never runs
            """,
            good="""
                async def check_open(order):
                    assert await order.status() == "open"

                async def test_a_new_order_is_open(order):
                    await check_open(order)
            """,
        ),
        Example(
            language="javascript",
            path="test/orders.test.js",
            good="""
                const request = require('supertest');

                it('is awaited', async () => {
                  await expect(place([])).rejects.toThrow('empty');
                  const refusal = expect(place([])).rejects.toThrow('empty');
                  await refusal;
                });

                it('is given back', () => expect(place([])).resolves.toEqual([]));

                it('is given back too', () => {
                  return expect(place([])).resolves.toEqual([]);
                });

                it('says when it is done', (done) => {
                  request(app).get('/orders').expect(200, done);
                });

                it('does not wait', () => {
                  expect(total([])).toBe(0);
                });
            """,
        ),
        Example(
            path="tests/test_orders.py",
            good="""
                import asyncio
                import pytest

                @pytest.fixture
                async def order():
                    return 1

                async def is_open(order):
                    return True

                def test_open(order):
                    assert asyncio.run(is_open(order))
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.is_python:
        yield from _python(call, ctx)
        return
    meaning = ctx.meaning(call, "test.assert")
    if meaning is None or not meaning.has("async") or not ctx.is_statement(call):
        return
    function = ctx.function(call)
    if not isinstance(function, Function) or any(
        isinstance(argument.value, Function) for argument in call.arguments
    ):
        return
    if function.parameters and function.parameters[0].name in ("done", "cb", "callback"):
        return
    words = "not awaited: the test ends before this can fail"
    yield Finding(call.span, words, _awaiting(call, function, ctx))


def _python(call: Call, ctx: Context) -> Iterator[Finding]:
    site = ctx.site(call)
    function = site.callee.node if site is not None else None
    if not isinstance(function, Function) or not function.is_async or function.is_generator:
        return
    if not all(ctx.name(decorator) in _PLAIN for decorator in function.decorators):
        return
    above = ctx.parent(call)
    is_tested = isinstance(above, Assertion) and above.test is call
    if isinstance(above, Region) and any("TypeError" in ctx.source(h.value) for h in above.held):
        return  # what it is called with is wrong, which raises at once
    if not is_tested and not ctx.is_statement(call):
        return
    words = "a coroutine is always true: this cannot fail"
    if not is_tested:
        words = f"`{function.name}` is not awaited, so it never runs"
    around = ctx.function(call)
    fix = _awaiting(call, around, ctx) if isinstance(around, Function) else None
    yield Finding(call.span, words, fix)


def _awaiting(call: Call, function: Function, ctx: Context) -> Fix | None:
    start = call.span.start
    edits = (Edit(Span(start, start), "await "),)
    if not function.is_async:
        if ctx.is_python:
            return None
        head = function.span.start
        edits = (Edit(Span(head, head), "async "), *edits)
    return Fix("Await it", edits)
