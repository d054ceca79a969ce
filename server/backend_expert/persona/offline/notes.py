"""Architecture notes: what the code is part of, what it leans on, and what to decide next."""

from collections.abc import Iterator

from backend_expert.ide.views import PlacedEndpoint
from backend_expert.lint.context import short
from backend_expert.persona.brief import Brief
from backend_expert.persona.context.technologies import used
from backend_expert.persona.place import Place
from backend_expert.rules import AREAS

_LEANS = {
    "http.request": "other services over HTTP",
    "queue.publish": "queues it writes to",
    "queue.consume": "queues it reads from",
    "cache.read": "a cache",
    "cache.write": "a cache",
    "mail.send": "a mail service",
    "payment.create": "a payment service",
    "storage.access": "object storage",
    "env": "its environment's variables",
}


def answer(brief: Brief) -> Iterator[str]:
    """The notes, part by part."""
    place = brief.place
    yield from _endpoints(place.endpoints())
    yield from _tables(place)
    yield from _leans(place)
    yield from _decisions(place)
    notes = [(t.title, t.notes.strip()) for t in used(place) if t.notes.strip()]
    if notes:
        yield "## To keep in mind\n\n"
        for title, text in notes[:5]:
            yield f"**{title}**\n\n{text}\n\n"


def _endpoints(placed: list[PlacedEndpoint]) -> Iterator[str]:
    if not placed:
        return
    yield "## Answers to\n\n"
    for one in placed:
        guards = ", ".join(f"`{name}`" for name in one.endpoint.guards) or "no guard"
        yield f"- {one.endpoint.method} `{one.endpoint.path or '/'}` ({guards})\n"
    yield "\n"


def _tables(place: Place) -> Iterator[str]:
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    for placed in place.queries():
        into = writes if placed.query.is_write else reads
        into.update(dict.fromkeys(table.name for table in placed.query.tables()))
    if reads or writes:
        yield "## Data\n\n"
        if writes:
            yield f"- Writes: {', '.join(f'`{name}`' for name in writes)}\n"
        if reads:
            yield f"- Reads: {', '.join(f'`{name}`' for name in reads)}\n"
        yield "\n"


def _leans(place: Place) -> Iterator[str]:
    found: dict[str, dict[str, None]] = {}
    for item, _ in place.items():
        for site in place.checked.file.flow.reading(item).sites.values():
            for meaning in site.meanings:
                if meaning.role in _LEANS:
                    found.setdefault(_LEANS[meaning.role], {})[short(site.name)] = None
    if found:
        yield "## Leans on\n\n"
        for what, calls in found.items():
            names = ", ".join(f"`{name}`" for name in list(calls)[:4])
            yield f"- {what} ({names})\n"
        yield "\n"


def _decisions(place: Place) -> Iterator[str]:
    by_area: dict[str, list[str]] = {}
    for problem, span in place.problems():
        line = place.checked.document.position(span.start)[0] + 1
        by_area.setdefault(problem.rule.area, []).append(f"line {line}: {problem.finding.message}")
    if by_area:
        yield "## Decide next\n\n"
        for area, said in by_area.items():
            yield f"- **{AREAS[area]}** — {'; '.join(said[:4])}\n"
        yield "\n"
