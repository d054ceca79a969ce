"""The safe order of a risky change: steps that hold up nobody, for PostgreSQL as statements."""

from backend_expert.lint.ddl import Change
from backend_expert.persona.offline.locks import rewrites

Steps = list[tuple[str, str]]  # what to do, and the statement if there is one


def safe_order(change: Change, type_name: str) -> Steps:
    """The steps that do in peace what a change does at once; none where it is safe as it stands."""
    table, column = change.table, change.column
    if change.kind == "add-column" and rewrites(change):
        default = " ".join(change.default.split()).replace(" ( )", "()").replace("( ", "(")
        return [
            ("Add the column without a default", _add(table, column, type_name)),
            (
                "Set the default, which is for new rows only",
                f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default};",
            ),
            _fill(table, column, default),
            *(_not_null(table, column) if change.has("not-null") else []),
        ]
    if change.kind == "add-column" and change.has("not-null") and not change.has("default"):
        if change.has("identity") or change.has("generated"):
            return []
        return [
            ("Add the column, NULL allowed", _add(table, column, type_name)),
            ("Deploy code that writes it in every INSERT", ""),
            _fill(table, column, "…"),
            *_not_null(table, column),
        ]
    if change.kind == "set-not-null":
        return _not_null(table, column)
    if change.kind == "create-index" and not change.has("concurrently"):
        return [
            (
                "Build it in a migration of its own, outside any transaction, with "
                "`CREATE INDEX CONCURRENTLY`",
                "",
            )
        ]
    if change.kind in ("add-foreign-key", "add-check") and not change.has("not-valid"):
        name = change.name or "NAME"
        return [
            ("Add the constraint with `NOT VALID`: it holds for new rows", ""),
            (
                "Validate it in a later migration; nobody waits",
                f"ALTER TABLE {table} VALIDATE CONSTRAINT {name};",
            ),
        ]
    if change.kind in ("add-unique", "add-primary-key") and not change.has("using-index"):
        return [
            (
                "Build the index with `CREATE UNIQUE INDEX CONCURRENTLY`, outside any transaction",
                "",
            ),
            ("Add the constraint with `USING INDEX`: that takes a moment", ""),
        ]
    return _in_stages(change)


def _in_stages(change: Change) -> Steps:
    """Changes that the running code must be made ready for."""
    if change.kind in ("alter-type", "modify-column"):
        return [
            ("Add a second column with the new type", ""),
            ("Deploy code that writes both", ""),
            ("Fill the old rows in batches", ""),
            ("Deploy code that reads the new column", ""),
            ("Drop the old column", ""),
        ]
    if change.kind == "drop-column":
        return [
            (f"Deploy code that neither reads nor writes `{change.column}`", ""),
            ("Then drop it: there is no way back but a backup", ""),
        ]
    if change.kind == "rename":
        return [
            ("Do not rename what running code uses: add the new name beside the old one", ""),
            ("Deploy code that uses the new name", ""),
            ("Then drop the old one", ""),
        ]
    if change.kind == "drop-table":
        return [("Deploy code that does not use the table", ""), ("Then drop it", "")]
    return []


def _add(table: str, column: str, type_name: str) -> str:
    return f"ALTER TABLE {table} ADD COLUMN {column} {type_name or 'TYPE'};"


def _fill(table: str, column: str, value: str) -> tuple[str, str]:
    return (
        "Fill the old rows in batches, each with a commit of its own",
        f"UPDATE {table} SET {column} = {value}\n"
        f"WHERE id IN (SELECT id FROM {table} WHERE {column} IS NULL LIMIT 5000);",
    )


def _not_null(table: str, column: str) -> Steps:
    name = f"{table}_{column}_not_null"
    return [
        (
            "Let new rows be checked",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;",
        ),
        ("Check the old ones; nobody waits", f"ALTER TABLE {table} VALIDATE CONSTRAINT {name};"),
        (
            "Set NOT NULL, which now reads nothing",
            f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n"
            f"ALTER TABLE {table} DROP CONSTRAINT {name};",
        ),
    ]
