"""CREATE, ALTER and DROP in words."""

from sqlglot import exp

from backend_expert.ide.query_words.conditions import all_of
from backend_expert.ide.query_words.phrases import article, code, counted, listed
from backend_expert.ide.query_words.reads import reading
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording

Explained = tuple[str, list[str]]
_MOST_COLUMNS = 10
# Words that end a column's type.
_RULES = frozenset(
    (
        *("NOT", "NULL", "DEFAULT", "PRIMARY", "PRIMARY KEY", "UNIQUE", "REFERENCES", "CHECK"),
        *("CONSTRAINT", "COLLATE", "GENERATED", "AUTO_INCREMENT", "AUTOINCREMENT", "COMMENT"),
        *("ON", "AFTER", "FIRST", "FOREIGN", "FOREIGN KEY", "AS", "USING"),
    )
)


def creating(node: exp.Create, wording: Wording) -> Explained:
    """The headline and the lines of a CREATE."""
    kind = str(node.args.get("kind") or "").upper()
    if kind == "INDEX" and isinstance(node.this, exp.Index):
        return _index(node, node.this, wording)
    if kind == "TABLE":
        return _table(node, wording)
    if kind == "VIEW":
        return _view(node, wording)
    name = wording.code(
        node.this.this if isinstance(node.this, exp.UserDefinedFunction) else node.this
    )
    return f"Creates {article(kind.lower() or 'object')} {name}".replace(
        "a object", "an object"
    ), []


def _absent(node: exp.Expr) -> str:
    return ", unless it exists already" if node.args.get("exists") else ""


def _table(node: exp.Create, wording: Wording) -> Explained:
    schema = node.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    parts: list[exp.Expr] = schema.expressions if isinstance(schema, exp.Schema) else []
    columns = [part for part in parts if isinstance(part, exp.ColumnDef)]
    rules = [part for part in parts if not isinstance(part, exp.ColumnDef)]
    kind = "temporary table" if _has(node, exp.TemporaryProperty) else "table"
    head = f"Creates the {kind} {wording.table(table)}"
    if columns:
        head += f" with {counted(len(columns), 'column')}"
    if isinstance(node.args.get("expression"), exp.Query):
        head += f" from a query that {_third(reading(node.args['expression'], wording))}"
    lines = [f"{column_words(column, wording)}." for column in columns[:_MOST_COLUMNS]]
    if len(columns) > _MOST_COLUMNS:
        lines.append(f"… and {counted(len(columns) - _MOST_COLUMNS, 'more column')}.")
    lines += [f"{_rule(rule, wording)}." for rule in rules]
    return head + _absent(node), lines


def _third(words: str) -> str:
    return words[:1].lower() + words[1:]


def _has(node: exp.Create, kind: type[exp.Expr]) -> bool:
    properties = node.args.get("properties")
    return properties is not None and properties.find(kind) is not None


def column_words(column: exp.ColumnDef, wording: Wording) -> str:
    """A column with its type and what holds for it: "`age` (`int`, required)"."""
    facts = [code(words)] if (words := _column_type(column, wording)) else []
    facts += [_constraint(rule, wording) for rule in many(column, "constraints")]
    name = code(wording.name(column.this))
    return f"{name} ({', '.join(facts)})" if facts else name


def _column_type(column: exp.ColumnDef, wording: Wording) -> str:
    """The type as it is written: what stands between the name and the first constraint."""
    query = wording.query
    name, whole = query.extent(column.this), query.extent(column)
    if column.args.get("kind") is None or name is None or whole is None:
        return ""
    start, end = name[1], name[1]
    for token in query.tokens:
        if name[1] <= token.start < whole[1]:
            if token.text.upper() in _RULES:
                break
            end = token.end + 1
    return " ".join(query.text[start:end].split()).lower() or _type(column.args["kind"], wording)


def _type(kind: exp.Expr, wording: Wording) -> str:
    return wording.generated(kind).lower()


