"""What is known of a value at one point of a program."""

import msgspec

from backend_expert.facts.code import (
    Class,
    Collection,
    Comprehension,
    Constant,
    Fragment,
    Function,
    Hole,
)
from backend_expert.text.span import NOWHERE, Span

PARAMETER = "parameter"
INPUT = "input"


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where (part of) a value was born.

    kind: `input` (untrusted, from outside the program) or `parameter` (of the function at hand).
    label: in words, for messages: `query string`, `command line`, `parameter name`.
    span: where it enters, in the same item; NOWHERE when elsewhere.
    safe: the sinks it was made harmless for (`sql`, `shell`, `path`, …; `any` for all).
    index: a parameter's position.
    """

    kind: str
    label: str
    span: Span = NOWHERE
    safe: frozenset[str] = frozenset()
    index: int = -1

    def harmless_for(self, sink: str) -> bool:
        """Whether a sanitizer for `sink` (the word after `sink.` or `sanitizer.`) was passed."""
        return "any" in self.safe or sink in self.safe


class Value(msgspec.Struct, frozen=True, gc=False):
    """A value as far as it is known; the empty Value is one of which nothing is known.

    name: the dotted path it stands for: `requests.get`, `psycopg.Connection` (a class and its
        instances share their name), `?conn` when only the local name is known, `@Order` for a
        class of this file.
    origins: where it may have been born, as far as that matters.
    parts: its text, when it is a string put together here; holes are what is not constant.
    home: the module-level name whose item `parts` stand in, when that is another item.
    grows: the text is one of several, or may have been added to in a branch or loop.
    node: the literal, function or class it denotes.
    """

    name: str = ""
    origins: tuple[Origin, ...] = ()
    parts: tuple[Fragment | Hole, ...] | None = None
    home: str = ""
    grows: bool = False
    node: Constant | Collection | Comprehension | Function | Class | None = None

    @property
    def text(self) -> str | None:
        """The whole string, when all of it is constant."""
        if self.parts is None:
            return None
        if any(isinstance(part, Hole) for part in self.parts):
            return None
        return "".join(part.value for part in self.parts if isinstance(part, Fragment))

    @property
    def is_constant(self) -> bool:
        """Whether it is a literal, through and through."""
        return self.text is not None or isinstance(self.node, Constant)

    def untrusted(self, sink: str = "") -> Origin | None:
        """The input that it carries and that was not made harmless for `sink`, if any."""
        for origin in self.origins:
            if origin.kind == INPUT and not origin.harmless_for(sink):
                return origin
        return None

    def cleaned(self, sink: str) -> "Value":
        """The same value after a sanitizer for `sink`."""
        if not self.origins:
            return self
        return Value(self.name, clean(self.origins, sink), self.parts, self.home, self.grows)


UNKNOWN = Value()
Env = dict[str, Value]  # what is known of each local name (and path such as `a.b`)
_MOST_ORIGINS = 6


def clean(origins: tuple[Origin, ...], sink: str) -> tuple[Origin, ...]:
    """The origins after a sanitizer for `sink`; `any` leaves nothing to fear."""
    if sink == "any":
        return ()
    return tuple(
        Origin(o.kind, o.label, o.span, o.safe | {sink}, o.index) if sink not in o.safe else o
        for o in origins
    )


def merge(first: tuple[Origin, ...], second: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """Both origins, each once, bounded so that long chains stay cheap."""
    if not first or first is second:
        return second
    if not second:
        return first
    return (*first, *(o for o in second if o not in first))[:_MOST_ORIGINS]


def either(one: Value, other: Value) -> Value:
    """A value that is one or the other, as after a branch."""
    if one is other or one == other:
        return one
    parts, home, grows = one.parts, one.home, one.grows or other.grows
    if one.parts != other.parts:
        # One text must stand for both: the longer one carries the clauses that a branch appended.
        longer = max(one, other, key=lambda value: len(value.parts or ()))
        parts, home, grows = longer.parts, longer.home, True
    return Value(
        name=one.name or other.name,
        origins=merge(one.origins, other.origins),
        parts=parts,
        home=home,
        grows=grows,
        node=one.node if one.node is other.node else None,
    )
