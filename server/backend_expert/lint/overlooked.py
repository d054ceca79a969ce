"""What a test gets and never looks at: an answer, a value, a comparison, a double."""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Comprehension,
    Expression,
    Function,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Region,
    Statement,
    Text,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_COMPARES = frozenset(("==", "!=", "is", "is-not", "in", "not-in", "<", "<=", ">", ">=", "not"))
# Calls that are made for what they give, and raise nothing when it is the wrong thing.
_ASKS = pattern(
    r"^(exists|first|last|count|length|render|serialize|filter|to_(json|dict|string)|toJSON|toString)$"
    r"|^(is|has|find|list|count)(_[a-z]|[A-Z])"
)
# Clients of tests hand a refusal back as an answer.
_CLIENT = pattern(r"client$|^(api|app|request|agent|browser|server)$", re.IGNORECASE)
_VERBS = frozenset(("get", "post", "put", "patch", "delete", "head", "options"))
_DOUBLE = pattern(r"^((Magic|Async|Property|NonCallable)?Mock|create_autospec|spy|stub)$")
_DOUBLES_OF_NODE = pattern(r"^(jest|vi|sinon)\.(fn|stub|spy|mock)$|\.(stub|spy|mock)$")
_SENDS = frozenset(("fetch", "inject", "supertest"))
_CLOSES = frozenset(("close", "aclose", "release"))


def overlooks(function: Function, ctx: Context) -> bool:
    """Whether a test that verifies nothing has had something to look at, or tries nothing at all.

    A test that only acts may be there to see that nothing is raised.
    """
    nodes = [node for statement in function.body for node in walk(statement)]
    dropped = [node for node in nodes if isinstance(node, Operation) and ctx.is_statement(node)]
    if any(node.operator in _COMPARES for node in dropped):
        return True
    last = _last(function)
    if isinstance(last, Call) and _ASKS.search(last.method):
        return True
    calls = [node for node in nodes if isinstance(node, Call)]
    return (
        any(_is_answer(call, ctx) and _is_dropped(call, function, ctx) for call in calls)
        or _is_unused(nodes)
        or any(_is_double_handed_over(call, ctx) for call in calls)
        or any(_calls_what_is_not(call, ctx) for call in calls)
        or _only_prepares(function, ctx)
    )


def _last(function: Function) -> Node | None:
    """The last thing that is done, in blocks and loops too."""
    statements: tuple[Statement, ...] = function.body
    while statements:
        last = statements[-1]
        if isinstance(last, Region | Loop):
            statements = last.body
        else:
            return last.value if isinstance(last, Await) else last
    return None


def _is_answer(call: Call, ctx: Context) -> bool:
    """Whether a call asks the service under test, by a client that raises on no status."""
    meaning = ctx.meaning(call, "http.request")
    if meaning is not None and meaning.has("in-process"):
        return True
    if _asks_by_helper(call, ctx):
        return True
    if call.method not in _VERBS or not isinstance(call.callee, Member) or not call.arguments:
        return False
    holder = call.callee.object
    if not ctx.is_python:
        return isinstance(holder, Call) and holder.method in ("request", "supertest")
    word = holder.name if isinstance(holder, Member) else getattr(holder, "id", "")
    return bool(_CLIENT.search(word)) and _is_path(call.arguments[0].value)


def _asks_by_helper(call: Call, ctx: Context) -> bool:
    """Whether a function of this file sends a request and gives the answer back, whatever it is."""
    site = ctx.site(call)
    helper = site.callee.node if site is not None else None
    return isinstance(helper, Function) and any(
        isinstance(node, Call) and node.method in _SENDS for node in walk(helper)
    )


def _is_path(node: Expression) -> bool:
    if isinstance(node, Text):
        first = getattr(node.parts[0], "value", "") if node.parts else ""
        return not isinstance(first, str) or first.startswith(("/", "http"))
    if isinstance(node, Call):
        return node.method in ("reverse", "url_for", "format", "url", "join")
    word = node.name if isinstance(node, Member) else getattr(node, "id", "")
    return "url" in word.lower() or "endpoint" in word.lower() or "path" in word.lower()


def _is_dropped(call: Call, function: Function, ctx: Context) -> bool:
    """Whether nothing is done with what a call gives, but to close it."""
    node: Node = call
    above = ctx.parent(node)
    while isinstance(above, Member | Call | Await):
        if isinstance(above, Call) and above.callee is not node:
            return False
        node, above = above, ctx.parent(above)
    if isinstance(above, Assign):
        names = [target.id for target in above.targets if isinstance(target, Name)]
        return len(names) == 1 and not any(_uses(function, names[0], ctx))
    return ctx.is_statement(node)


def _uses(function: Function, name: str, ctx: Context) -> Iterator[bool]:
    for node in walk(function):
        if isinstance(node, Name) and node.id == name:
            above = ctx.parent(node)
            if isinstance(above, Assign) and any(node is target for target in above.targets):
                continue
            if not (isinstance(above, Member) and above.name in _CLOSES):
                yield True


def _is_unused(nodes: list[Node]) -> bool:
    """Whether the result of a call is kept in a variable that nothing reads."""
    kept = {
        target.id
        for node in nodes
        if isinstance(node, Assign) and not node.operator and _is_call(node.value)
        for target in node.targets
        if isinstance(target, Name)
    }
    times = [node.id for node in nodes if isinstance(node, Name) and node.id in kept]
    return any(times.count(name) == 1 and not name.startswith("_") for name in kept)


def _is_call(node: Node | None) -> bool:
    node = node.value if isinstance(node, Await) else node
    return isinstance(node, Call) and not node.is_new and not node.method[:1].isupper()


def _is_double_handed_over(call: Call, ctx: Context) -> bool:
    """Whether a double made for this test is given to what is tested, and never asked."""
    if not ctx.is_statement(call) and not isinstance(ctx.parent(call), Await):
        return False
    function = ctx.function(call)
    doubles = {
        target.id
        for node in (walk(function) if function is not None else ())
        if isinstance(node, Assign) and isinstance(node.value, Call) and _makes_double(node.value)
        for target in node.targets
        if isinstance(target, Name)
    }
    return any(isinstance(a.value, Name) and a.value.id in doubles for a in call.arguments)


def _makes_double(call: Call) -> bool:
    words: list[str] = []
    node: Node = call.callee
    while isinstance(node, Member):
        words.append(node.name)
        node = node.object
    words.append(getattr(node, "id", ""))
    dotted = ".".join(reversed(words))
    return bool(_DOUBLE.search(call.method) or _DOUBLES_OF_NODE.search(dotted))


def _calls_what_is_not(call: Call, ctx: Context) -> bool:
    """Whether `done()` is called that no runner has handed over."""
    if ctx.is_python or not isinstance(call.callee, Name) or call.callee.id != "done":
        return False
    above = [node for node in ctx.ancestors(call) if isinstance(node, Function)]
    if any(parameter.name == "done" for node in above for parameter in node.parameters):
        return False
    return not any(
        isinstance(node, Assign) and any(getattr(t, "id", "") == "done" for t in node.targets)
        for top in above[-1:]
        for node in walk(top)
    )


def _only_prepares(function: Function, ctx: Context) -> bool:
    """Whether rows are made, and nothing is tried on them."""
    if not ctx.is_python or len(function.body) < 2:
        return False
    for statement in function.body:
        done = statement.value if isinstance(statement, Assign) else statement
        if isinstance(done, Comprehension) or not isinstance(done, Call):
            return False
        meaning = ctx.meaning(done, "orm.write")
        if meaning is None or not (meaning.has("insert") or meaning.has("create")):
            return False
    return True
