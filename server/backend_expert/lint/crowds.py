"""What a loop goes over that grows with the service: rows of a store, and crowds by their names."""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Collection,
    Constant,
    Expression,
    Index,
    Loop,
    Member,
    Name,
    Opaque,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.lint.rounds import reshaped
from backend_expert.text.pattern import pattern

# What a service has more of the better it goes; how many of anything else is not known here.
_CROWD = pattern(
    r"subscri(ber|ption)s|recipients|followers|users$|customers|members|audience|contacts|devices"
    r"|e?mails$|mailboxes|phones|orders$|rows$|records$|guests|players|tenants|urls$|links$|events$"
    r"|(^|_)ids$|[a-z]Ids$|children|entries$|documents$|posts$|comments$|messages$|products$|items$|lines$",
    re.IGNORECASE,
)
_READS = (
    "sql.execute", "orm.read", "document.read", "orm.query", "cache.read", "cache.scan-all",
)  # fmt: skip


def may_be_long(iterable: Expression, ctx: Context) -> bool:
    """Whether a list grows with the service: rows that were asked for, or a crowd by its name."""
    for top in (iterable, *_given(iterable, ctx)):
        if is_cut(top):
            return False
        for node in walk(top):
            if isinstance(node, Call) and ctx.meaning(node, *_READS) is not None:
                return True
    inner = reshaped(iterable)
    if isinstance(inner, Collection):
        return any(entry.spread and _is_crowd(entry.value) for entry in inner.entries)
    return _is_crowd(inner)


def _is_crowd(node: Expression) -> bool:
    """Whether a variable, a field or what a call gives is called as a crowd is."""
    named = getattr(node, "method", "") or getattr(node, "name", "") or getattr(node, "id", "")
    return isinstance(named, str) and _CROWD.search(named) is not None


def is_cut(node: Expression) -> bool:
    """Whether no more than a written number is taken: `orders[:5]`."""
    return isinstance(node, Index) and isinstance(node.key, Opaque | Constant)


def _given(iterable: Expression, ctx: Context) -> Iterator[Expression]:
    """What a variable is set to in the same function, or what the loop around takes it from."""
    holder = iterable.object if isinstance(iterable, Member) else iterable
    function = ctx.function(iterable)
    if not isinstance(holder, Name) or function is None:
        return
    for node in walk(function):
        if isinstance(node, Assign) and node.value is not None and _sets(node, holder.id):
            yield node.value.value if isinstance(node.value, Await) else node.value
        elif isinstance(node, Loop) and node.iterable is not None and _binds(node, holder.id):
            yield node.iterable


def _sets(assign: Assign, name: str) -> bool:
    return any(isinstance(target, Name) and target.id == name for target in assign.targets)


def _binds(loop: Loop, name: str) -> bool:
    return loop.target is not None and any(
        isinstance(node, Name) and node.id == name for node in walk(loop.target)
    )
