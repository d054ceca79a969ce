"""Whether what is read is, reshaped or not, what a handler answers."""

from backend_expert.facts.code import (
    Argument,
    Assign,
    Await,
    Call,
    Collection,
    Comprehension,
    Entry,
    Function,
    Generator,
    Index,
    Loop,
    Member,
    Name,
    Node,
    Return,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.lint.listing import BOUNDS

# Calls that give on what they get, in another shape.
_SHAPES = frozenset(
    ("list", "tuple", "sorted", "jsonify", "dict", "model_validate", "from_orm", "map", "filter",
     "serialize", "dump", "render", "render_template", "jsonable_encoder", "reversed", "parse_obj",
     "validate_python", "to_dict", "dumps")
)  # fmt: skip


_STEPS = frozenset(
    ("all", "fetchall", "scalars", "mappings", "unique", "lean", "exec", "toArray", "tuples", "map",
     "order_by", "orderBy", "sort", "values", "values_list", "select_related", "prefetch_related",
     "filter", "exclude", "options", "populate", "toJSON", "then")
)  # fmt: skip


def answered(call: Call, ctx: Context) -> bool:
    """Whether what a call gives is, reshaped or not, what the handler around it answers."""
    function = ctx.function(call)
    return function is not None and _reaches_answer(call, function, ctx, 0)


def _reaches_answer(node: Node, function: Function, ctx: Context, depth: int) -> bool:
    below = node
    for above in ctx.ancestors(node):
        if isinstance(above, Return):
            return True
        if isinstance(above, Await | Argument | Entry | Collection | Comprehension):
            pass
        elif isinstance(above, Member):
            outer = ctx.parent(above)
            is_step = isinstance(outer, Call) and outer.callee is above and above.name in _STEPS
            if not is_step and above.name not in ("data", "rows", "items"):
                return False
        elif isinstance(above, Generator):
            if above.iterable is not below:
                return False
        elif isinstance(above, Call):
            if above.callee is not below and not _gives_on(above, ctx):
                return False
            if above.callee is not below and ctx.meaning(above, "response"):
                return True
        elif isinstance(above, Assign):
            names = [n.id for t in above.targets for n in walk(t) if isinstance(n, Name)]
            return depth < 3 and any(_uses_reach(n, above, function, ctx, depth) for n in names)
        elif isinstance(above, Loop) and above.iterable is below:
            filled = {
                n.callee.object.id
                for s in above.body
                for n in walk(s)
                if isinstance(n, Call)
                and n.method in ("append", "push", "add")
                and isinstance(n.callee, Member)
                and isinstance(n.callee.object, Name)
            }
            return depth < 3 and any(_uses_reach(n, above, function, ctx, depth) for n in filled)
        else:
            return False
        below = above
    return False


def _uses_reach(name: str, assign: Node, function: Function, ctx: Context, depth: int) -> bool:
    """Whether a variable is answered, and nothing cuts it down before."""
    reaches = False
    for use in walk(function):
        if not isinstance(use, Name) or use.id != name or assign.span.covers(use.span):
            continue
        above = ctx.parent(use)
        if isinstance(above, Index) or (isinstance(above, Member) and above.name in BOUNDS):
            return False
        if isinstance(above, Argument):
            call = ctx.parent(above)
            if isinstance(call, Call) and "paginat" in call.method.lower():
                return False
        reaches = reaches or _reaches_answer(use, function, ctx, depth + 1)
    return reaches


def _gives_on(call: Call, ctx: Context) -> bool:
    return (
        call.method in _SHAPES
        or call.method[:1].isupper()
        or call.method in _STEPS
        or ctx.meaning(call, "response", "validate", "passes") is not None
    )
