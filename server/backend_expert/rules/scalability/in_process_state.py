"""State in a module's variable is the state of one process, and a Python service runs in several.

Each worker, and each replica behind the load balancer, has a copy of its own: a limit of ten
attempts becomes ten for each of them, a session is known to one and not to the next, and a restart
or deployment forgets everything. Keep what must be shared in the database or in Redis, where one
atomic command does the counting.

Leave it off for what each process may have for itself: a cache that it can fill again, a pool, a
registry filled at start-up, or where one single process is guaranteed.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Branch,
    Call,
    Collection,
    Constant,
    Expression,
    Function,
    Global,
    Index,
    Member,
    Name,
    Node,
    Operation,
    walk,
)
from backend_expert.flow.outline import Binding
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.lint.serving import in_service, runs_once
from backend_expert.text.pattern import pattern

_ADDS = frozenset(("append", "add", "update", "extend", "insert", "appendleft"))
_MAKES = frozenset(("dict", "list", "set", "defaultdict", "Counter", "deque", "OrderedDict"))
# What a process may well keep for itself.
_OWN = pattern(
    r"cache|memo|regist|pool|client|lock|metric|compiled|loaded|instance|config|flag|setting|socket|"
    r"connection|listener|subscri|channel|handler|plugin|template|semaphore|executor|thread|task|"
    r"stat|engine|model|logger|warned|seen_warn|initiali|ready|resolved|known_types|schema",
    re.IGNORECASE,
)


@rule(
    title="State of requests kept in the process",
    severity=Severity.WARNING,
    languages=("python",),
    sources=("sonar S2696 (Java)",),
    tags=("replicas",),
    in_scripts=False,
    examples=[
        Example(
            bad="""
                from fastapi import HTTPException, Request

                _attempts: dict[str, int] = {}

                def throttle(request: Request) -> None:
                    key = request.client.host
                    _attempts[key] = _attempts.get(key, 0) + 1
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `_attempts` lives in this process: other workers do not see it
                    if _attempts[key] > 10:
                        raise HTTPException(429, "too many attempts")
            """,
        ),
        Example(
            bad="""
                from flask import Flask, request

                app = Flask(__name__)
                carts = {}
                visits = 0

                @app.post("/cart")
                def add():
                    global visits
                    visits += 1
                    ^^^^^^^^^^^ `visits` lives in this process: other workers do not see it
                    carts.setdefault(request.json["user"], []).append(request.json["sku"])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `carts` lives in this process: other workers do not see it
                    return "", 204
            """,
        ),
        Example(
            good="""
                import functools
                from flask import Flask, request

                app = Flask(__name__)
                rates_cache = {}
                names = {}
                HANDLERS = {}
                total = []

                def handles(kind):
                    def register(function):
                        HANDLERS[kind] = function
                        return function
                    return register

                @app.get("/rates")
                def rates():
                    day = request.args["day"]
                    if day not in names:
                        names[day] = load(day)
                    rates_cache[day] = names[day]
                    total = []
                    total.append(day)
                    return names[day]

                def load_all():
                    for day in days():
                        names[day] = load(day)
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI

                app = FastAPI()
                prices = {}

                @app.on_event("startup")
                async def startup():
                    prices["book"] = 3

                @app.get("/prices")
                def list_prices():
                    found = {}
                    for name, price in prices.items():
                        found[name] = price
                    return found
            """,
        ),
    ],
)
def check(function: Function, ctx: Context) -> Iterator[Finding]:
    if ctx.function(function) is not None:
        return
    shared = _shared(function, ctx)
    if not shared or not _serves_requests(function, ctx):
        return
    said: set[str] = set()
    for node in walk(function):
        name = _written(node, shared)
        if not name or name in said or _is_memo(node, name, ctx):
            continue
        said.add(name)
        known = ctx.file.flow.outline.names[name]
        yield Finding(
            node.span,
            f"`{name}` lives in this process: other workers do not see it",
            related=(Related(known.node.span, "it is made here, once for each process", name),),
        )


def _serves_requests(function: Function, ctx: Context) -> bool:
    """Whether a function runs for requests: a handler, or one that is given or reads the request."""
    if runs_once(function):
        return False
    for inside in function.body[:1]:
        if in_service(inside, ctx):
            return True
    for parameter in function.parameters:
        if parameter.annotation is not None and ctx.name(parameter.annotation).endswith(
            (".Request", ".HttpRequest")
        ):
            return True
    return False


def _shared(function: Function, ctx: Context) -> dict[str, Binding]:
    """The variables of the module that the function may write to, and that hold plain state."""
    known = ctx.file.flow.outline.names
    states = [
        name
        for name in ctx.item.names & known.keys()
        if (value := known[name].value) is not None
        and _is_plain_state(value)
        and not _OWN.search(name)
    ]
    if not states:
        return {}
    own = {p.name for p in function.parameters}
    declared: set[str] = set()
    for node in walk(function):
        if isinstance(node, Global):
            declared.update(node.names)
        elif isinstance(node, Assign):
            own.update(t.id for t in node.targets if isinstance(t, Name))
    return {name: known[name] for name in states if name not in own or name in declared}


def _is_plain_state(value: Expression) -> bool:
    """Whether a module's variable begins as an empty collection, or as a number to count with."""
    if isinstance(value, Collection):
        return not value.entries
    if isinstance(value, Call):
        return value.method in _MAKES
    return isinstance(value, Constant)


def _written(node: Node, shared: dict[str, Binding]) -> str:
    """The shared variable that a statement writes to."""
    if isinstance(node, Assign):
        for target in node.targets:
            if isinstance(target, Index):
                return _root(target, shared)
            if isinstance(target, Name) and node.operator in ("+", "-"):
                return target.id if target.id in shared else ""
    elif isinstance(node, Call) and isinstance(node.callee, Member) and node.method in _ADDS:
        return _root(node.callee.object, shared)
    return ""


def _root(node: Expression, shared: dict[str, Binding]) -> str:
    while isinstance(node, Index | Member | Call):
        if isinstance(node, Call):
            if not isinstance(node.callee, Member) or node.method not in ("setdefault", "get"):
                return ""
            node = node.callee.object
        else:
            node = node.object
    return node.id if isinstance(node, Name) and node.id in shared else ""


def _is_memo(node: Node, name: str, ctx: Context) -> bool:
    """Whether it is written only when it is not known yet, or is the very answer of a computation."""
    for above in ctx.ancestors(node):
        if isinstance(above, Branch):
            for test in walk(above.test):
                if (
                    isinstance(test, Operation)
                    and test.operator in ("not-in", "in", "is", "not")
                    and any(isinstance(n, Name) and n.id == name for n in walk(test))
                ):
                    return True
    return False
