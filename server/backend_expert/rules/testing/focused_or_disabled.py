"""A test that is focused silences all its neighbours; one that is skipped guards nothing.

`.only` is for the minute of debugging: once it is merged, the build is green because almost
nothing ran. A skipped test is a promise to come back, and without a reason nobody knows to what:
name the issue, or delete the test, which git keeps anyway.

Leave it off where skipped tests are kept on purpose as a list of what is not built yet.
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from backend_expert.facts.code import (
    Branch,
    Call,
    Choice,
    Class,
    Expression,
    Function,
    Member,
    Name,
    Statement,
)
from backend_expert.facts.item import Item
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.technologies.catalogue import Catalogue
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_ISSUE = pattern(r"#\d+|\b[A-Z][A-Z0-9]+-\d+\b|https?://|TODO|FIXME|flaky|until|because", re.I)


_SKIPS = pattern(r"^x|skip|todo|pending", re.IGNORECASE)
_TESTS = pattern(
    r"(?<![\w.])(it|test|specify|fit|ftest|fdescribe|describe\.only|context\.only)(\.\w+)*\s*[(`]"
)


@rule(
    title="Test focused, or skipped without a reason",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("jest no-focused-tests", "jest no-disabled-tests", "Sonar S6426", "Sonar S1607"),
    peers=("jest/no-focused-tests", "jest/no-disabled-tests", "no-only-tests/no-only-tests"),
    in_tests=True,
    only_in_tests=True,
    examples=[
        Example(
            language="javascript",
            path="test/orders.test.js",
            bad="""
                describe('orders', () => {
                  it.only('adds up', () => {
                  ^^^^^^^ only this runs: the other tests are silently skipped
                    expect(total([1, 2])).toBe(3);
                  });

                  it('is nothing at first', () => {
                    expect(total([])).toBe(0);
                  });
                });
            """,
            good="""
                describe('orders', () => {
                  it('adds up', () => {
                    expect(total([1, 2])).toBe(3);
                  });

                  it('is nothing at first', () => {
                    expect(total([])).toBe(0);
                  });
                });
            """,
        ),
        Example(
            language="typescript",
            path="test/orders.test.ts",
            bad="""
                fdescribe('orders', () => {
                ^^^^^^^^^ only this runs: the other tests are silently skipped
                  it('adds up', () => expect(total([1, 2])).toBe(3));
                });
            """,
            good="""
                describe('orders', () => {
                  it('adds up', () => expect(total([1, 2])).toBe(3));
                });
            """,
        ),
        Example(
            language="javascript",
            path="test/orders.test.js",
            bad="""
                it.skip('adds up', () => {
                ^^^^^^^ skipped, and nobody says why
                  expect(total([1, 2])).toBe(3);
                });
            """,
        ),
        Example(
            path="tests/test_orders.py",
            bad="""
                import pytest

                @pytest.mark.skip
                 ^^^^^^^^^^^^^^^^ skipped, and nobody says why
                def test_adds_up():
                    assert total([1, 2]) == 3
            """,
        ),
        Example(
            path="tests/test_orders.py",
            good="""
                import sys
                import unittest
                import pytest

                @pytest.mark.skip(reason="waits for #123")
                def test_adds_up():
                    assert total([1, 2]) == 3

                @pytest.mark.skipif(sys.platform == "win32", reason="no fork")
                def test_forks():
                    assert total([]) == 0

                class TestOrders(unittest.TestCase):
                    @unittest.skip("the provider's sandbox is down until May")
                    def test_pays(self):
                        assert pay()

                    # The clock of the runner is wrong.
                    @pytest.mark.skip
                    def test_clock(self):
                        assert now()
            """,
        ),
        Example(
            language="javascript",
            path="test/orders.test.js",
            good="""
                // Flaky on the build machine, see #123.
                it.skip('adds up', () => {
                  expect(total([1, 2])).toBe(3);
                });

                /**
                 * The exchange of the courier is down until the spring,
                 * so this one has nothing to ask.
                 */
                it.skip('asks the exchange', () => {
                  expect(rate('EUR')).toBe(1);
                });

                it.skipIf(process.platform === 'win32')('forks', () => expect(fork()).toBe(1));

                it.skip('pays, see SHOP-17', () => expect(pay()).toBe(1));

                it.todo('pays twice');
            """,
        ),
    ],
)
def check(file: CodeFile, _ctx: None) -> Iterator[Finding]:
    words = _words(file.flow.catalogue)
    before: Item | None = None
    for item in file.items:
        if not words.isdisjoint(item.names):
            ctx = Context(file, item, file.flow.reading(item), [])
            explained = before is not None and _ends_in_comment(before, file)
            for found in _in_item(item, explained, ctx):
                if found.message.startswith("only") and _is_alone(file):
                    continue
                yield msgspec.structs.replace(found, item=item)
        before = item


def _is_alone(file: CodeFile) -> bool:
    """Whether there is no other test in the file that would be left out."""
    names = [m.group(1) for item in file.items for m in _TESTS.finditer(item.text)]
    return len(names) == 1


@cache
def _words(catalogue: Catalogue) -> frozenset[str]:
    """The identifiers without which no test is focused or skipped."""
    return frozenset(
        word
        for technology in catalogue.technologies.values()
        for entry in technology.call
        if entry.role in ("test.focus", "test.skip")
        for name in entry.names
        for word in name.split(".")[-1:]
    )


def _in_item(item: Item, explained: bool, ctx: Context) -> Iterator[Finding]:
    for site in ctx.sites:
        yield from _called(site.call, explained, ctx)
    for decorator in _decorators(item.body):
        yield from _decorated(decorator, explained, ctx)


def _called(call: Call, explained: bool, ctx: Context) -> Iterator[Finding]:
    callee = call.callee
    while isinstance(callee, Call):
        callee = callee.callee  # `it.only.each(rows)(…)`
    if ctx.meaning(call, "test.focus"):
        yield Finding(
            callee.span,
            "only this runs: the other tests are silently skipped",
            _unfocused(callee),
        )
        return
    if isinstance(callee, Name) and ctx.called(call) != callee.id and not _SKIPS.search(callee.id):
        return  # a name for what skips here and runs there: `const itOnline = online ? it : it.skip`
    meaning = ctx.meaning(call, "test.skip")
    if meaning is None or not meaning.has("declared"):
        return
    if ctx.enclosing(call, Branch, Choice) is not None or _is_explained(call.span, explained, ctx):
        return
    title = ctx.subject(call, meaning)
    words = ctx.text_of(title) if title is not None else None
    if words is None or not _ISSUE.search(words):
        yield Finding(callee.span, "skipped, and nobody says why")


def _unfocused(callee: Expression) -> Fix | None:
    if isinstance(callee, Member):
        while callee.name != "only":
            if not isinstance(callee.object, Member):
                return None
            callee = callee.object
        edit = Edit(Span(callee.object.span.end, callee.span.end), "")
    else:  # `fit`, `fdescribe`
        edit = Edit(Span(callee.span.start, callee.span.start + 1), "")
    return Fix("Run the other tests again", (edit,))


def _decorators(statements: tuple[Statement, ...]) -> Iterator[Expression]:
    for statement in statements:
        if isinstance(statement, Function | Class):
            yield from statement.decorators


def _decorated(decorator: Expression, explained: bool, ctx: Context) -> Iterator[Finding]:
    is_call = isinstance(decorator, Call)
    name = ctx.called(decorator) if is_call else ctx.name(decorator)
    for meaning in ctx.file.flow.catalogue.calls(name):
        if meaning.role != "test.skip" or meaning.has("xfail"):
            continue
        if is_call and decorator.arguments:
            continue
        if not _is_explained(decorator.span, explained, ctx):
            yield Finding(decorator.span, "skipped, and nobody says why")


def _is_explained(span: Span, explained: bool, ctx: Context) -> bool:
    """Whether a comment stands on the lines above, at the end of the first line, or right below.

    `explained`: the lines above the item are a comment.
    """
    text = ctx.text
    start = text.rfind("\n", 0, span.start)
    if explained and start < 0:
        return True
    end = (text + "\n").find("\n", span.start)
    above = text.rfind("\n", 0, max(start, 0))
    if any(
        comment.span.start >= end and not text[end : comment.span.start].strip()
        for comment in ctx.item.comments
    ):
        return True
    around = Span(above + 1, end)
    return any(around.start <= comment.span.end <= around.end for comment in ctx.item.comments)


def _ends_in_comment(item: Item, file: CodeFile) -> bool:
    if not item.comments:
        return False
    after = item.text[item.comments[-1].span.end :]
    return not after.strip() and after.count("\n") <= 1
