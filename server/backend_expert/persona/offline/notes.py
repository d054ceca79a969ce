"""Architecture notes: what the code is part of, what it leans on, and what to decide next."""

from collections.abc import Iterator

from backend_expert.ide.describe import path_of
from backend_expert.ide.views import context_of
from backend_expert.persona.brief import Brief
from backend_expert.persona.context.technologies import advice
from backend_expert.persona.offline.steps import model_names
from backend_expert.persona.offline.words import callee, listed, quoted, sentence
from backend_expert.persona.place import Place
from backend_expert.rules import AREAS

# What a call with a role leans on.
_LEANS = {
    "http.request": "Other services over HTTP",
    "queue.publish": "A queue that it writes to",
    "queue.consume": "A queue that it reads from",
    "cache.read": "A cache",
    "cache.write": "A cache",
    "cache.delete": "A cache",
    "mail.send": "A mail service",
    "payment.create": "A payment service",
    "storage.access": "Object storage",
    "sink.shell": "Programs of the operating system",
    "env": "Environment variables",
}
_MOST_OF_AN_AREA = 4


def answer(brief: Brief) -> Iterator[str]:
    """The notes, part by part."""
    place = brief.place
    parts = [*_endpoints(place), *_data(place), *_leans(place), *_decisions(place), *_keep(place)]
    yield from parts
    if not parts:
        yield "These lines answer no endpoint, run no query and call nothing outside.\n\n"


def _endpoints(place: Place) -> Iterator[str]:
    lines: dict[str, None] = {}
    for one in place.endpoints():
        guards = one.endpoint.guards
        behind = f"behind {quoted(guards)}" if guards else "no guard before it in this file"
        lines[f"- {one.endpoint.method} `{path_of(one.endpoint)}`, {behind}\n"] = None
    if lines:
        yield "## Endpoints\n\n" + "".join(lines) + "\n"


def _data(place: Place) -> Iterator[str]:
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    for placed in place.queries():
        into = writes if placed.query.is_write else reads
        into.update(dict.fromkeys(table.name for table in placed.query.tables()))
    lines = [
        f"- {what} {quoted(names)}\n"
        for what, names in (("Writes", writes), ("Reads", reads))
        if names
    ]
    mapped = _mapped(place)
    if mapped:
        lines.append(f"- Through the mapper: {quoted(mapped)}\n")
    if lines:
        yield "## Data\n\n" + "".join(lines) + "\n"


def _mapped(place: Place) -> dict[str, None]:
    """The mapped classes that the selection's calls read or write."""
    names: dict[str, None] = {}
    for item, start in place.items():
        context = context_of(place.checked, item)
        for site in context.sites:
            roles = {meaning.role for meaning in site.meanings}
            inside = site.call.span.moved(start).overlaps(place.span)
            if inside and roles & {"orm.read", "orm.write", "orm.query"}:
                names.update(dict.fromkeys(model_names(site.call, context)))
    return names


def _leans(place: Place) -> Iterator[str]:
    found: dict[str, dict[str, None]] = {}

    def take(role: str, name: str) -> None:
        if role in _LEANS:
            found.setdefault(_LEANS[role], {})[callee(name)] = None

    for item, start in place.items():
        for site in place.checked.file.flow.reading(item).sites.values():
            if not site.call.span.moved(start).overlaps(place.span):
                continue
            for meaning in site.meanings:
                take(meaning.role, site.name)
            for effect in site.summary.effects if site.summary else ():
                take(effect.role, effect.name)
    if found:
        lines = [f"- {what} ({quoted(calls, 5)})\n" for what, calls in found.items()]
        yield "## Depends on\n\n" + "".join(lines) + "\n"


def _decisions(place: Place) -> Iterator[str]:
    """The findings of each area, worst area first."""
    by_area: dict[str, list[str]] = {}
    for problem, span in place.problems():
        line = place.checked.document.position(span.start)[0] + 1
        words = f"line {line}: {problem.finding.message}"
        if problem.finding.fix is not None:
            words += f". Quick fix: {problem.finding.fix.title}"
        by_area.setdefault(problem.rule.area, []).append(sentence(words))
    if not by_area:
        return
    yield "## Decide next\n\n"
    for area, said in by_area.items():
        yield f"**{AREAS[area]}**\n\n"
        yield "".join(f"- {words}\n" for words in said[:_MOST_OF_AN_AREA])
        if len(said) > _MOST_OF_AN_AREA:
            yield f"- … and {len(said) - _MOST_OF_AN_AREA} more\n"
        yield "\n"


def _keep(place: Place) -> Iterator[str]:
    chosen = advice(place)
    if chosen:
        yield f"## To keep in mind with {listed(t.title for t, _ in chosen)}\n\n"
        yield "".join(f"- {note}\n" for _, notes in chosen for note in notes) + "\n"
