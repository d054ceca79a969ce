"""What one file tells of the service: its endpoints, functions, and what they use."""

from collections.abc import Callable
from typing import Literal

import msgspec

from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.routes import Routes
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

Kind = Literal["query", "table", "queue", "topic", "external"]
Range = tuple[int, int, int, int]  # line and character of start and end, as the client counts
Ranged = Callable[[Document, Span], Range]


class Spot(msgspec.Struct, frozen=True):
    """A place in a file, by its path."""

    path: str
    range: Range


class Use(msgspec.Struct, frozen=True):
    """What a function uses beyond its process.

    how: `reads`, `writes`, `publishes`, `calls`, in words. tables: of a query, with how each is
    used. findings: those within it.
    """

    kind: Kind
    label: str
    how: str
    spot: Spot
    tables: tuple[tuple[str, str], ...] = ()
    findings: int = 0


class Sketched(msgspec.Struct, frozen=True):
    """A function, or an endpoint's nameless handler, by a name of its file (`Order.save`).

    calls: the names that it calls, as its file knows them; enqueues: those that it has called
    later, by a queue of jobs.
    """

    name: str
    spot: Spot
    calls: tuple[str, ...] = ()
    enqueues: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    findings: int = 0


class SketchedEndpoint(msgspec.Struct, frozen=True):
    """An endpoint; handler is a name of its file, or a dotted one."""

    endpoint: Endpoint
    handler: str
    spot: Spot


class Link(msgspec.Struct, frozen=True):
    """What feeds what: a queue a function (by name), an exchange a queue."""

    source: str
    target: str
    how: str
    spot: Spot
    kind: Literal["consumer", "binding"]


class Defined(msgspec.Struct, frozen=True):
    """Where a table is told of: by its CREATE TABLE, or by a class that is mapped to it."""

    table: str
    spot: Spot
    model: str = ""


class Found(msgspec.Struct, frozen=True):
    """A finding, as an overview shows it."""

    area: str
    rule: str
    message: str
    spot: Spot


class Sketch(msgspec.Struct, frozen=True):
    """All that one file tells. endpoints go with those of routes, one for one."""

    path: str
    root: str
    family: str
    routes: Routes
    endpoints: tuple[SketchedEndpoint, ...] = ()
    functions: tuple[Sketched, ...] = ()
    links: tuple[Link, ...] = ()
    defined: tuple[Defined, ...] = ()
    found: tuple[Found, ...] = ()
