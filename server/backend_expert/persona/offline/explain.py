"""Explaining code: what it is for, what it does step by step, and what the checks say of it."""

from collections.abc import Iterator

from backend_expert.facts.endpoint import Endpoint
from backend_expert.ide.describe import path_of
from backend_expert.ide.explain_query import explain_query
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.review import short_findings
from backend_expert.persona.offline.steps import (
    failures,
    functions_without_names,
    lets_errors_through,
    listing,
    steps,
)
from backend_expert.persona.offline.subjects import (
    Subject,
    defined,
    own_words,
    signature,
    subjects,
)
from backend_expert.persona.offline.words import count, listed, quoted, sentence
from backend_expert.persona.place import Place

_MOST = 6


def answer(brief: Brief) -> Iterator[str]:
    """The explanation, part by part."""
    place = brief.place
    found = subjects(place)
    for one in found[:_MOST]:
        yield from _function(place, one)
    yield from _others(found[_MOST:])
    yield from _unhandled(place, found[:_MOST])
    if not found:
        yield from _no_function(place)
    yield from short_findings(place)


def _function(place: Place, one: Subject) -> Iterator[str]:
    name = signature(one.function)
    if one.endpoints:
        paths = listed(f"{each.method} `{path_of(each)}`" for each in one.endpoints)
        yield f"## {paths}\n\n"
        handler = f"`{name}`" if one.function.name else "A nameless function"
        yield f"{handler} answers. {_way_in(one.endpoints[0])}\n\n"
    else:
        yield f"## `{name}`\n\n"
    said = own_words(place, one)
    if said:
        yield f"> {said}\n\n"
    done = steps(place, one)
    if not done:
        yield "It touches nothing outside its own process, as far as the facts tell.\n\n"
        return
    yield from listing(done)
    handled = failures(place, one)
    if handled:
        yield "When something fails:\n\n" + "\n".join(handled) + "\n\n"


def _way_in(endpoint: Endpoint) -> str:
    guards = f"It stands behind {quoted(endpoint.guards)}" if endpoint.guards else ""
    first = guards or "No guard stands before it in this file"
    if endpoint.is_complete:
        return f"{first}."
    return f"{first}. The router is mounted elsewhere, so the whole path may be longer."


def _others(more: list[Subject]) -> Iterator[str]:
    if more:
        names = quoted(one.function.name or "a nameless one" for one in more)
        yield f"The selection has {count(len(more), 'more function')}: {names}.\n\n"


def _unhandled(place: Place, found: list[Subject]) -> Iterator[str]:
    """One sentence for all functions that leave errors to their callers."""
    leave = [one for one in found if lets_errors_through(one) and steps(place, one)]
    if leave:
        names = listed(dict.fromkeys(functions_without_names(one.function) for one in leave))
        verb = "handles" if len(leave) == 1 else "handle"
        what = "no failure: an error in any step goes to the caller"
        yield f"{sentence(names)} {verb} {what}.\n\n"


def _no_function(place: Place) -> Iterator[str]:
    queries = place.queries()
    for placed in queries[:_MOST]:
        yield explain_query(placed.query) + "\n\n"
    if len(queries) > _MOST:
        more = count(len(queries) - _MOST, "statement")
        yield f"{more} more: select fewer lines to read about them.\n\n"
    if queries:
        return
    names = list(dict.fromkeys(defined(place)))
    about = f"These lines define {quoted(names)}. " if names else ""
    yield f"{about}There is no endpoint, function or query here that facts could explain.\n\n"
