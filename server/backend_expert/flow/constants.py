"""Constants: arithmetic and comparisons of literals, keys of literal collections."""

import operator
from collections.abc import Callable, Mapping, Sequence

from backend_expert.facts.code import Collection, Constant, Expression, Operation, Text
from backend_expert.flow.value import UNKNOWN, Value

Plain = int | float | bool | str | None

_BINARY: dict[str, Callable[[object, object], object]] = {
    "+": operator.add,  # type: ignore[dict-item]
    "-": operator.sub,
    "*": operator.mul,
    "%": operator.mod,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MOST = 1e12


def plain(value: Value) -> tuple[Plain] | None:
    """The constant itself, boxed since None is one."""
    if isinstance(value.node, Constant):
        return (value.node.value,)
    text = value.text
    return None if text is None else (text,)


def computed(node: Operation, values: Sequence[Value]) -> Value:
    """The value of an operation on constants, UNKNOWN when one of them is none."""
    boxed = [plain(value) for value in values]
    if not boxed or any(box is None for box in boxed):
        return UNKNOWN
    known = [box[0] for box in boxed if box is not None]
    if node.operator == "not" and len(known) == 1:
        return Value(node=Constant(node.span, not known[0]))
    compute = _BINARY.get(node.operator)
    if compute is None or len(known) != 2:
        return UNKNOWN
    if not all(isinstance(k, int | float) for k in known) and node.operator not in ("==", "!="):
        return UNKNOWN
    if any(isinstance(k, int | float) and abs(k) > _MOST for k in known):
        return UNKNOWN
    try:
        answer = compute(known[0], known[1])
    except (TypeError, ValueError, ArithmeticError):
        return UNKNOWN
    if isinstance(answer, int | float | bool):
        return Value(node=Constant(node.span, answer))
    return UNKNOWN


def truth(value: Value, test: Expression, values: Mapping[int, Value]) -> bool | None:
    """Whether a test always holds or never does; None when it depends."""
    box = plain(value)
    if box is None or (isinstance(test, Constant) and test.value is not False):
        # `while True` and `if 1` are spoken of elsewhere; only computed tests are folded here.
        return True if isinstance(test, Constant) and test.value is True else None
    return bool(box[0])


def entry(collection: Collection, key: Value) -> Expression | None:
    """The member of a literal collection under a constant key."""
    box = plain(key)
    if box is None or collection.spreads:
        return None
    if collection.kind == "map":
        for candidate in collection.entries:
            if isinstance(candidate.key, Text | Constant) and candidate.key.value == box[0]:
                return candidate.value
        return None
    if isinstance(box[0], int) and not isinstance(box[0], bool):
        try:
            return collection.entries[box[0]].value
        except IndexError:
            return None
    return None
