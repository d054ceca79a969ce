"""Endpoints: what a service answers to."""

import msgspec

from backend_expert.text.span import Span


class Endpoint(msgspec.Struct, frozen=True):
    """One method and path with its handler.

    method: `GET` …, or `ANY`. path: with `{name}` for parameters, prefixes of its routers joined
    as far as this file (or the project) tells; `is_complete` says whether all of them are known.
    span: of the path in the registration, relative to its item; home: a name bound by that item,
    when there is one (see `FileFlow.home`).
    handler: the function's name (`list_orders`, `@OrderView.get`), empty for nameless ones;
    handler_span: where it stands, in the same item when `handler_home` is empty.
    parameters: names in the path, with converters in brackets as written (`id`, `id:int`).
    guards: names of what lets callers through, in order.
    router: the variable it is registered on.
    """

    method: str
    path: str
    span: Span
    handler: str = ""
    handler_span: Span | None = None
    parameters: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    router: str = ""
    technology: str = ""
    is_complete: bool = True
    home: str = ""
