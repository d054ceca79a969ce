"""What a look at the query alone shows to be slow or dangerous."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.ide.query_words.phrases import code
from backend_expert.ide.query_words.reads import aggregates_of, limit_of
from backend_expert.ide.query_words.subject import subject_of
from backend_expert.ide.query_words.wording import SLOT, Wording

_MOST = 5
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def smells_of(tree: exp.Expr, wording: Wording) -> list[str]:
    """A sentence for each, the gravest first, at most five."""
    found = list(_writes(tree, wording))
    for select in tree.find_all(exp.Select):
        found += _select(select, wording)
    found += _patterns(tree, wording)
    found += _functions(tree, wording)
    found += _schema(tree, wording)
    found += _bounds(tree, wording)
    return list(dict.fromkeys(found))[:_MOST]


def _writes(tree: exp.Expr, wording: Wording) -> Iterator[str]:
    for node in tree.find_all(exp.Update, exp.Delete):
        if isinstance(node.parent, exp.When) or node.args.get("where") or node.args.get("limit"):
            continue
        has_others = node.args.get("using") or node.args.get("from_") or node.this.args.get("joins")
        if not has_others and not wording.query.grows and not _has_fragment(wording):
            verb = "changes" if isinstance(node, exp.Update) else "deletes"
            yield f"There is no WHERE: it {verb} the whole table."


def _has_fragment(wording: Wording) -> bool:
    """Whether the code puts in a piece of SQL, which may be the very clause that is missed."""
    return any(slot.position == "fragment" for slot in wording.query.slots)


def _select(select: exp.Select, wording: Wording) -> Iterator[str]:
    for join in select.args.get("joins") or []:
        if _is_cartesian(join, select):
            name = wording.table(join.this)
            yield f"Nothing links {name} to the rest: every row is paired with every row."
    order = select.args.get("order")
    if order is not None and any(isinstance(key.this, exp.Rand) for key in order.expressions):
        yield "`ORDER BY random()` gives every row a number and sorts them all."
    if any(column.is_star for column in select.expressions) and not _is_inner(select):
        yield "`SELECT *` also fetches columns that nobody needs, and changes with the table."
    for node in _own(select, exp.Not):
        inner = node.this
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            yield "`NOT IN` with a sub-query finds nothing once that returns a NULL; use `NOT EXISTS`."


def _is_inner(select: exp.Select) -> bool:
    """Whether the columns do not matter: in EXISTS, or a step that another query reads."""
    return isinstance(select.parent, exp.Exists | exp.CTE) or (
        isinstance(select.parent, exp.Subquery | exp.In)
    )


def _own(select: exp.Select, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    for node in select.find_all(kind):
        if node.find_ancestor(exp.Select) is select:
            yield node


def _is_cartesian(join: exp.Expr, select: exp.Select) -> bool:
    if not isinstance(join.this, exp.Table) or not isinstance(join.this.this, exp.Identifier):
        return False
    args = join.args
    if args.get("kind") == "CROSS" or args.get("on") or args.get("using") or args.get("method"):
        return False
    where = select.args.get("where")
    name = join.this.alias_or_name.lower()
    if where is None:
        return True
    linking = [
        node
        for node in where.find_all(exp.Predicate)
        if len({column.table.lower() for column in node.find_all(exp.Column)}) > 1
    ]
    columns = [column for node in linking for column in node.find_all(exp.Column)]
    bare = any(not column.table for column in where.find_all(exp.Column))
    return not bare and name not in {column.table.lower() for column in columns}


def _patterns(tree: exp.Expr, wording: Wording) -> Iterator[str]:
    for node in tree.find_all(exp.Like, exp.ILike):
        if isinstance(node.expression, exp.Literal):
            text, _ = wording.raw(node.expression)
            if text.strip("'").startswith("%") and text.strip("'%") not in ("", SLOT * 0):
                column = wording.code(node.this)
                yield f"A pattern that begins with `%` cannot use an ordinary index on {column}."


def _functions(tree: exp.Expr, wording: Wording) -> Iterator[str]:
    for where in tree.find_all(exp.Where):
        for node in where.find_all(*_COMPARISONS):
            column = node.this
            if not isinstance(column, exp.Func | exp.Cast) or isinstance(column, exp.AggFunc):
                continue
            inner = column.find(exp.Column)
            is_plain = not isinstance(column, exp.Exists | exp.Coalesce | exp.JSONExtract)
            if inner is not None and is_plain and not column.find(exp.Select):
                call = wording.code(column)
                yield f"{call} hides {wording.code(inner)} from an ordinary index on it."


def _schema(tree: exp.Expr, wording: Wording) -> Iterator[str]:
    is_index = isinstance(tree, exp.Create) and isinstance(tree.this, exp.Index)
    if is_index and wording.query.dialect == "postgres" and not tree.args.get("concurrently"):
        table = tree.this.args.get("table")
        name = wording.table(table) if table else "the table"
        yield f"Without `CONCURRENTLY`, writes to {name} wait until the index is built."


def _bounds(tree: exp.Expr, wording: Wording) -> Iterator[str]:
    """Reads that grow with the table."""
    query = tree.unnest() if isinstance(tree, exp.Subquery) else tree
    offset = query.args.get("offset")
    if offset is not None and offset.expression.name not in ("0", "1"):
        yield "`OFFSET` reads and throws away all rows before the page: the later, the slower."
    if not isinstance(query, exp.Select) or limit_of(query) is not None:
        return
    source = query.args.get("from_")
    if source is None or aggregates_of(query) or not isinstance(source.this, exp.Table):
        return
    if _has_fragment(wording) or wording.query.grows:
        return
    where = query.args.get("where")
    subject = subject_of(source.this, where, wording)
    has_name = isinstance(source.this.this, exp.Identifier) and not subject.noun.startswith("rows of")
    if subject.key or not has_name:
        return
    if where is None:
        yield f"There is no `LIMIT`: the result grows with {wording.table(source.this)}."
    elif not subject.owners and code("=") and not where.find(exp.EQ, exp.In):
        yield "There is no `LIMIT`, and no filter on a single value: the result may grow large."
