"""What a function does beyond its own process, call by call, in words."""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from backend_expert.facts.code import (
    Call,
    Comprehension,
    Constant,
    Handler,
    Loop,
    Member,
    Name,
    Node,
    Raise,
    Try,
    walk,
)
from backend_expert.facts.query import Query
from backend_expert.flow.reading import Site
from backend_expert.ide.explain_query import explain_query
from backend_expert.ide.views import context_of
from backend_expert.lint.context import Context
from backend_expert.persona.offline.subjects import Subject
from backend_expert.persona.offline.words import callee, listed, quoted, sentence
from backend_expert.persona.place import Place

# How a call with a role is told; `{}` is what is called. An earlier role says more than a later.
_WORDS = {
    "orm.read": "reads {of} from the database (`{}`)",
    "orm.write": "writes {of} to the database (`{}`)",
    "document.read": "reads documents (`{}`)",
    "document.write": "writes documents (`{}`)",
    "sql.execute": "runs SQL that is put together elsewhere (`{}`)",
    "http.request": "calls another service (`{}`)",
    "transaction.begin": "opens a transaction (`{}`)",
    "transaction.commit": "commits (`{}`)",
    "transaction.rollback": "rolls back (`{}`)",
    "queue.publish": "publishes a message (`{}`)",
    "queue.ack": "acknowledges the message (`{}`)",
    "queue.nack": "refuses the message (`{}`)",
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
    "response.abort": "may answer with {status} (`{}`)",
}
_MOST = 14


class Step(msgspec.Struct, frozen=True, eq=False):
    """One step in words, and the transaction around it if there is one."""

    words: str
    transaction: int = 0


def steps(place: Place, one: Subject) -> list[Step]:
    """The calls of a function that reach beyond it, in the order in which they are made."""
    context = context_of(place.checked, one.item)
    sites = [s for s in context.sites if one.function.span.covers(s.call.span)]
    sites.sort(key=lambda site: site.call.span.end)
    told: dict[tuple[str, int], None] = {}
    for site in sites:
        said = _said(site, context)
        if said:
            around = context.transaction(site.call)
            inside = id(around) if around is not None and around is not site.call else 0
            told[said + _loop(site.call, context), inside] = None
    return [Step(*key) for key in told]


def listing(found: list[Step]) -> Iterator[str]:
    """Steps as a numbered list; what one transaction holds stands together under it."""
    number = 0
    for transaction, group in groupby(found[:_MOST], key=lambda step: step.transaction):
        inside = [sentence(step.words) for step in group]
        if not transaction:
            for words in inside:
                number += 1
                yield f"{number}. {words}\n"
            continue
        number += 1
        if len(inside) == 1:
            yield f"{number}. In a transaction: {inside[0][:1].lower()}{inside[0][1:]}\n"
            continue
        yield f"{number}. In one transaction:\n"
        yield from (f"    - {words}\n" for words in inside)
    if len(found) > _MOST:
        yield f"\n… and {len(found) - _MOST} more.\n"
    yield "\n"


def _said(site: Site, context: Context) -> str:
    for query in context.queries_of(site.call):
        return f"runs a query that {gist(query)}"
    roles = {meaning.role: meaning for meaning in site.meanings}
    for role, words in _WORDS.items():
        if role in roles:
            status = ""
            if role == "response.abort":
                subject = context.subject(site.call, roles[role])
                status = str(subject.value) if isinstance(subject, Constant) else "an error"
            if role == "orm.read" and _locks(site.call, context):
                words = words.replace("reads {of} from", "reads and locks {of} in")
            of = models(site.call, context) or ("rows" if role == "orm.read" else "changes")
            return words.format(callee(site.name), of=of, status=status)
    summary = site.summary
    if summary is None or not summary.effects:
        return ""
    by_role: dict[str, str] = {}
    for effect in summary.effects:
        if effect.role in _WORDS and effect.role != "response.abort":
            by_role.setdefault(effect.role, callee(effect.name))
    if "sql.execute" in by_role and by_role.keys() & {"orm.read", "orm.write"}:
        del by_role["sql.execute"]
    inner = [
        "runs SQL" if role == "sql.execute" else words.format(by_role[role], of="", status="")
        for role, words in _WORDS.items()
        if role in by_role
    ]
    plain = [" ".join(words.split()) for words in inner]
    return f"calls `{callee(site.name)}`, which {listed(plain[:3])}" if plain else ""


