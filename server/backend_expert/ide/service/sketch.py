"""Sketching one file: who stands where in it, and what each of them uses."""

from collections.abc import Iterator

from backend_expert.facts.code import Class, Function, Node, walk
from backend_expert.facts.item import Item
from backend_expert.flow.endpoints import handler_of, placed, routes_of
from backend_expert.flow.routes import NO_ROUTES
from backend_expert.ide.service.shapes import (
    Defined,
    Found,
    Ranged,
    Sketch,
    Sketched,
    SketchedEndpoint,
    Use,
)
from backend_expert.ide.service.uses import Calls, Marker, links_of, read_calls
from backend_expert.ide.views import context_of, placed_queries
from backend_expert.lint.checked import Checked
from backend_expert.text.span import Span


def sketch(checked: Checked, ranged: Ranged) -> Sketch | None:
    """What a checked file tells of the service; None for tests and for what was not checked.

    `ranged` turns a span of the document into the client's range.
    """
    document = checked.document
    if document.path is None or document.skipped or checked.file.is_test:
        return None
    marker = Marker(checked, document.path, ranged)
    found = tuple(_findings(checked, marker))
    root = checked.scope.project.root
    if checked.file.family == "sql" or checked.file.is_migration:
        defined = tuple(_created(checked, marker))
        return Sketch(document.path, root, "sql", NO_ROUTES, defined=defined, found=found)
    endpoints, nameless = _endpoints(checked, marker)
    return Sketch(
        document.path,
        root,
        checked.file.family,
        routes_of(checked.file.flow),
        endpoints,
        tuple(_functions(checked, marker, nameless)),
        tuple(links_of(checked, marker)),
        tuple(_models(checked, marker)),
        found,
    )


def _endpoints(
    checked: Checked, marker: Marker
) -> tuple[tuple[SketchedEndpoint, ...], dict[int, tuple[str, Function]]]:
    """The endpoints, and those of their handlers that have no name, by the function's identity."""
    found: list[SketchedEndpoint] = []
    nameless: dict[int, tuple[str, Function]] = {}
    flow = checked.file.flow
    for item, endpoint in placed(flow):
        spot = marker.spot(item, endpoint.span)
        at = handler_of(flow, item, endpoint)
        handler = endpoint.handler.lstrip("@")
        if at is not None and (not handler or id(at[1]) in nameless):
            handler = nameless.setdefault(id(at[1]), (f"handler {len(nameless)}", at[1]))[0]
        elif at is not None:
            handler = named(at[1], at[0])
        found.append(SketchedEndpoint(endpoint, handler, spot))
    return tuple(found), nameless


def _functions(
    checked: Checked, marker: Marker, nameless: dict[int, tuple[str, Function]]
) -> Iterator[Sketched]:
    """Each function with what is called in it; what stands in none goes to `main`."""
    queries = _queries(checked, marker)
    for piece in checked.document.pieces:
        item = piece.item
        owners = list(_owners(item, nameless))
        calls = read_calls(context_of(checked, item), marker)
        for name, node in owners:
            mine = [c for c in calls if _owner(c.span, owners) is node]
            run = [u for span, u, of in queries if of is item and _owner(span, owners) is node]
            yield _sketched(name, marker, item, node.span, mine, run)
        rest = [c for c in calls if _owner(c.span, owners) is None]
        if any(c.uses or c.names for c in rest):
            yield _sketched("main", marker, item, rest[0].span, rest, [])


def _sketched(
    name: str, marker: Marker, item: Item, span: Span, calls: list[Calls], run: list[Use]
) -> Sketched:
    names = dict.fromkeys(name for call in calls for name in call.names)
    later = dict.fromkeys(name for call in calls for name in call.enqueues)
    uses = dict.fromkeys(use for call in calls for use in call.uses)
    spot = marker.spot(item, span)
    return Sketched(
        name, spot, tuple(names), tuple(later), (*run, *uses), marker.findings(item, span)
    )


def _owners(
    item: Item, nameless: dict[int, tuple[str, Function]]
) -> Iterator[tuple[str, Function]]:
    """The outermost named functions of an item, and the nameless handlers of endpoints."""
    for statement in item.body:
        inside: Span | None = None
        for node in walk(statement):
            if not isinstance(node, Function):
                continue
            if id(node) in nameless:
                yield nameless[id(node)][0], node
            elif node.name and not node.is_lambda and not (inside and inside.covers(node.span)):
                inside = node.span
                yield named(node, item), node


def _owner(span: Span, owners: list[tuple[str, Function]]) -> Node | None:
    """The smallest owner around a call."""
    around = [node for _, node in owners if node.span.covers(span)]
    return min(around, key=lambda node: len(node.span), default=None)


def named(function: Function, item: Item) -> str:
    """A function's name in its file: `save`, `Order.save`."""
    return f"{item.place.owner}.{function.name}" if item.place.owner else function.name


def _queries(checked: Checked, marker: Marker) -> list[tuple[Span, Use, Item]]:
    """Each query with the place of the call that runs it."""
    found: list[tuple[Span, Use, Item]] = []
    for one in placed_queries(checked):
        query = one.query
        if not query.tables():
            continue  # BEGIN, SET, a probe: they say nothing of the service
        tables = dict.fromkeys(table.name.lower() for table in query.tables())
        changes = query.is_write or query.is_schema
        first = query.tables()[0].name.lower() if changes else ""
        label = f"{query.verb} {', '.join(list(tables)[:3])}".strip()
        use = Use(
            "query",
            label,
            "runs",
            marker.placed(one.span),
            tuple((name, "writes" if name == first else "reads") for name in tables),
            marker.within(one.span),
        )
        found.append((query.call.span if query.call is not None else query.span, use, one.item))
    return found


def _created(checked: Checked, marker: Marker) -> Iterator[Defined]:
    """The tables that an SQL file or a migration creates."""
    for one in placed_queries(checked):
        tables = one.query.tables()
        if one.query.verb == "CREATE" and tables and "TABLE" in one.query.text.upper()[:40]:
            place = one.query.place(tables[0]).moved(one.start)
            yield Defined(tables[0].name.lower(), marker.placed(place))


def _models(checked: Checked, marker: Marker) -> Iterator[Defined]:
    """The classes that are mapped to a table: by its name, or by what they derive from."""
    for piece in checked.document.pieces:
        for statement in piece.item.body:
            if isinstance(statement, Class):
                table = _table_of(checked, statement, piece.item)
                if table:
                    spot = marker.spot(piece.item, statement.name_span)
                    yield Defined(table.lower(), spot, statement.name)


def _table_of(checked: Checked, model: Class, item: Item) -> str:
    flow = checked.file.flow
    binding = flow.outline.attributes.get(model.name, {}).get("__tablename__")
    if binding is not None and binding.value is not None:
        return flow.reading(binding.item).value(binding.value).text or ""
    bases = (flow.reading(item).value(base.value).name for base in model.bases)
    roles = {meaning.role for base in bases if base for meaning in flow.catalogue.calls(base)}
    return model.name if "orm.model" in roles else ""


def _findings(checked: Checked, marker: Marker) -> Iterator[Found]:
    for problem, span in checked.all():
        words = problem.finding.message
        yield Found(problem.rule.area, problem.rule.id, words, marker.placed(span))
