"""A test that verifies nothing passes as long as nothing explodes.

It raises the coverage and guards against nobody: the answer may be wrong, empty or an error page,
and the build stays green. Say what must be true afterwards: the status, the row that was written,
the message that was sent. If "it does not raise" is the point, say so in the test's name.

Leave it off for smoke tests whose only question is whether it runs.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Expression,
    Function,
    Member,
    Name,
    Node,
    Statement,
    Text,
    walk,
)
from backend_expert.facts.item import Item
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.asserting import body_of, first_of, is_test, verifies
from backend_expert.lint.overlooked import overlooks
from backend_expert.text.pattern import pattern

_SMOKE = pattern(
    r"not_?(raise|fail|crash|throw|error|break|explode)|no_?(error|exception|crash|throw)"
    r"|without_?(error|exception|crash|fail|throw)|smoke|import|bench|perf|(^|_| )(runs?|works?"
    r"|loads?|starts?|renders?|boots?|compiles?|instantiat\w*|succeeds?|allowed|noop|no-op)(_| |$)"
    r"|accept|valid|pass(es|ed)?(_| |$)|allow|permit|success|(^|_| )ok(_| |$)|can(_| )"
    r"|does(n't| not) (throw|fail|crash|raise|error)|idempotent|handle|ignor|bail|skip|graceful"
    r"|(^|_| )no_?file|(^|_| )none(_|$)|consistent|(not|n't)(_| )exist|unavailable|quick|(^|_| )absent",
    re.IGNORECASE,
)
# Helpers of the tests' own: relative modules, a `tests` package, and what is called so.
# Names of a class of tests each of which is passed when nothing is raised.
_ACCEPTS = pattern(r"accept|allow|permit|legitimate|NotRaise|NoError", re.IGNORECASE)
_HELPER = pattern(r"^\.|^tests\.|\.tests\.|helper|assert|support|conftest", re.IGNORECASE)
_ON_PURPOSE = pattern(
    r"rais|throw|error|fail|crash|succe|pass|valid|work|fine|ok\b|can be|able", re.I
)
# What such helpers do when they verify nothing.
_ACTS = pattern(
    r"^_*(call|get|post|put|patch|delete|send|request|create|make|build|log_?in|sign_?in|seed|set_?up"
    r"|reset|fetch|insert|add|save|load|start|stop|open|close|subscribe|place|register|publish)",
    re.IGNORECASE,
)
_CHECKS = pattern(r"check|verif|assert|expect|validat|ensure", re.IGNORECASE)
# Titles of steps: what is done, in the third person, and to what.
_STEP = pattern(
    r"^(creates?|adds?|uses|mutes|unmutes|blocks|unblocks|deletes?|removes?|revokes|deactivates"
    r"|activates|sends|posts|sets up|prepares|seeds|logs in|signs in|registers|uploads) ",
    re.IGNORECASE,
)
_FIXTURES = frozenset(("benchmark", "snapshot", "regtest", "data_regression", "file_regression"))

_EXPECTED = frozenset(("status", "expected_status", "expect_errors", "status_code"))
_AGAIN = frozenset(("refresh_from_db", "arefresh_from_db"))


@rule(
    title="Test that verifies nothing",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("Sonar S2699", "jest expect-expect", "PMD UnitTestShouldIncludeAssert"),
    peers=("jest/expect-expect", "vitest/expect-expect"),
    in_tests=True,
    only_in_tests=True,
    examples=[
        Example(
            path="tests/test_auth.py",
            bad="""
                def test_reset_does_not_tell_who_has_an_account(api):
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this test looks at no result: only a crash fails it
                    api.post("/auth/password-reset", json={"email": "nobody@example.com"})
            """,
        ),
        Example(
            language="javascript",
            path="test/app.test.js",
            bad="""
                const request = require('supertest');

                it('needs a complete message', async () => {
                ^^ this test looks at no result: only a crash fails it
                  await request(app).post('/deliveries').send({ subject: 'Hello' });
                });
            """,
        ),
        Example(
            path="tests/test_auth.py",
            good="""
                import pytest
                from tests.steps import logs_in

                def status_is(answer, status):
                    assert answer.status_code == status

                def test_reset(api):
                    status_is(api.post("/auth/password-reset"), 202)

                def test_login(api):
                    logs_in(api)

                def test_empty_reset_is_refused(api):
                    with pytest.raises(ValueError, match="empty"):
                        api.reset("")

                def test_reset_twice_does_not_raise(api):
                    api.reset("ada")
                    api.reset("ada")

                def test_mail(api, mailer):
                    api.reset("ada")
                    mailer.send.assert_called_once()

                def test_empty_address_is_accepted(api):
                    api.reset("ada", address="")

                def test_twice(api):
                    api.reset("ada")
                    # The second one must not fail.
                    api.reset("ada")

                def test_anonymous_order(api):
                    '''Ordering raises nothing for a visitor who is not logged in.'''
                    api.order(None)

                def test_later():
                    pass
            """,
        ),
        Example(
            language="javascript",
            path="test/app.test.js",
            good="""
                const request = require('supertest');
                const { isRefused } = require('./helpers');

                it('is refused', async () => {
                  await request(app).post('/deliveries').expect(422);
                });

                it('is refused politely', async () => {
                  isRefused(await request(app).post('/deliveries'));
                });

                it('is done', (done) => {
                  start(() => done());
                });

                it('does not throw', () => {
                  start();
                });

                it('keeps the address', async () => {
                  const delivery = await api.save({ address: 'Kiel' });
                  ok(delivery.id);
                  strictEqual(delivery.address, 'Kiel');
                });

                it('is for later');
            """,
        ),
        Example(
            language="javascript",
            path="test/mutes.test.js",
            good="""
                describe('mutes', () => {
                  let list;

                  beforeAll(async () => {
                    await start();
                  });

                  it('starts a list', async () => {
                    list = await api.lists.create('quiet');
                  });

                  it('mutes a thread', async () => {
                    await api.threads.mute(list.id);
                  });

                  it('leaves the thread out', async () => {
                    expect(await api.threads.all()).toEqual([]);
                  });

                  it('tells its subscribers', () =>
                    new Promise((resolve) => {
                      list.subscribe((value) => value && resolve());
                      list.add(1);
                    }));

                  it('answers as the schema says', function () {
                    checkBody.call(this, list);
                  });
                });
            """,
        ),
        Example(
            path="tests/test_metrics.py",
            good="""
                def test_event():
                    NullMetrics().event("paid")

                def test_handles_orders_that_are_gone(order):
                    order.remove()
                    order.remove()
            """,
        ),
        Example(
            language="javascript",
            path="test/lines.test.js",
            good="""
                const { changeAndCheckLine } = require('./lines');

                it('a line of a list', async () => {
                  await changeAndCheckLine(3, 'x');
                });

                it('forgets an order that does not exist', async () => {
                  await orders.forget('none');
                });
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    words = "this test looks at no result: only a crash fails it"
    if ctx.is_python:
        for function in _tests(item.body):
            if _is_blind(function, function.name, ctx):
                yield Finding(function.name_span, words)
        return
    for site in ctx.sites:
        call = site.call
        body = body_of(call, ctx)
        if body is not None and _is_blind(body, _title(call, ctx), ctx):
            yield Finding(call.callee.span, words)


