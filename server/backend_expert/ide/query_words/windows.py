"""Window functions in words: a value for each row, worked out from the rows around it."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.ide.query_words.phrases import code
from backend_expert.ide.query_words.sorting import sort_words
from backend_expert.ide.query_words.totals import total_name
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording

_NUMBERED = {
    exp.RowNumber: "the row's number (1, 2, 3 …)",
    exp.Rank: "the row's rank (equal rows share it, with gaps after)",
    exp.DenseRank: "the row's rank (equal rows share it, without gaps)",
    exp.Ntile: "the bucket that the row falls in",
    exp.PercentRank: "the row's rank as a fraction",
    exp.CumeDist: "the fraction of rows up to this one",
}
_NEIGHBOURS = {
    exp.Lag: "of the row before",
    exp.Lead: "of the row after",
    exp.FirstValue: "of the first row",
    exp.LastValue: "of the last row",
}


def window_lines(query: exp.Select, wording: Wording) -> Iterator[str]:
    """A line for each window function of the result."""
    named = {window.name: window for window in many(query, "windows")}
    for column in query.expressions:
        window = column.unalias()
        if isinstance(window, exp.Window):
            name = code(column.alias) if isinstance(column, exp.Alias) else "One column"
            yield f"{name} is {_value(window, wording)}{_over(window, named, wording)}."


def _value(window: exp.Window, wording: Wording) -> str:
    function = window.this
    if isinstance(function, exp.IgnoreNulls | exp.RespectNulls):
        function = function.this
    for kind, words in _NUMBERED.items():
        if isinstance(function, kind):
            return words
    for kind, words in _NEIGHBOURS.items():
        if isinstance(function, kind):
            return f"{wording.code(function.this)} {_distance(function, words, wording)}"
    is_running = window.args.get("order") is not None
    if isinstance(function, exp.Sum | exp.Count | exp.Avg | exp.Min | exp.Max):
        return total_name(function, wording) + (" so far" if is_running else "")
    return wording.code(function)


def _distance(function: exp.Expr, words: str, wording: Wording) -> str:
    offset = function.args.get("offset")
    if offset is None or offset.name == "1":
        return words
    way = "before" if isinstance(function, exp.Lag) else "after"
    return f"from {wording.code(offset)} rows {way}"


def _over(window: exp.Window, named: dict[str, exp.Expr], wording: Wording) -> str:
    if window.alias in named:
        window = named[window.alias]  # type: ignore[assignment]
    parts: list[exp.Expr] = many(window, "partition_by")
    order = window.args.get("order")
    words = f" within each {wording.columns(parts)}" if parts else " over all rows"
    if order is not None:
        keys = [sort_words(key, window, wording) for key in order.expressions]
        words += f", sorted {', then '.join(keys)}"
    spec = window.args.get("spec")
    return f"{words} (frame {wording.code(spec)})" if spec and not _is_running(spec) else words


def _is_running(spec: exp.Expr) -> bool:
    """Whether the frame is from the first row to this one, as it is by default."""
    return spec.args.get("start") == "UNBOUNDED" and spec.args.get("end") in ("CURRENT ROW", None)
