"""What rules about services share: is this code part of one, and does it run while it serves."""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Node, Text, Yield, walk
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"))
# Functions that run once, before anything is served or after the last answer.
_ONCE = frozenset(
    ("main", "cli", "start", "startup", "bootstrap", "lifespan", "init", "setup", "teardown",
     "seed", "shutdown", "cleanup", "close", "stop", "upgrade", "downgrade", "constructor",
     "__init__", "__main__", "__enter__", "__aenter__", "ready", "createapp", "buildapp",
     "makeapp", "configure", "register", "connect", "initialize", "initialise", "init_app",
     "onmoduleinit", "beforeall", "beforeeach", "handle_noargs", "add_arguments")
)  # fmt: skip
_ONCE_STARTS = (
    "on_start", "on_shut", "start_", "setup_", "init_", "create_app", "make_app", "run_",
    "bootstrap", "migrate", "seed", "build_app", "connect_", "configure_",
)  # fmt: skip
_START_UP = pattern(r"(^|/)(startup|bootstrap|boot|init|setup|seeds?)(/|\.|$)", re.IGNORECASE)


def is_start_up(ctx: Context) -> bool:
    """Whether the file's path says that it is for the start of the program."""
    return bool(_START_UP.search(ctx.file.path))


def runs_once(function: Function) -> bool:
    """Whether a function's name says that it runs when the program starts or ends."""
    name = function.name.strip("_").lower()
    return function.name in _ONCE or name in _ONCE or name.startswith(_ONCE_STARTS)


def may_serve(ctx: Context) -> bool:
    """Whether the project may be a service: nothing known of it, or a framework or queue in use.

    A file that registers endpoints is part of one, whatever the manifests say.
    """
    used = ctx.file.project.technologies
    if not used or ctx.file.endpoints:
        return True
    known = ctx.file.flow.catalogue.technologies
    kinds = {known[id].kind for id in used if id in known}
    return bool(kinds & {"framework", "queue", "server"})


def is_cloud_function(function: Function) -> bool:
    """`handler(event, context)`, as functions in the cloud are written."""
    names = [parameter.name for parameter in function.parameters]
    return names[:1] == ["event"] and function.name in ("handler", "lambda_handler", "main")


def gives_on(function: Function) -> bool:
    """Whether a function yields: what it makes is for its caller (a dependency, a life span)."""
    return function.is_generator or any(isinstance(node, Yield) for node in walk(function))


def is_handler(function: Function, ctx: Context) -> bool:
    """Whether a function handles requests: registered here, or with a handler's parameters."""
    if ctx.is_endpoint(function):
        return True
    names = tuple(parameter.name for parameter in function.parameters)
    types = ctx.file.flow.catalogue.parameters(names) if len(names) > 1 else None
    return bool(types) and not function.name.lower().startswith("error")


def in_service(node: Node, ctx: Context) -> bool:
    """Whether `node` runs for a request or message: in a handler, consumer or cloud function."""
    for above in ctx.ancestors(node):
        if isinstance(above, Function):
            if is_handler(above, ctx) or is_cloud_function(above):
                return True
            if any(ctx.has_role(d, "queue.consume") for d in above.decorators):
                return True
            if ctx.callback_of(above, "queue.consume") is not None:
                return True
    return False


def route(function: Function, ctx: Context) -> tuple[str, frozenset[str]]:
    """The path and methods that a handler answers, as far as this file tells, else empty."""
    for call in _registrations(function, ctx):
        meaning = ctx.meaning(call, "endpoint")
        if meaning is not None:
            texts = (ctx.text_of(argument.value) for argument in call.arguments)
            path = next((text for text in texts if text is not None), "")
            methods = call.argument(None, "methods")
            nodes = walk(methods) if methods is not None else ()
            named = {node.value or "" for node in nodes if isinstance(node, Text)}
            return path, frozenset(named or meaning.entry.traits) & _METHODS
    owner = ctx.item.place.owner
    name = f"@{owner}.{function.name}" if owner else function.name
    known = [endpoint for endpoint in ctx.file.endpoints if name and endpoint.handler == name]
    path = known[0].path if known else ""
    return path, frozenset(endpoint.method for endpoint in known)


def _registrations(function: Function, ctx: Context) -> Iterator[Call]:
    for decorator in function.decorators:
        if isinstance(decorator, Call):
            yield decorator
    argument = ctx.parent(function)
    for _ in range(2):  # the handler may stand in a wrapper
        call = ctx.parent(argument) if argument is not None else None
        if not isinstance(call, Call):
            return
        yield call
        argument = ctx.parent(call)
