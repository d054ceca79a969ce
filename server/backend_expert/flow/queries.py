"""The queries of an item: SQL that reaches a call which runs it, and statements of SQL files."""

from collections.abc import Iterator
from typing import cast

import msgspec

from backend_expert.facts.code import Text
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.slots import option
from backend_expert.flow.value import Value
from backend_expert.languages.sql import read_query
from backend_expert.technologies.catalogue import Catalogue

_RUNS = ("sql.execute", "sql.text")
DEFAULT_DIALECT = "postgres"


def queries(reading: Reading, catalogue: Catalogue, dialect: str) -> list[Query]:
    """The queries of a code item, in the order of the calls that run them; kept with its reading.

    `dialect` is the project's, empty when unknown; a driver that speaks one dialect decides.
    """
    key = f"queries {dialect}"
    kept = reading.notes.get(key)
    if not isinstance(kept, list):
        kept = reading.notes[key] = _queries(reading, catalogue, dialect)
    return cast("list[Query]", kept)


def _queries(reading: Reading, catalogue: Catalogue, dialect: str) -> list[Query]:
    found: list[Query] = []
    seen: set[int] = set()
    texts: list[Value] = []
    bound = {
        id(reading.value(node).parts)
        for node in reading.tagged
        if node.tag is not None and _is_sql(reading.value(node.tag).name, catalogue)
    }
    for site in reading.sites.values():
        for meaning in site.meanings:
            if meaning.role == "sql.execute" and meaning.subject is not None:
                subject = option(site.call, meaning.subject, reading).value
                if subject is None or id(subject) in seen:
                    continue
                seen.add(id(subject))
                value = reading.value(subject)
                texts.append(value)
                spoken = catalogue.technologies[meaning.technology].dialect
                if not spoken or (dialect and site.name not in meaning.entry.names):
                    spoken = dialect  # a driver that is only guessed from `cursor` decides nothing
                query = _query(site, value, spoken)
                if query is not None:
                    if id(value.parts) in bound:
                        query = msgspec.structs.replace(query, binds=True)
                    found.append(query)
                    break
    found += _tagged(reading, catalogue, dialect)
    found += _wrapped(reading, dialect, {id(value.parts) for value in texts})
    return found


def statements(item: Item, dialect: str) -> list[Query]:
    """The query of an item of an SQL file."""
    found: list[Query] = []
    for text in item.body:
        if isinstance(text, Text):
            query = read_query(text, dialect or DEFAULT_DIALECT)
            if query is not None:
                found.append(query)
    return found


def _query(site: Site, value: Value, dialect: str) -> Query | None:
    if value.parts is None:
        return None
    query = read_query(value.parts, dialect or DEFAULT_DIALECT)
    if query is None:
        return None
    return msgspec.structs.replace(query, call=site.call, home=value.home, grows=value.grows)


def _tagged(reading: Reading, catalogue: Catalogue, dialect: str) -> Iterator[Query]:
    """Tagged templates (sql`…`): their holes are bound parameters."""
    for node in {id(node): node for node in reading.tagged}.values():
        name = reading.value(node.tag).name if node.tag is not None else ""
        for meaning in catalogue.calls(name):
            if meaning.role in _RUNS:
                spoken = catalogue.technologies[meaning.technology].dialect or dialect
                query = read_query(node.parts, spoken or DEFAULT_DIALECT)
                if query is not None:
                    yield msgspec.structs.replace(query, binds=True)
                break


def _is_sql(tag: str, catalogue: Catalogue) -> bool:
    return any(meaning.role in _RUNS for meaning in catalogue.calls(tag))


def _wrapped(reading: Reading, dialect: str, run: set[int]) -> Iterator[Query]:
    """`text("…")` whose result is run somewhere not seen from here; `run` are the seen texts."""
    for site in reading.sites.values():
        for meaning in site.meanings:
            if meaning.role == "sql.text" and site.call.arguments:
                value = reading.value(site.call.arguments[0].value)
                if id(value.parts) in run:
                    continue
                run.add(id(value.parts))
                query = _query(site, value, dialect)
                if query is not None:
                    yield query
