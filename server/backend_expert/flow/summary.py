"""What a function does, as far as its callers need to know."""

import msgspec

from backend_expert.flow.value import PARAMETER, UNKNOWN, Origin, Value, merge
from backend_expert.text.span import NOWHERE, Span


class Reach(msgspec.Struct, frozen=True, gc=False):
    """A parameter reaches a sink.

    role: the sink's role; index: the parameter; name: the function in which the sink stands;
    span: the sink call, relative to that function's item (`home` names its binding); hops: how
    many further calls lie between.
    """

    index: int
    role: str
    technology: str
    name: str
    home: str
    span: Span = NOWHERE
    safe: frozenset[str] = frozenset()
    hops: int = 0
    path: str = ""  # another file's, from whose start the span then counts


class Effect(msgspec.Struct, frozen=True, gc=False):
    """A call with a role that happens when the function is called, or `hops` calls further."""

    role: str
    name: str
    home: str
    span: Span
    hops: int = 0
    traits: tuple[str, ...] = ()
    path: str = ""  # as in Reach


class Summary(msgspec.Struct, frozen=True, gc=False):
    """A function in brief: what it gives back, which parameters reach sinks, its effects."""

    is_async: bool = False
    returns: Value = UNKNOWN
    reaches: tuple[Reach, ...] = ()
    effects: tuple[Effect, ...] = ()
    is_method: bool = False

    def flowed(self, values: list[Value]) -> tuple[Origin, ...]:
        """The origins of a call's result, given its arguments' values."""
        given: tuple[Origin, ...] = ()
        for origin in self.returns.origins:
            if origin.kind != PARAMETER:
                given = merge(given, (Origin(origin.kind, origin.label, NOWHERE, origin.safe),))
                continue
            index = origin.index - (1 if self.is_method else 0)
            if 0 <= index < len(values):
                passed = tuple(
                    Origin(o.kind, o.label, o.span, o.safe | origin.safe, o.index)
                    for o in values[index].origins
                )
                given = merge(given, passed)
        return given
