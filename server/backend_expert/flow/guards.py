"""Guards: what a test that holds (or does not) tells of the values it tests."""

import re
from typing import TYPE_CHECKING

from backend_expert.facts.code import (
    Call,
    Collection,
    Constant,
    Expression,
    Index,
    Member,
    Name,
    Operation,
    Text,
)
from backend_expert.flow.paths import path_of
from backend_expert.flow.value import UNKNOWN, Env, Value
from backend_expert.text.pattern import pattern

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator

# Methods that, when true, leave nothing harmful in their receiver.
_PLAIN_TESTS = frozenset(
    ("isdigit", "isalnum", "isalpha", "isnumeric", "isdecimal", "isidentifier")
)
# Parts of a URL that say where it leads.
_HOSTS = frozenset(("host", "hostname", "netloc", "origin"))
_MEMBERSHIP = frozenset(("includes", "has", "hasOwnProperty", "__contains__", "contains"))
# A project's own checks, told by their names: what they vouch for is theirs to judge.
_VOUCHES = pattern(
    r"(?:^|_)(?:is_?)?(?:safe|valid|allowed|permitted|trusted|whitelisted|allowlisted)(?:_|$)"
    r"|^(?:is|has)(?:Safe|Valid|Allowed|Permitted|Trusted)",
)
# Checks that make a value fit for one sink: a path tested after normalisation, a URL's host.
_CHECKS: dict[str, str] = {
    "is_relative_to": "path",
    "startswith": "url path",
    "startsWith": "url path",
    "url_has_allowed_host_and_scheme": "url",
    "is_safe_url": "url",
    "is_safe_redirect": "url",
    "isUUID": "any",
    "isInt": "any",
    "isNumeric": "any",
    "isAlphanumeric": "any",
    "isSafeInteger": "any",
    "isInteger": "any",
    "fullmatch": "any",
}

# Checks of a project's own that an address is one to go to: `_allow_redirect`, `isOurUrl`.
_LEADS_HOME = pattern(
    r"(allow|safe|valid|trusted|our|internal|local)\w*_?(redirect|url|uri|host|next|target|link)",
    re.IGNORECASE,
)
# Checks of a project's own that a path lies in a folder.
_INSIDE = pattern(r"inside|within|safe_?path|path_?(is_?)?(allowed|safe|valid)", re.IGNORECASE)


def refined(evaluator: "Evaluator", test: Expression, env: Env, holds: bool) -> Env:
    """The variables of which the test, holding or not, tells that they are harmless."""
    if isinstance(test, Operation):
        if test.operator == "not":
            return refined(evaluator, test.operands[0], env, not holds)
        if (test.operator == "and" and holds) or (test.operator == "or" and not holds):
            known: Env = {}
            for operand in test.operands:
                known |= refined(evaluator, operand, env, holds)
            return known
        if test.operator in ("and", "or"):
            # One of them holds, nobody knows which: known is what all of them tell.
            first, *others = [refined(evaluator, operand, env, holds) for operand in test.operands]
            return {p: v for p, v in first.items() if all(known.get(p) == v for known in others)}
        return _comparison(evaluator, test, env, holds)
    if isinstance(test, Call) and holds:
        return _checked(evaluator, test, env)
    if isinstance(test, Index) and holds:
        return _looked_up(evaluator, test, env)
    return {}


def survived(evaluator: "Evaluator", call: Call, env: Env) -> Env:
    """What is harmless once a call has raised nothing: `path.relative_to(base)`."""
    if call.method == "relative_to" and isinstance(call.callee, Member):
        return _cleaned(evaluator, call.callee.object, env, "path")
    return {}


def _comparison(evaluator: "Evaluator", test: Operation, env: Env, holds: bool) -> Env:
    if len(test.operands) != 2:
        return {}
    left, right = test.operands
    operator = test.operator if holds else _OPPOSITE.get(test.operator, "")
    if operator == "in" and _is_fixed(evaluator, right):
        known = _cleaned(evaluator, left, env, "any")
        if isinstance(left, Member) and left.name in _HOSTS:
            known |= _cleaned(evaluator, left.object, env, "url")
        return known
    if operator == "in" and isinstance(right, Member) and right.name == "parents":
        return _cleaned(evaluator, right.object, env, "path")  # the base is above the path
    if test.operator in ("!=", "is-not") and holds and isinstance(left, Index):
        is_none = isinstance(right, Constant) and right.value is None
        return _looked_up(evaluator, left, env) if is_none or _is_undefined(right) else {}
    if operator in ("==", "is"):
        if _is_literal(evaluator, right):
            return _cleaned(evaluator, left, env, "any")
        if _is_literal(evaluator, left):
            return _cleaned(evaluator, right, env, "any")
        if isinstance(left, Call) and left.method == "commonpath":
            known: Env = {}
            for argument in left.arguments:
                for node in _names_in(argument.value):
                    known |= _cleaned(evaluator, node, env, "path")
            return known
    return {}


