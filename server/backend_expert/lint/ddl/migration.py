"""One migration file: its changes on the way up, and what its runner is known to do."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from backend_expert.facts.code import Assign, Collection, Constant, Member, Name, walk
from backend_expert.facts.item import Item
from backend_expert.flow.queries import statements
from backend_expert.lint.context import CodeFile, Context
from backend_expert.lint.ddl.calls import changes_of
from backend_expert.lint.ddl.change import BLOCKING, Change
from backend_expert.lint.ddl.statements import changes_in
from backend_expert.text.pattern import pattern

_DOWN_FILE = pattern(r"(?:^|[/._-])(?:down|undo|rollback)\.sql$|(?:^|/)U\d[\w.]*__", re.I)
_DOWN = pattern(r"\+goose down|\+migrate down|migrate:down|@undo\b|^rambler down", re.I)
_UP = pattern(r"\+goose up|\+migrate up|migrate:up|^rambler up", re.I)
_NO_TRANSACTION = pattern(r"no transaction|notransaction|transaction:\s*false|no-transaction", re.I)
_OTHER_DATABASES = pattern(
    r"clickhouse|oracle|mssql|sqlserver|cassandra|snowflake|bigquery|redshift|duckdb|cockroach"
    r"|postgres(?:ql)?|pgsql|mysql|mariadb|sqlite",
    re.I,
)
_NAMES = {"postgresql": "postgres", "pgsql": "postgres", "mariadb": "mysql"}


class Migration(msgspec.Struct, frozen=True, eq=False):
    """The changes of a file, in order. dialect: empty when not known.

    created: the tables that the file creates, and what they are renamed to.
    """

    changes: tuple[Change, ...]
    dialect: str
    created: frozenset[str]

    def existing(self, *kinds: str) -> Iterator[Change]:
        """The changes of these kinds to tables that were there before."""
        for change in self.changes:
            if change.kind in kinds and change.table and self.is_old(change.table):
                yield change

    def is_old(self, table: str) -> bool:
        """Whether a table was there before this file. Frameworks put the app before its name."""
        return table not in self.created and not any(
            table.endswith(f"_{made}") for made in self.created
        )

    @property
    def blocking(self) -> Iterator[Change]:
        """The changes that make others wait for an existing table, while they last."""
        for change in self.existing(*BLOCKING):
            if not change.has("concurrently"):
                yield change


def migration_of(file: CodeFile) -> Migration | None:
    """The file as a migration; None when it is none, only leads down, or only fills new databases.

    The last is said by Django's `initial = True`, and by `replaces` in squashed migrations.
    """
    return _read(file) if file.is_migration else None  # others are not kept alive by the cache


@lru_cache(maxsize=8)
def _read(file: CodeFile) -> Migration | None:
    if _DOWN_FILE.search(file.path):
        return None
    if file.family == "python" and (
        "_squashed_" in file.path or any(_is_for_new_databases(item) for item in file.items)
    ):
        return None
    changes = list(_sql_changes(file) if file.family == "sql" else _code_changes(file))
    if not changes:
        return None
    created = {c.table for c in changes if c.kind == "create-table" and c.table}
    created |= {c.name for c in changes if c.kind == "rename" and c.table in created and c.name}
    return Migration(tuple(changes), dialect_of(file), frozenset(created))


def dialect_of(file: CodeFile) -> str:
    """The project's dialect, unless a folder says that this file is for another database."""
    for word in _OTHER_DATABASES.findall(file.path):
        if _NAMES.get(word.lower(), word.lower()) != file.dialect:
            return ""
    return file.dialect


def _sql_changes(file: CodeFile) -> Iterator[Change]:
    wraps = outside = within = False
    for item in file.items:
        for comment in item.comments:
            if _DOWN.search(comment.text):
                return
            wraps = wraps or bool(_UP.search(comment.text))
            outside = outside or bool(_NO_TRANSACTION.search(comment.text))
        for change in changes_of_item(file, item):
            if change.kind in ("begin", "commit"):
                within = change.kind == "begin"
            mark = "inside" if within or (wraps and not outside) else "outside" if outside else ""
            yield _marked(change, mark) if mark else change


def _code_changes(file: CodeFile) -> Iterator[Change]:
    is_opted_out = any(_opts_out(item) for item in file.items)
    for item in file.items:
        for change in changes_of_item(file, item):
            yield _marked(change, "outside") if is_opted_out else change


def _marked(change: Change, mark: str) -> Change:
    traits = (change.traits - {"inside", "outside"}) | {mark}
    return msgspec.structs.replace(change, traits=traits)


def changes_of_item(file: CodeFile, item: Item) -> tuple[Change, ...]:
    """The changes of one item, kept with its reading."""
    reading = file.flow.reading(item)
    key = f"changes {file.dialect}"
    kept = reading.notes.get(key)
    if isinstance(kept, tuple):
        return kept  # pyright: ignore[reportUnknownVariableType]
    if file.family == "sql":
        known = statements(item, file.dialect)
        found = tuple(change for query in known for change in changes_in(query, item))
    else:
        found = changes_of(Context(file, item, reading, []), file.dialect)
    reading.notes[key] = found
    return found


def _is_for_new_databases(item: Item) -> bool:
    if item.names.isdisjoint(("initial", "replaces")):
        return False
    for statement in item.body:
        for node in walk(statement):
            if (
                isinstance(node, Assign)
                and not _is_false(node.value)
                and any(_last_name(target) in ("initial", "replaces") for target in node.targets)
            ):
                return True
    return False


# Names that, set to false, keep a runner from opening a transaction.
_SWITCHES = frozenset(("atomic", "transaction", "use_transaction", "useTransaction"))


def _opts_out(item: Item) -> bool:
    """Whether the file tells its runner to open no transaction."""
    if _SWITCHES.isdisjoint(item.names):
        return False
    for statement in item.body:
        for node in walk(statement):
            if isinstance(node, Assign) and _is_false(node.value):
                if any(_last_name(target) in _SWITCHES for target in node.targets):
                    return True
            elif (
                isinstance(node, Collection)
                and node.kind == "map"
                and any(_is_false(node.get(switch)) for switch in _SWITCHES)
            ):
                return True
    return False


def _is_false(node: object) -> bool:
    return isinstance(node, Constant) and node.value is False


def _last_name(node: object) -> str:
    if isinstance(node, Member):
        return node.name
    return node.id if isinstance(node, Name) else ""
