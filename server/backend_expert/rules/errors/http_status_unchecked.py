"""The body of an HTTP answer is read whether the call succeeded or not.

A 500 has a body too: an error page, or JSON without the field that you want. What should have
been "the provider is down" becomes a `KeyError` three functions on, or worse, an empty list that
looks like an answer. Check the status first, or let the client raise.

Leave it off where the service answers failures in the body with status 200, or where the client
was set up elsewhere to raise.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Expression,
    Function,
    Member,
    Name,
    Region,
    Text,
    Try,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.decided import decides_a_way_out
from backend_expert.lint.finding import Related
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

# Fields by which services tell failure in the body.
_VERDICTS = frozenset(("success", "error", "errors", "ok", "status", "code", "errorCode", "valid"))
# Options of a client that may have it raise, or speak to something of its own.
_RAISES = frozenset(("event_hooks", "raise_for_status", "transport", "mounts", "app", "hooks"))


@rule(
    title="HTTP answer read without a look at its status",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(252,),
    sources=("semgrep use-raise-for-status",),
    in_scripts=False,
    needs=("http.body",),
    examples=[
        Example(
            bad="""
                import requests

                def rate(currency):
                    response = requests.get("https://rates.example/" + currency, timeout=3)
                    rate = response.json()["rate"]
                           ^^^^^^^^^^^^^^^ the body is read whether or not the call succeeded
                    return rate
            """,
            good="""
                import requests

                def rate(currency):
                    response = requests.get("https://rates.example/" + currency, timeout=3)
                    response.raise_for_status()
                    rate = response.json()["rate"]
                    return rate
            """,
        ),
        Example(
            bad="""
                import requests

                def rate(currency):
                    return requests.get("https://rates.example/" + currency, timeout=3).json()["rate"]
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the body is read whether or not the call succeeded
            """,
        ),
        Example(
            language="typescript",
            bad="""
                export async function rate(currency: string) {
                  const response = await fetch(`https://rates.example/${currency}`);
                  const { rate } = await response.json();
                                         ^^^^^^^^^^^^^^^ the body is read whether or not the call succeeded
                  return rate;
                }
            """,
            good="""
                export async function rate(currency: string) {
                  const response = await fetch(`https://rates.example/${currency}`);
                  if (!response.ok) throw new Error(`HTTP ${response.status}`);
                  const { rate } = await response.json();
                  return rate;
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                async function rate(currency) {
                  return (await fetch(`https://rates.example/${currency}`)).json();
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the body is read whether or not the call succeeded
                }
            """,
        ),
        Example(
            good="""
                import httpx
                import requests

                def rate(currency):
                    response = requests.get("https://rates.example", timeout=3)
                    if response.status_code != 200:
                        return None
                    return response.json()["rate"]

                def verified(token):
                    response = requests.post("https://captcha.example", data=token, timeout=3)
                    return response.json().get("success", False)

                def helped(check):
                    response = requests.get("https://rates.example", timeout=3)
                    check(response)
                    return response.json()

                def proxied(client: httpx.Client):
                    return client.get("https://rates.example").json()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const axios = require('axios');

                async function rate(currency) {
                  const response = await fetch(`https://rates.example/${currency}`);
                  if (!response.ok) throw new Error(response.statusText);
                  return response.json();
                }

                async function proxied(res) {
                  const answer = await fetch('https://rates.example');
                  res.status(answer.status).json(await answer.json());
                }

                async function raising() {
                  return (await axios.get('https://rates.example', { timeout: 5000 })).data;
                }
            """,
        ),
        Example(
            good="""
                import requests

                def newest():
                    answer = requests.get("https://releases.example/newest", timeout=3)
                    try:
                        return answer.json()["release"]["version"]
                    except (ValueError, KeyError):
                        return None
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if not isinstance(call.callee, Member) or ctx.meaning(call, "http.body") is None:
        return
    function = ctx.function(call)
    if not isinstance(function, Function) or is_browser(ctx):
        return
    receiver = call.callee.object
    if isinstance(receiver, Await):
        receiver = receiver.value
    assign: Assign | None = None
    if isinstance(receiver, Name):
        assign = _assigned(receiver, function, ctx)
        source = assign.value if assign is not None else _held(receiver, function, ctx)
    else:
        source = receiver
    if isinstance(source, Await):
        source = source.value
    if not isinstance(source, Call) or not _tells_by_status(source, function, ctx):
        return
    if isinstance(receiver, Name) and _is_looked_at(receiver.id, function, ctx):
        return
    if _is_judged(function) or _is_caught(function, ctx):
        return
    if decides_a_way_out(call, function, ctx):
        return
    related = (Related(source.span, "the call, which does not raise on an error status"),)
    fix = _fix(assign, ctx) if assign is not None else None
    yield Finding(call.span, "the body is read whether or not the call succeeded", fix, related)


def _assigned(name: Name, function: Function, ctx: Context) -> Assign | None:
    """The one assignment that a local name has in its function."""
    found = [
        node
        for node in ctx.below(function, Assign)
        if any(isinstance(target, Name) and target.id == name.id for target in node.targets)
    ]
    return found[0] if len(found) == 1 else None


def _hooks(function: Function) -> bool:
    """Whether the function changes what its client does with answers."""
    return any(
        isinstance(node, Member) and node.name in ("hooks", "event_hooks", "mount")
        for statement in function.body
        for node in walk(statement)
    )


def _held(name: Name, function: Function, ctx: Context) -> Expression | None:
    """What a local name is bound to by the one `with` that binds it."""
    found = [
        held.value
        for node in ctx.below(function, Region)
        for held in node.held
        if isinstance(held.target, Name) and held.target.id == name.id
    ]
    return found[0] if len(found) == 1 else None


def _tells_by_status(source: Call, function: Function, ctx: Context) -> bool:
    """Whether the call is a request that gives failures back as answers."""
    request = ctx.meaning(source, "http.request")
    if request is None or request.has("raises-on-status"):
        return False
    if not isinstance(source.callee, Member):
        return True
    # A client may have been told to raise where it was made; a module has not.
    if isinstance(source.callee.object, Name):
        assign = _assigned(source.callee.object, function, ctx)
        made = assign.value if assign is not None else _held(source.callee.object, function, ctx)
        if isinstance(made, Call) and ctx.meaning(made, "http.client") is not None:
            told = {argument.name for argument in made.arguments}
            return not made.spreads and told.isdisjoint(_RAISES) and not _hooks(function)
    return not ctx.file.flow.catalogue.calls(ctx.name(source.callee.object))


def _is_looked_at(name: str, function: Function, ctx: Context) -> bool:
    """Whether the function looks at the answer's status, or hands the answer on."""
    return any(node.id == name and _looks(node, ctx) for node in ctx.below(function, Name))


def _looks(node: Name, ctx: Context) -> bool:
    above = ctx.parent(node)
    if isinstance(above, Assign) and above.value is not node:
        # A name that is set within an expression is also used there: `if (answer := get(url)):`.
        above = None if ctx.is_statement(above) else ctx.parent(above)
    if isinstance(above, Member):
        return _names_status(above.name)
    return above is not None and not isinstance(above, Await)


def _names_status(name: str) -> bool:
    return "status" in name.lower() or name in ("ok", "is_success", "is_error", "redirected")


def _is_caught(function: Function, ctx: Context) -> bool:
    """Whether the function is ready for a body without what it looks for."""
    return any(
        isinstance(node, Name) and node.id in ("KeyError", "LookupError")
        for tried in ctx.below(function, Try)
        for handler in tried.handlers
        for type in handler.types
        for node in walk(type)
    )


def _is_judged(function: Function) -> bool:
    """Whether the function reads a field by which services tell success in the body."""
    for statement in function.body:
        for node in walk(statement):
            word: str | None = None
            if isinstance(node, Member):
                word = node.name
            elif isinstance(node, Text):
                word = node.value
            if word in _VERDICTS:
                return True
    return False


def _fix(assign: Assign, ctx: Context) -> Fix | None:
    target: Expression = assign.targets[0]
    if not isinstance(target, Name):
        return None
    start = ctx.text.rfind("\n", 0, assign.span.start) + 1
    before = ctx.text[start : assign.span.start]
    indent = before[: len(before) - len(before.lstrip())]
    end = assign.span.end
    if ctx.is_python:
        check = f"{ctx.name(target)}.raise_for_status"
        if before.strip() or not ctx.file.flow.catalogue.calls(check):
            return None
        line = f"{target.id}.raise_for_status()"
    else:
        line = f"if (!{target.id}.ok) throw new Error(`HTTP ${{{target.id}.status}}`);"
        if ctx.text[end : end + 1] == ";":
            end += 1
    return Fix(
        "Check the status first", (Edit(Span(end, end), f"\n{indent}{line}"),), is_sure=False
    )
