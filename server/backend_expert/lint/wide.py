"""Items whose findings depend on more than their reading: on names of the file, or on all of it."""

from collections.abc import Iterable

from backend_expert.workspace.piece import Piece


class Wide:
    """Pieces to look at again when names are bound anew, and pieces to look at after each change.

    Found by name, so that an edit leads straight to them however many there are.
    """

    __slots__ = ("_by_name", "_known", "_on_all")

    def __init__(self) -> None:
        self._known: dict[int, Piece] = {}
        self._on_all: dict[int, Piece] = {}
        self._by_name: dict[str, dict[int, Piece]] = {}

    def note(self, piece: Piece, *, on_all: bool) -> None:
        """Remembers a piece whose findings depend on names of the file, or on all of the file."""
        self.forget(piece)
        key = id(piece.item)
        self._known[key] = piece
        if on_all:
            self._on_all[key] = piece
        else:
            for name in piece.item.names:
                self._by_name.setdefault(name, {})[key] = piece

    def forget(self, piece: Piece) -> None:
        """Forgets a piece that went, or whose findings depend on its reading alone."""
        key = id(piece.item)
        if self._known.pop(key, None) is None or self._on_all.pop(key, None) is not None:
            return
        for name in piece.item.names:
            del self._by_name[name][key]

    def concerned(self, renamed: Iterable[str]) -> list[Piece]:
        """The pieces to look at again when some names are bound anew."""
        found = dict(self._on_all)
        for name in renamed:
            found.update(self._by_name.get(name, ()))
        return list(found.values())
