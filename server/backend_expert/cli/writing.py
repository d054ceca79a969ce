"""Writing mended files: all or nothing, and only over the bytes that were read."""

import contextlib
import difflib
import os
import tempfile


class Changed(Exception):
    """The file has changed since it was read, so the fix is not written."""


def write(path: str, before: bytes, after: bytes) -> None:
    """Puts `after` in the place of `before`, keeping the file's mode; links are followed.

    Raises:
        Changed: the file no longer holds `before`.
        OSError: it cannot be written.
    """
    path = os.path.realpath(path)
    with open(path, "rb") as file:
        if file.read() != before:
            raise Changed("it has changed since it was read")
    status = os.stat(path)
    handle, there = tempfile.mkstemp(prefix=".backend-expert-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(there, status.st_mode & 0o7777)
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):
                os.chown(there, status.st_uid, status.st_gid)
        os.replace(there, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(there)
        raise


def difference(name: str, before: bytes, after: bytes) -> str:
    """The unified diff of a file, as `patch` and `git apply` take it."""
    old, new = (_lines(data) for data in (before, after))
    lines: list[str] = []
    name = name.lstrip("/")
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        lines.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(lines)


def _lines(data: bytes) -> list[str]:
    """Lines that end in `\\n` alone, as diff tools count them."""
    text = data.decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
