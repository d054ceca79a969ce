"""Explaining code: what it is for, what it does step by step, and what the checks say of it."""

from collections.abc import Iterator

from backend_expert.facts.endpoint import Endpoint
from backend_expert.ide.describe import path_of
from backend_expert.ide.explain_query import explain_query
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.review import short_findings
from backend_expert.persona.offline.steps import (
    failures,
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
    told = [one for one in found if one.endpoints or steps(place, one) or own_words(place, one)]
    for one in told[:_MOST]:
        yield from _function(place, one)
    yield from _quiet([one for one in found if not steps(place, one)], len(found))
    yield from _unhandled([one for one in told[:_MOST] if steps(place, one)])
    yield from _mounted(told[:_MOST])
    if len(told) > _MOST:
        more = count(len(told) - _MOST, "more function")
        names = listed(_name(one) for one in told[_MOST:])
        yield f"The selection has {more}: {names}. Select fewer lines to read about them.\n\n"
    if not found:
        yield from _no_function(place)
    yield from short_findings(place)


def _function(place: Place, one: Subject) -> Iterator[str]:
    name = signature(one.function)
    if one.endpoints:
        yield f"## {_paths(one)}\n\n"
        handler = f"Answered by `{name}`" if one.function.name else "Answered right here"
        yield f"{handler}, {_way_in(one.endpoints[0])}.\n\n"
    else:
        yield f"## `{name}`\n\n"
    said = own_words(place, one)
    if said:
        yield f"> {said}\n\n"
    done = steps(place, one)
    if done:
        yield from listing(done)
    handled = failures(place, one)
    if handled:
        yield "When something fails:\n\n" + "\n".join(handled) + "\n\n"


def _paths(one: Subject) -> str:
    return listed(f"{each.method} `{path_of(each)}`" for each in one.endpoints)


def _name(one: Subject) -> str:
    """What a function is called in a sentence."""
    return _paths(one) if one.endpoints and not one.function.name else f"`{one.function.name}`"


def _way_in(endpoint: Endpoint) -> str:
    if endpoint.guards:
        return f"behind {quoted(endpoint.guards)}"
    return "with no guard before it in this file"


def _quiet(silent: list[Subject], among: int) -> Iterator[str]:
    """One sentence for all functions that stay within their process."""
    if silent:
        few = among == len(silent) and among > 3
        names = "These functions" if few else sentence(listed(map(_name, silent)))
        verb = "touches" if len(silent) == 1 else "touch"
        yield f"{names} {verb} nothing outside the process, as far as the facts tell.\n\n"


def _unhandled(acting: list[Subject]) -> Iterator[str]:
    """One sentence for all functions that leave errors to their callers."""
    leave = [one for one in acting if lets_errors_through(one)]
    if len(leave) == len(acting) and len(leave) > 3:
        yield "None of these handles a failure: an error in any step goes to the caller.\n\n"
    elif leave:
        names = sentence(listed(map(_name, leave)))
        verb = "handles" if len(leave) == 1 else "handle"
        yield f"{names} {verb} no failure: an error in any step goes to the caller.\n\n"


def _mounted(told: list[Subject]) -> Iterator[str]:
    """One sentence for all endpoints whose path is known in part only."""
    number = sum(not each.is_complete for one in told for each in one.endpoints)
    if number:
        whose = "its whole path" if number == 1 else "whole paths"
        yield f"The router is mounted elsewhere, so {whose} may be longer than shown.\n\n"


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
