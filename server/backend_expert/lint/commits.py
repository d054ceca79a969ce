"""What is committed when: calls that commit by themselves, functions that begin a request."""

import re

from backend_expert.facts.code import (
    Branch,
    Call,
    Choice,
    Function,
    Handler,
    Member,
    Name,
    Node,
    Region,
)
from backend_expert.lint.context import Context
from backend_expert.lint.regions import open_transaction
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_BEGINS = pattern(r"^\s*(?:BEGIN|START\s+TRANSACTION|SET\s+TRANSACTION)\b", re.IGNORECASE)
_REQUESTS = frozenset(("request", "req", "ctx", "_request", "_req"))


def autocommits(call: Call, ctx: Context) -> Meaning | None:
    """The meaning of a call that writes and commits at once, unless a transaction is open."""
    site = ctx.site(call)
    for meaning in site.meanings if site is not None else ():
        if meaning.role == "orm.write" and not _is_unit_of_work(meaning, ctx):
            return meaning
        if meaning.role == "sql.execute" and meaning.has("autocommits"):
            return meaning
        if meaning.role == "sql.execute" and ctx.is_python and _opened_for(call, ctx):
            return meaning
    return None


def _opened_for(call: Call, ctx: Context) -> bool:
    """Whether a call runs on a connection that its function opens, one that autocommits."""
    held = opened_by(call, ctx)
    if held is None:
        return False
    meaning = ctx.meaning(held, "sql.connect")
    option = ctx.option(held, meaning, "autocommit").value if meaning is not None else None
    if option is not None:
        return ctx.is_constant(option, True)
    return ctx.file.project.autocommit


def opened_by(call: Call, ctx: Context) -> Call | None:
    """The call that opens the connection that `call` runs on, in the same function.

    No caller can have a transaction open on such a connection.
    """
    holder = call.callee.object if isinstance(call.callee, Member) else None
    if not isinstance(holder, Name):
        return None
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            return None
        for held in above.held if isinstance(above, Region) else ():
            if isinstance(held.target, Name) and held.target.id == holder.id:
                return held.value if isinstance(held.value, Call) else None
    return None


def _is_unit_of_work(meaning: Meaning, ctx: Context) -> bool:
    """Whether the mapper collects changes and commits them when it is told to."""
    known = ctx.file.flow.catalogue.technologies[meaning.technology]
    return any(e.role == "orm.write" and "unit-of-work" in e.traits for e in known.call)


def is_entry(function: Function, ctx: Context) -> bool:
    """Whether a function begins the work on a request, so that no caller holds a transaction."""
    if ctx.file.project.atomic_requests and ctx.is_python:
        return False
    first = [p.name for p in function.parameters if p.name != "self"][:1]
    return bool(first and first[0] in _REQUESTS) or ctx.is_endpoint(function) or any(
        isinstance(above, Call) and ctx.meaning(above, "endpoint")
        for above in ctx.ancestors(function)
    )  # fmt: skip


def in_transaction(call: Call, ctx: Context) -> bool:
    """Whether a transaction is open, may have been begun by hand, or is handed to the call."""
    own = opened_by(call, ctx) if _opened_for(call, ctx) else None
    if own is None and (open_transaction(call, ctx) or ctx.transaction(call)):
        return True
    if own is not None and _has_inner(call, own, ctx):
        return True
    site = ctx.site(call)
    for meaning in site.meanings if site is not None else ():
        option = ctx.option(call, meaning, "transaction")
        if option.value is not None or option.hidden:
            return True
    function = ctx.function(call)
    return function is not None and begins_by_hand(function, ctx)


def _has_inner(call: Call, own: Call, ctx: Context) -> bool:
    """Whether a transaction is open on a connection that does without by itself."""
    return any(
        held.value is not own and ctx.has_role(held.value, "transaction")
        for above in ctx.ancestors(call)
        if isinstance(above, Region)
        for held in above.held
    )


def begins_by_hand(function: Function, ctx: Context) -> bool:
    """Whether a function opens a transaction itself, or sends BEGIN."""
    for site in ctx.sites:
        if not function.span.covers(site.call.span):
            continue
        roles = {m.role for m in site.meanings if not m.has("with-only")}
        if roles & {"transaction.begin", "transaction", "transaction.commit"}:
            return True
        if "sql.execute" in roles and site.call.arguments:
            text = ctx.text_of(site.call.arguments[0].value)
            if text and _BEGINS.match(text):
                return True
    return False


def follows(later: Node, earlier: Node, ctx: Context) -> bool:
    """Whether `later` runs after `earlier` on each way through the function that reaches it."""
    if later.span.start <= earlier.span.end:
        return False
    around = {id(above) for above in ctx.ancestors(later)}
    below: Node = earlier
    for above in ctx.ancestors(earlier):
        if isinstance(above, Function):
            return id(above) in around
        if isinstance(above, Branch):
            block = above.then if any(below is s for s in above.then) else above.other
            if id(above) not in around or not _holds(block, later):
                return False
        elif isinstance(above, Handler | Choice) and id(above) not in around:
            return False
        below = above
    return True


def _holds(block: tuple[Node, ...], node: Node) -> bool:
    return any(statement.span.covers(node.span) for statement in block)
