"""Reviewing a migration: what each statement locks, what the checks say, and the safe order."""

import re
from collections.abc import Iterator

from backend_expert.lint.ddl import Change, Migration, migration_of
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.locks import lock_of
from backend_expert.persona.offline.review import short_findings
from backend_expert.persona.offline.safe_order import safe_order
from backend_expert.persona.offline.words import count, quoted
from backend_expert.persona.place import Place

_MOST = 12
_QUIET = frozenset(("set", "begin", "commit", "code", "other"))
_TYPE = re.compile(
    r"\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?\S+\s+(.+?)"
    r"(?=\s+(?:not|null|default|references|check|unique|primary|generated|constraint|collate)\b|$)",
    re.I | re.S,
)


def answer(brief: Brief) -> Iterator[str]:
    """The review, statement by statement, for tables that are in use."""
    place = brief.place
    migration = migration_of(place.checked.file)
    changes = _changes(place, migration) if migration is not None else []
    if migration is None or not changes:
        yield "These lines change no schema that could be read here.\n\n"
        yield from short_findings(place)
        return
    old = [change for change in changes if migration.is_old(change.table)]
    new = {change.table: None for change in changes if not migration.is_old(change.table)}
    if new:
        verb, it = ("is", "it") if len(new) == 1 else ("are", "them")
        yield f"{quoted(new)} {verb} made here: nobody uses {it} yet, so nobody waits."
        if "references" in place.text.lower():
            yield " A foreign key locks the table that it points to, for a moment."
        yield "\n\n"
    if old:
        yield from _locks(place, old, migration)
    yield from short_findings(place)
    yield from _safe(place, old, migration)


def _changes(place: Place, migration: Migration) -> list[Change]:
    """The changes in the place that do something to a table."""
    found: list[Change] = []
    for change in migration.changes:
        start = place.checked.start_of(change.item)
        if change.kind in _QUIET or start is None or not change.table:
            continue
        if change.span.moved(start).overlaps(place.span):
            found.append(change)
    return found


def _locks(place: Place, old: list[Change], migration: Migration) -> Iterator[str]:
    yield "## What it locks\n\n"
    for change in old[:_MOST]:
        lock = lock_of(change, migration.dialect)
        said = lock or "locks what is not known here, since the database is not known."
        yield f"- Line {_line(place, change)}, `{_source(place, change)}` {said}\n"
    if len(old) > _MOST:
        yield f"- … and {count(len(old) - _MOST, 'more statement')}\n"
    yield "\n"
    if migration.dialect == "postgres":
        if any(
            change.kind == "set" and change.name == "lock_timeout" for change in migration.changes
        ):
            yield "`lock_timeout` is set: a statement that does not get its lock gives up, and "
            yield "those who queue behind it go on. Run the migration again then.\n\n"
        else:
            yield "`lock_timeout` is not set here: a statement that waits for its lock makes all "
            yield "who come after it wait too. Set it first: `SET lock_timeout = '5s';`.\n\n"
        if len({change.table for change in old}) > 1:
            yield "It touches several tables. In one transaction each lock is held to the end: "
            yield "give each table a migration of its own.\n\n"


def _safe(place: Place, old: list[Change], migration: Migration) -> Iterator[str]:
    told = 0
    for change in old[:_MOST] if migration.dialect in ("postgres", "") else ():
        steps = safe_order(change, _type(_source(place, change, whole=True)))
        if not steps:
            continue
        if not told:
            yield "## The safe order\n\n"
        told += 1
        if len(old) > 1:
            yield f"For line {_line(place, change)}:\n\n"
        for number, (words, statement) in enumerate(steps, 1):
            end = ":" if statement else "."
            yield f"{number}. {words}{end}\n"
            if statement:
                inside = statement.replace("\n", "\n   ")
                yield f"\n   ```sql\n   {inside}\n   ```\n\n"
        yield "" if steps[-1][1] else "\n"
    if told and any(change.has("not-null") for change in old):
        yield "Run each step as a migration of its own, and go on when the one before is done.\n\n"
    elif not told and old and migration.dialect == "postgres" and not place.problems():
        yield "No statement holds its lock longer than a moment: it is safe as it stands.\n\n"


def _line(place: Place, change: Change) -> int:
    start = place.checked.start_of(change.item) or 0
    return place.checked.document.position(change.span.start + start)[0] + 1


def _source(place: Place, change: Change, *, whole: bool = False) -> str:
    start = place.checked.start_of(change.item) or 0
    span = change.span.moved(start)
    text = " ".join(place.checked.document.slice(span.start, span.end).split()).rstrip(";")
    return text if whole or len(text) <= 80 else f"{text[:78]} …"


def _type(text: str) -> str:
    found = _TYPE.search(text)
    return found[1] if found else ""