def _tests(statements: tuple[Statement, ...]) -> Iterator[Function]:
    for statement in statements:
        if isinstance(statement, Function) and is_test(statement) and not _is_fixture(statement):
            yield statement


def _is_fixture(function: Function) -> bool:
    """Whether it is a fixture, or skipped, in spite of its name."""
    return any(
        (node.name if isinstance(node, Member) else node.id) in ("fixture", "skip")
        for decorator in function.decorators
        for node in walk(decorator)
        if isinstance(node, Member | Name)
    )


def _title(call: Call, ctx: Context) -> str:
    first: Expression | None = call.argument(0)
    return (ctx.text_of(first) or "") if first is not None else ""


def _is_blind(function: Function, title: str, ctx: Context) -> bool:
    if _SMOKE.search(title) or _ACCEPTS.search(ctx.item.place.owner):
        return False
    if any(verifies(statement, ctx) for statement in function.body):
        return False
    if any(_ON_PURPOSE.search(words) for words in _words(function, ctx)):
        return False
    if not ctx.is_python and (_is_step(function, title, ctx) or _resolves(function)):
        return False
    if any(_is_null(node) for statement in function.body for node in walk(statement)):
        return False
    last = function.body[-1] if function.body else None
    if isinstance(last, Call) and (ctx.meaning(last, "sql.execute") or last.method in _AGAIN):
        return False  # asks for what must be there, and fails when it is not
    names = {parameter.name for parameter in function.parameters}
    if not names.isdisjoint(_FIXTURES):
        return False
    first = first_of(function)
    if not ctx.is_python and first is not None:
        return False  # `done` or `t`, which fail the test in their own way
    calls = [n for s in function.body for n in walk(s) if isinstance(n, Call)]
    if any(argument.name in _EXPECTED for call in calls for argument in call.arguments):
        return False  # the client of the test fails at another answer
    if not calls or any(_may_verify(call, names, ctx) for call in calls):
        return False
    return overlooks(function, ctx)


