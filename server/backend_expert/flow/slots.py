"""Arguments by slot: positional, named, or a member of an options map."""

import msgspec

from backend_expert.facts.code import Call, Collection, Expression
from backend_expert.flow.reading import Reading
from backend_expert.technologies.model import Slot


class Option(msgspec.Struct, frozen=True, gc=False):
    """An argument that was asked for: its expression if it is there.

    `hidden` says that it may be there without being seen (spread arguments, a variable of options).
    """

    value: Expression | None
    hidden: bool = False


NO_OPTION = Option(None)


def option(call: Call, slot: Slot | None, reading: Reading) -> Option:
    """The argument of `call` at a slot."""
    if slot is None:
        return NO_OPTION
    holder = call.argument(slot.position, slot.name)
    if slot.member is None:
        return Option(holder, call.spreads)
    if holder is None:
        return Option(None, call.spreads)
    return member(holder, slot.member, reading)


def member(holder: Expression, key: str, reading: Reading) -> Option:
    """The value under a key of a map, looked up through variables; `a.b` goes deeper."""
    literal = holder if isinstance(holder, Collection) else reading.value(holder).node
    if not isinstance(literal, Collection):
        return Option(None, hidden=True)
    found = literal.get(key)
    if found is None and "." in key:
        first, _, rest = key.partition(".")
        inner = literal.get(first)
        if inner is not None:
            return member(inner, rest, reading)
    return Option(found, found is None and literal.spreads)
