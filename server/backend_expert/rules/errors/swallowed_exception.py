"""An error that is caught and dropped is an outage that nobody hears of.

The caller goes on as if the work had been done, and when somebody asks weeks later, no line in
the log tells what happened. Catch the one error that you expect; let all others pass, or log
them with their stack and count them. Returning a default is fine once the failure is on record.

Leave it off where losing the error is the point, and say why in a comment inside the block: the
rule takes that comment for an answer.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Collection,
    Constant,
    Fragment,
    Function,
    Handler,
    Hole,
    Jump,
    Loop,
    Name,
    Node,
    Opaque,
    Operation,
    Raise,
    Return,
    Statement,
    Text,
    Try,
    blocks,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.failing import fails_by_design
from backend_expert.lint.handlers import head_of, is_explained, with_log
from backend_expert.text.pattern import pattern

_BROAD = frozenset(("Exception", "BaseException"))
_LEAVES = pattern(
    r"^_*(a?close|shutdown|stop|clean_?up|del__|a?exit|tear_?down|dispose|destroy|disconnect|repr"
    r"|str|emit$)",
    re.IGNORECASE,
)
_TELLS = pattern(
    r"^_*(is|has|can|check|ping|health|exists|supports?|available|test|try|attempt|maybe|safe|probe|detect"
    r"|valid|verify|looks|should)(_|[A-Z]|\b)|(or_none|OrNull|OrUndefined|or_default|health\w*)$"
)
# What tells of the work must not make it fail.
_TELLING = pattern(r"^_*(log|trace|track|record_(metric|usage|event))(_|[A-Z])|[Tt]elemetry")
# Names for an error that say what is done with it.
_IGNORED = pattern(r"_*(ignor|expected|swallow)", re.IGNORECASE)
_PINGS = pattern(r"ping|health|probe|is_?alive|readiness|liveness", re.IGNORECASE)
_TRUTHS = frozenset(("not", "==", "!=", "is", "is-not", "in", "not-in", "<", "<=", ">", ">="))


@rule(
    title="Error dropped without a trace",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    cwe=(390,),
    sources=("ruff S110", "ruff S112", "ruff BLE001", "Sonar S2486", "Sonar S108"),
    peers=("S110", "S112", "BLE001", "E722", "B110", "B112"),
    in_scripts=False,
    examples=[
        Example(
            bad="""
                import logging

                def cached(client, key):
                    try:
                        return client.get(key)
                    except Exception:
                    ^^^^^^^^^^^^^^^^ the error is dropped: neither logged nor raised again
                        return None
            """,
            good="""
                import logging

                def cached(client, key):
                    try:
                        return client.get(key)
                    except Exception:
                        logging.getLogger(__name__).exception("cached failed")
                        return None
            """,
        ),
        Example(
            bad="""
                import logging

                def publish(channel, events):
                    for event in events:
                        try:
                            channel.publish(event)
                        except:
                        ^^^^^^ the error is dropped: neither logged nor raised again
                            pass
            """,
            good="""
                import logging

                def publish(channel, events):
                    for event in events:
                        try:
                            channel.publish(event)
                        except:
                            logging.getLogger(__name__).exception("publish failed")
            """,
        ),
        Example(
            language="javascript",
            bad="""
                async function charge(order) {
                  try {
                    await pay(order);
                  } catch {
                    ^^^^^ the error is dropped: neither logged nor raised again
                  }
                }
            """,
            good="""
                async function charge(order) {
                  try {
                    await pay(order);
                  } catch (error) {
                    console.error('charge failed', error);
                  }
                }
            """,
        ),
        Example(
            language="typescript",
            bad="""
                async function load(id: string) {
                  try {
                    return await findOrder(id);
                  } catch (error) {
                    ^^^^^^^^^^^^^ the error is dropped: neither logged nor raised again
                    return null;
                  }
                }
            """,
            good="""
                async function load(id: string) {
                  try {
                    return await findOrder(id);
                  } catch (error) {
                    console.error('load failed', error);
                    return null;
                  }
                }
            """,
        ),
        Example(
            good="""
                import os

                def remove(path, connection):
                    try:
                        os.stat(path)
                    except FileNotFoundError:
                        pass
                    try:
                        connection.close()
                    except Exception:
                        pass
                    try:
                        import ujson
                    except Exception:
                        ujson = None

                def send(client, mail, failed):
                    try:
                        client.send(mail)
                    except Exception:
                        failed.append(mail)
                    try:
                        client.note(mail)
                    except Exception:
                        # The note is a courtesy; the mail itself has gone out.
                        pass

                def is_reachable(client):
                    try:
                        client.ask()
                        return True
                    except Exception:
                        return False
            """,
        ),
        Example(
            language="javascript",
            good="""
                function parse(text) {
                  try {
                    return JSON.parse(text);
                  } catch {
                    return null;
                  }
                }

                async function user(context) {
                  try {
                    return await userForJwt(context.token);
                  } catch {
                    return undefined;
                  }
                }

                async function pathIsThere(files, path) {
                  try {
                    await files.open(path);
                    return true;
                  } catch {
                    return false;
                  }
                }

                async function send(mail, connection) {
                  try {
                    await deliver(mail);
                  } catch (error) {
                    return { ok: false, error };
                  } finally {
                    try { await connection.close(); } catch {}
                  }
                }
            """,
        ),
        Example(
            good="""
                def wake(waiter):
                    \"\"\"Wakes it, and ignores what its callbacks raise.\"\"\"
                    try:
                        waiter.callback(None)
                    except Exception:
                        pass

                def is_ours(shop, name):
                    ours = False
                    try:
                        # The name may be ill-formed, which does not matter.
                        ours = shop.owns(name)
                    except Exception:
                        pass
                    return ours

                def finish(order):
                    try:
                        order.finish()
                    except Exception:
                        pass
                    raise RuntimeError("cancelled")
            """,
        ),
        Example(
            language="javascript",
            good="""
                const dns = require('node:dns/promises');

                async function mailHosts(domain) {
                  try {
                    return await dns.resolveMx(domain);
                  } catch (error) {
                    return [];
                  }
                }

                async function attemptRead(store, id) {
                  try {
                    return await store.read(id);
                  } catch {
                    return null;
                  }
                }
            """,
        ),
        Example(
            good="""
                import json

                def told(content):
                    try:
                        content = json.loads(content)
                    except Exception:
                        pass
                    return content
            """,
        ),
    ],
)
def check(handler: Handler, ctx: Context) -> Iterator[Finding]:
    if not _is_broad(handler, ctx) or not _drops(handler):
        return
    tried = ctx.parent(handler)
    if not isinstance(tried, Try) or is_explained(handler, ctx) or is_browser(ctx):
        return
    if _IGNORED.match(handler.name or ""):
        return
    function = ctx.function(handler)
    name = function.name if function is not None else ""
    if _LEAVES.search(name) or _PINGS.search(name) or _TELLING.search(name):
        return
    if _returns(handler) and (_TELLS.search(name) or _answers(handler, tried)):
        return
    if any(isinstance(above, Handler) for above in ctx.ancestors(handler)) or _is_final(tried, ctx):
        return
    if _asks_anyone(handler, tried, ctx) or _has_default(handler, tried, ctx):
        return
    if "cache" in name.lower() and not _returns(handler):
        return  # what is kept is only a copy
    if fails_by_design(tried, ctx) or _is_raised_after(tried, ctx):
        return
    if _is_tried_otherwise(tried, ctx) or _is_waited_for(tried, handler, ctx):
        return
    yield Finding(
        head_of(handler, ctx),
        "the error is dropped: neither logged nor raised again",
        with_log(handler, name, ctx),
    )


def _is_broad(handler: Handler, ctx: Context) -> bool:
    if not handler.types:
        return True
    return any(isinstance(type, Name) and type.id in _BROAD for type in handler.types)


def _drops(handler: Handler) -> bool:
    return all(_is_nothing(statement) for statement in handler.body)


def _is_nothing(statement: Statement) -> bool:
    if isinstance(statement, Jump):
        return True
    if isinstance(statement, Opaque) and statement.kind == "ellipsis":
        return True
    if isinstance(statement, Return):
        value = statement.value
        if value is None or isinstance(value, Constant):
            return True
        if isinstance(value, Text):
            return value.value == ""
        return isinstance(value, Collection) and not value.entries
    return False


def _returns(handler: Handler) -> bool:
    return any(isinstance(statement, Return) for statement in handler.body)


def _answers(handler: Handler, tried: Try) -> bool:
    """Whether both ways out give true or false: the failure is the answer."""
    both = [[n.value for s in body for n in walk(s) if isinstance(n, Return)]
            for body in (tried.body, handler.body)]  # fmt: skip
    return all(any(_is_truth(value) for value in values) for values in both)


def _is_truth(value: Node | None) -> bool:
    if isinstance(value, Operation):
        return value.operator in _TRUTHS
    return isinstance(value, Constant) and isinstance(value.value, bool)


def _has_default(handler: Handler, tried: Try, ctx: Context) -> bool:
    """Whether all that is tried is to set what the line before has given a plain value."""
    if _returns(handler):
        return False
    for statements in blocks(ctx.parent(tried)):
        for before, statement in pairwise(statements):
            if statement is tried:
                return _is_plain(before) and all(_sets(s, before) for s in tried.body)
    return False


def _is_plain(statement: Statement) -> bool:
    value = statement.value if isinstance(statement, Assign) else None
    return isinstance(value, Constant | Text)


def _sets(statement: Statement, before: Statement) -> bool:
    if not isinstance(statement, Assign) or not isinstance(before, Assign):
        return False
    names = {target.id for target in before.targets if isinstance(target, Name)}
    return all(isinstance(target, Name) and target.id in names for target in statement.targets)


def _asks_anyone(handler: Handler, tried: Try, ctx: Context) -> bool:
    """Whether a host is asked that is not ours to choose, and no answer is an answer too."""
    function = ctx.function(handler)
    if function is None or not _returns(handler):
        return False
    if not any(isinstance(n, Call | Await) for s in tried.body for n in walk(s)):
        return False
    return any(
        isinstance(node, Text)
        and any(
            isinstance(part, Fragment) and part.value.endswith("://") and isinstance(after, Hole)
            for part, after in pairwise(node.parts)
        )
        for node in walk(function)
    )


def _is_raised_after(tried: Try, ctx: Context) -> bool:
    """Whether the statement that follows raises anyway."""
    for statements in blocks(ctx.parent(tried)):
        for at, statement in enumerate(statements[:-1]):
            if statement is tried:
                return isinstance(statements[at + 1], Raise)
    return False


def _is_tried_otherwise(tried: Try, ctx: Context) -> bool:
    """Whether what fails here is done in another way below, where it would have ended else."""
    if not tried.body or not isinstance(tried.body[-1], Return):
        return False
    after: list[Statement] = []
    below: Node = tried
    for above in ctx.ancestors(tried):
        for statements in blocks(above):
            for at, statement in enumerate(statements):
                if statement is below:
                    after += statements[at + 1 :]
        if isinstance(above, Function | Loop):
            break
        below = above
    return any(
        isinstance(node, Call) and ctx.meaning(node, "sleep") is None
        for statement in after
        for node in walk(statement)
    )


def _is_waited_for(tried: Try, handler: Handler, ctx: Context) -> bool:
    """Whether a loop tries it again, with a pause, until it works: it fails until it is there."""
    loop = ctx.parent(tried)
    if not isinstance(loop, Loop) or loop.iterable is not None or _returns(handler):
        return False
    is_left = any(
        isinstance(node, Return) or (isinstance(node, Jump) and node.kind == "break")
        for statement in tried.body
        for node in walk(statement)
    )
    return is_left and any(
        ctx.meaning(node, "sleep") for statement in loop.body for node in walk(statement)
    )


def _is_final(tried: Try, ctx: Context) -> bool:
    below: Node = tried
    for above in ctx.ancestors(tried):
        if isinstance(above, Function):
            return False
        if isinstance(above, Try) and any(below is statement for statement in above.final):
            return True
        below = above
    return False
