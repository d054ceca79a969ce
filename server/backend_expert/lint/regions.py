"""What rules about transactions share: is one open here, and what runs inside it."""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Node, Raise, blocks
from backend_expert.lint.context import Context, short
from backend_expert.lint.finding import Related


def open_transaction(call: Call, ctx: Context) -> Node | None:
    """The database transaction that is open where `call` runs; brokers' own ones do not count.

    A callback that is kept for after the commit, and one of a nested function, run outside.
    """
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            if ctx.callback_of(above, "transaction.after", "offload", "spawn") is not None:
                return None
            if ctx.callback_of(above, "transaction") is None and not _decorated(above, ctx):
                continue
    held = ctx.transaction(call)
    if held is None or _is_brokers(held, ctx):
        return None
    inner = ctx.function(call)
    if inner is not None and held.span.covers(inner.span) and held is not inner:
        # A function defined inside the region need not run there, unless it is its callback.
        given = ctx.callback_of(inner, "transaction")
        if given is None and not (inner.is_lambda and ctx.callback_of(inner)):
            return held if not held.span.covers(inner.span) else None
    return held


def _decorated(function: Function, ctx: Context) -> bool:
    return any(ctx.has_role(decorator, "transaction") for decorator in function.decorators)


def _is_brokers(held: Node, ctx: Context) -> bool:
    for call in _calls_holding(held):
        meaning = ctx.meaning(call, "transaction")
        if meaning is not None and meaning.has("broker"):
            return True
    return False


def _calls_holding(held: Node) -> Iterator[Call]:
    if isinstance(held, Call):
        yield held
    for part in getattr(held, "held", ()):
        if isinstance(part.value, Call):
            yield part.value


def opened_here(held: Node, ctx: Context) -> Related:
    """Where the transaction is opened, as related information."""
    for call in _calls_holding(held):
        return Related(call.span, f"the transaction opens here (`{short(ctx.called(call))}`)")
    if isinstance(held, Function):
        return Related(held.name_span, "this function is a transaction")
    return Related(held.span, "the transaction opens here")


def raises_after(node: Node, held: Node, ctx: Context) -> bool:
    """Whether a `raise` follows `node` in its own block, so that the transaction is given up."""
    below: Node = node
    for above in ctx.ancestors(node):
        for block in blocks(above):
            at = next((i for i, s in enumerate(block) if s is below), None)
            if at is not None and any(isinstance(s, Raise) for s in block[at + 1 :]):
                return True
        if above is held:
            return False
        below = above
    return False


def reached(call: Call, ctx: Context, *roles: str) -> str:
    """The name of what `call` does with one of the roles, itself or through functions it calls."""
    meaning = ctx.meaning(call, *roles)
    if meaning is not None:
        return short(ctx.called(call))
    site = ctx.site(call)
    if site is not None and site.summary is not None:
        for effect in site.summary.effects:
            if effect.role in roles:
                return short(effect.name)
    return ""