def _locks(call: Call, context: Context) -> bool:
    """Whether a read locks what it reads, until the transaction ends."""
    return any(
        isinstance(node, Call) and context.meaning(node, "row-lock") is not None
        for argument in call.arguments
        for node in walk(argument)
    ) or any(argument.name == "with_for_update" for argument in call.arguments)


def models(call: Call, context: Context) -> str:
    """The mapped classes that a call speaks of, in words."""
    names = model_names(call, context)
    return quoted(names) if names else ""


def model_names(call: Call, context: Context) -> list[str]:
    """The mapped classes that a call speaks of: `Order` of `session.scalars(select(Order))`."""
    roots = context.file.flow.catalogue.roots
    names: dict[str, None] = {}
    for argument in call.arguments:
        for node in walk(argument):
            if isinstance(node, Name | Member | Call):
                whole = context.name(node)
                last = whole.rpartition(".")[2]
                is_class = last[:1].isupper() and last.isidentifier() and not last.isupper()
                if is_class and whole.partition(".")[0] not in roots:
                    names[last] = None
    return list(names)


def gist(query: Query) -> str:
    """What a query does, as the hover's first line says it."""
    line = explain_query(query).split("\n", 1)[0].replace("**", "").strip()
    return line[:1].lower() + line[1:].rstrip(".")


def _loop(node: Node, context: Context) -> str:
    """`, once for each `row` of `rows``, where a loop is around a step."""
    loop = context.loop(node)
    target = iterable = None
    if isinstance(loop, Loop):
        target, iterable = loop.target, loop.iterable
    elif isinstance(loop, Comprehension) and loop.generators:
        target, iterable = loop.generators[0].target, loop.generators[0].iterable
    if loop is None:
        return ""
    if target is None or iterable is None:
        return ", on every turn of the loop"
    over = " ".join(context.source(iterable).split())
    of = f" of `{over}`" if len(over) <= 40 else ""
    return f", once for each `{context.source(target)}`{of}"


# -- what happens when something fails ----------------------------------------------------------


def failures(place: Place, one: Subject) -> list[str]:
    """What each handler of a function does with what it catches, in the order of the code."""
    context = context_of(place.checked, one.item)
    handlers = [h for node in walk(one.function) if isinstance(node, Try) for h in node.handlers]
    return [_handled(handler, context, place, one.start) for handler in handlers]


def lets_errors_through(one: Subject) -> bool:
    """Whether nothing in the function catches anything, promises' `catch` included."""
    return not any(
        isinstance(node, Try) or (isinstance(node, Call) and node.method in ("catch", "suppress"))
        for node in walk(one.function)
    )


def _handled(handler: Handler, context: Context, place: Place, start: int) -> str:
    line = place.checked.document.position(handler.span.start + start)[0] + 1
    types = quoted(context.source(kind) for kind in handler.types)
    nodes = [node for statement in handler.body for node in walk(statement)]
    does: list[str] = []
    goes_on = False
    if any(isinstance(n, Call) and context.meaning(n, "log", "report") for n in nodes):
        does.append("is logged")
    for node in nodes:
        if isinstance(node, Raise):
            raised = node.value
            name = raised.callee if isinstance(raised, Call) else raised
            is_same = name is None or context.source(name) == handler.name
            does.append("goes on to the caller" if is_same else f"becomes `{_last(name, context)}`")
            goes_on = True
            break
    if not goes_on:
        does.append("goes no further")
    return f"- Line {line}: {types or 'any error'} {listed(does)}"


def _last(node: Node | None, context: Context) -> str:
    return context.source(node).rpartition(".")[2] if node is not None else ""
