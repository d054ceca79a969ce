"""What rules ask of the helper that a call goes through."""

from backend_expert.facts.code import (
    Call,
    Comprehension,
    Function,
    Generator,
    Loop,
    walk,
)


def remembers(function: Function) -> bool:
    """Whether a function looks as if it kept its answers."""
    if "cache" in function.name.lower() or "memo" in function.name.lower():
        return True
    for decorator in function.decorators:
        for node in walk(decorator):
            word = getattr(node, "id", "") or getattr(node, "name", "")
            if isinstance(word, str) and ("cache" in word.lower() or "memo" in word.lower()):
                return True
    return False


def is_inside_loop(function: Function, call: Call) -> bool:
    """Whether the query is in a loop of the helper already, where it is reported."""
    return any(
        isinstance(node, Loop | Comprehension | Generator) and node.span.covers(call.span)
        for node in walk(function)
    )
