"""A retry without a pause asks a server that is down as fast as it can.

Every instance does the same at the same moment, so the server that was slow is now flooded, and
stays down for as long as anybody tries. Wait longer after each failure, up to a limit, and add
some chance so that the callers do not move in step. A library of retry policies does all three.

Leave it off where the callee is a local one that cannot be overloaded.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Handler,
    Jump,
    Loop,
    Name,
    Raise,
    Return,
    Try,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.context import short
from backend_expert.lint.finding import Related
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_REMOTE = (
    "http.request", "payment.create", "mail.send", "queue.publish", "queue.connect", "sql.connect",
)  # fmt: skip
_PAUSES = pattern(r"sleep|delay|wait|back_?off|pause|throttle|setTimeout|jitter", re.IGNORECASE)
# Somebody else was faster, and trying again at once is what is meant.
_RACES = pattern(
    r"watch|conflict|integrity|stale|optimistic|lock|unique|duplicate|serializ|concurren",
    re.IGNORECASE,
)
_COUNTS = frozenset(("range", "count", "xrange", "repeat"))


@rule(
    title="Retry without a pause",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(400,),
    sources=("AWS Builders' Library, timeouts, retries and backoff with jitter",),
    in_scripts=False,
    needs=("retry", *_REMOTE),
    examples=[
        Example(
            bad="""
                import requests

                def charge(order):
                    for attempt in range(5):
                    ^^^^^^^^^^^^^^^^^^^^^^^ retries at once: a struggling server gets no pause
                        try:
                            return requests.post("https://pay.example", json=order, timeout=5)
                        except requests.RequestException as error:
                            print("attempt", attempt, error)
                    raise RuntimeError("the provider is down")
            """,
        ),
        Example(
            bad="""
                import requests
                from tenacity import retry, stop_after_attempt

                @retry(stop=stop_after_attempt(5))
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `tenacity.retry` without a wait asks again at once
                def charge(order):
                    return requests.post("https://pay.example", json=order, timeout=5)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');

                async function charge(order) {
                  while (true) {
                  ^^^^^^^^^^^^ retries at once: a struggling server gets no pause
                    try {
                      return await axios.post('https://pay.example', order, { timeout: 5000 });
                    } catch (error) {
                      console.error(error);
                    }
                  }
                }
            """,
        ),
        Example(
            good="""
                import time
                import requests
                from tenacity import retry, stop_after_attempt, wait_random_exponential

                @retry(stop=stop_after_attempt(5), wait=wait_random_exponential(max=30))
                def charge(order):
                    return requests.post("https://pay.example", json=order, timeout=5)

                def charge_by_hand(order):
                    for attempt in range(5):
                        try:
                            return requests.post("https://pay.example", json=order, timeout=5)
                        except requests.RequestException:
                            time.sleep(2**attempt)

                def first_mirror(mirrors):
                    for mirror in mirrors:
                        try:
                            return requests.get(mirror, timeout=5)
                        except requests.RequestException:
                            continue

                def all_pages():
                    for page in range(5):
                        try:
                            requests.get(f"https://rates.example/{page}", timeout=5)
                        except requests.RequestException:
                            print("no page", page)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const axios = require('axios');

                async function charge(order) {
                  for (let attempt = 0; attempt < 5; attempt++) {
                    try {
                      return await axios.post('https://pay.example', order, { timeout: 5000 });
                    } catch (error) {
                      await delay(2 ** attempt * 100);
                    }
                  }
                }

                async function drain(queue) {
                  while (queue.length) {
                    try {
                      await axios.post('https://pay.example', queue.shift(), { timeout: 5000 });
                    } catch (error) {
                      console.error(error);
                    }
                  }
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    policy = ctx.meaning(call, "retry")
    if policy is not None:
        yield from _policy(call, policy, ctx)
        return
    if not ctx.effects(call, *_REMOTE):
        return
    loop = ctx.loop(call)
    if not isinstance(loop, Loop) or not _counts(loop, ctx):
        return
    tried = next(ctx.tries(call), None)
    if tried is None or ctx.loop(tried) is not loop or not _goes_on(tried) or not _ends(tried):
        return
    if _pauses(loop) or _differs(tried, loop) or _is_race(tried, ctx):
        return
    here = Related(call.span, "this is repeated")
    words = "retries at once: a struggling server gets no pause"
    yield Finding(_head(loop, ctx), words, related=(here,))


def _policy(call: Call, policy: Meaning, ctx: Context) -> Iterator[Finding]:
    if "backoff" not in policy.entry.options or any(
        policy.has(trait)
        for trait in ("backoff", "has-backoff", "by-default", "if-autoretry", "raises")
    ):
        return
    attempts = ctx.option(call, policy, "attempts").value
    if policy.has("policy") and attempts is not None and ctx.is_constant(attempts, 0, 1):
        return  # one more attempt is no storm
    backoff = ctx.option(call, policy, "backoff")
    if backoff.value is None and not backoff.hidden:
        yield Finding(call.span, f"`{short(ctx.called(call))}` without a wait asks again at once")


def _counts(loop: Loop, ctx: Context) -> bool:
    """Whether each round is another attempt, and not another element."""
    if loop.iterable is None:
        return True
    return isinstance(loop.iterable, Call) and loop.iterable.method in _COUNTS


def _goes_on(tried: Try) -> bool:
    """Whether a handler lets the loop go round again."""
    return any(not _leaves(handler) for handler in tried.handlers)


def _leaves(handler: Handler) -> bool:
    last = handler.body[-1] if handler.body else None
    return isinstance(last, Raise | Return) or (isinstance(last, Jump) and last.kind == "break")


def _ends(tried: Try) -> bool:
    """Whether success ends the loop, which makes the next round a second attempt."""
    for statement in (*tried.body, *tried.other):
        for node in walk(statement):
            if isinstance(node, Return) or (isinstance(node, Jump) and node.kind == "break"):
                return True
    return False


def _pauses(loop: Loop) -> bool:
    return any(
        isinstance(node, Call) and _PAUSES.search(node.method)
        for statement in loop.body
        for node in walk(statement)
    )


def _is_race(tried: Try, ctx: Context) -> bool:
    return any(
        _RACES.search(ctx.source(type)) for handler in tried.handlers for type in handler.types
    )


def _differs(tried: Try, loop: Loop) -> bool:
    """Whether what is tried changes from round to round."""
    changing = (
        {n.id for n in walk(loop.target) if isinstance(n, Name)} if loop.target else set[str]()
    )
    for part in (*loop.before, *loop.after):
        changing |= {
            target.id
            for node in walk(part)
            if isinstance(node, Assign)
            for target in node.targets
            if isinstance(target, Name)
        }
    used = {n.id for s in loop.body if s is not tried for n in walk(s) if isinstance(n, Name)}
    used |= {n.id for s in tried.body for n in walk(s) if isinstance(n, Name)}
    return not changing.isdisjoint(used)


def _head(loop: Loop, ctx: Context) -> Span:
    start = loop.span.start
    until = loop.body[0].span.start
    head = ctx.text[start:until]
    cut = head.rfind(":") if ctx.is_python else head.rfind("{")
    return Span(start, start + len(head[:cut].rstrip()) if cut > 0 else until)
