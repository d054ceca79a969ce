"""An HTTP call without a timeout waits for as long as the other side likes.

One stalled peer then holds a worker for ever, and a handful of them hold the whole pool: the
service stops answering although nothing in it is broken. Say how long you are ready to wait; a
little over the slowest answer that you would still use is a good start, and five seconds is a
fair guess. A timeout of `None` is no timeout.

Leave it off where a session or adapter that this file does not show carries the timeout already.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule


@rule(
    title="HTTP call without a timeout",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1088,),
    sources=("ruff S113", "bandit B113", "gosec G114", "noctx"),
    peers=("S113", "B113"),
    examples=[
        Example(
            bad="""
                import requests

                def rates(url):
                    return requests.get(url).json()
                           ^^^^^^^^^^^^^^^^^ no timeout: a stalled server holds this worker for ever
            """,
            good="""
                import requests

                def rates(url):
                    return requests.get(url, timeout=5).json()
            """,
        ),
        Example(
            bad="""
                import requests

                requests.post("https://pay.example/charges", json={}, timeout=None)
                                                                      ^^^^^^^^^^^^ `None` waits for ever
            """,
            good="""
                import requests

                requests.post("https://pay.example/charges", json={}, timeout=5)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');

                async function rates(url) {
                  return (await axios.get(url)).data;
                                ^^^^^^^^^^^^^^ no timeout: a stalled server holds this worker for ever
                }
            """,
        ),
        Example(
            good="import requests\n\ndef get(url, **options):\n    return requests.get(url, **options)"
        ),
        Example(
            good="import httpx\n\nhttpx.get('https://pay.example')  # httpx gives up after 5 s"
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "http.request")
    if meaning is None or not meaning.has("no-timeout"):
        return
    timeout = ctx.option(call, meaning, "timeout")
    if timeout.hidden:
        return
    if timeout.value is None:
        fix = None
        if ctx.is_python:
            fix = Fix("Wait at most 5 seconds", (ctx.with_argument(call, "timeout=5"),))
        yield Finding(call.span, "no timeout: a stalled server holds this worker for ever", fix)
    elif ctx.is_constant(timeout.value, None):
        argument = ctx.parent(timeout.value)
        place = argument if argument is not None else timeout.value
        edit = ctx.replace(timeout.value, "5")
        yield Finding(place.span, "`None` waits for ever", Fix("Wait at most 5 seconds", (edit,)))
