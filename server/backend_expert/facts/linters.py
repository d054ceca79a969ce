"""Which rules of other linters a project's own settings switch on, as plain facts."""

import re

import msgspec

# What each linter looks at, by LSP language id.
LANGUAGES = {
    "ruff": frozenset(("python",)),
    "typescript-eslint": frozenset(("typescript", "typescriptreact")),
    "squawk": frozenset(("sql",)),
}
_SELECTOR = re.compile(r"([A-Z]+)(\d*)")


class Linters(msgspec.Struct, frozen=True):
    """The linters that are set up.

    ruff: its selectors and whether each selects or ignores; of two that match, the longer counts,
    of two alike the later. typescript_eslint: ids of its rules that are on. squawk: the ids that
    it leaves out; None when it is not set up.
    """

    ruff: tuple[tuple[str, bool], ...] = ()
    typescript_eslint: frozenset[str] = frozenset()
    squawk: frozenset[str] | None = None

    def reports(self, twin: str, language: str) -> bool:
        """Whether a rule, written `ruff S113`, is on for files of a language."""
        linter, _, id = twin.partition(" ")
        if language not in LANGUAGES.get(linter, ()):
            return False
        if linter == "ruff":
            return self._selects(id)
        if linter == "squawk":
            return self.squawk is not None and id not in self.squawk
        return id in self.typescript_eslint

    def _selects(self, code: str) -> bool:
        best, is_on = -1, False
        for selector, selects in self.ruff:
            length = _length(selector, code)
            if length >= max(best, 0):
                best, is_on = length, selects
        return is_on


def _length(selector: str, code: str) -> int:
    """How much of a code a selector says; below zero when it speaks of others."""
    if selector == "ALL":
        return 0
    said, whole = _SELECTOR.fullmatch(selector), _SELECTOR.fullmatch(code)
    if said is None or whole is None or said[1] != whole[1] or not whole[2].startswith(said[2]):
        return -1
    return len(selector)


NO_LINTERS = Linters()
