"""What a function does, call by call, in words."""

from collections.abc import Iterator

from backend_expert.facts.code import Function, Loop, Node
from backend_expert.facts.query import Query
from backend_expert.flow.reading import Reading, Site
from backend_expert.ide.explain_query import explain_query
from backend_expert.ide.views import context_of
from backend_expert.lint.checked import Checked
from backend_expert.lint.context import Context, short

# How a call with a role is told; `{}` is what is called, then what it is called with.
_WORDS = {
    "http.request": "calls another service (`{}`)",
    "orm.read": "reads from the database (`{}`)",
    "orm.write": "writes to the database (`{}`)",
    "document.read": "reads documents (`{}`)",
    "document.write": "writes documents (`{}`)",
    "transaction.begin": "opens a transaction (`{}`)",
    "transaction.commit": "commits (`{}`)",
    "transaction.rollback": "rolls back (`{}`)",
    "queue.publish": "publishes a message (`{}`)",
    "queue.ack": "acknowledges the message (`{}`)",
    "queue.consume": "subscribes to a queue (`{}`)",
    "cache.read": "reads the cache (`{}`)",
    "cache.write": "writes the cache (`{}`)",
    "cache.delete": "clears a cache entry (`{}`)",
    "mail.send": "sends an e-mail (`{}`)",
    "payment.create": "takes a payment (`{}`)",
    "sink.shell": "runs a command of the operating system (`{}`)",
    "sleep": "waits (`{}`)",
    "spawn": "starts work that goes on by itself (`{}`)",
    "jwt.verify": "checks a token (`{}`)",
    "jwt.decode": "reads a token without checking it (`{}`)",
    "jwt.sign": "makes a token (`{}`)",
    "crypto.password-hash": "hashes a password (`{}`)",
    "response.abort": "may end the request with an error (`{}`)",
}
_MOST = 14


def steps(checked: Checked, function: Function, reading: Reading) -> Iterator[str]:
    """The calls of a function that reach beyond it, in the order they are written."""
    context = context_of(checked, reading.item)
    sites = [s for s in reading.sites.values() if function.span.covers(s.call.span)]
    sites.sort(key=lambda site: site.call.span.end)
    told: dict[str, None] = {}
    for site in sites:
        said = _said(site, context)
        if said:
            told[said + _circumstance(site.call, context)] = None
    for number, said in enumerate(list(told)[:_MOST]):
        yield f"{number + 1}. {said[0].upper()}{said[1:]}"
    if len(told) > _MOST:
        yield f"… and {len(told) - _MOST} more steps."


def _said(site: Site, context: Context) -> str:
    for query in context.queries_of(site.call):
        return f"runs a query: {first_sentence(query)}"
    for meaning in site.meanings:
        words = _WORDS.get(meaning.role)
        if words:
            return words.format(short(site.name))
        if meaning.role == "sql.execute":
            return f"runs SQL that is put together elsewhere (`{short(site.name)}`)"
    summary = site.summary
    if summary is not None and summary.effects:
        inner = [
            _WORDS[e.role].format(short(e.name)) for e in summary.effects if e.role in _WORDS
        ]
        if any(e.role == "sql.execute" for e in summary.effects):
            inner.insert(0, "runs SQL")
        if inner:
            return f"calls `{short(site.name)}`, which {', '.join(dict.fromkeys(inner[:3]))}"
    return ""


def first_sentence(query: Query) -> str:
    """What a query does, as the hover's first line says it."""
    line = explain_query(query).split("\n", 1)[0].replace("**", "").strip()
    return line[:1].lower() + line[1:].rstrip(".")


def _circumstance(node: Node, context: Context) -> str:
    """Inside which loop or transaction a step stands."""
    words = ""
    loop = context.loop(node)
    if loop is not None:
        over = ""
        if isinstance(loop, Loop) and loop.iterable is not None:
            over = f" over `{context.source(loop.iterable)[:40]}`"
        words += f" — once for each turn of the loop{over}"
    if context.transaction(node) is not None:
        words += " — inside a transaction"
    return words