def _looked_up(evaluator: "Evaluator", test: Index, env: Env) -> Env:
    """The key under which something was found in what is no one's to choose."""
    fixed = _is_fixed(evaluator, test.object)
    return _cleaned(evaluator, test.key, env, "any") if fixed else {}


def _is_undefined(node: Expression) -> bool:
    return isinstance(node, Name) and node.id == "undefined"


_OPPOSITE = {"not-in": "in", "!=": "==", "is-not": "is"}


def _checked(evaluator: "Evaluator", test: Call, env: Env) -> Env:
    method = test.method
    if isinstance(test.callee, Member):
        if method in _PLAIN_TESTS:
            return _cleaned(evaluator, test.callee.object, env, "any")
        if method in _MEMBERSHIP and test.arguments and _is_fixed(evaluator, test.callee.object):
            return _cleaned(evaluator, test.arguments[0].value, env, "any")
        if method in ("startswith", "startsWith") and test.arguments:
            known = _cleaned(evaluator, test.callee.object, env, "path")
            return known | _cleaned(evaluator, test.callee.object, env | known, "url")
        if method == "test" and test.arguments:
            # A pattern that must match; what it lets through is the project's own choice.
            known = _cleaned(evaluator, test.arguments[0].value, env, "path")
            return known | _cleaned(evaluator, test.arguments[0].value, env | known, "url")
    if _LEADS_HOME.search(method) and test.arguments:
        return _cleaned(evaluator, test.arguments[0].value, env, "url")
    inside = _INSIDE.search(method)
    if inside and method not in _CHECKS and len(test.arguments) > 1:
        # `isPathInside(base, path)`: the order is each one's own.
        known: Env = {}
        for argument in test.arguments:
            known |= _cleaned(evaluator, argument.value, env | known, "path")
        return known
    sink = _CHECKS.get(method) or ("any" if _VOUCHES.search(method) else None)
    if sink and sink != "url path":
        subject = test.arguments[-1].value if method == "fullmatch" and test.arguments else None
        if subject is None:
            subject = (
                test.callee.object
                if method == "is_relative_to" and isinstance(test.callee, Member)
                else (test.arguments[0].value if test.arguments else None)
            )
        if subject is not None:
            return _cleaned(evaluator, subject, env, sink)
    return {}


def _names_in(node: Expression) -> list[Expression]:
    if isinstance(node, Collection):
        return [entry.value for entry in node.entries]
    return [node]


def _is_literal(evaluator: "Evaluator", node: Expression) -> bool:
    if isinstance(node, Constant):
        return node.value is not None
    return evaluator.reading.value(node).is_constant


def _is_fixed(evaluator: "Evaluator", node: Expression) -> bool:
    """Whether a collection is no one's to choose: literal members, or a constant by its name."""
    if isinstance(node, Collection):
        return all(
            isinstance(entry.value, Text | Constant)
            or evaluator.reading.value(entry.value).is_constant
            for entry in node.entries
        )
    value = evaluator.reading.value(node)
    if value.untrusted() is not None or value.text is not None:
        return False
    if isinstance(value.node, Collection):
        return True
    if isinstance(node, Call):
        return False
    word = node.name if isinstance(node, Member) else getattr(node, "id", "")
    return bool(word) and not value.origins


def _cleaned(evaluator: "Evaluator", node: Expression, env: Env, sink: str) -> Env:
    while isinstance(node, Call):
        # `str(path).startswith(base)`, `name.lower() in ALLOWED`: the test is of what is inside.
        if isinstance(node.callee, Member) and not node.arguments:
            node = node.callee.object
        elif node.arguments:
            node = node.arguments[0].value
        else:
            return {}
    path = path_of(node)
    if not path:
        return {}
    value = env.get(path, evaluator.reading.value(node))
    if value is UNKNOWN or not value.origins:
        return {}
    if not isinstance(node, Name):
        evaluator.has_paths = True
    return {path: Value(value.name, value.cleaned(sink).origins, value.parts, value.home)}
