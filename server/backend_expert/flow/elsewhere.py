"""Other files: what a name imported from them stands for."""

from typing import Protocol

from backend_expert.flow.summary import Summary
from backend_expert.flow.value import Value


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


class Nowhere:
    """Knows nothing of other files."""

    def value(self, dotted: str) -> Value | None:
        return None

    def summary(self, dotted: str) -> Summary | None:
        return None


NOWHERE_ELSE = Nowhere()
