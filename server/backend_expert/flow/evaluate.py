"""Reading an item: each expression is evaluated once, at its point of the program.

The walk is forward and flow-sensitive: branches are taken both ways and joined, loops run twice,
a function's parameters start as themselves. It knows facts and technologies, never a language.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from backend_expert.facts.code import (
    Assertion,
    Assign,
    Await,
    Branch,
    Call,
    Choice,
    Class,
    Collection,
    Comprehension,
    Constant,
    Function,
    Global,
    Import,
    Index,
    Jump,
    Loop,
    Member,
    Name,
    Opaque,
    Operation,
    Raise,
    Region,
    Return,
    Statement,
    Text,
    Try,
    Yield,
)
from backend_expert.facts.item import Item
from backend_expert.flow import assignment, calls, expressions, functions, names, statements
from backend_expert.flow.reading import Reading
from backend_expert.flow.summary import Summary
from backend_expert.flow.value import UNKNOWN, Env, Value
from backend_expert.technologies.catalogue import Catalogue


class Surroundings(Protocol):
    """What an item can ask of the rest of its file and project; each answer is remembered."""

    def name(self, name: str) -> Value | None:
        """The value of a module-level name; None when the file has no such name."""
        ...

    def member(self, owner: str, name: str) -> Value | None:
        """An attribute or method of a class of this file, own or inherited in this file."""
        ...

    def bases(self, owner: str) -> tuple[str, ...]:
        """The dotted names of the classes from which `owner` derives."""
        ...

    def summary(self, function: str) -> Summary | None:
        """What calling a function (`f`, `@Order.save`, `shop.mail.send` of another file) does."""
        ...

    def elsewhere(self, dotted: str) -> Value | None:
        """What a dotted name stands for that another file of the project makes known."""
        ...


class Evaluator:
    """Evaluates one item; make one for each reading.

    values: what is known of each expression so far, by its identity. has_paths: whether any
    environment holds keys such as `a.b`. depth, function, owner: the nesting, the innermost
    function and the class that the walk is in.
    """

    __slots__ = (
        "around", "catalogue", "depth", "function", "gives", "has_paths", "item", "owner",
        "reading", "values",
    )  # fmt: skip

    def __init__(self, item: Item, around: Surroundings, catalogue: Catalogue) -> None:
        self.item = item
        self.around = around
        self.catalogue = catalogue
        self.reading = Reading(item)
        self.values = self.reading.values
        self.has_paths = False
        self.depth = 0
        self.function: Function | None = None
        self.owner = item.place.owner
        self.gives: tuple[str, ...] = ()  # for the callbacks in an options map

    def read(self) -> Reading:
        """The reading of the whole item."""
        self.block(self.item.body, {})
        return self.reading

    def block(self, body: Sequence[Statement], env: Env) -> bool:
        """Runs the statements; False when the end of the block is never reached."""
        for statement in body:
            run = _STATEMENTS.get(type(statement))
            if run is None:
                self.value(statement, env)
                if isinstance(statement, Call) and not statements.called(self, statement, env):
                    return False
            elif not run(self, statement, env):
                return False
        return True

    def statement(self, node: Statement, env: Env) -> bool:
        """Runs one statement; False when what follows it is never reached."""
        run = _STATEMENTS.get(type(node))
        if run is not None:
            return run(self, node, env)
        self.value(node, env)
        return True

    def value(self, node: Statement, env: Env) -> Value:
        """Evaluates one expression and remembers the answer."""
        evaluate = _EXPRESSIONS.get(type(node))
        answer = evaluate(self, node, env) if evaluate is not None else UNKNOWN
        self.values[id(node)] = answer
        return answer


_STATEMENTS: dict[type[Any], Callable[[Evaluator, Any, Env], bool]] = {
    Return: statements.returned,
    Raise: statements.raised,
    Jump: statements.jumped,
    Import: statements.named,
    Global: statements.named,
    Assertion: statements.asserted,
    Branch: statements.branched,
    Loop: statements.looped,
    Try: statements.tried,
    Region: statements.held,
    Function: statements.function_statement,
    Class: statements.class_statement,
}
_EXPRESSIONS: dict[type[Any], Callable[[Evaluator, Any, Env], Value]] = {
    Name: names.name,
    Member: names.member,
    Index: names.index,
    Text: expressions.text,
    Constant: expressions.constant,
    Call: calls.call,
    Operation: expressions.operation,
    Choice: expressions.choice,
    Collection: expressions.collection,
    Comprehension: expressions.comprehension,
    Await: expressions.awaited,
    Yield: expressions.yielded,
    Function: functions.function_value,
    Class: functions.class_value,
    Assign: assignment.assign,
    Opaque: expressions.opaque,
}
