"""Writing tests: a skeleton in the project's own framework, a case for each thing to hold."""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Constant, Import, Member, Name, Raise, Try, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.ide.describe import path_of
from backend_expert.ide.views import context_of
from backend_expert.persona.brief import Brief
from backend_expert.persona.offline.subjects import Subject, subjects
from backend_expert.persona.offline.words import count, snake
from backend_expert.persona.offline.writing import Javascript, Python, Writer
from backend_expert.persona.place import Place

_MOST = 4
_WITH_BODY = ("POST", "PUT", "PATCH")


def answer(brief: Brief) -> Iterator[str]:
    """The skeleton, and what is to be filled in."""
    place = brief.place
    found = subjects(place)
    served = [one for one in found if one.endpoints]
    plain = [one for one in found if not one.endpoints and _can_be_imported(place, one)]
    wanted = served or plain
    if not wanted:
        yield "There is no function or endpoint in the selection that a test could call.\n\n"
        return
    writer = _writer(place, [] if served else wanted[:_MOST])
    cases: list[str] = []
    for one in wanted[:_MOST]:
        cases += _of_endpoints(place, one, writer) if one.endpoints else _of(place, one, writer)
    yield "Fill in what stands in capitals. Until then each case fails, as it should.\n\n"
    yield f"```{writer.language}\n{writer.whole(cases)}\n```\n\n"
    if served:
        yield writer.about_the_client(served[0].endpoints[0].technology)
    if len(wanted) > _MOST:
        kind = "endpoint" if served else "function"
        more = count(len(wanted) - _MOST, f"more {kind}")
        yield f"The selection has {more}: select fewer lines to get a skeleton for the rest.\n\n"


def _can_be_imported(place: Place, one: Subject) -> bool:
    """Whether a test can get at a function: a top-level one that is not private, or a method."""
    name = one.function.name
    if not name or name.startswith("_"):
        return False
    nested = (s for s in one.item.body if s.span.covers(one.function.span))
    return one.item.place.owner != "" or any(
        node is one.function for statement in nested for node in _outermost(statement)
    )


def _outermost(statement: object) -> Iterator[object]:
    """A statement, and the function that it assigns or exports if it does so."""
    yield statement
    yield getattr(statement, "value", None)


def _writer(place: Place, tested: list[Subject]) -> Writer:
    names = [one.item.place.owner or one.function.name for one in tested]
    if place.checked.file.family == "python":
        return Python(_module(place), list(dict.fromkeys(names)))
    dependencies = place.checked.file.project.dependencies
    framework = next((name for name in ("vitest", "jest") if name in dependencies), "")
    is_module = bool(re.search(r"^(import|export)\b", place.checked.document.text, re.MULTILINE))
    file = place.checked.file.path.rpartition("/")[2]
    return Javascript(file, list(dict.fromkeys(names)), framework, is_module)


def _module(place: Place) -> str:
    """The file's dotted name, as far as its own imports tell where the package begins."""
    parts = place.checked.file.path.removesuffix(".py").removesuffix("/__init__").split("/")
    roots = {
        statement.module.partition(".")[0]
        for item in place.checked.file.flow.items
        for statement in item.body
        if isinstance(statement, Import)
    }
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] in roots:
            return ".".join(parts[at:])
    return "MODULE"


def _of_endpoints(place: Place, one: Subject, writer: Writer) -> Iterator[str]:
    for endpoint in one.endpoints:
        name = (endpoint.handler.lstrip("@").replace(".", "_") or _spoken(endpoint)).lower()
        wanted = [("answers", _status(place, one, endpoint), True)]
        if endpoint.parameters:
            wanted.append(("knows_no_such_record", "404", True))
        if endpoint.method in _WITH_BODY:
            code = "422" if endpoint.technology == "fastapi" else "400"
            wanted.append(("refuses_a_body_without_what_it_needs", code, True))
        if endpoint.guards:
            wanted.append(("refuses_strangers", "401", False))
        for what, status, known in wanted:
            body = ""
            if endpoint.method in _WITH_BODY:
                body = "BODY" if what != "refuses_a_body_without_what_it_needs" else "{}"
            headers = "HEADERS" if known and endpoint.guards else ""
            yield writer.request(
                f"{name}_{what}", endpoint.method, _url(endpoint, what), body, headers, status
            )


def _spoken(endpoint: Endpoint) -> str:
    words = re.findall(r"\w+", endpoint.path)
    return "_".join([endpoint.method, *words])


def _url(endpoint: Endpoint, what: str) -> list[str]:
    """The path's parts, every second one a placeholder in capitals."""
    parts = re.split(r"\{([^}]*)\}", path_of(endpoint))
    prefix = "UNKNOWN_" if what == "knows_no_such_record" else ""
    names = [re.sub(r"\W.*", "", part).upper() or "VALUE" for part in parts]
    return [prefix + names[at] if at % 2 else part for at, part in enumerate(parts)]


def _status(place: Place, one: Subject, endpoint: Endpoint) -> str:
    """The status of a success: what the registration says, else 200."""
    context = context_of(place.checked, one.item)
    for site in context.sites:
        for meaning in site.meanings:
            if meaning.role == "endpoint" and site.call.span.covers(endpoint.span):
                slot = meaning.entry.options.get("status")
                value = context.slot(site.call, slot).value
                if isinstance(value, Constant):
                    return str(value.value)
    return "200"


def _of(place: Place, one: Subject, writer: Writer) -> Iterator[str]:
    function = one.function
    given = [p.name.upper() for p in function.parameters if p.name not in ("", "self", "cls")]
    yield writer.call(one, given, "gives_what_it_must")
    context = context_of(place.checked, one.item)
    raised: dict[str, None] = {}
    for node in walk(function):
        if isinstance(node, Raise) and isinstance(node.value, Call | Name | Member):
            name = node.value.callee if isinstance(node.value, Call) else node.value
            dotted = context.name(name).lstrip("@")
            raised[dotted or context.source(name)] = None
    for name in list(raised)[:3]:
        if name.rpartition(".")[2][:1].isupper():
            yield writer.refusal(one, given, name)
    handled = [h for node in walk(function) if isinstance(node, Try) for h in node.handlers]
    for name in dict.fromkeys(context.source(kind) for h in handled for kind in h.types):
        yield writer.call(one, given, f"when_there_is_{snake(name)}")
