"""What a step of a migration locks, whom it keeps waiting, and for how long."""

import re

from backend_expert.lint.ddl import Change

_VOLATILE = re.compile(
    r"\b(?:gen_random_uuid|uuid_generate_v\w+|uuidv[47]|random\w*|clock_timestamp|timeofday"
    r"|nextval|gen_random_bytes|statement_random)\s*\(",
    re.I,
)
_STABLE = re.compile(r"^\s*(?:now|current_\w+|transaction_timestamp|statement_timestamp"
                     r"|localtimestamp)\b", re.I)  # fmt: skip
_EXCLUSIVE = "ACCESS EXCLUSIVE; readers and writers wait"
_MOMENT = "for a moment"
_SCAN = "while the whole table is read"
_REWRITE = "while the whole table and its indexes are written anew"

# PostgreSQL: the lock, and how long it is held, by the kind of change.
_POSTGRES: dict[str, tuple[str, str]] = {
    "drop-table": (_EXCLUSIVE, _MOMENT),
    "add-column": (_EXCLUSIVE, _MOMENT),
    "drop-column": (_EXCLUSIVE, _MOMENT),
    "alter-type": (
        _EXCLUSIVE,
        f"{_REWRITE}, unless the new type holds the same bytes (a longer `varchar`, or `text`)",
    ),
    "set-not-null": (_EXCLUSIVE, f"{_SCAN}, unless a valid CHECK proves it"),
    "set-default": (_EXCLUSIVE, _MOMENT),
    "create-index": ("SHARE; writers wait, and readers do not,", "until the index is built"),
    "drop-index": (_EXCLUSIVE, _MOMENT),
    "add-foreign-key": ("SHARE ROW EXCLUSIVE on both tables; writers wait", _SCAN),
    "add-check": (_EXCLUSIVE, _SCAN),
    "add-unique": (_EXCLUSIVE, "until its index is built"),
    "add-primary-key": (_EXCLUSIVE, "until its index is built"),
    "add-exclude": (_EXCLUSIVE, "until its index is built"),
    "drop-constraint": (_EXCLUSIVE, _MOMENT),
    "validate": ("SHARE UPDATE EXCLUSIVE; nobody who reads or writes waits", _SCAN),
    "rename": (_EXCLUSIVE, _MOMENT),
    "write": (
        "a lock on each row that it changes; other writers of that row wait",
        "until the commit",
    ),
}
_MYSQL: dict[str, tuple[str, str]] = {
    "drop-table": ("a metadata lock; everyone waits", _MOMENT),
    "add-column": ("a metadata lock; everyone waits", f"{_MOMENT} (INSTANT, from MySQL 8.0.12)"),
    "drop-column": ("a metadata lock; everyone waits", f"{_MOMENT} (INSTANT, from MySQL 8.0.29)"),
    "set-default": ("a metadata lock; everyone waits", _MOMENT),
    "create-index": ("a metadata lock; everyone waits", "for a moment, at its begin and end: the "
                     "index is built in place meanwhile"),
    "drop-index": ("a metadata lock; everyone waits", _MOMENT),
    "modify-column": ("a shared lock; writers wait", "while it is copied, where the type changes"),
    "add-foreign-key": ("a shared lock; writers wait", "while it is copied"),
    "add-check": ("a shared lock; writers wait", "while it is copied"),
    "rename": ("a metadata lock; everyone waits", _MOMENT),
    "write": ("a lock on each row that it changes, and on the gaps between; other writers wait",
              "until the commit"),
}  # fmt: skip


def rewrites(change: Change) -> bool:
    """Whether PostgreSQL works out the default of a new column row by row."""
    if change.kind != "add-column":
        return False
    return (change.has("generated") and not change.has("virtual")) or bool(
        change.default and _VOLATILE.search(change.default)
    )


def lock_of(change: Change, dialect: str) -> str:
    """A sentence or two on the lock of a change to a table that is in use; empty: none is known."""
    if dialect == "sqlite":
        return "locks the whole database file; other writers wait until it commits."
    lock, while_ = (_MYSQL if dialect == "mysql" else _POSTGRES).get(change.kind, ("", ""))
    if not lock or dialect not in ("postgres", "mysql"):
        return ""
    if dialect == "postgres":
        if change.has("concurrently"):
            return "takes SHARE UPDATE EXCLUSIVE; nobody who reads or writes waits."
        if change.has("not-valid") or change.has("using-index"):
            while_ = _MOMENT
        elif rewrites(change):
            while_ = _REWRITE
        elif change.kind == "add-column" and change.has("references"):
            while_ = f"{_MOMENT}, and SHARE ROW EXCLUSIVE on the table that it refers to"
        elif _is_unsure(change):
            while_ = f"{_MOMENT} if the default is the same for all rows, else {_REWRITE}"
    return f"takes {lock} {while_}."


def _is_unsure(change: Change) -> bool:
    """Whether a default is a call of which it is not known here if it gives the same each time."""
    text = change.default
    return change.kind == "add-column" and "(" in text and _STABLE.match(text) is None
