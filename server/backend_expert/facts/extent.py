"""Where a node of a sqlglot tree stands in the text that it was parsed from.

sqlglot remembers the place of names, literals and function names only. The place of everything
else is told from those beneath it, widened by the brackets and keywords that belong to it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

Range = tuple[int, int]


class Extents:
    """The ranges of one tree's nodes, each worked out when first asked for.

    `words` are the ranges of the tree's placeholders (`:p0`), of which sqlglot knows no place.
    """

    def __init__(self, tokens: list[Token], words: Mapping[str, Range], dialect: str) -> None:
        self.tokens = tokens
        self.starts = [token.start for token in tokens]
        self.words = words
        self.dialect = dialect
        # The node is kept beside its range, so that its id stays its own.
        self.known: dict[int, tuple[exp.Expr, Range | None]] = {}

    def of(self, node: exp.Expr) -> Range | None:
        """The half-open range of `node`, or of the nearest above it that has one."""
        above: exp.Expr | None = node
        while above is not None:
            found = self._of(above)
            if found is not None:
                return found
            above = above.parent
        return None

    def _of(self, node: exp.Expr) -> Range | None:
        if id(node) not in self.known:
            # Those beneath come first, without recursion: trees can be deep.
            for below in reversed(list(node.walk())):
                if id(below) not in self.known:
                    self.known[id(below)] = below, self._find(below)
        return self.known[id(node)][1]

    def _find(self, node: exp.Expr) -> Range | None:
        tokens = self.tokens
        if not tokens:
            return None
        if node.parent is None:
            last = tokens[-2] if tokens[-1].text == ";" and len(tokens) > 1 else tokens[-1]
            return tokens[0].start, last.end + 1
        raw = self._between(node) or self._word(node)
        if raw is None:
            return None
        low = max(bisect_right(self.starts, raw[0]) - 1, 0)
        high = max(bisect_right(self.starts, raw[1] - 1) - 1, low)
        low, high = _grown(node, low, high, tokens)
        return min(raw[0], tokens[low].start), max(raw[1], tokens[high].end + 1)

    def _between(self, node: exp.Expr) -> Range | None:
        """From the start of the first to the end of the last beneath `node`, its own name too."""
        own = self._own(node)
        places = [own] if own[1] else []
        for below in node.iter_expressions():
            known = self.known.get(id(below))
            if known and known[1]:
                places.append(known[1])
        if not places:
            return None
        return min(place[0] for place in places), max(place[1] for place in places)

    def _own(self, node: exp.Expr) -> Range:
        if isinstance(node, exp.Placeholder):
            return self.words.get(f":{node.name}", (0, 0))
        start, end = node.meta.get("start"), node.meta.get("end")
        # sqlglot's end is inclusive.
        return (0, 0) if start is None or end is None else (start, end + 1)

    def _word(self, node: exp.Expr) -> Range | None:
        """The place of a node that has none of its own (NULL, TRUE, CURRENT_DATE): by its word."""
        if not isinstance(node, _WORDS):
            return None
        after, above = 0, node
        while above.parent is not None and not after:
            for sibling in above.parent.iter_expressions():
                if sibling is above:
                    break
                after = max(after, self._edge(sibling))
            above = above.parent
        word = self._first_word(node)
        for token in self.tokens:
            if token.start >= after and token.text.upper() == word:
                return token.start, token.end + 1
        return None

    def _first_word(self, node: exp.Expr) -> str:
        try:
            return re.split(r"[ (]", node.sql(dialect=self.dialect).upper())[0]
        except (SqlglotError, AttributeError, ValueError, RecursionError):  # half a statement
            return ""

    def _edge(self, node: exp.Expr) -> int:
        """Where the last word beneath `node` ends that has a place of its own."""
        return max(self._own(below)[1] for below in node.walk())


# What sqlglot gives no place and can be found by its word.
_WORDS = (exp.Null, exp.Boolean, exp.Interval, exp.Func)
# Clauses that a keyword leads: the words of that keyword, any number of them.
_LEADS: tuple[tuple[tuple[type[exp.Expr], ...], frozenset[str]], ...] = (
    ((exp.Where,), frozenset({"WHERE"})),
    ((exp.Having,), frozenset({"HAVING"})),
    ((exp.Group,), frozenset({"GROUP BY"})),
    ((exp.Order,), frozenset({"ORDER BY"})),
    ((exp.Limit,), frozenset({"LIMIT"})),
    ((exp.Fetch,), frozenset({"FETCH", "FIRST", "NEXT"})),
    ((exp.Offset,), frozenset({"OFFSET"})),
    ((exp.From,), frozenset({"FROM"})),
    ((exp.Returning,), frozenset({"RETURNING"})),
    ((exp.With,), frozenset({"WITH", "RECURSIVE"})),
    ((exp.OnConflict,), frozenset({"ON", "CONFLICT", "DUPLICATE", "KEY", "UPDATE", "DO", "SET"})),
    (
        (exp.Join,),
        frozenset({"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "NATURAL"})
        | {"LATERAL", "STRAIGHT_JOIN", ","},
    ),
    ((exp.Not, exp.Exists), frozenset({"NOT", "EXISTS"})),
    ((exp.Neg,), frozenset({"-"})),
    ((exp.Interval,), frozenset({"INTERVAL"})),
    ((exp.Distinct,), frozenset({"DISTINCT"})),
    ((exp.If,), frozenset({"WHEN"})),
    ((exp.WindowSpec,), frozenset({"ROWS", "RANGE", "GROUPS", "BETWEEN"})),
    ((exp.Drop,), frozenset({"DROP", "COLUMN", "CONSTRAINT", "IF", "EXISTS"})),
    ((exp.AlterColumn,), frozenset({"ALTER", "COLUMN"})),
    ((exp.Values,), frozenset({"VALUES"})),
)
_TRAILS: tuple[tuple[tuple[type[exp.Expr], ...], frozenset[str]], ...] = (
    ((exp.Ordered,), frozenset({"ASC", "DESC", "NULLS", "FIRST", "LAST"})),
    ((exp.Is, exp.Not), frozenset({"IS", "NOT", "NULL", "TRUE", "FALSE"})),
    ((exp.EQ, exp.NEQ), frozenset({"=", "<>", "!=", "NULL", "TRUE", "FALSE"})),
    ((exp.WindowSpec,), frozenset({"PRECEDING", "FOLLOWING", "CURRENT", "ROW", "AND"})),
    ((exp.Interval,), frozenset({"DAY", "HOUR", "MINUTE", "SECOND", "MONTH", "YEAR", "WEEK"})),
)
_STARTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_BRACKETED = (exp.Paren, exp.Subquery, exp.Tuple, exp.Schema)
_OPEN, _CLOSE = TokenType.L_PAREN, TokenType.R_PAREN


def _grown(node: exp.Expr, low: int, high: int, tokens: list[Token]) -> tuple[int, int]:
    """The range of tokens with the brackets and keywords around it that belong to `node`."""
    if isinstance(node, exp.Connector):
        return low, high  # Its sides have their brackets; chains of AND may be very long.
    if isinstance(node, exp.Func | exp.DataType) and high + 1 < len(tokens):
        if tokens[high + 1].token_type == _OPEN and low == high:  # now(): the name alone is known.
            high += 2 if tokens[high + 2 : high + 3] else 1
        elif low > 1 and tokens[low - 1].token_type == _OPEN and "start" not in node.meta:
            low -= 2  # CAST(…), EXTRACT(…): the name is not known.
    low, high = _balanced(low, high, tokens)
    if isinstance(node, exp.Cast) and tokens[high + 1 : high + 2]:
        high = _after_cast(high, tokens)
    if isinstance(node, _BRACKETED) and low > 0 and high + 1 < len(tokens):
        around = tokens[low - 1].token_type == _OPEN, tokens[high + 1].token_type == _CLOSE
        low, high = (low - 1, high + 1) if all(around) else (low, high)
    if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
        is_arrow = tokens[high + 1 : high + 2] and tokens[high + 1].text in ("->", "->>")
        high += 2 if is_arrow and high + 2 < len(tokens) else 0
    if isinstance(node, exp.Case):
        low = _back_to("CASE", low, tokens)
        high += tokens[high + 1 : high + 2] != [] and tokens[high + 1].text.upper() == "END"
    if isinstance(node, exp.Select | exp.Insert | exp.Update | exp.Delete):
        low = _led(low, {"DISTINCT", "INTO", "FROM", "ONLY"}, tokens)
        low -= low > 0 and tokens[low - 1].text.upper() in _STARTS
    for kinds, words in _LEADS:
        if isinstance(node, kinds):
            low = _led(low, words, tokens)
    if isinstance(node, exp.ColumnDef):
        high = _to_comma(high, tokens)
    if isinstance(node, exp.Interval) and tokens[high].text.upper() == "INTERVAL":
        high += high + 1 < len(tokens)
    for kinds, words in _TRAILS:
        while isinstance(node, kinds) and tokens[high + 1 : high + 2]:
            if tokens[high + 1].text.upper() not in words:
                break
            high += 1
    return _balanced(low, high, tokens)


def _led(low: int, words: Iterable[str], tokens: list[Token]) -> int:
    while low > 0 and tokens[low - 1].text.upper() in words:
        low -= 1
    return low


def _back_to(word: str, low: int, tokens: list[Token]) -> int:
    return next((at for at in range(low, -1, -1) if tokens[at].text.upper() == word), low)


def _after_cast(high: int, tokens: list[Token]) -> int:
    """Past `::numeric(10, 2)[]`, when that follows."""
    if tokens[high + 1].token_type != TokenType.DCOLON:
        return high
    high = min(high + 2, len(tokens) - 1)
    while tokens[high + 1 : high + 2] and tokens[high + 1].text in ("(", "[", "]"):
        high += 1
        if tokens[high].text == "(":
            _, high = _balanced(high, high, tokens)
    return high


def _to_comma(high: int, tokens: list[Token]) -> int:
    """Up to the comma or bracket that ends a column's definition."""
    while tokens[high + 1 : high + 2] and tokens[high + 1].text not in (",", ")", ";"):
        high += 1
        if tokens[high].token_type == _OPEN:
            _, high = _balanced(high, high, tokens)
    return high


def _balanced(low: int, high: int, tokens: list[Token]) -> tuple[int, int]:
    """The range widened until each of its brackets has its partner."""
    missing = depth = 0
    for token in tokens[low : high + 1]:
        depth += (token.token_type == _OPEN) - (token.token_type == _CLOSE)
        if depth < 0:
            missing, depth = missing + 1, 0
    while depth and high + 1 < len(tokens):
        high += 1
        depth += (tokens[high].token_type == _OPEN) - (tokens[high].token_type == _CLOSE)
    while missing and low:
        low -= 1
        missing += (tokens[low].token_type == _CLOSE) - (tokens[low].token_type == _OPEN)
    return low, high
