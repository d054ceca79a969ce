"""Findings and endpoints in words, for hovers and answers."""

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
    path = one.path if one.path.startswith("/") or not one.path else "/" + one.path
    more = "" if one.is_complete else " *(below a router that is mounted elsewhere)*"
    lines = [f"**{one.method} `{path or '/'}`**{more}", ""]
    if one.handler:
        lines.append(f"- Answered by `{one.handler.lstrip('@')}`")
    names = ", ".join(f"`{name}`" for name in one.parameters)
    if names:
        lines.append(f"- Path parameters: {names}")
    guards = ", ".join(f"`{name}`" for name in one.guards)
    lines.append(f"- Goes through: {guards}" if guards else "- No guard stands before it here")
    touched = touches(checked, placed)
    if touched:
        lines.append("- Touches: " + "; ".join(touched))
    return "\n".join(lines)


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
    said = [
        f"{_DOES[meaning.role]} (`{short(site.name)}`)"
        for meaning in site.meanings
        if meaning.role in _DOES
    ]
    if not said and site.summary is not None:
        said = [
            f"{_DOES[effect.role]} in `{short(site.name)}`"
            for effect in site.summary.effects
            if effect.role in _DOES
        ]
    return said[:3]
