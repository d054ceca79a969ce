"""Making code ready for production: what can fail in each step, what it lacks, and the fixes."""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Handler, Member, Try, walk
from backend_expert.flow.reading import Site
from backend_expert.ide.fixes import together
from backend_expert.ide.views import context_of
from backend_expert.lint.context import Context
from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Edits
from backend_expert.persona.offline.rewrite import provable
from backend_expert.persona.offline.subjects import Subject, signature, subjects
from backend_expert.persona.offline.words import callee, count, listed, quoted, sentence
from backend_expert.persona.place import Place
from backend_expert.persona.remote import is_remote

_MOST, _MOST_STEPS = 5, 12
# What goes wrong with a call of a role; the first that fits is told.
_FAILS = (
    ("payment.create", "may be taken twice when it is repeated"),
    ("mail.send", "may be slow, refused, or sent twice when it is repeated"),
    ("http.request", "may hang, be refused, or answer with an error status"),
    ("queue.publish", "may be refused by the broker, or sent twice when it is repeated"),
    ("queue.consume", "may break off and bring the same message again"),
    ("cache.read", "may be down: the answer must come without it"),
    ("cache.write", "may be down: the answer must come without it"),
    ("cache.delete", "may be down: then stale data stays"),
    ("document.write", "may wait for the server, or be broken off by it"),
    ("document.read", "may wait for the server, or be broken off by it"),
    ("orm.write", "may wait for a lock, break a constraint, or be broken off"),
    ("orm.read", "may wait for a connection or a lock, or be broken off"),
    ("sql.execute", "may wait for a connection or a lock, or be broken off"),
)
_OUTSIDE = ("http.request", "payment.create", "mail.send", "queue.publish")


def answer(brief: Brief) -> Iterator[str | Edits]:
    """The steps of each function, the fixes as one edit, and what is left for a person."""
    place = brief.place
    told = 0
    for one in subjects(place):
        steps, leaks = _steps(place, one)
        if not steps:
            continue
        told += 1
        if told <= _MOST:
            yield f"## `{signature(one.function)}`\n\n"
            yield "".join(f"{n}. {step}\n" for n, step in enumerate(steps[:_MOST_STEPS], 1))
            if len(steps) > _MOST_STEPS:
                yield f"\n… and {len(steps) - _MOST_STEPS} more.\n"
            yield "\n"
            yield _uncaught(len(steps), leaks)
    if not told:
        yield "Nothing here leaves the process: there is no timeout, retry or transaction to "
        yield "add.\n\n"
    elif told > _MOST:
        yield f"{count(told - _MOST, 'more function')} below: select fewer lines to read about "
        yield "them.\n\n"
    yield from _fixes(place)
    yield from _lacking(place)


def _steps(place: Place, one: Subject) -> tuple[list[str], int]:
    """A function's steps in words, and of how many nothing is caught."""
    context = context_of(place.checked, one.item)
    sites = [site for site in context.sites if one.function.span.covers(site.call.span)]
    sites.sort(key=lambda site: site.call.span.end)
    found: list[str] = []
    leaks = 0
    for site in sites:
        fails = _fails(site)
        handlers = _handlers(site.call, context)
        if not fails and not (handlers and site.name.startswith("?") and _is_guarded(site)):
            continue
        leaks += not handlers
        found.append(_step(place, one, site, fails, handlers, context))
    return found, leaks


def _is_guarded(site: Site) -> bool:
    """A call that the facts cannot follow, made on something: what is caught may come from it."""
    return isinstance(site.call.callee, Member)


def _uncaught(steps: int, leaks: int) -> str:
    if not leaks:
        return ""
    which = "None of these is" if leaks == steps else f"{leaks} of these steps are not"
    if steps == 1:
        which = "This is not"
    elif leaks == 1:
        which = "One of these is not"
    return f"{which} caught here: an error goes to the caller.\n\n"


def _fails(site: Site) -> str:
    if not is_remote(site):
        return ""
    roles = {meaning.role for meaning in site.meanings}
    if not roles and site.summary is not None:
        roles = {effect.role for effect in site.summary.effects}
    return next((words for role, words in _FAILS if role in roles), "")


def _step(
    place: Place,
    one: Subject,
    site: Site,
    fails: str,
    handlers: list[Handler],
    context: Context,
) -> str:
    line = place.checked.document.position(site.call.span.start + one.start)[0] + 1
    what = fails or "may fail in ways that the facts do not tell"
    said = [f"Line {line}, `{callee(site.name)}`, {what}."]
    if handlers:
        types = quoted(context.source(kind) for each in handlers for kind in each.types)
        logged = any(_logs(handler, context) for handler in handlers)
        said.append(f"{types or 'Any error'} is caught and {'logged' if logged else 'not logged'}.")
    roles = {meaning.role for meaning in site.meanings}
    if context.transaction(site.call) is not None and roles & set(_OUTSIDE):
        said.append("The transaction stays open meanwhile, with its locks.")
    lacks = [
        f"{problem.finding.message} (`{problem.rule.id}`)"
        for problem, span in place.problems()
        if problem.item is one.item and span.overlaps(site.call.span.moved(one.start))
        and not _is_of_inner(problem.span, site, context)
    ]  # fmt: skip
    if lacks:
        said.append(f"**{sentence(listed(dict.fromkeys(lacks)))}.**")
    return " ".join(said)


def _is_of_inner(span: object, site: Site, context: Context) -> bool:
    """Whether a finding is about a call inside this one, which has a step of its own."""
    return any(
        other is not site
        and site.call.span.covers(other.call.span)
        and other.call.span.covers(span)  # pyright: ignore[reportArgumentType]
        and is_remote(other)
        for other in context.sites
    )


def _handlers(call: Call, context: Context) -> list[Handler]:
    """The handlers of the nearest `try` whose body has the call."""
    for above in context.ancestors(call):
        if not isinstance(above, Try) or not above.handlers:
            continue
        if any(statement.span.covers(call.span) for statement in above.body):
            return list(above.handlers)
    return []


def _logs(handler: Handler, context: Context) -> bool:
    return any(
        isinstance(node, Call) and context.meaning(node, "log", "report") is not None
        for statement in handler.body
        for node in walk(statement)
    )


def _fixes(place: Place) -> Iterator[str | Edits]:
    problems = [problem for problem, _ in place.problems()]
    chosen = provable(place, [p for p in problems if p.finding.fix is not None])
    if chosen:
        edits, _ = together(place.checked, chosen)
        yield "## What can be fixed at once\n\n"
        titles = [p.finding.fix.title for p in chosen if p.finding.fix is not None]
        yield "".join(f"- {title}\n" for title in dict.fromkeys(titles)) + "\n"
        yield Edits(f"Fix {count(len(chosen), 'finding')}", tuple(edits))
    kept = {id(problem) for problem in chosen}
    left = [(p, span) for p, span in place.problems() if id(p) not in kept]
    if left:
        yield "## Left for you\n\n"
        for problem, span in left:
            line = place.checked.document.position(span.start)[0] + 1
            yield f"- Line {line}: {problem.finding.message} · `{problem.rule.id}`\n"
        yield "\n"


def _lacking(place: Place) -> Iterator[str]:
    """What the file as a whole does not have."""
    roles = place.checked.file.roles
    said: list[str] = []
    if not roles & {"log", "report"}:
        said.append("logs nothing")
    if not roles & {"metric.create", "metric.label", "span"}:
        said.append("measures nothing")
    if "retry" not in roles:
        said.append("repeats no call through a retry library")
    if said:
        yield f"This file {listed(said)}. "
        yield "That is right where a caller or the framework does it.\n\n"