def _constraint(constraint: exp.Expr, wording: Wording) -> str:
    kind = constraint.args.get("kind")
    if isinstance(kind, exp.PrimaryKeyColumnConstraint):
        return "the primary key"
    if isinstance(kind, exp.NotNullColumnConstraint):
        return "may be NULL" if kind.args.get("allow_null") else "required"
    if isinstance(kind, exp.DefaultColumnConstraint):
        return f"{wording.code(kind.this)} by default"
    if isinstance(kind, exp.UniqueColumnConstraint):
        return "unique"
    if isinstance(kind, exp.Reference):
        return _reference(kind, wording)
    if isinstance(kind, exp.CheckColumnConstraint):
        return f"must meet {wording.code(kind.this)}"
    if isinstance(
        kind, exp.AutoIncrementColumnConstraint | exp.GeneratedAsIdentityColumnConstraint
    ):
        return "counted up by the database"
    return code(wording.generated(constraint))


def _reference(reference: exp.Expr, wording: Wording) -> str:
    target = reference.this
    table = target.this if isinstance(target, exp.Schema) else target
    words = f"refers to {wording.table(table)}"
    options = " ".join(str(option).upper() for option in many(reference, "options"))
    if "ON DELETE CASCADE" in options:
        words += " and is deleted with it"
    if "ON DELETE SET NULL" in options:
        words += " and becomes NULL when that is deleted"
    return words


def _rule(rule: exp.Expr, wording: Wording) -> str:
    """A constraint of the whole table."""
    inner = rule.expressions[0] if isinstance(rule, exp.Constraint) and rule.expressions else rule
    if isinstance(inner, exp.PrimaryKey):
        return f"**Primary key**: {wording.columns(inner.expressions)}"
    if isinstance(inner, exp.UniqueColumnConstraint) and isinstance(inner.this, exp.Schema):
        parts = many(inner.this, "expressions")
        together = " taken together" if len(parts) > 1 else ""
        return f"**Unique**: {wording.columns(parts)}{together}"
    if isinstance(inner, exp.ForeignKey):
        columns = listed([code(wording.name(column)) for column in inner.expressions])
        reference = inner.args.get("reference")
        return f"**Link**: {columns} {_reference(reference, wording) if reference else ''}".rstrip()
    if isinstance(inner, exp.CheckColumnConstraint):
        return f"**Check**: {all_of(inner.this, wording)}"
    return f"**Also** {wording.code(rule)}"


def _index(node: exp.Create, index: exp.Index, wording: Wording) -> Explained:
    params = index.args.get("params")
    columns: list[exp.Expr] = many(params, "columns") if params else []
    names: list[str] = []
    for column in columns:
        inner = column.this if isinstance(column, exp.Ordered) else column
        is_down = isinstance(column, exp.Ordered) and column.args.get("desc")
        names.append(f"{wording.code(inner)}{' (descending)' if is_down else ''}")
    unique = "unique index" if node.args.get("unique") else "index"
    table = index.args.get("table")
    on = wording.table(table) if table else "a table"
    head = f"Adds {article(unique)} on {listed(names)} of {on}{_absent(node)}"
    lines: list[str] = []
    if len(columns) > 1:
        lines.append(
            f"**Helps** queries that filter by {names[0]}, with or without those after it."
        )
    using = params.args.get("using") if params else None
    if using is not None and using.name.lower() != "btree":
        lines.append(f"**Kind** of index: {code(using.name.lower())}.")
    where = params.args.get("where") if params else None
    if where is not None:
        lines.append(f"**Covers** only rows where {all_of(where, wording)}.")
    include = params.args.get("include") if params else None
    if include:
        lines.append(
            f"**Stores** {listed([code(wording.name(c)) for c in include])} along with it."
        )
    if node.args.get("concurrently"):
        lines.append("**Builds** it while writes go on (CONCURRENTLY; not inside a transaction).")
    return head, lines


