"""What rules about lists share: how a call reads rows, how many it may give, and who gets them."""

from collections.abc import Iterator

import msgspec
from sqlglot import exp

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Entry,
    Expression,
    Index,
    Member,
    Name,
    Operation,
    Text,
    walk,
)
from backend_expert.facts.query import Query
from backend_expert.lint.context import Context
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

# Words in a chain that bound what it gives, or make it something else than a list of rows.
BOUNDS = frozenset(
    ("limit", "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "slice",
     "paginate", "top", "take", "get", "count", "exists", "aggregate", "group_by", "groupBy", "sum",
     "distinct", "fetch", "fetchone", "fetchmany", "in_", "in_bulk", "findOne", "findFirst", "max",
     "findUnique", "findByPk", "yield_per", "iterator", "stream", "partitions", "whereIn",
     "inArray", "having", "min", "avg", "last", "earliest", "latest", "update", "delete", "insert",
     "values_count", "clone", "page", "cursor", "none", "create", "countDistinct", "returning",
     "countDocuments", "estimatedDocumentCount")
)  # fmt: skip
_UNIQUE = frozenset(
    ("id", "_id", "pk", "uuid", "guid", "email", "slug", "username", "token", "sku", "key", "code",
     "hash", "handle", "rowid", "external_id")
)  # fmt: skip
_PARENT = pattern(r"(_id|Id|_pk)$|^(user|owner|author|customer|account|parent|tenant|org)$")
_IN_TIME = pattern(r"(_at|At|_on|date|Date|time|day|month|year|since)$")
_FILTERS = frozenset(
    ("where", "filter", "filter_by", "andWhere", "find", "exclude", "and_", "findBy")
)


class Listing(msgspec.Struct, frozen=True, gc=False):
    """Rows that a call reads without a bound.

    of: the table or entity, as it is written. is_owned: whether only those of one parent are asked.
    """

    of: str
    is_owned: bool


def unbounded(call: Call, ctx: Context) -> Listing | None:
    """What a call lists, when nothing that is seen bounds the number of rows."""
    meaning = ctx.meaning(call, "orm.read", "document.read", "sql.execute", "orm.query")
    if meaning is None or meaning.has("count"):
        return None
    queries = [q for q in ctx.queries_of(call) if q.expression is not None]
    if queries:
        return _of_sql(queries[0])
    if meaning.role == "sql.execute" and not meaning.has("text-or-statement"):
        return None
    many = any(
        (m := ctx.meaning(call, role)) is not None and (m.has("many") or m.has("lazy"))
        for role in ("orm.read", "document.read", "orm.query")
    )
    if not many and meaning.role != "sql.execute":
        return None
    return _of_mapper(call, meaning, ctx)


def _of_sql(query: Query) -> Listing | None:
    select = query.expression
    if not isinstance(select, exp.Select) or query.grows or query.is_write:
        return None
    args = select.args
    for part in ("limit", "fetch", "group", "distinct", "having"):
        if args.get(part) is not None:
            return None
    tables = query.tables()
    if not tables or (args.get("joins") is None and not tables[0].name):
        return None
    if all(e.find(exp.AggFunc) for e in select.expressions if isinstance(e, exp.Expr)):
        return None
    if any(slot.position in ("fragment", "unknown") for slot in query.slots):
        return None
    columns: set[str] = set()
    where = args.get("where")
    if isinstance(where, exp.Where):
        if where.find(exp.In, exp.Any):
            return None
        for node in where.find_all(exp.EQ, exp.GT, exp.GTE, exp.Between):
            is_equal = isinstance(node, exp.EQ)
            for column in node.find_all(exp.Column):
                if is_equal or _IN_TIME.search(column.name):
                    columns.add(column.name)
    return _listing(tables[0].name, columns)


