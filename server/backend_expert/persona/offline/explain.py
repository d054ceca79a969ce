"""Explaining code: what it is, what it does step by step, and what the checks say of it."""

from collections.abc import Iterator

from backend_expert.facts.code import Function, Try, walk
from backend_expert.ide import describe
from backend_expert.ide.explain_query import explain_query
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.review import short_findings
from backend_expert.persona.offline.steps import steps
from backend_expert.persona.place import Place


def answer(brief: Brief) -> Iterator[str]:
    """The explanation, part by part."""
    place = brief.place
    for placed in place.endpoints()[:4]:
        yield describe.endpoint(place.checked, placed) + "\n\n"
    functions = place.functions()
    for function, item, _ in functions[:5]:
        yield from _function(place, function, item)
    if not functions:
        yield from _queries(place)
    yield from short_findings(place)


def _function(place: Place, function: Function, item: object) -> Iterator[str]:
    kind = "an asynchronous function" if function.is_async else "a function"
    names = [p.name for p in function.parameters if p.name and p.name != "self"]
    takes = f" of {', '.join(f'`{name}`' for name in names)}" if names else " without parameters"
    yield f"## `{function.name}`\n\nIt is {kind}{takes}.\n\n"
    reading = next(
        place.checked.file.flow.reading(known) for known, _ in place.items() if known is item
    )
    lines = list(steps(place.checked, function, reading))
    if lines:
        yield "What it does beyond its own process:\n\n" + "\n".join(lines) + "\n\n"
    else:
        yield "It touches nothing outside its own process that I can see.\n\n"
    handled = [node for node in walk(function) if isinstance(node, Try)]
    if lines and not handled:
        yield "Nothing in it handles a failure: each error goes to its caller as it is.\n\n"
    elif handled:
        count = sum(len(node.handlers) for node in handled)
        yield f"It handles failures in {count} place{'s' if count != 1 else ''}.\n\n"


def _queries(place: Place) -> Iterator[str]:
    for placed in place.queries()[:6]:
        yield explain_query(placed.query) + "\n\n"