def _view(node: exp.Create, wording: Wording) -> Explained:
    stored = "stored (materialized) view" if _has(node, exp.MaterializedProperty) else "view"
    verb = "Creates or replaces" if node.args.get("replace") else "Creates"
    head = f"{verb} the {stored} {wording.table(node.this)}{_absent(node)}"
    source = node.args.get("expression")
    return head, [f"It {_third(reading(source, wording))}."] if source else []


def altering(node: exp.Alter, wording: Wording) -> Explained:
    """The headline and the lines of an ALTER."""
    kind = str(node.args.get("kind") or "table").lower()
    target = f"the {kind} {wording.table(node.this)}"
    actions = [_action(action, wording) for action in many(node, "actions")]
    if node.args.get("not_valid"):
        actions.append("**Leaves** the rows that are there unchecked for now (NOT VALID)")
    if len(actions) == 1:
        return f"In {target}: {actions[0][2:3].lower()}{actions[0][3:]}".replace("**", ""), []
    lines = [f"**{line[2:3].upper()}{line[3:]}." for line in actions]
    return f"Changes {target} in {counted(len(actions), 'step')}", lines


def _action(action: exp.Expr, wording: Wording) -> str:
    if isinstance(action, exp.ColumnDef):
        return f"**adds** the column {column_words(action, wording)}"
    if isinstance(action, exp.Drop):
        return f"**removes** the {str(action.args.get('kind')).lower()} {_dropped(action, wording)}"
    if isinstance(action, exp.AlterColumn):
        return _column_change(action, wording)
    if isinstance(action, exp.RenameColumn):
        names = wording.code(action.this), wording.code(action.args["to"])
        return f"**renames** the column {' to '.join(names)}"
    if isinstance(action, exp.AlterRename):
        return f"**renames** it to {wording.table(action.this)}"
    if isinstance(action, exp.AddConstraint):
        if isinstance(action.expressions[0], exp.IndexColumnConstraint):
            return f"**adds** an index on {wording.columns(action.expressions[0].expressions)}"
        rules = [_rule(rule, wording).replace("*", "") for rule in action.expressions]
        return f"**adds** a constraint ({listed([_third(rule) for rule in rules])})"
    if isinstance(action, exp.ModifyColumn) and isinstance(action.this, exp.ColumnDef):
        return f"**redefines** the column {column_words(action.this, wording)}"
    return f"**does** {wording.code(action)}"


def _column_change(action: exp.AlterColumn, wording: Wording) -> str:
    name = code(wording.name(action.this))
    if action.args.get("dtype") is not None:
        using = action.args.get("using")
        how = f", converted with {wording.code(using)}" if using is not None else ""
        return f"**turns** {name} into {code(_type(action.args['dtype'], wording))}{how}"
    if action.args.get("default") is not None:
        return f"**makes** {wording.code(action.args['default'])} the default of {name}"
    if action.args.get("allow_null") is not None:
        allows = action.args.get("allow_null")
        return f"**lets** {name} be NULL" if allows else f"**makes** {name} required (NOT NULL)"
    if action.args.get("drop"):
        return f"**takes** the default away from {name}"
    return f"**does** {wording.code(action)}"


def _dropped(node: exp.Drop, wording: Wording) -> str:
    names: list[exp.Expr] = many(node, "tables")
    return listed([wording.table(name) for name in names]) or wording.code(node)


def dropping(node: exp.Drop, wording: Wording) -> Explained:
    """The headline and the lines of a DROP."""
    kind = str(node.args.get("kind") or "").lower()
    are_many = len(many(node, "tables")) > 1
    head = f"Removes the {kind}{'s' if are_many else ''} {_dropped(node, wording)}"
    if kind == "table":
        head += f" with all {'their' if are_many else 'its'} rows"
    if node.args.get("exists"):
        head += f", if {'they exist' if are_many else 'it exists'}"
    lines: list[str] = []
    if node.args.get("cascade"):
        lines.append("**Removes** whatever depends on it as well (CASCADE).")
    if node.args.get("concurrently"):
        lines.append("**Waits** for running queries instead of blocking them (CONCURRENTLY).")
    return head, lines
