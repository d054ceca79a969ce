"""Making a summary from a function's reading."""

from backend_expert.facts.code import Expression, Function
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.sinks import endangered
from backend_expert.flow.summary import Effect, Reach, Summary
from backend_expert.flow.urls import host_is_fixed
from backend_expert.flow.value import PARAMETER

# Roles whose calls a caller wants to know of, whatever their arguments.
_EFFECTS = frozenset(
    ("sql.execute", "orm.read", "orm.write", "document.read", "document.write", "http.request",
     "queue.publish", "queue.ack", "cache.read", "cache.write", "cache.delete", "blocking",
     "mail.send", "payment.create", "transaction.commit", "transaction.rollback", "log", "report",
     "sink.shell", "resource.close", "webhook.verify", "validate", "test.assert", "test.expect")
)  # fmt: skip
_MOST_EFFECTS = 24
_MOST_HOPS = 2


def summarise(reading: Reading, function: Function, name: str) -> Summary:
    """The summary of a function that stands in the reading's item, known to callers as `name`."""
    reaches: list[Reach] = []
    effects: list[Effect] = []
    for site in reading.sites.values():
        known = site.meanings or site.summary is not None
        if known and function.span.covers(site.call.span):
            _reaches(site, reading, name, reaches)
            _effects(site, name, effects)
    is_method = bool(function.parameters) and function.parameters[0].name == "self"
    return Summary(
        function.is_async,
        reading.returned(function),
        tuple(dict.fromkeys(reaches)),
        tuple(dict.fromkeys(effects[:_MOST_EFFECTS])),
        is_method,
    )


def _reaches(site: Site, reading: Reading, name: str, found: list[Reach]) -> None:
    call = site.call
    for meaning in site.meanings:
        if not is_sink(meaning.role):
            continue
        for node in endangered(call, meaning, reading):
            value = reading.value(node)
            if meaning.role == "http.request" and host_is_fixed(
                value, lambda v: _is_given(v, reading)
            ):
                continue  # what the caller gives goes to a host that is settled here
            for origin in value.origins:
                if origin.kind == PARAMETER and origin.index >= 0:
                    found.append(
                        Reach(
                            origin.index, meaning.role, meaning.technology, site.name, name,
                            call.span, origin.safe,
                        )
                    )  # fmt: skip
    if site.summary is None:
        return
    for reach in site.summary.reaches:
        if reach.hops + 1 >= _MOST_HOPS:
            continue
        given = passed(site, reach.index)
        if given is None:
            continue
        for origin in reading.value(given).origins:
            if origin.kind == PARAMETER and origin.index >= 0:
                found.append(
                    Reach(
                        origin.index, reach.role, reach.technology, reach.name, reach.home,
                        reach.span, reach.safe | origin.safe, reach.hops + 1, reach.path,
                    )
                )  # fmt: skip


def _is_given(part: Expression, reading: Reading) -> bool:
    return any(origin.kind == PARAMETER for origin in reading.value(part).origins)


def passed(site: Site, index: int) -> Expression | None:
    """The argument that a call gives for parameter `index` of the function it calls."""
    summary = site.summary
    shift = 1 if summary is not None and summary.is_method else 0
    function = site.callee.node
    name = None
    if isinstance(function, Function) and index < len(function.parameters):
        name = function.parameters[index].name
    return site.call.argument(index - shift, name)


def _effects(site: Site, name: str, found: list[Effect]) -> None:
    for meaning in site.meanings:
        if meaning.role in _EFFECTS:
            found.append(
                Effect(meaning.role, site.name, name, site.call.span, 0, meaning.entry.traits)
            )
    if site.summary is not None:
        for effect in site.summary.effects:
            if effect.hops + 1 < _MOST_HOPS:
                found.append(
                    Effect(
                        effect.role, effect.name, effect.home, effect.span, effect.hops + 1,
                        effect.traits, effect.path,
                    )
                )  # fmt: skip


def is_sink(role: str) -> bool:
    """Whether untrusted data in the role's subject is a danger."""
    return role.startswith("sink.") or role in ("sql.execute", "http.request", "log", "jwt.decode")
