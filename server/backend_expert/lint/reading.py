"""Reading settings: tables as people write them in, `Settings` and complaints out."""

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol, cast

import msgspec

from backend_expert.lint.settings import DEFAULTS, PerPath, Settings
from backend_expert.workspace.personal import is_personal, personal, refusal
from backend_expert.workspace.settings_file import Complaint, kebab

_FIELDS = {f.encode_name: f for f in msgspec.structs.fields(Settings)}
_PER_PATH_FIELDS = {f.encode_name: f for f in msgspec.structs.fields(PerPath)}


class Source(Protocol):
    """Where a table was written: a settings file, the editor or the command line."""

    @property
    def path(self) -> str:
        """How to name it to the user."""
        ...

    def line_of(self, *keys: str) -> int:
        """The line of a key, 0 when it has none."""
        ...


class Elsewhere(msgspec.Struct, frozen=True):
    """A source without lines: the editor, the command line.

    `beside` are further keys that such a table may have and that others read.
    """

    path: str
    beside: frozenset[str] = frozenset()

    def line_of(self, *keys: str) -> int:
        """No line."""
        return 0


class Reading:
    """Settings read from one table after another, each above the ones before.

    `rules` are the ids and areas that may be named. A wrong value is left out and complained of;
    the others count. Lists replace the lists below them, maps are merged key by key.
    """

    def __init__(self, rules: Collection[str], settings: Settings = DEFAULTS) -> None:
        self.settings = settings
        self.complaints: list[Complaint] = []
        self._rules = rules

    def add(self, table: Mapping[str, Any], source: Source) -> "Reading":
        """Reads one more table."""
        values: dict[str, Any] = {}
        beside = source.beside if isinstance(source, Elsewhere) else ()
        mine = personal(table)
        if mine:
            self._complain(source, mine[:1], refusal(mine))
        for key, raw in table.items():
            if is_personal(key):
                continue
            field = _FIELDS.get(key) or _FIELDS.get(kebab(key))
            if raw is None or (field is None and key in beside):
                continue  # editors send null for what is not set
            if field is None:
                self._complain(source, (key,), f"unknown setting `{key}`{_near(key, _FIELDS)}")
                continue
            before = getattr(self.settings, field.name)
            if field.name == "per_path":
                values[field.name] = before | dict(self._per_path(raw, source, key))
                continue
            value = self._value(field, raw, source, (key,))
            if value is not None:
                values[field.name] = before | value if isinstance(before, dict) else value
        self.settings = msgspec.structs.replace(self.settings, **values)
        return self

    def _per_path(self, raw: object, source: Source, key: str) -> Iterator[tuple[str, PerPath]]:
        if not isinstance(raw, Mapping):
            self._complain(source, (key,), f"`{key}` must be a table of patterns")
            return
        for pattern, table in cast("Mapping[str, object]", raw).items():
            if isinstance(table, Mapping):
                inner = cast("Mapping[str, object]", table)
                yield pattern, self._one_path(inner, source, (key, pattern))
            else:
                self._complain(source, (key, pattern), f"`{pattern}` must be a table of settings")

    def _one_path(
        self, table: Mapping[str, object], source: Source, where: tuple[str, ...]
    ) -> PerPath:
        values: dict[str, Any] = {}
        for word, raw in table.items():
            field = _PER_PATH_FIELDS.get(word)
            if field is None:
                near = _near(word, _PER_PATH_FIELDS)
                self._complain(source, (*where, word), f"unknown setting `{word}`{near}")
                continue
            known = self._value(field, raw, source, (*where, word))
            if known is not None:
                values[field.name] = known
        return PerPath(**values)

    def _value(
        self, field: msgspec.structs.FieldInfo, raw: object, source: Source, where: tuple[str, ...]
    ) -> Any:
        if field.name == "severity":
            return self._severity(raw, source, where)
        try:
            value = msgspec.convert(raw, field.type)
        except msgspec.ValidationError:
            self._complain(source, where, f"`{where[-1]}` must be {_wanted(field, raw)}")
            return None
        if field.name in ("select", "ignore"):
            return tuple(word for word in value if self._is_known(word, source, where))
        return value

    def _severity(self, raw: object, source: Source, where: tuple[str, ...]) -> Any:
        if not isinstance(raw, Mapping):
            self._complain(source, where, f"`{where[-1]}` must be a table of rules and severities")
            return None
        found: dict[str, str] = {}
        words = ("error", "warning", "information", "hint")
        for rule, severity in cast("Mapping[str, object]", raw).items():
            place = (*where, rule)
            if not isinstance(severity, str) or severity not in words:
                cure = _near(str(severity), words) or f"; one of {', '.join(words)}"
                self._complain(source, place, f"unknown severity `{severity}`{cure}")
            elif self._is_known(rule, source, place):
                found[rule] = severity
        return found

    def _is_known(self, word: str, source: Source, where: tuple[str, ...]) -> bool:
        if word == "*" or word in self._rules:
            return True
        self._complain(source, where, f"unknown rule `{word}`{_near(word, self._rules)}")
        return False

    def _complain(self, source: Source, keys: tuple[str, ...], message: str) -> None:
        self.complaints.append(Complaint(source.path, source.line_of(*keys), message))


def _near(word: str, known: Collection[str]) -> str:
    near = nearest_name(word, known)
    return f"; did you mean `{near}`?" if near else ""


def nearest_name(word: str, known: Collection[str]) -> str | None:
    """The known name that a mistyped one most likely means; of a rule its last part is enough."""
    near = difflib.get_close_matches(word, known, 1, 0.7)
    if near:
        return near[0]
    tails = {name.rpartition("/")[2]: name for name in known}
    near = difflib.get_close_matches(word.rpartition("/")[2], tails, 1, 0.75)
    return tails[near[0]] if near else None


def _wanted(field: msgspec.structs.FieldInfo, raw: object) -> str:
    if field.name == "dialect":
        return f"postgres, mysql or sqlite, not {raw!r}"
    if field.name == "migrations":
        return f"changed or all, not {raw!r}"
    return "a list of strings"
