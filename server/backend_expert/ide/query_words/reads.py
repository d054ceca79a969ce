"""The one sentence that says what a SELECT is for."""

from sqlglot import exp

from backend_expert.ide.query_words.conditions import absent, parts_of, row_of
from backend_expert.ide.query_words.phrases import code, counted, joined, listed, singular
from backend_expert.ide.query_words.sorting import headline_words
from backend_expert.ide.query_words.subject import Subject, is_to_one, subject_of
from backend_expert.ide.query_words.totals import aggregates_of, totalling
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording, is_date


def reading(query: exp.Expr, wording: Wording) -> str:
    """What a query reads, in one sentence without its full stop."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(query, exp.Union):
        number = len(branches(query))
        kept = "without duplicates" if query.args.get("distinct") else "duplicates kept"
        return f"Puts the results of {counted(number, 'query')} together, {kept}"
    if isinstance(query, exp.Intersect):
        return "Returns only the rows that both queries find"
    if isinstance(query, exp.Except):
        return "Returns the rows that the first query finds and the second does not"
    if isinstance(query, exp.Values):
        return f"Returns {counted(len(query.expressions), 'fixed row')}"
    if not isinstance(query, exp.Select):
        return f"Runs {wording.code(query)}"
    source = query.args.get("from_")
    if source is None:
        return _computing(query, wording)
    subject = subject_of(source.this, query.args.get("where"), wording)
    words = _existence(query, subject) or totalling(query, subject, wording)
    return words or _rows(query, subject, wording)


def branches(query: exp.Expr) -> list[exp.Expr]:
    """The queries that UNION and its kin put together, one kind of them at a time."""
    parts: list[exp.Expr] = []
    node = query
    while type(node) is type(query) and isinstance(node, exp.SetOperation):
        parts.insert(0, node.expression)
        node = node.this
    return [node, *parts]


def limit_of(query: exp.Expr) -> exp.Expr | None:
    """How many rows a query returns at most."""
    limit = query.args.get("limit")
    return limit.args.get("expression") or limit.args.get("count") if limit else None


def _computing(query: exp.Select, wording: Wording) -> str:
    """A SELECT without FROM."""
    columns = [column.unalias() for column in query.expressions]
    if len(columns) == 1 and isinstance(columns[0], exp.Exists):
        return f"Checks whether there is a {row_of(columns[0].this, wording)}"
    if len(columns) == 1 and isinstance(columns[0], exp.Literal):
        purpose = ": a check of the connection" if query.parent is None else ""
        return f"Returns {wording.code(columns[0])} and reads no table{purpose}"
    return f"Computes {wording.columns(columns)} and reads no table"


def _existence(query: exp.Select, subject: Subject) -> str:
    """SELECT 1 FROM …: only whether there is a row matters."""
    columns = query.expressions
    if len(columns) != 1 or not isinstance(columns[0].unalias(), exp.Literal):
        return ""
    if subject.key:
        return f"Checks whether there is {subject.a_keyed()}"
    return f"Checks whether there are any {subject.many()}"


def _rows(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """A query that returns rows as they are."""
    distinct = query.args.get("distinct")
    if distinct and distinct.args.get("on"):
        return _one_for_each(query, distinct.args["on"], subject, wording)
    if distinct and not any(column.is_star for column in query.expressions):
        columns = wording.columns([column.unalias() for column in query.expressions], most=3)
        return f"Reads the different values of {columns} among {subject.some()}"
    limit = limit_of(query)
    is_one = bool(subject.key) or (isinstance(limit, exp.Literal) and limit.name == "1")
    others, columns = _joined(query, is_one, wording), _columns(query, subject, wording)
    multiplies = not all(is_to_one(join, wording) for join in many(query, "joins"))
    if limit is not None and multiplies and not query.args.get("group") and not is_one:
        # A limit counts rows, and here an order, say, may have several.
        order = query.args.get("order")
        tail = f", {headline_words(order.expressions[0], query, wording)}" if order else ""
        words = f"{'the first' if order else 'up to'} {wording.code(limit)} rows of"
        return f"Reads {words} {subject.many()}{others}{tail}{columns}"
    rows = subject.some() if subject.key else _picked(query, subject, wording)
    return f"Reads {rows}{others}{columns}"


def _one_for_each(query: exp.Select, on: exp.Expr, subject: Subject, wording: Wording) -> str:
    """DISTINCT ON: the first row of each kind; what comes after the kind in ORDER BY says which."""
    kinds = on.expressions if isinstance(on, exp.Tuple) else [on.unnest()]
    order = query.args.get("order")
    later = many(order, "expressions")[len(kinds) :] if order else []
    which = headline_words(later[0], query, wording) if later else ""
    if later and is_date(later[0].this):
        which = f"the {which.removesuffix(' first')}"
    rows = f"the {subject.many()}"
    return f"Reads one of {rows} for each {wording.columns(kinds)}{f', {which}' if which else ''}"


def _picked(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """The rows with how many of them and which first: "the 20 newest orders"."""
    limit, order = limit_of(query), query.args.get("order")
    first: exp.Expr | None = order.expressions[0] if order and order.expressions else None
    tail = f", {headline_words(first, query, wording)}" if first is not None else ""
    if query.args.get("offset") is not None:
        return f"one page of {subject.some().removeprefix('all ')}{tail}"
    if limit is None:
        sample = "a sample of " if query.args["from_"].this.args.get("sample") else ""
        return f"{sample}{subject.some()}{tail}".replace("sample of all", "sample of the")
    adjective, article = _ranking(first)
    tail = "" if adjective else tail
    if not isinstance(limit, exp.Literal) or not limit.name.isdigit():
        number = wording.code(limit)
        if adjective:
            return joined((article, adjective, subject.many())) + f", up to {number} of them"
        return f"up to {number} {subject.many()}{tail}"
    number = int(limit.name)
    if number == 1:
        return joined((article or "one", adjective, subject.single())) + tail
    if adjective:
        return joined((article, f"{number:,} {adjective}", subject.many()))
    return f"{'the first' if order else 'up to'} {number:,} {subject.many()}{tail}"


def _ranking(first: exp.Expr | None) -> tuple[str, str]:
    """An adjective for the rows that come first, with its article."""
    if not isinstance(first, exp.Ordered):
        return "", ""
    if isinstance(first.this, exp.Rand):
        return "random", ""
    if is_date(first.this):
        return ("newest" if first.args.get("desc") else "oldest"), "the"
    return "", ""


def _joined(query: exp.Select, is_one: bool, wording: Wording) -> str:
    """ ", with their customers and order items"."""
    missing = [absent(part, wording) for part in parts_of(query.args.get("where"))]
    tables = [join.this for join in many(query, "joins")]
    tables = [table for table in tables if not any(table is one for one in missing)]
    if not tables or not all(isinstance(table, exp.Table) for table in tables):
        return ""
    nouns = [wording.noun(table) for table in tables]
    if any(noun.startswith("rows") for noun in nouns):
        return f", joined with {listed([wording.table(table) for table in tables], most=4)}"
    if is_one:
        joins = zip(many(query, "joins"), nouns, strict=False)
        nouns = [singular(noun) if is_to_one(join, wording) else noun for join, noun in joins]
    return f", with {'its' if is_one else 'their'} {listed(nouns, most=4)}"


def _columns(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """ ", with each order's `id` and `total`", where the columns are few and plain."""
    columns: list[exp.Expr] = query.expressions
    named = [column for column in columns if isinstance(column, exp.Alias)]
    totals = aggregates_of(query)
    computed = [c for c in named if isinstance(c.this, exp.Window) or any(c is t for t in totals)]
    if computed:
        names = listed([wording.code(column.args["alias"]) for column in computed], most=3)
        return f", and works out {names} for each"
    if query.args.get("joins") or not 0 < len(columns) <= 3:
        return ""
    if not all(isinstance(column, exp.Column) and not column.is_star for column in columns):
        return ""
    names = listed([code(column.name) for column in columns])
    if subject.key:
        return f": its {names}"
    return (
        f": only {names}"
        if subject.one.startswith("row")
        else f", with each {subject.one}'s {names}"
    )
