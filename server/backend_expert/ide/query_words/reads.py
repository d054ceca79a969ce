"""The one sentence that says what a SELECT is for."""

from sqlglot import exp

from backend_expert.ide.query_words.conditions import row_of
from backend_expert.ide.query_words.phrases import counted, joined, listed, spoken
from backend_expert.ide.query_words.subject import Subject, subject_of
from backend_expert.ide.query_words.wording import Wording, is_date, is_number, is_text

_SET_WORDS = {
    exp.Intersect: "Keeps only the rows that both queries return",
    exp.Except: "Returns the rows of the first query that the second does not return",
}


def reading(query: exp.Expr, wording: Wording) -> str:
    """What a query reads, in one sentence without its full stop."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(query, exp.Union):
        number = len(branches(query))
        kept = "without duplicates" if query.args.get("distinct") else "duplicates kept"
        return f"Puts the results of {counted(number, 'query')} together, {kept}"
    if isinstance(query, exp.SetOperation):
        return next(words for kind, words in _SET_WORDS.items() if isinstance(query, kind))
    if isinstance(query, exp.Values):
        return f"Returns {counted(len(query.expressions), 'fixed row')}"
    if not isinstance(query, exp.Select):
        return f"Runs {wording.code(query)}"
    source = query.args.get("from_")
    if source is None:
        return _computing(query, wording)
    subject = subject_of(source.this, query.args.get("where"), wording)
    return _existence(query, subject) or _totals(query, subject, wording) or _rows(
        query, subject, wording
    )  # fmt: skip


def branches(query: exp.Expr) -> list[exp.Expr]:
    """The queries that UNION and its kin put together, one kind of them at a time."""
    parts: list[exp.Expr] = []
    node = query
    while type(node) is type(query) and isinstance(node, exp.SetOperation):
        parts.insert(0, node.expression)
        node = node.this
    return [node, *parts]


def aggregates_of(query: exp.Select) -> list[exp.Expr]:
    """The columns of the result that sum rows up (window functions do not)."""
    return [
        column
        for column in query.expressions
        if any(
            not node.find_ancestor(exp.Window, exp.Select, exp.Subquery) is not query
            for node in column.find_all(exp.AggFunc)
        )
    ]


def _computing(query: exp.Select, wording: Wording) -> str:
    """A SELECT without FROM."""
    columns = [column.unalias() for column in query.expressions]
    if len(columns) == 1 and isinstance(columns[0], exp.Exists):
        return f"Checks whether there is a {row_of(columns[0].this, wording)}"
    if len(columns) == 1 and isinstance(columns[0], exp.Literal):
        return f"Returns {wording.code(columns[0])} and reads no table: a check of the connection"
    return f"Computes {wording.columns(columns)} and reads no table"


def _existence(query: exp.Select, subject: Subject) -> str:
    """SELECT 1 FROM …: only whether there is a row matters."""
    columns = query.expressions
    if len(columns) != 1 or not isinstance(columns[0].unalias(), exp.Literal):
        return ""
    if subject.key:
        return f"Checks whether {subject.some().removesuffix(',')} exists".replace(
            f", found by its {subject.key}", f" with the given {subject.key}"
        )
    return f"Checks whether there are any {subject.many()}"


def _totals(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """A query that counts and sums up."""
    aggregates = aggregates_of(query)
    if not aggregates:
        return ""
    group = query.args.get("group")
    if len(aggregates) == 1:
        words = _total(aggregates[0].unalias(), subject, wording)
    else:
        names = listed([total_name(node.unalias(), wording) for node in aggregates], most=4)
        words = f"Computes {names} over {subject.some()}"
    return joined((words, _per(query, group, wording)))


def _total(node: exp.Expr, subject: Subject, wording: Wording) -> str:
    rows = subject.some()
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct):
            return f"Counts the different values of {wording.columns(node.this.expressions)} among {rows}"
        return f"Counts {rows}"
    if isinstance(node, exp.Sum):
        return f"Adds up {wording.code(node.this)} over {rows}"
    if isinstance(node, exp.Avg):
        return f"Averages {wording.code(node.this)} over {rows}"
    if isinstance(node, exp.Min | exp.Max):
        return f"Finds {total_name(node, wording)} among {rows}"
    return f"Computes {total_name(node, wording)} over {rows}"


def total_name(node: exp.Expr, wording: Wording) -> str:
    """An aggregate as a noun: "the sum of `total`"."""
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct):
            return f"the number of different {wording.columns(node.this.expressions)}"
        is_all = isinstance(node.this, exp.Star | exp.Literal)
        return (
            "the number of rows" if is_all else f"how often {wording.code(node.this)} is not NULL"
        )
    if isinstance(node, exp.Sum | exp.Avg):
        name = "sum" if isinstance(node, exp.Sum) else "average"
        return f"the {name} of {wording.code(node.this)}"
    if isinstance(node, exp.Min | exp.Max):
        dated, plain = (
            ("earliest", "lowest") if isinstance(node, exp.Min) else ("latest", "highest")
        )
        return f"the {dated if is_date(node.this) else plain} {wording.code(node.this)}"
    return wording.code(node)


def _per(query: exp.Select, group: exp.Expr | None, wording: Wording) -> str:
    if group is None:
        return ""
    keys = [group_key(query, key) for key in group.expressions]
    if not keys:
        return "for several groupings"
    return f"for each {listed([wording.code(key) for key in keys], most=4)}"


def group_key(query: exp.Select, key: exp.Expr) -> exp.Expr:
    """What a GROUP BY or ORDER BY key stands for: a number is a column of the result."""
    if isinstance(key, exp.Literal) and not key.is_string and key.name.isdigit():
        number = int(key.name)
        if 0 < number <= len(query.expressions):
            return query.expressions[number - 1].unalias()
    return key


def _rows(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """A query that returns rows as they are."""
    if query.args.get("distinct") and not query.args["distinct"].args.get("on"):
        columns = wording.columns([column.unalias() for column in query.expressions], most=3)
        return f"Reads the different values of {columns} in {subject.some()}"
    ending = _columns(query, subject, wording)
    if subject.key and not query.args.get("joins"):
        return f"Reads {subject.some()}{ending}"
    return f"Reads {_picked(query, subject, wording)}{_joined(query, wording)}{ending}"


def _picked(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """The rows with how many of them and which first: "the 20 newest orders"."""
    limit = limit_of(query)
    order = query.args.get("order")
    first: exp.Expr | None = order.expressions[0] if order and order.expressions else None
    is_paged = query.args.get("offset") is not None
    adjective, tail = _ranking(first, limit is not None and not is_paged, wording)
    if is_paged:
        return joined(("one page of", subject.some().removeprefix("all "), tail))
    if limit is None:
        return f"{subject.some()}{tail and f', {tail}'}"
    if not limit.name.isdigit() or not isinstance(limit, exp.Literal):
        words = joined(("the", adjective, subject.many())) if order else subject.many()
        at_most = f"up to {wording.code(limit)}"
        return (
            f"{words}{tail and f', {tail}'}, {at_most} of them" if order else f"{at_most} {words}"
        )
    number = int(limit.name)
    if number == 1:
        return (
            f"{'the' if adjective else 'one'} {joined((adjective, subject.single()))}{_with(tail)}"
        )
    if adjective:
        return f"the {number:,} {adjective} {subject.many()}"
    return f"{'the first' if order else 'up to'} {number:,} {subject.many()}{_with(tail)}"


def _with(tail: str) -> str:
    return f", {tail}" if tail else ""


def limit_of(query: exp.Expr) -> exp.Expr | None:
    """How many rows a query returns at most."""
    limit = query.args.get("limit")
    return limit.args.get("expression") or limit.args.get("count") if limit else None


def _ranking(first: exp.Expr | None, is_limited: bool, wording: Wording) -> tuple[str, str]:
    """An adjective for the rows (newest), or what to say after them (newest first)."""
    if not isinstance(first, exp.Ordered):
        return "", ""
    column, is_down = first.this, bool(first.args.get("desc"))
    if isinstance(column, exp.Rand):
        return ("random", "") if is_limited else ("", "in random order")
    if is_date(column):
        word = "newest" if is_down else "oldest"
        return (word, "") if is_limited else ("", f"{word} first")
    return "", sorting(first, wording)


def sorting(key: exp.Expr, wording: Wording) -> str:
    """A sort key in words: "highest `total` first"."""
    column, is_down = key.this, bool(key.args.get("desc"))
    name = wording.code(column)
    if isinstance(column, exp.Rand):
        return "in random order"
    if is_date(column):
        return f"{'newest' if is_down else 'oldest'} {name} first"
    if is_number(column):
        return f"{'highest' if is_down else 'lowest'} {name} first"
    if is_text(column):
        return f"by {name} from {'Z to A' if is_down else 'A to Z'}"
    return f"by {name}{' in descending order' if is_down else ''}"


def _joined(query: exp.Select, wording: Wording) -> str:
    tables = [join.this for join in query.args.get("joins") or []]
    if not tables or not all(isinstance(table, exp.Table) for table in tables):
        return ""
    return f", with their {listed([wording.noun(table) for table in tables], most=4)}"


def _columns(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """ ", with each order's `id` and `total`", where the columns are few and plain."""
    columns = query.expressions
    if query.args.get("joins") or not 0 < len(columns) <= 3:
        return ""
    if not all(isinstance(column, exp.Column) and not column.is_star for column in columns):
        return ""
    if subject.one.startswith("row"):
        return ""
    names = listed([wording.code(column) for column in columns])
    return f": its {names}" if subject.key else f", with each {spoken(subject.one)}'s {names}"
