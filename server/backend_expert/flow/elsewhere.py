"""Other files: what a name imported from them stands for."""

from typing import Protocol

import msgspec

from backend_expert.facts.code import Call
from backend_expert.flow.summary import Summary
from backend_expert.flow.value import Value
from backend_expert.text.span import Span


class Absent(msgspec.Struct, frozen=True):
    """A name that a file of the project does not have.

    path: the file, empty when that is what is missing; owner: the class that lacks the name, empty
    when the module does; names: those that are there.
    """

    name: str
    path: str = ""
    owner: str = ""
    names: tuple[str, ...] = ()


class Declared(msgspec.Struct, frozen=True, eq=False):
    """What an attribute of a class is given where the class is declared.

    call: what makes it, in the facts of its own item; roles: what that call means; path: the file,
    and span the call's place in it. siblings: the other attributes of the class.
    """

    call: Call
    roles: frozenset[str]
    path: str
    span: Span
    siblings: frozenset[str] = frozenset()


class Elsewhere(Protocol):
    """The files around one file. Its answers do not change while the object is in use."""

    def value(self, dotted: str) -> Value | None:
        """What an imported dotted name (`shop.database.engine`, `./db.pool`) stands for.

        None when no file of the project tells. A function's value has the dotted name as its
        name; a text's parts have a `home` that no name of the asking file has.
        """
        ...

    def summary(self, dotted: str) -> Summary | None:
        """What calling a function of another file does."""
        ...

    def missing(self, dotted: str, member: str = "") -> Absent | None:
        """What a dotted name lacks, when a file of the project must have it and does not.

        JavaScript's modules come alone (`./db`), with the `member` looked for, if any. None when
        the name is there, is not the project's, or cannot be told.
        """
        ...

    def declared(self, dotted: str, attribute: str) -> Declared | None:
        """The call that gives a class of another file (`shop.models.Order`) an attribute."""
        ...

    def guards_above(self) -> tuple[str, ...]:
        """The guards under which other files mount what the file has."""
        ...


class Nowhere:
    """Knows nothing of other files."""

    def value(self, dotted: str) -> Value | None:
        return None

    def summary(self, dotted: str) -> Summary | None:
        return None

    def missing(self, dotted: str, member: str = "") -> Absent | None:
        return None

    def declared(self, dotted: str, attribute: str) -> Declared | None:
        return None

    def guards_above(self) -> tuple[str, ...]:
        return ()


NOWHERE_ELSE = Nowhere()