def _of_mapper(call: Call, meaning: Meaning, ctx: Context) -> Listing | None:
    columns: set[str] = set()
    of = ""
    for link in links(call, meaning, ctx):
        if isinstance(link, Index) or link.spreads:
            return None
        if link is not call and link.method in BOUNDS:
            return None
        known = ctx.meaning(link, "orm.read", "document.read", "orm.query")
        for word in ("limit", "filter"):
            option = ctx.option(link, known, word) if known is not None else None
            if option is None:
                continue
            if option.hidden or (word == "limit" and option.value is not None):
                return None
            if option.value is not None:
                columns |= _columns(option.value)
        if link.method in _FILTERS or link is call:
            for argument in link.arguments:
                if argument.name is not None:
                    columns.add(argument.name)
                elif _is_bounding(argument.value):
                    return None
                else:
                    columns |= _columns(argument.value)
        of = _entity(link, ctx) or of
    if any(c.endswith("__in") for c in columns) or not of:
        return None
    return _listing(of, {column.split("__")[0] if not column.endswith(("__gte", "__gt", "__range"))
                         else column.split("__")[0] + "_at" for column in columns})  # fmt: skip


def _listing(of: str, columns: set[str]) -> Listing | None:
    if columns & _UNIQUE or any(_IN_TIME.search(column) for column in columns):
        return None
    return Listing(of, any(_PARENT.search(column) for column in columns))


def links(
    node: Expression, meaning: Meaning | None, ctx: Context, depth: int = 0
) -> Iterator[Call | Index]:
    """The calls that put a statement together, through local variables, the last one first."""
    while True:
        if isinstance(node, Call):
            yield node
            known = meaning or ctx.meaning(node, "orm.read", "sql.execute")
            meaning = None
            subject = ctx.subject(node, known) if known is not None else None
            if subject is not None and depth < 4 and isinstance(subject, Call | Name):
                yield from links(subject, None, ctx, depth + 1)
            node = node.callee
        elif isinstance(node, Member):
            node = node.object
        elif isinstance(node, Index):
            yield node
            node = node.object
        elif isinstance(node, Await):
            node = node.value
        else:
            break
    function = ctx.function(node)
    if not isinstance(node, Name) or function is None or depth >= 4:
        return
    for below in walk(function):
        if (
            isinstance(below, Assign)
            and below.value is not None
            and not below.span.covers(node.span)
        ) and any(isinstance(t, Name) and t.id == node.id for t in below.targets):
            yield from links(below.value, None, ctx, depth + 1)


def _is_bounding(node: Expression) -> bool:
    return any(
        (isinstance(n, Call) and n.method in ("in_", "inArray", "any_", "overlap"))
        or (isinstance(n, Entry) and isinstance(n.key, Text) and n.key.value in ("$in", "in"))
        for n in walk(node)
    )


def _columns(node: Expression) -> set[str]:
    """The columns that a filter compares."""
    found: set[str] = set()
    for below in walk(node):
        if isinstance(below, Operation) and below.operator in ("==", ">", ">="):
            for operand in below.operands[:1]:
                if isinstance(operand, Member) and (
                    below.operator == "==" or _IN_TIME.search(operand.name)
                ):
                    found.add(operand.name)
        elif isinstance(below, Entry) and isinstance(below.key, Text | Name):
            word = below.key.value if isinstance(below.key, Text) else below.key.id
            if word:
                found.add(word)
    if isinstance(node, Text) and node.value:
        found.add(node.value)
    return found


def _entity(link: Call, ctx: Context) -> str:
    """What a link names as the thing that is listed."""
    callee = link.callee
    if (
        ctx.meaning(link, "orm.query")
        and link.arguments
        and link.method in ("select", "query", "from_")
    ):
        first = link.arguments[0].value
        return first.id if isinstance(first, Name) and first.id[:1].isupper() else ""
    if isinstance(callee, Name) or link.method in ("collection", "from", "table", "selectFrom"):
        text = ctx.text_of(link.arguments[0].value) if len(link.arguments) == 1 else None
        return text if text and text.isidentifier() else ""
    if not isinstance(callee, Member):
        return ""
    base = callee.object
    if isinstance(base, Member) and base.name in ("objects", "query"):
        base = base.object
        return base.id if isinstance(base, Name) and base.id[:1].isupper() else ""
    if isinstance(base, Name):
        return base.id if base.id[:1].isupper() else ""
    if isinstance(base, Member) and ctx.meaning(link, "orm.read", "document.read"):
        return base.name
    return ""
