"""The path names a parameter in one way and its handler in another, so the handler never gets it.

FastAPI then takes the handler's name for a query parameter and answers 422 to every call; Flask
and Django raise a TypeError; in Express `req.params.orderID` is simply undefined. Use one name.

Leave it off where a decorator or a middleware takes the parameter out of the path and hands on
something else under another name.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Expression,
    Function,
    Member,
    Name,
    Parameter,
    walk,
)
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.request_params import path_parameters_read
from backend_expert.lint.routes import registered_in
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

# Annotations of values that come straight out of a path.
_SCALARS = frozenset(("str", "int", "float", "bool", "UUID", "UUID4", "uuid", "date", "datetime",
                      "Optional", "Annotated", "PrimaryKey", "Path"))  # fmt: skip
_RAW = pattern(r"path_params|view_args|\.kwargs\b|request\.match_info|resolver_match")


@rule(
    title="Path parameter and handler disagree",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    sources=("ruff FAST003", "Sonar S6856", "Spectral path-params"),
    peers=("FAST003",),
    tags=("routing",),
    examples=[
        Example(
            bad="""
                from fastapi import APIRouter

                router = APIRouter(prefix="/coupons")

                @router.delete("/{code}")
                def withdraw(coupon_code: str, session: DbSession):
                             ^^^^^^^^^^^ `coupon_code` is not in the path, which says `{code}`
                    session.delete(coupon_code)
            """,
            good="""
                from fastapi import APIRouter

                router = APIRouter(prefix="/coupons")

                @router.delete("/{coupon_code}")
                def withdraw(coupon_code: str, session: DbSession):
                    session.delete(coupon_code)
            """,
        ),
        Example(
            bad="""
                from flask import Flask

                app = Flask(__name__)

                @app.route("/users/<int:user_id>")
                           ^^^^^^^^^^^^^^^^^^^^^^ `user_id` is in the path, but `show_user` does not take it
                def show_user():
                    return "user"
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const router = express.Router();

                router.get('/orders/:orderId', async (req, res) => {
                  res.json(await find(req.params.orderID));
                                      ^^^^^^^^^^^^^^^^^^ `orderID` is not in the path, which says `:orderId`
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const router = express.Router();

                router.get('/orders/:id', auth, async (req, res) => {
                  const { orderId } = req.params;
                          ^^^^^^^ `orderId` is not in the path, which says `:id`
                  res.json(await find(orderId));
                });
            """,
        ),
        Example(
            good="""
                from typing import Annotated
                from fastapi import APIRouter, Depends, Request
                from shop.deps import CurrentCoupon

                router = APIRouter(prefix="/shops/{shop_id}")

                @router.get("/{code}")
                def one(coupon: Annotated[Coupon, Depends(find_coupon)]): ...

                @router.get("/{code}/used")
                def used(coupon: CurrentCoupon, code_format: str = "short"): ...

                @router.get("/{code}/raw")
                def raw(request: Request):
                    return request.path_params["code"]

                @router.get("/{code}/all")
                def everything(**given): ...

                @router.get("/{code}/uses")
                def uses(shop_id: int, code: str, limit: int): ...
            """,
        ),
        Example(
            good="""
                from flask import Flask

                app = Flask(__name__)

                @app.route("/orders/<int:id>")
                @with_order
                def show(order): ...
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const nested = express.Router({ mergeParams: true });

                nested.get('/items/:id', (req, res) => res.json([req.params.orderId, req.params.id]));
                app.get('/files/*', (req, res) => res.sendFile(req.params[0], { root }));
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    for endpoint in registered_in(ctx):
        handler = _handler(endpoint, ctx)
        if handler is None:
            continue
        if ctx.is_python:
            yield from _python(endpoint, handler, ctx)
        else:
            yield from _javascript(endpoint, handler, ctx)


def _handler(endpoint: Endpoint, ctx: Context) -> Function | None:
    for statement in ctx.item.body:
        for node in walk(statement):
            if isinstance(node, Function) and node.name_span == endpoint.handler_span:
                return node
    return None


def _names(endpoint: Endpoint) -> list[str]:
    return [parameter.partition(":")[0] for parameter in endpoint.parameters]


# -- Python: parameters are handed over by name ---------------------------------------------------


def _python(endpoint: Endpoint, handler: Function, ctx: Context) -> Iterator[Finding]:
    taken = {parameter.name for parameter in handler.parameters}
    missing = [name for name in _names(endpoint) if name not in taken]
    if not missing or any(p.kind in ("rest", "keyword-rest") for p in handler.parameters):
        return
    if _RAW.search(ctx.source(handler)) or not _is_registered_once(handler, ctx):
        return
    others = [
        parameter for parameter in handler.parameters if parameter.name not in _names(endpoint)
    ]
    meant = [p for p in others if _is_plain(p) and _alike(p.name, missing[0])]
    if len(missing) == 1 and len(meant) == 1:
        yield Finding(
            Span(meant[0].span.start, meant[0].span.start + len(meant[0].name)),
            f"`{meant[0].name}` is not in the path, which says `{{{missing[0]}}}`",
            _renamed(endpoint, missing[0], meant[0].name, ctx),
        )
    elif not any(_may_consume(p) for p in others) and len(handler.decorators) == 1:
        yield Finding(
            endpoint.span,
            f"`{missing[0]}` is in the path, but `{handler.name}` does not take it",
        )


def _is_registered_once(handler: Function, ctx: Context) -> bool:
    decorators = [d for d in handler.decorators if ctx.has_role(d, "endpoint")]
    return len(decorators) == 1


def _is_plain(parameter: Parameter) -> bool:
    """Whether a parameter must come out of the request as it is: no default, a scalar type."""
    if parameter.default is not None:
        return False
    return parameter.annotation is None or _scalar(parameter.annotation)


def _scalar(annotation: Expression) -> bool:
    words = {n.id for n in walk(annotation) if isinstance(n, Name)}
    words |= {n.name for n in walk(annotation) if isinstance(n, Member)}
    is_injected = any(isinstance(n, Call) for n in walk(annotation)) and "Path" not in words
    return bool(words & _SCALARS) and not is_injected


def _may_consume(parameter: Parameter) -> bool:
    """Whether a parameter may be made from the path by something that is not seen here."""
    if isinstance(parameter.default, Call):
        return True
    annotation = parameter.annotation
    if annotation is None:
        return False
    return not _scalar(annotation)


def _alike(one: str, other: str) -> bool:
    """Whether two names are spellings of one thing: `code` and `coupon_code`, `userId` and `user_id`."""
    first, second = _words(one), _words(other)
    if "".join(first) == "".join(second):
        return True
    shorter, longer = sorted((first, second), key=len)
    return longer[-len(shorter) :] == shorter


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def _renamed(endpoint: Endpoint, old: str, new: str, ctx: Context) -> Fix | None:
    source = ctx.source(endpoint.span)
    found = list(re.finditer(rf"(?<=[{{<:]){old}(?=[}}>:])", source))
    if len(found) != 1:
        return None
    start = endpoint.span.start + found[0].start()
    edit = Edit(Span(start, start + len(old)), new)
    return Fix(f"Call it `{new}` in the path too", (edit,), is_sure=False)


# -- JavaScript: parameters are read from the request ---------------------------------------------


def _javascript(endpoint: Endpoint, handler: Function, ctx: Context) -> Iterator[Finding]:
    if not handler.parameters:
        return
    known = _names(endpoint)
    read = list(path_parameters_read(handler, handler.parameters[0].name))
    unread = [name for name in known if name not in {name for name, _ in read}]
    if len(unread) != 1 or _is_merged(ctx):
        return
    for name, span in read:
        if name not in known and _alike(name, unread[0]):
            yield Finding(span, f"`{name}` is not in the path, which says `:{unread[0]}`")


def _is_merged(ctx: Context) -> bool:
    return any("mergeParams" in item.text for item in ctx.file.items)
