"""The words for single expressions: columns, values, calls, as they are written."""

import re
from functools import cached_property

from sqlglot import exp
from sqlglot.errors import SqlglotError

from backend_expert.facts.code import Expression, Index, Member, Name
from backend_expert.facts.query import Placeholder, Query, QueryHole
from backend_expert.ide.query_words.phrases import code, listed, plural, singular, spoken

# Stands for a slot while a text is taken apart.
SLOT = "\1"
_LONGEST = 60
_SYSTEM = ("information_schema", "pg_catalog", "mysql", "sys", "performance_schema")
_DATE = re.compile(
    r"(?:_at|_on|_date|_time|_ts|At|^date|^time|^timestamp|date|_until|_since)$", re.I
)
_TEXT = re.compile(r"(?:name|title|email|slug|city|country|label|username|login|word|code)$", re.I)
_NUMBER = re.compile(
    r"(?:^id|total|amount|price|count|score|rank|priority|number|quantity|qty|size|age|balance"
    r"|cost|rating|points|position|weight|level|votes|views|sum|avg|revenue|n)$",
    re.I,
)


class Wording:
    """Says parts of one query's tree in the words that the query is written in."""

    def __init__(self, query: Query) -> None:
        self.query = query

    def written(self, node: exp.Expr) -> str:
        """The SQL of `node` as it stands in the code, holes and parameters too."""
        if not isinstance(node, exp.Expr):  # pyright: ignore
            return str(node)  # sqlglot puts a text or `True` where it found no node.
        extent = self.query.extent(node)
        if extent is None or (extent == self.query.extent(_root(node)) and node.parent):
            return _cut(self.generated(node))
        text, slots = self.raw(node)
        for slot in slots:
            text = text.replace(SLOT, shown(slot), 1)
        return _cut(text)

    def generated(self, node: exp.Expr) -> str:
        """The SQL of `node` as sqlglot writes it."""
        try:
            return node.sql(dialect=self.query.dialect)
        except (SqlglotError, AttributeError, ValueError, RecursionError):  # half a statement
            return "…"

    def raw(self, node: exp.Expr) -> tuple[str, list[QueryHole | Placeholder]]:
        """The SQL of `node` with `SLOT` for each slot in it, and the slots."""
        start, end = self.query.extent(node) or (0, 0)
        slots = self.query.slots_in(node)
        text, at = "", start
        for slot in slots:
            text += self.query.text[at : slot.start] + SLOT
            at = slot.end
        return text + self.query.text[at:end], slots

    def code(self, node: exp.Expr) -> str:
        """`written`, as code; plain numbers stay plain."""
        if isinstance(node, exp.Literal) and not node.is_string:
            return node.name
        if self.is_alone and isinstance(node, exp.Column) and not self.query.slots_in(node):
            return code(node.name)
        return code(self.written(node))

    @cached_property
    def is_alone(self) -> bool:
        """Whether there is one table only, so that columns need not say whose they are."""
        tree = self.query.expression
        if tree is None or tree.find(exp.Subquery, exp.CTE, exp.Unnest, exp.Lateral):
            return False
        return len(list(tree.find_all(exp.Table))) == 1

    @cached_property
    def steps(self) -> frozenset[str]:
        """The names of the parts of WITH, in small letters."""
        tree = self.query.expression
        return (
            frozenset(cte.alias.lower() for cte in tree.find_all(exp.CTE)) if tree else frozenset()
        )

    def source(self, node: exp.Expr, alias: str) -> exp.Table | None:
        """The table that `alias` stands for in the statement around `node`."""
        tables = node.root().find_all(exp.Table)
        wanted = alias.lower()
        return next((t for t in tables if t.alias_or_name.lower() == wanted and t.name), None)

    def table(self, table: exp.Expr) -> str:
        """The name of a table as it is written, without its alias."""
        if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier):
            return code(".".join(self.name(part) for part in table.parts))
        return self.code(table)

    def name(self, identifier: exp.Expr) -> str:
        """A name, the holes in it as they stand in the code."""
        return self.written(identifier).strip('"`[]')

    def noun(self, table: exp.Expr | None) -> str:
        """What a row of the table is, in the plural: `order_items` holds "order items"."""
        if isinstance(table, exp.Subquery | exp.Lateral) and table.alias:
            return f"rows of {code(table.alias)}"
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            return "rows"
        is_system = table.db.lower() in _SYSTEM or table.name.lower().startswith(("sqlite_", "pg_"))
        if (
            self.query.slots_in(table)
            or is_system
            or (not table.db and table.name.lower() in self.steps)
        ):
            return f"rows of {self.table(table)}"
        is_word = re.search(r"[A-Za-z]{2}", table.name) is not None
        return plural(spoken(table.name)) if is_word else f"rows of {self.table(table)}"

    def one(self, table: exp.Expr | None) -> str:
        """One row of the table: "order item"."""
        noun = self.noun(table)
        return f"row{noun[4:]}" if noun.startswith("rows") else singular(noun)

    def columns(self, nodes: list[exp.Expr], most: int = 6) -> str:
        """A list of columns or expressions."""
        return listed([self.code(node) for node in nodes], most=most)


def shown(slot: QueryHole | Placeholder) -> str:
    """A slot as a reader of the code knows it: `%s`, `:name`, `{table}`."""
    if isinstance(slot, QueryHole):
        return f"{{{host_name(slot.value)}}}"
    name = slot.name
    forms = {"%(n)s": f"%({name})s", ":n": f":{name}", "$1": f"${name}", "@n": f"@{name}"}
    return {**forms, "?": f"?{name}", "{}": f"{{{name}}}", "$n": f"${name}"}.get(
        slot.style, slot.style
    )


def host_name(value: Expression) -> str:
    """The name of a value of the host language, … for anything longer."""
    if isinstance(value, Name):
        return value.id
    if isinstance(value, Member):
        return f"{host_name(value.object)}.{value.name}"
    return f"{host_name(value.object)}[…]" if isinstance(value, Index) else "…"


def is_date(node: exp.Expr) -> bool:
    """Whether a column's name says that it holds a point in time."""
    return isinstance(node, exp.Column) and bool(_DATE.search(node.name))


def is_text(node: exp.Expr) -> bool:
    """Whether a column's name says that it holds words."""
    return isinstance(node, exp.Column) and bool(_TEXT.search(node.name))


def is_number(node: exp.Expr) -> bool:
    """Whether a column's name, or what is computed, says that it is a number."""
    if isinstance(node, exp.Column):
        return bool(_NUMBER.search(node.name))
    return isinstance(node, exp.Count | exp.Sum | exp.Avg)


def _root(node: exp.Expr) -> exp.Expr:
    return node.root()


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2].rstrip()} …"
