"""Findings and endpoints in words, for hovers and answers."""

from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.reading import Site
from backend_expert.ide.pages import cwe_link
from backend_expert.ide.views import PlacedEndpoint
from backend_expert.lint.checked import Checked, Problem
from backend_expert.lint.context import short

# What a call with a role does, as one says it in a list of what a handler touches.
_DOES = {
    "sql.execute": "runs SQL",
    "orm.read": "reads",
    "orm.write": "writes",
    "document.read": "reads documents",
    "document.write": "writes documents",
    "http.request": "calls out over HTTP",
    "queue.publish": "publishes",
    "cache.read": "reads the cache",
    "cache.write": "writes the cache",
    "cache.delete": "clears the cache",
    "mail.send": "sends mail",
    "payment.create": "takes a payment",
    "sink.shell": "runs a command",
}


def finding(problem: Problem) -> str:
    """A finding with its rule's page, as Markdown."""
    rule = problem.rule
    weak = " · ".join(cwe_link(number) for number in rule.cwe)
    head = f"**{rule.title}** — {problem.finding.message}"
    foot = f"`{rule.id}` · {problem.severity.word}" + (f" · {weak}" if weak else "")
    mend = f"\n\nQuick fix: *{problem.finding.fix.title}*" if problem.finding.fix else ""
    return f"{head}\n\n{rule.page}{mend}\n\n{foot}"


def endpoint(checked: Checked, placed: PlacedEndpoint) -> str:
    """An endpoint: method, path, handler, guards, and what its handler touches."""
    one = placed.endpoint
    more = "" if one.is_complete else " *(its router is mounted elsewhere)*"
    lines = [f"**{one.method} `{path_of(one)}`**{more}", ""]
    if one.handler:
        lines.append(f"- Answered by `{one.handler.lstrip('@')}`")
    names = ", ".join(f"`{name}`" for name in one.parameters)
    if names:
        lines.append(f"- Path parameters: {names}")
    guards = ", ".join(f"`{name}`" for name in one.guards)
    lines.append(f"- Behind: {guards}" if guards else "- No guard stands before it in this file")
    touched = touches(checked, placed)
    if touched:
        lines.append("- Touches: " + "; ".join(touched))
    return "\n".join(lines)


def path_of(endpoint: Endpoint) -> str:
    """An endpoint's path, with the slash that some frameworks leave out."""
    return endpoint.path if endpoint.path.startswith("/") else "/" + endpoint.path


def touches(checked: Checked, placed: PlacedEndpoint) -> list[str]:
    """What a handler does beyond its own process, itself or through functions of the file."""
    if placed.handler is None or placed.item is None:
        return []
    reading = checked.file.flow.reading(placed.item)
    found: dict[str, None] = {}
    for site in reading.sites.values():
        if placed.handler.span.covers(site.call.span):
            found.update(dict.fromkeys(_of_site(site)))
    return list(found)[:8]


def _of_site(site: Site) -> list[str]:
    """What one call does: itself, or through the function that it calls."""
    roles = _plain({meaning.role for meaning in site.meanings})
    if roles:
        return [f"{_DOES[role]} (`{short(site.name)}`)" for role in roles]
    effects = site.summary.effects if site.summary is not None else ()
    roles = _plain({effect.role for effect in effects})
    return (
        [f"{' and '.join(_DOES[role] for role in roles[:3])} in `{short(site.name)}`"]
        if roles
        else []
    )


def _plain(roles: set[str]) -> list[str]:
    """The roles that are told, in the order of the table; a mapper's SQL is told once."""
    if roles & {"orm.read", "orm.write"}:
        roles = roles - {"sql.execute"}
    return [role for role in _DOES if role in roles]
