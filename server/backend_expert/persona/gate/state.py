"""The gate's own folder. A disk that is full or that may not be written never breaks an answer."""

import logging
import os
from pathlib import Path
from typing import ClassVar

import msgspec

log = logging.getLogger(__name__)


class State:
    """Files in one folder, which only the user may read. A failure is logged once for a folder."""

    _complained: ClassVar[set[Path]] = set()

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def append(self, name: str, record: msgspec.Struct) -> bool:
        """Adds a line of JSON to a file in one write; whether that went well.

        It begins with a line break too: should another's line have been cut short, only that one
        is lost.
        """
        line = b"\n" + msgspec.json.encode(record) + b"\n"
        try:
            path = self._made(name)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            descriptor = os.open(path, flags, 0o600)
            try:
                return os.write(descriptor, line) == len(line)
            finally:
                os.close(descriptor)
        except OSError as error:
            self.complain(error)
            return False

    def replace(self, name: str, record: msgspec.Struct) -> bool:
        """Writes a file as a whole or not at all; whether that went well."""
        try:
            path = self._made(name)
            part = path.with_name(f"{path.name}.{os.getpid()}")
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(record))
            os.replace(part, path)
        except OSError as error:
            self.complain(error)
            return False
        return True

    def read(self, name: str) -> bytes:
        """What a file holds; nothing when there is none."""
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            self.complain(error)
            return b""

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder, in order."""
        try:
            return sorted(os.listdir(self.folder / folder))
        except OSError:
            return []

    def complain(self, error: OSError) -> None:
        """Logs that the folder cannot be used; the first time only."""
        if self.folder not in self._complained:
            self._complained.add(self.folder)
            log.warning("the record of what is sent cannot be kept in %s: %s", self.folder, error)

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        return path
