"""What the calls of a function use: other functions, queues, other services."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from backend_expert.facts.code import Call, Fragment, Function, Member, Name, walk
from backend_expert.facts.item import Item
from backend_expert.flow.reading import Site
from backend_expert.ide.service.shapes import Link, Ranged, Spot, Use
from backend_expert.ide.views import context_of
from backend_expert.lint.checked import Checked
from backend_expert.lint.context import Context
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.span import Span

# How a role is told of as a use of another service.
_SERVICES = {
    "http.request": "calls",
    "cache.read": "reads",
    "cache.write": "writes",
    "cache.delete": "clears",
    "mail.send": "sends",
    "payment.create": "charges",
    "document.read": "reads",
    "document.write": "writes",
}
_MAPPED = {"orm.read": "reads", "orm.query": "reads", "orm.write": "writes"}
_CHANGES = ("update", "insert", "delete")


class Marker:
    """The places of one file, as the client counts."""

    def __init__(self, checked: Checked, path: str, ranged: Ranged) -> None:
        self._checked = checked
        self._path = path
        self._ranged = ranged
        self._problems = [span for _, span in checked.all()]

    def placed(self, span: Span) -> Spot:
        """A span of the document."""
        return Spot(self._path, self._ranged(self._checked.document, span))

    def spot(self, item: Item, span: Span) -> Spot:
        """A span of an item."""
        return self.placed(span.moved(self._checked.start_of(item) or 0))

    def within(self, span: Span) -> int:
        """How many findings lie in a span of the document."""
        return sum(1 for problem in self._problems if span.covers(problem))

    def findings(self, item: Item, span: Span) -> int:
        """How many findings lie in a span of an item."""
        return self.within(span.moved(self._checked.start_of(item) or 0))


class Calls(msgspec.Struct, frozen=True):
    """What one call tells: the names it may call, now or later, and what it uses."""

    span: Span
    names: tuple[str, ...] = ()
    enqueues: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()


def read_calls(context: Context, marker: Marker) -> list[Calls]:
    """The calls of an item that tell something."""
    found: list[Calls] = []
    for site in context.sites:
        spot = marker.spot(context.item, site.call.span)
        has_query = any(True for _ in context.queries_of(site.call))
        uses = () if has_query else tuple(_uses(site, context, spot))
        later = tuple(_jobs(site))
        names = tuple(_called(site)) if not later else ()
        if names or later or uses:
            found.append(Calls(site.call.span, names, later, uses))
    return found


def links_of(checked: Checked, marker: Marker) -> Iterator[Link]:
    """The queues that feed functions, and the exchanges that feed queues."""
    for piece in checked.document.pieces:
        context = context_of(checked, piece.item)
        for site in context.sites:
            spot = marker.spot(piece.item, site.call.span)
            for meaning in site.meanings:
                if meaning.role == "queue.consume":
                    yield from _consumers(site, meaning, context, spot)
                elif meaning.role == "queue.declare" and meaning.has("binding"):
                    queue = _text(context, site.call, meaning, "")
                    exchange = _text(context, site.call, meaning, "exchange")
                    key = _text(context, site.call, meaning, "routing_key")
                    if queue and exchange and queue != exchange:
                        yield Link(exchange, queue, key, spot, "binding")


def _consumers(site: Site, meaning: Meaning, context: Context, spot: Spot) -> Iterator[Link]:
    queue = _text(context, site.call, meaning, "") or _text(context, site.call, meaning, "queue")
    handler = context.option(site.call, meaning, "handler").value
    if handler is not None:
        name = context.name(handler).lstrip("@") or context.source(handler)
        if queue and not isinstance(handler, Function):
            yield Link(queue, name, "feeds", spot, "consumer")
    elif meaning.has("decorator"):
        function = context.parent(site.call)
        if isinstance(function, Function):
            label = queue or _text(context, site.call, meaning, "name") or function.name
            yield Link(label, function.name, "feeds", spot, "consumer")
    elif queue and (around := context.function(site.call)) is not None and around.name:
        owner = context.item.place.owner
        name = f"{owner}.{around.name}" if owner else around.name
        yield Link(queue, name, "feeds", spot, "consumer")


def _called(site: Site) -> Iterator[str]:
    """The name of a function of the project; a library's calls have a meaning or no summary."""
    if site.name and not site.name.startswith("?") and "(" not in site.name:
        is_known = site.summary is not None or isinstance(site.callee.node, Function)
        if is_known or not site.meanings:
            yield site.name.lstrip("@")


def _jobs(site: Site) -> Iterator[str]:
    """The function that is put into a queue of jobs: `send_mail` of `send_mail.delay(…)`."""
    if any(m.role == "queue.publish" and m.has("job") for m in site.meanings):
        receiver = site.name.lstrip("?@").rpartition(".")[0]
        if receiver:
            yield receiver


def _uses(site: Site, context: Context, spot: Spot) -> Iterator[Use]:
    for meaning in site.meanings:
        if meaning.role == "queue.publish" and not meaning.has("job"):
            yield from _published(site, meaning, context, spot)
        elif meaning.role in _MAPPED:
            is_change = meaning.role == "orm.query" and site.call.method in _CHANGES
            how = "writes" if is_change else _MAPPED[meaning.role]
            for model in models(site.call, context):
                yield Use("table", model, how, spot)
        elif meaning.role in _SERVICES:
            label = _service(site, meaning, context)
            yield Use("external", label, _SERVICES[meaning.role], spot)


def _published(site: Site, meaning: Meaning, context: Context, spot: Spot) -> Iterator[Use]:
    topic = _text(context, site.call, meaning, "exchange")
    topic = topic or _text(context, site.call, meaning, "topic")
    queue = _text(context, site.call, meaning, "queue")
    if topic:
        yield Use("topic", topic, "publishes", spot)
    elif queue:
        yield Use("queue", queue, "publishes", spot)


def _service(site: Site, meaning: Meaning, context: Context) -> str:
    """The host that is called, or what the technology is called."""
    if meaning.role == "http.request":
        subject = context.subject(site.call, meaning)
        parts = context.value(subject).parts if subject is not None else None
        host = _host(parts[0].value) if parts and isinstance(parts[0], Fragment) else None
        if host:
            return host
    title = context.file.flow.catalogue.technologies[meaning.technology].title.partition(" (")[0]
    return f"HTTP with {title}" if meaning.role == "http.request" else title


def _host(text: str) -> str | None:
    """The host of the beginning of a URL, when all of it is there."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return parts.hostname if parts.path or "." in (parts.hostname or "") else None


def _text(context: Context, call: Call, meaning: Meaning, option: str) -> str:
    """A constant argument: what the role is about, or an option by its word."""
    slot = meaning.entry.options.get(option) if option else meaning.subject
    node = context.slot(call, slot).value
    return (context.text_of(node) or "") if node is not None else ""


def models(call: Call, context: Context) -> list[str]:
    """The mapped classes that a call speaks of: `Order` of `session.scalars(select(Order))`."""
    roots = context.file.flow.catalogue.roots
    names: dict[str, None] = {}
    for node in (node for argument in call.arguments for node in walk(argument)):
        if isinstance(node, Name | Member | Call):
            whole = context.name(node).lstrip("@")
            words = whole.split(".")
            last = words[-1]
            is_class = last[:1].isupper() and last.isidentifier() and not last.isupper()
            if is_class and words[0] not in roots and not whole.startswith("?"):
                names[last] = None
    return list(names)
