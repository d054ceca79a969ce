"""Calls that leave the process: to a database, another service, a queue, a cache."""

from backend_expert.flow.reading import Site
from backend_expert.persona.place import Place

REMOTE = frozenset(
    (
        "http.request", "sql.execute", "orm.read", "orm.write", "document.read", "document.write",
        "queue.publish", "queue.consume", "cache.read", "cache.write", "cache.delete", "mail.send",
        "payment.create", "transaction",
    )
)  # fmt: skip


def leaves(place: Place) -> bool:
    """Whether a call in the place, or in a function around it, leaves the process."""
    spans = [function.span.moved(start) for function, _, start in place.functions()]
    for item, start in place.items():
        for site in place.checked.file.flow.reading(item).sites.values():
            if is_remote(site):
                call = site.call.span.moved(start)
                if any(span.covers(call) for span in spans):
                    return True
    return False


def is_remote(site: Site) -> bool:
    """Whether a call leaves the process, itself or in the function that it calls."""
    if any(meaning.role in REMOTE for meaning in site.meanings):
        return True
    return site.summary is not None and any(e.role in REMOTE for e in site.summary.effects)
