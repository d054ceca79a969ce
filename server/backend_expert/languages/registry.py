"""Which reader reads which file; readers are imported when first needed."""

from functools import cache
from importlib import import_module
from pathlib import PurePath

from backend_expert.languages.reader import Reader

# language id (as LSP names it) -> module with `READERS`
READERS = {
    "python": "python",
    "javascript": "javascript",
    "javascriptreact": "javascript",
    "typescript": "javascript",
    "typescriptreact": "javascript",
    "sql": "sql",
}
ENDINGS = {
    ".py": "python",
    ".pyi": "python",
    ".js": "javascript",
    ".cjs": "javascript",
    ".mjs": "javascript",
    ".jsx": "javascriptreact",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "typescriptreact",
    ".sql": "sql",
}


def language_of(path: str) -> str | None:
    """The language that a file's name tells, or None when no reader reads it."""
    return ENDINGS.get(PurePath(path).suffix.lower())


@cache
def reader_for(language: str) -> Reader | None:
    """The reader of an LSP language id, or None."""
    module = READERS.get(language)
    if module is None:
        return None
    room = import_module(f"backend_expert.languages.{module}")
    readers: dict[str, Reader] = room.READERS
    return readers[language]
