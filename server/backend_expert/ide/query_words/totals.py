"""Counts, sums and other aggregates in words."""

from sqlglot import exp

from backend_expert.ide.query_words.phrases import code, joined, listed
from backend_expert.ide.query_words.sorting import meant_by
from backend_expert.ide.query_words.subject import Subject, is_own_key, is_to_one
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording, is_date


def aggregates_of(query: exp.Select) -> list[exp.Expr]:
    """The columns of the result that sum rows up (window functions and sub-queries do not)."""
    return [
        column
        for column in query.expressions
        if any(
            node.find_ancestor(exp.Window, exp.Select) is query
            for node in column.find_all(exp.AggFunc)
        )
    ]


def totalling(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """What a query counts and sums up; nothing when it does not, or does so row by row."""
    aggregates = aggregates_of(query)
    group = query.args.get("group")
    keys: list[exp.Expr] = [meant_by(query, key) for key in group.expressions] if group else []
    source = query.args["from_"].this
    if not aggregates or any(is_own_key(key, source, wording) for key in keys):
        return ""
    rows = _combined(query, subject, wording) if query.args.get("joins") else subject.some()
    if len(aggregates) == 1:
        words = _total(aggregates[0].unalias(), rows, wording)
    else:
        names = [total_name(node.unalias(), wording) for node in aggregates]
        words = f"Computes {listed(names, most=4)} over {rows}"
    if group is None:
        return words
    names = [wording.code(key) for key in keys]
    return joined(
        (words, f"for each {listed(names, most=4)}" if names else "for several groupings")
    )


def _combined(query: exp.Select, subject: Subject, wording: Wording) -> str:
    """The rows of joined tables: what is counted are combinations, not rows of the first table."""
    joins = many(query, "joins")
    nouns = [joined((subject.state, subject.noun)), *(wording.noun(join.this) for join in joins)]
    if all(is_to_one(join, wording) for join in joins):
        return subject.some()
    rest = f"with the given {subject.key}" if subject.key else ""
    words = f"the combinations of {listed(nouns, most=4)}"
    return joined((words, rest, subject.owners, subject.rest))


def _total(node: exp.Expr, rows: str, wording: Wording) -> str:
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct):
            values = wording.columns(node.this.expressions)
            return f"Counts the different values of {values} among {rows}"
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
        return _count_name(node, wording)
    if isinstance(node, exp.Sum | exp.Avg) and not isinstance(node.this, exp.Distinct):
        name = "sum" if isinstance(node, exp.Sum) else "average"
        return f"the {name} of {wording.code(node.this)}"
    if isinstance(node, exp.Min | exp.Max):
        is_least = isinstance(node, exp.Min)
        dated, plain = ("earliest", "lowest") if is_least else ("latest", "highest")
        return f"the {dated if is_date(node.this) else plain} {wording.code(node.this)}"
    return wording.code(node)


def _count_name(node: exp.Count, wording: Wording) -> str:
    counted = node.this
    if isinstance(counted, exp.Distinct):
        return f"the number of different {wording.columns(counted.expressions)}"
    if isinstance(counted, exp.Column) and counted.name.lower() == "id" and counted.table:
        table = wording.source(node, counted.table)
        if table is not None:
            return f"the number of {wording.noun(table)}"
    is_all = isinstance(counted, exp.Star | exp.Literal)
    if is_all or counted is None:
        return "the number of rows"
    return f"the number of rows with a value in {code(wording.written(counted))}"
