"""An HTTP call without a timeout waits for as long as the other side likes.

One stalled peer then holds a worker for ever, and a handful of them hold the whole pool: the
service stops answering although nothing in it is broken. Say how long you are ready to wait; a
little over the slowest answer that you would still use is a good start, and five seconds is a
fair guess. A timeout of `None` is no timeout.

Leave it off where a session or adapter that this file does not show carries the timeout already.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Expression, Member
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.options import with_member
from backend_expert.technologies.catalogue import Meaning

_NONE = "no timeout: a stalled server holds this worker for ever"
_CLIENT = "client without a timeout: each of its calls may wait for ever"


@rule(
    title="HTTP call without a timeout",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1088,),
    sources=("ruff S113", "bandit B113", "gosec G114", "noctx", "Sonar S7618"),
    twins=("ruff S113",),
    peers=("S113", "B113"),
    needs=("http.request", "http.client"),
    in_scripts=False,
    examples=[
        Example(
            bad="""
                import requests

                def rates(url):
                    return requests.get(url).json()
                           ^^^^^^^^^^^^ no timeout: a stalled server holds this worker for ever
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
            bad="""
                import requests

                session = requests.Session()

                def rates(url):
                    return session.get(url, params={"base": "EUR"}).json()
                           ^^^^^^^^^^^ no timeout: a stalled server holds this worker for ever
            """,
            good="""
                import requests

                session = requests.Session()

                def rates(url):
                    return session.get(url, params={"base": "EUR"}, timeout=5).json()
            """,
        ),
        Example(
            bad="""
                import urllib3

                pool = urllib3.PoolManager(maxsize=10)
                       ^^^^^^^^^^^^^^^^^^^ client without a timeout: each of its calls may wait for ever

                def rates(url):
                    return pool.request("GET", url)
            """,
            good="""
                import urllib3

                pool = urllib3.PoolManager(maxsize=10, timeout=5)

                def rates(url):
                    return pool.request("GET", url)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');

                async function rates(url) {
                  return (await axios.get(url)).data;
                                ^^^^^^^^^ no timeout: a stalled server holds this worker for ever
                }
            """,
            good="""
                const axios = require('axios');

                async function rates(url) {
                  return (await axios.get(url, { timeout: 5000 })).data;
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');

                const pay = axios.create({ baseURL: 'https://pay.example' });
                            ^^^^^^^^^^^^ client without a timeout: each of its calls may wait for ever

                async function charge(order) {
                  return pay.post('/charges', order);
                }
            """,
            good="""
                const axios = require('axios');

                const pay = axios.create({ baseURL: 'https://pay.example', timeout: 5000 });

                async function charge(order) {
                  return pay.post('/charges', order);
                }
            """,
        ),
        Example(
            language="typescript",
            bad="""
                export async function charge(order: Order) {
                  const answer = await fetch('https://pay.example/charges', { method: 'POST' });
                                       ^^^^^ no timeout: a stalled server holds this worker for ever
                  return answer.ok;
                }
            """,
            good="""
                export async function charge(order: Order) {
                  const answer = await fetch('https://pay.example/charges', { method: 'POST', signal: AbortSignal.timeout(5000) });
                  return answer.ok;
                }
            """,
        ),
        Example(
            good="import requests\n\ndef get(url, **options):\n    return requests.get(url, **options)"
        ),
        Example(
            good="""
                import httpx

                async def events(client: httpx.AsyncClient):
                    async with client.stream("GET", "https://pay.example/events", timeout=None) as answer:
                        async for line in answer.aiter_lines():
                            yield line
            """,
        ),
        Example(
            good="import httpx\n\nhttpx.get('https://pay.example')  # httpx gives up after 5 s"
        ),
        Example(
            good="""
                import functools
                import requests

                class Patient(requests.Session):
                    def request(self, *args, **kwargs):
                        kwargs.setdefault("timeout", 5)
                        return super().request(*args, **kwargs)

                patient = Patient()
                ask = functools.partial(requests.get, timeout=5)

                def rates(url, session: requests.Session):
                    return patient.get(url), ask(url), session.get(url)

                def mounted(url, adapter):
                    session = requests.Session()
                    session.mount("https://", adapter)
                    return session.get(url)
            """,
        ),
        Example(
            good="""
                import asyncio
                import urllib3
                import aiohttp

                pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=3, read=10))

                async def rates(url, session: aiohttp.ClientSession):
                    async with asyncio.timeout(5):
                        await session.get(url, timeout=None)
                    return pool.request("GET", url)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const axios = require('axios');
                const pay = axios.create({ baseURL: 'https://pay.example', timeout: 5000 });

                async function charge(order, signal, options) {
                  await pay.post('/charges', order);
                  await axios.get('https://rates.example', { signal });
                  await fetch('https://rates.example', options);
                  await Promise.race([fetch('https://rates.example'), giveUpAfter(5000)]);
                }
            """,
        ),
        Example(
            language="typescript",
            path="packages/shop-cli/src/rates.ts",
            good="""
                export const rates = async () => (await fetch('https://rates.example/v1')).json();
            """,
        ),
        Example(
            language="javascript",
            path="src/components/Rates.jsx",
            good="""
                export const load = () => fetch('/api/rates').then((answer) => answer.json());
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "http.request", "http.client")
    if meaning is None:
        return
    given = _given(call, meaning, ctx)
    if given is None:
        return
    if isinstance(given, str):
        if meaning.has("no-timeout") and _is_bare(call, ctx):
            words = _CLIENT if meaning.role == "http.client" else _NONE
            yield Finding(call.callee.span, words, _fix(call, meaning, ctx))
        return
    if call.method == "stream":
        return  # a stream of events stays open
    if meaning.has("none-is-default") or not ctx.is_constant(given, None):
        return
    parent = ctx.parent(given)
    place = parent if parent is not None else given
    edit = ctx.replace(given, "5" if ctx.is_python else "5000")
    fix = Fix("Wait at most 5 seconds", (edit,)) if not meaning.has("timeout-object") else None
    yield Finding(place.span, f"`{ctx.source(given)}` waits for ever", fix)


def _given(call: Call, meaning: Meaning, ctx: Context) -> Expression | str | None:
    """The timeout that a call says; "" when it surely says none, None when it may."""
    if "timeout" not in meaning.entry.options:
        return None
    for word in ("timeout", "signal"):
        option = ctx.option(call, meaning, word)
        if option.hidden:
            return None
        if option.value is not None:
            return option.value
    return ""


def _is_bare(call: Call, ctx: Context) -> bool:
    """Whether nothing around the call or behind its client limits it."""
    if is_browser(ctx) or ctx.held(call, "timeout") is not None:
        return False
    for above in ctx.ancestors(call):
        if ctx.meaning(above, "timeout"):
            return False
    if not isinstance(call.callee, Member):
        return True
    client = ctx.value(call.callee.object)
    if client.name.startswith("@") or any(o.kind == "parameter" for o in client.origins):
        return False  # a subclass of ours, or one that the caller has set up
    if any(m.role == "http.client" for m in _made(client.name, ctx)):
        has_own = any("timeout" in m.entry.options for m in _made(client.name, ctx))
        return not has_own and not _is_mounted(call.callee.object, ctx)
    return True


def _made(name: str, ctx: Context) -> tuple[Meaning, ...]:
    return ctx.file.flow.catalogue.calls(name)


def _is_mounted(client: Expression, ctx: Context) -> bool:
    """Whether the item hangs an adapter on the client, which may carry a timeout."""
    words = ctx.source(client)
    return any(
        isinstance(site.call.callee, Member)
        and site.call.callee.name == "mount"
        and ctx.source(site.call.callee.object) == words
        for site in ctx.sites
    )


def _fix(call: Call, meaning: Meaning, ctx: Context) -> Fix | None:
    title = "Wait at most 5 seconds"
    slot = meaning.entry.options.get("timeout")
    if slot is None:
        return None
    if ctx.is_python:
        return Fix(title, (ctx.with_argument(call, "timeout=5"),))
    if slot.member is None:
        return None
    value = "AbortSignal.timeout(5000)" if slot.member == "signal" else "5000"
    if meaning.has("timeout-object"):
        value = "{ request: 5000 }"
    edit = with_member(call, slot, f"{slot.member}: {value}", ctx)
    return Fix(title, (edit,)) if edit is not None else None