def _is_step(function: Function, title: str, ctx: Context) -> bool:
    """Whether the test does one step of a story, on which the tests after it look.

    It keeps something in a variable that it shares with them, or its title says what is done and
    the story is set up once for all of them.
    """
    assigned = [node for node in walk(function) if isinstance(node, Assign)]
    own = {t.id for n in assigned if n.declares for t in n.targets if isinstance(t, Name)}
    kept = {t.id for n in assigned for t in n.targets if isinstance(t, Name)} - own
    kept |= {
        t.name for n in assigned for t in n.targets if isinstance(t, Member) and _is_on_this(t)
    }
    is_told = {"beforeAll", "before"} & ctx.item.names and "beforeEach" not in ctx.item.names
    return bool(kept) or bool(is_told and _STEP.search(title))


def _is_on_this(target: Member) -> bool:
    owner = target.object
    return isinstance(owner, Name) and owner.id in ("this", "self")


def _resolves(function: Function) -> bool:
    """Whether it ends when a promise of its own is resolved, which it waits for."""
    return any(isinstance(node, Call) and node.method == "Promise" for node in walk(function))


def _is_null(node: Node) -> bool:
    """Whether something is there to do nothing: `NullMetrics()`, `NoopCache()`."""
    return isinstance(node, Call) and node.method.lower().startswith(("null", "noop", "dummy"))


def _words(function: Function, ctx: Context) -> Iterator[str]:
    """What the test's docstring and comments say."""
    for comment in ctx.item.comments:
        if function.span.covers(comment.span):
            yield comment.text
    if function.body:
        first = function.body[0]
        if isinstance(first, Text):
            yield first.value or ""


def _may_verify(call: Call, names: set[str], ctx: Context) -> bool:
    """Whether a call goes to a helper that this file does not show, and that may verify."""
    above = ctx.parent(call)
    is_alone = ctx.is_statement(above if isinstance(above, Await) else call)
    site = ctx.site(call)
    if not is_alone or (site is not None and isinstance(site.callee.node, Function)):
        return False
    callee = call.callee
    if isinstance(callee, Name):
        if callee.id in names:
            return True
        known = ctx.called(call).lstrip("?")
        return _HELPER.search(known) is not None and not _ACTS.search(callee.id)
    if not isinstance(callee, Member):
        return True
    owner = callee.object
    if callee.name in ("call", "apply") and _CHECKS.search(ctx.source(owner)):
        return True
    if isinstance(owner, Name) and owner.id == "self":
        return True

    return _HELPER.search(ctx.name(owner).lstrip("?")) is not None
