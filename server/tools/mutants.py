"""Makes mutants of a module's text: each one a small change that some example ought to notice."""

import ast
from collections.abc import Iterator
from typing import Any, cast

import msgspec

_Change = tuple[str, list[tuple[Any, Any, Any]]]  # in words; which slots of the tree get what
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Mutant(msgspec.Struct, frozen=True, eq=False):
    """One changed module.

    place: the function or constant that is changed; change: what, in words; start: the function's
    first line, 0 outside of one. tree: the whole module. All mutants of a module share it, and it
    holds the change only until the next is asked for.
    """

    line: int
    place: str
    change: str
    tree: ast.Module
    start: int = 0

    @property
    def key(self) -> str:
        """What names the mutant when lines move."""
        return f"{self.place}: {self.change}" if self.place else self.change


def mutants(text: str, words: bool = False) -> Iterator[Mutant]:
    """The mutants of a module: of its conditions and findings, or of its constants' words."""
    tree = ast.parse(text)
    for node, place, start, changes in _in_constants(tree) if words else _in_functions(tree):
        for change, slots in changes:
            old = [_get(holder, at) for holder, at, _ in slots]
            for holder, at, new in slots:
                _set(holder, at, new)
            yield Mutant(_line(old[0], node), place, change, tree, start)
            for (holder, at, _), before in zip(slots, old, strict=True):
                _set(holder, at, before)


_Found = tuple[ast.AST, str, int, Iterator[_Change]]


def _in_functions(tree: ast.Module) -> Iterator[_Found]:
    for node, function in _inside(tree, None):
        if function is None:
            yield node, "", 0, _of_node(node)
        else:
            start = min(function.lineno, *(d.lineno for d in (function, *function.decorator_list)))
            yield node, function.name, start, _of_node(node)


def _in_constants(tree: ast.Module) -> Iterator[_Found]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            for node in ast.walk(statement.value):
                yield node, ast.unparse(target), 0, _of_words(node)


def _line(old: Any, node: Any) -> int:
    return getattr(old, "lineno", 0) or getattr(node, "lineno", 0)


def _inside(node: ast.AST, function: _Function | None) -> Iterator[tuple[Any, _Function | None]]:
    """The nodes of a module with the outermost function around each; decorators are left out."""
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "annotation", "returns"):
            continue
        for child in _listed(value):
            if isinstance(child, ast.AST):
                around = function or (child if isinstance(child, _FUNCTIONS) else None)
                yield child, around
                yield from _inside(child, around)


def _of_node(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield from _condition(node, "test")
    if isinstance(node, ast.comprehension):
        for index in range(len(node.ifs)):
            yield from _condition(node.ifs, index)
    for field, held in ast.iter_fields(node):
        value: Any = held
        for at, part in enumerate(_listed(value)):
            for new, change in _of_part(part):
                ast.fix_missing_locations(ast.copy_location(new, part))
                yield change, [(value, at, new) if isinstance(value, list) else (node, field, new)]


def _condition(holder: Any, at: Any) -> Iterator[_Change]:
    """The condition always true, and never."""
    old = _get(holder, at)
    if isinstance(old, ast.Constant):
        return  # `while True`
    for value, words in ((True, "always"), (False, "never")):
        new = ast.copy_location(ast.Constant(value), old)
        yield f"{words} `{ast.unparse(old)}`", [(holder, at, new)]


def _of_part(part: Any) -> Iterator[tuple[ast.AST, str]]:
    """What may stand for one expression or statement."""
    if isinstance(part, ast.BoolOp):
        for index, operand in enumerate(part.values):
            left = [value for at, value in enumerate(part.values) if at != index]
            new = ast.BoolOp(part.op, left) if len(left) > 1 else left[0]
            yield new, f"without `{ast.unparse(operand)}`"
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
        yield part.operand, f"without the `not` of `{ast.unparse(part)}`"
    if isinstance(part, ast.Compare):
        yield ast.UnaryOp(ast.Not(), part), f"negated `{ast.unparse(part)}`"
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "any":
        every = ast.Call(ast.Name("all", ast.Load()), part.args, [])
        yield every, f"all for `{ast.unparse(part)}`"
    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Yield | ast.YieldFrom):
        nothing = ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
        yield nothing, f"without `{ast.unparse(part)}`"


def _of_words(node: ast.AST) -> Iterator[_Change]:
    """A constant without one of its words each."""
    if isinstance(node, ast.Set | ast.Tuple | ast.List) and len(node.elts) > 1:
        for index, element in enumerate(node.elts):
            yield f"without {ast.unparse(element)}", [(node, "elts", _but(node.elts, index))]
    if isinstance(node, ast.Dict) and len(node.keys) > 1:
        for index, key in enumerate(node.keys):
            keys, values = _but(node.keys, index), _but(node.values, index)
            words = ast.unparse(key) if key is not None else ast.unparse(node.values[index])
            yield f"without {words}", [(node, "keys", keys), (node, "values", values)]


def _but(values: list[Any], index: int) -> list[Any]:
    return [value for at, value in enumerate(values) if at != index]


def _listed(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _get(holder: Any, at: Any) -> Any:
    return getattr(holder, at) if isinstance(at, str) else holder[at]


def _set(holder: Any, at: Any, new: Any) -> None:
    if isinstance(at, str):
        setattr(holder, at, new)
    else:
        holder[at] = new
