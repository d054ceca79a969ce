"""The user's own settings file, read in one place: its tables, and what is wrong with them."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from backend_expert.lint.reading import Source, nearest_name
from backend_expert.persona.secret import Secret
from backend_expert.workspace.personal import TABLES, own_file
from backend_expert.workspace.settings_file import Complaint, SettingsFile, kebab, read

Kind = TypeVar("Kind", bound=msgspec.Struct)


class Filled(msgspec.Struct, frozen=True, eq=False):
    """Values from a table by the fields' names, and what is wrong with the others."""

    values: dict[str, Any]
    complaints: tuple[Complaint, ...] = ()


class OwnSettings(msgspec.Struct, frozen=True):
    """The user's own settings file; `file` is None when there is none."""

    file: SettingsFile | None = None
    complaints: tuple[Complaint, ...] = ()

    def filled(self, kind: type[Kind], table: str, refused: Mapping[str, str] = {}) -> Filled:
        """What a table of the file (`gate`) says for the fields of a struct; see `filled`."""
        if self.file is None or not isinstance(self.file.table.get(table), dict):
            return Filled({})
        found = cast("dict[str, Any]", self.file.table[table])
        return filled(kind, found, self.file, (table,), refused)


def own_settings(path: Path | None = None) -> OwnSettings:
    """Reads the user's own settings file, or the one given."""
    file = read(path or own_file())
    if file is None:
        return OwnSettings()
    found = [file.complaint] if file.complaint is not None else []
    for name, value in file.table.items():
        if name not in TABLES:
            message = f"unknown table `{name}`{_near(name, TABLES)}"
            found.append(Complaint(file.path, file.line_of(name), message))
        elif not isinstance(value, dict):
            message = f"`{name}` must be a table"
            found.append(Complaint(file.path, file.line_of(name), message))
    return OwnSettings(file, tuple(found))


def filled(
    kind: type[msgspec.Struct],
    table: Mapping[str, Any],
    source: Source,
    where: tuple[str, ...] = (),
    refused: Mapping[str, str] = {},
) -> Filled:
    """The values of a table that fit the fields of a struct, by the fields' own names.

    where: the keys above the table. refused: settings that are not taken from this source, with
    what to do instead. A wrong value is left out and complained of; it is never repeated in the
    complaint, since it may be a secret.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    complaints: list[Complaint] = []

    def complain(key: str, message: str) -> None:
        complaints.append(Complaint(source.path, source.line_of(*where, key), message))

    for key, raw in table.items():
        if raw is None:
            continue  # editors send null for what is not set
        field = fields.get(key) or fields.get(kebab(key))
        if field is None:
            complain(key, f"unknown setting `{key}`{_near(key, fields)}")
        elif field.encode_name in refused:
            complain(key, f"`{key}` is not taken from here; {refused[field.encode_name]}")
        else:
            try:
                values[field.name] = msgspec.convert(raw, field.type, dec_hook=_secret)
            except msgspec.ValidationError as error:
                complain(key, f"`{key}` {_wanted(field.type, str(error))}")
    return Filled(values, tuple(complaints))


def _secret(kind: type, raw: object) -> object:
    if kind is Secret and isinstance(raw, str):
        return Secret(raw.strip())
    raise ValueError("expected a text")


def _wanted(kind: Any, said: str) -> str:
    """What a value must be, without the value."""
    info = msgspec.inspect.type_info(kind)
    if isinstance(info, msgspec.inspect.Metadata):
        info = info.type
    if isinstance(info, msgspec.inspect.LiteralType):
        return f"must be one of {', '.join(map(str, info.values))}"
    if said.startswith("Expected "):
        reason, _, where = said.removeprefix("Expected ").partition(" - at ")
        inner = f" (at {where.strip('`').removeprefix('$')})" if where else ""
        return f"must be {reason}{inner}"
    return "must be a text" if "Secret" in str(kind) else f"is wrong: {said}"


def _near(word: str, known: Collection[str]) -> str:
    near = nearest_name(word, known)
    return f"; did you mean `{near}`?" if near else ""
