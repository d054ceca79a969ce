"""What a look at the query alone shows to be slow or dangerous."""

from collections.abc import Iterator
from itertools import islice

from sqlglot import exp

from backend_expert.ide.query_words.joins import is_cartesian
from backend_expert.ide.query_words.reads import limit_of
from backend_expert.ide.query_words.subject import subject_of
from backend_expert.ide.query_words.totals import aggregates_of
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording

_MOST = 5
_MOST_SEEN = 50
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def smells_of(tree: exp.Expr, wording: Wording) -> list[str]:
    """A sentence for each, the gravest first, at most five."""
    found = list(_writes(tree, wording))
    for select in islice(tree.find_all(exp.Select), _MOST_SEEN):
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
        has_others = node.args.get("using") or node.args.get("from_") or many(node.this, "joins")
        if not has_others and not wording.query.grows and not _has_fragment(wording):
            verb = "changes" if isinstance(node, exp.Update) else "deletes"
            yield f"There is no WHERE: it {verb} the whole table."


def _has_fragment(wording: Wording) -> bool:
    """Whether the code puts in a piece of SQL, which may be the very clause that is missed."""
    return any(slot.position == "fragment" for slot in wording.query.slots)


def _select(select: exp.Select, wording: Wording) -> Iterator[str]:
    for join in many(select, "joins"):
        if is_cartesian(join, select):
            name = wording.table(join.this)
            yield f"Nothing links {name} to the rest: every row is paired with every row."
    order = select.args.get("order")
    rand = (
        next((key.this for key in order.expressions if key.find(exp.Rand)), None) if order else None
    )
    if rand is not None:
        yield f"`ORDER BY {wording.written(rand)}` gives every row a number, then sorts them all."
    if _has_star(select, wording) and not _is_inner(select):
        yield "`SELECT *` fetches every column, those added to the table later too."
    for node in _own(select, exp.Not):
        inner = node.this
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            yield "`NOT IN` with a sub-query finds nothing once that has a NULL; use `NOT EXISTS`."


def _has_star(select: exp.Select, wording: Wording) -> bool:
    """Whether all columns of a real table are fetched: steps and sub-queries chose theirs."""
    tables = [join.this for join in many(select, "joins")]
    source = select.args.get("from_")
    tables += [source.this] if source else []
    is_real = any(isinstance(t, exp.Table) and t.name.lower() not in wording.steps for t in tables)
    return is_real and any(column.is_star for column in select.expressions)


def _is_inner(select: exp.Select) -> bool:
    """Whether the columns do not matter: in EXISTS, or a step that another query reads."""
    return isinstance(select.parent, exp.Exists | exp.CTE | exp.Subquery | exp.In)


def _own(select: exp.Select, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    for node in select.find_all(kind):
        if node.find_ancestor(exp.Select) is select:
            yield node


def _patterns(tree: exp.Expr, wording: Wording) -> Iterator[str]:
    for node in tree.find_all(exp.Like, exp.ILike):
        if isinstance(node.expression, exp.Literal):
            text, _ = wording.raw(node.expression)
            if text.strip("'").startswith("%") and text.strip("'%"):
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
                yield f"{call} keeps an ordinary index on {wording.code(inner)} from being used."


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
    has_name = isinstance(source.this.this, exp.Identifier) and not subject.noun.startswith(
        "rows of"
    )
    if subject.key or not has_name:
        return
    if where is None:
        yield f"There is no `LIMIT`: the result grows with {wording.table(source.this)}."
    elif not subject.owners and not where.find(exp.EQ, exp.In, exp.Any):
        yield "There is no `LIMIT`: the result may grow large."
