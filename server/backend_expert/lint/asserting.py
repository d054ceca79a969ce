"""What rules about tests share: which functions are tests, and what verifies something."""

import re

from backend_expert.facts.code import (
    Assertion,
    Call,
    Function,
    Member,
    Name,
    Node,
    Parameter,
    Raise,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_ROLES = ("test.assert", "test.expect", "test.raises")
_VERBS = pattern(
    r"^_*(assert|verif|expect|should|shall|check|valid|ensure|compare|must|match|confirm|fail|deny"
    r"|require|inspect|wait|with_?timeout|eventually|poll|findby|findallby|getby|getallby|raises|approve"
    r"|(full_)?clean$|(not_?)?(ok$|(deep_?)?(strict_?)?equals?$)|snapshot|tosee|lives_ok|throws|rejects|is_valid|run_?test|do_?test|test)",
    re.IGNORECASE,
)
# In the middle of a helper's name: `change_and_check_line`, `saveAndVerify`.
_INSIDE = pattern(r"_(check|verif|assert|expect)|[a-z](Check|Verif|Assert|Expect)")
_WORDS = frozenset(("should", "expect", "assert", "cy", "Assert"))


def is_test(function: Function) -> bool:
    """Whether a Python function is a test by its name."""
    return function.name.startswith("test")


def verifies(node: Node, ctx: Context) -> bool:
    """Whether something in `node` can fail a test: an assertion, or what may hold one."""
    for below in walk(node):
        if isinstance(below, Assertion | Raise):
            return True
        if isinstance(below, Member | Name):
            word = below.name if isinstance(below, Member) else below.id
            if word in _WORDS:
                return True
        elif isinstance(below, Call) and _call_verifies(below, ctx):
            return True
    return False


def _call_verifies(call: Call, ctx: Context) -> bool:
    if _VERBS.search(call.method) or _INSIDE.search(call.method) or ctx.effects(call, *_ROLES):
        return True
    site = ctx.site(call)
    if site is None:
        return False
    function = site.callee.node
    if isinstance(function, Function):
        return any(
            isinstance(below, Assertion | Raise)
            or (isinstance(below, Call) and _VERBS.search(below.method) is not None)
            for below in walk(function)
        )
    return False


def asserts_after(call: Call, function: Function, ctx: Context) -> bool:
    """Whether `function` verifies something after `call`."""
    for statement in function.body:
        if statement.span.end > call.span.end:
            for node in walk(statement):
                if node.span.start < call.span.end:
                    continue
                if isinstance(node, Assertion):
                    return True
                if isinstance(node, Call) and _call_verifies(node, ctx):
                    return True
    return False


def body_of(call: Call, ctx: Context) -> Function | None:
    """The function that a JavaScript runner is given for one test."""
    meaning = ctx.meaning(call, "test.case")
    if meaning is None or meaning.has("group") or meaning.has("hook"):
        return None
    for argument in call.arguments[1:]:
        if isinstance(argument.value, Function):
            return argument.value
    return None


def first_of(function: Function) -> Parameter | None:
    """The first parameter: `t` of some runners, `done` of others."""
    return function.parameters[0] if function.parameters else None
