"""A test that expects any error at all passes for the wrong one.

`raises(Exception)` is content with a misspelt name, a missing import or a fixture that broke: the
code that should have refused was never reached. Name the error that you expect and part of its
message, and let the block hold nothing but the one call that must fail.

Leave it off where the code under test promises no more than "some error".
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Collection,
    Expression,
    Held,
    Member,
    Name,
    Node,
    Region,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.text.pattern import pattern

_ANY = frozenset(("Exception", "BaseException", "Error"))
_VAGUE = frozenset(
    ("ValueError", "TypeError", "KeyError", "AttributeError", "RuntimeError", "OSError",
     "Exception", "BaseException", "IndexError", "LookupError", "NameError")
)  # fmt: skip

_ANY_WILL_DO = pattern(
    r"\b(any|whatever|some)\b.*\b(errors?|exceptions?|rejects?)\b", re.IGNORECASE
)


@rule(
    title="Expected error too broad",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("ruff PT011", "ruff PT012", "ruff B017", "Sonar S5778", "Sonar S5958"),
    peers=("PT011", "PT012", "B017", "jest/require-to-throw-message"),
    in_tests=True,
    needs=("test.raises",),
    only_in_tests=True,
    examples=[
        Example(
            path="tests/test_auth.py",
            bad="""
                import pytest

                def test_wrong_password(api):
                    with pytest.raises(Exception):
                                       ^^^^^^^^^ any error passes, a misspelt name too
                        api.login("ada", "wrong")
            """,
        ),
        Example(
            path="tests/test_auth.py",
            bad="""
                import pytest

                def test_wrong_password(api):
                    with pytest.raises(ValueError):
                         ^^^^^^^^^^^^^^^^^^^^^^^^^ several calls may raise this: keep the one that must
                        user = api.find("ada")
                        api.login(user, "wrong")
            """,
        ),
        Example(
            language="javascript",
            path="test/auth.test.js",
            bad="""
                it('refuses a wrong password', async () => {
                  await expect(login('ada', 'wrong')).rejects.toThrow(Error);
                                                                      ^^^^^ any error passes, a misspelt name too
                });
            """,
        ),
        Example(
            path="tests/test_auth.py",
            good="""
                import unittest
                import pytest
                from shop.errors import LoginFailed

                def test_wrong_password(api):
                    with pytest.raises(LoginFailed):
                        user = api.find("ada")
                        api.login(user, "wrong")
                    with pytest.raises(Exception, match="wrong password"):
                        api.login("ada", "wrong")
                    with pytest.raises(Exception) as caught:
                        api.login("ada", "wrong")
                    assert "wrong password" in str(caught.value)

                class TestLogin(unittest.TestCase):
                    def test_message(self):
                        with self.assertRaisesRegex(Exception, "wrong"):
                            login("ada", "wrong")
            """,
        ),
        Example(
            language="javascript",
            path="test/auth.test.js",
            good="""
                it('refuses a wrong password', async () => {
                  await expect(login('ada', 'wrong')).rejects.toThrow('wrong password');
                  await expect(login('ada', 'wrong')).rejects.toThrow(LoginFailed);
                  expect(() => login('ada')).not.toThrow(Error);
                });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "test.raises")
    if meaning is None or meaning.has("warning") or _is_negated(call):
        return
    type = ctx.subject(call, meaning)
    if type is None or _is_looked_at(call, ctx):
        return
    match = ctx.option(call, meaning, "match")
    if (
        match.value is not None
        or match.hidden
        or ctx.option(call, meaning, "check").value is not None
    ):
        return
    if any(_is_named(one, _ANY) for one in _each(type)) and not _is_meant(call, ctx):
        if _is_said_again(call, type, ctx):
            return
        yield Finding(type.span, "any error passes, a misspelt name too")
        return
    region = _region(call, ctx)
    if region is None or not any(_is_named(one, _VAGUE) for one in _each(type)):
        return
    if sum(_calls(statement) for statement in region.body) > 1:
        yield Finding(call.span, "several calls may raise this: keep the one that must")


def _is_meant(call: Call, ctx: Context) -> bool:
    """Whether the comment above says that any error will do."""
    start = ctx.text.rfind("\n", 0, call.span.start) + 1
    return any(
        not ctx.text[comment.span.end : start].strip() and _ANY_WILL_DO.search(comment.text)
        for comment in ctx.item.comments
        if comment.span.end <= start
    )


def _is_said_again(call: Call, type: Expression, ctx: Context) -> bool:
    """Whether another line asserts of the very same call what it must raise."""
    function = ctx.function(call)
    if ctx.is_python or function is None:
        return False
    before = ctx.text[call.span.start : type.span.start]
    return ctx.source(function).count(before) > 1


def _each(type: Expression) -> Iterator[Expression]:
    if isinstance(type, Collection):
        yield from (entry.value for entry in type.entries)
    else:
        yield type


def _is_named(type: Expression, names: frozenset[str]) -> bool:
    return isinstance(type, Name) and type.id in names


def _is_negated(call: Call) -> bool:
    """Whether `.not` stands in the chain before the matcher."""
    node: Node = call.callee
    while isinstance(node, Member | Call):
        if isinstance(node, Member):
            if node.name in ("not", "not_"):
                return True
            node = node.object
        else:
            node = node.callee
    return False


def _region(call: Call, ctx: Context) -> Region | None:
    held = ctx.parent(call)
    region = ctx.parent(held) if isinstance(held, Held) else None
    return region if isinstance(region, Region) else None


def _is_looked_at(call: Call, ctx: Context) -> bool:
    """Whether the error is kept, to be looked at afterwards."""
    held = ctx.parent(call)
    if isinstance(held, Held):
        return held.target is not None
    return isinstance(held, Assign)


def _calls(statement: Node) -> bool:
    """Whether a statement of the block may raise: it calls something."""
    return any(isinstance(node, Call) for node in walk(statement))
