"""A query: one SQL statement as a sqlglot tree, with a map back to the file it is written in.

Three coordinates meet here. The *host* is the file (or item) that the SQL stands in; `text` is
the SQL as it was parsed, with every hole and bound parameter replaced by a word of its own
(`:p0`, `hole_1`); the tree's nodes point into `text`. `Query.place` goes all the way back.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any, TypeVar, cast
from typing import Literal as OneOf

import msgspec
from sqlglot import exp
from sqlglot.tokenizer_core import Token

from backend_expert.facts.code import Call, Expression
from backend_expert.facts.extent import Extents
from backend_expert.facts.tokens import places_of, tokens_of
from backend_expert.text.span import Span

E = TypeVar("E", bound=exp.Expr)
Position = OneOf["value", "identifier", "keyword", "fragment", "unknown"]


class Piece(msgspec.Struct, frozen=True, gc=False):
    """`text[start:end]` comes from `span` of the host.

    Equal lengths map character by character; others (an escape, a hole) map as a whole.
    """

    start: int
    end: int
    span: Span


class Slot(msgspec.Struct, frozen=True):
    """Something in the SQL that is filled in later: `text[start:end]` stands for it.

    `position` is its grammatical place: a value; the name of a table or column (or part of one);
    a keyword such as ASC or an operator; a fragment of several words, such as a whole clause.
    `is_quoted` says that it stands inside quotes.
    """

    start: int
    end: int
    span: Span
    position: Position
    is_quoted: bool


class QueryHole(Slot, frozen=True):
    """A value of the host language put straight into the SQL's text."""

    value: Expression


class Placeholder(Slot, frozen=True):
    """A parameter: `style` as in %s %(n)s ? :n $1 @n {} %d, `name` what stands in for n or 1.

    Styles `{}` and `%d` are filled in as text by the host language; so may `%s` be.
    """

    style: str
    name: str


class Query(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One SQL statement. `expression` is None, and `error` says why, when it cannot be parsed.

    `home` names the module-level constant whose text it is, when that stands in another item;
    `call` is the call that executes it. `grows` says that the text may be longer than is seen
    here (a branch or loop appends to it); `binds` that its holes are bound parameters (tagged
    templates). `shared` keeps what is worked out of the tree and of `text`, for all queries that
    have the same.
    """

    text: str
    expression: exp.Expr | None
    dialect: str
    span: Span
    pieces: tuple[Piece, ...]
    holes: tuple[QueryHole, ...] = ()
    placeholders: tuple[Placeholder, ...] = ()
    error: str = ""
    home: str = ""
    call: Call | None = None
    grows: bool = False
    binds: bool = False
    shared: dict[str, Any] = {}

    # -- what it is -------------------------------------------------------------------------

    @property
    def verb(self) -> str:
        """SELECT, INSERT, UPDATE …: the statement's own first word, in capitals."""
        for kind, verb in _VERBS:
            if isinstance(self.expression, kind):
                return verb
        if self._is_replace:
            return "REPLACE"
        words = (token.text.upper() for token in self.tokens if token.text != "(")
        first = next(words, "")
        is_named_later = first == "WITH" and isinstance(self.expression, exp.Insert)
        return "INSERT" if is_named_later else first

    @property
    def _is_replace(self) -> bool:
        return self.text.lstrip()[:7].upper() == "REPLACE"

    @cached_property
    def is_write(self) -> bool:
        """Whether it changes rows, here or in a WITH part. (Schema changes are `is_schema`.)"""
        return bool(self.all(*_WRITES))

    @property
    def is_schema(self) -> bool:
        """Whether it changes the schema: CREATE, ALTER, DROP and the like."""
        return self.verb in ("CREATE", "ALTER", "DROP", "COMMENT", "RENAME")

    def tables(self) -> list[exp.Table]:
        """The tables it names, in the order they are written; names of WITH parts are left out."""
        parts = {cte.alias.lower() for cte in self.all(exp.CTE)}
        found = [
            table
            for table in self.all(exp.Table)
            if table.name and (table.db or table.name.lower() not in parts)
        ]
        if len(found) < 2:
            return found
        return sorted(found, key=lambda table: (self.extent(table) or (0, 0))[0])

    def all(self, *kinds: type[E]) -> list[E]:
        """The nodes of some kinds, outer ones first."""
        by_kind = self._by_kind
        found = by_kind.get(kinds)
        if found is None:
            found = by_kind[kinds] = [n for n in self._nodes if isinstance(n, kinds)]
        return found

    def says(self, *words: str) -> bool:
        """Whether the text has one of the words, given in capitals, anywhere."""
        return any(word in self._capitals for word in words)

    @cached_property
    def _by_kind(self) -> dict[Any, list[Any]]:
        return self.shared.setdefault("by kind", {})

    @property
    def _nodes(self) -> list[exp.Expr]:
        found = self.shared.get("nodes")
        if found is None:
            found = [] if self.expression is None else list(self.expression.walk())
            self.shared["nodes"] = found
        return found

    @cached_property
    def _capitals(self) -> str:
        return self.text.upper()

    @cached_property
    def slots(self) -> list[QueryHole | Placeholder]:
        """Holes and placeholders together, in the order they are written."""
        return sorted((*self.holes, *self.placeholders), key=lambda slot: slot.start)

    def slots_in(self, node: exp.Expr) -> list[QueryHole | Placeholder]:
        """The holes and placeholders that stand in `node`."""
        start, end = self.extent(node) or (0, 0)
        first = bisect_left(self._slot_starts, start)
        last = bisect_right(self._slot_starts, end)
        return [slot for slot in self.slots[first:last] if slot.end <= end]

    def slot(self, node: exp.Expr) -> QueryHole | Placeholder | None:
        """The hole or placeholder that `node`, a value or a name, consists of or contains."""
        if isinstance(node, exp.Placeholder):
            return self._by_word.get(f":{node.name}")
        return next(iter(self.slots_in(node)), None)

    # -- where it is ------------------------------------------------------------------------

    def place(self, node: exp.Expr) -> Span:
        """The host span of `node`; the whole statement's when its place cannot be told."""
        extent = self.extent(node)
        return self.host(*extent) if extent else self.span

    def keyword(self, words: str, near: exp.Expr | None = None) -> Span:
        """The host span of a keyword or several in a row (`ORDER BY`, `LEFT JOIN`).

        `near`: the last one that starts before that node, or else the first after it.
        """
        found = list(places_of(words, self.tokens))
        if not found:
            return self.span
        edge = (self.extent(near) or (0, 0))[0] if near is not None else -1
        before = [place for place in found if place[0] <= edge]
        return self.host(*(before[-1] if before else found[0]))

    def clause(self, expression: exp.Expr, name: str) -> Span:
        """The host span of a clause of `expression` with its keyword: "where", "order", "limit"…

        `name` is sqlglot's key of it; the whole of `expression` when it has no such clause.
        """
        node = expression.args.get(name) or expression.args.get(f"{name}_")
        nodes = cast("list[object]", node if isinstance(node, list) else [node])
        extents = [e for n in nodes if isinstance(n, exp.Expr) and (e := self.extent(n))]
        if not extents:
            return self.place(expression)
        return self.host(min(start for start, _ in extents), max(end for _, end in extents))

    def host(self, start: int, end: int) -> Span:
        """The host span of `text[start:end]`."""
        if not self.pieces:
            return self.span
        first = self._piece_at(start)
        last = self._piece_at(max(end - 1, start))
        begin = first.span.start
        if len(first.span) == first.end - first.start:
            begin += min(start - first.start, len(first.span))
        if end <= start:
            return Span(begin, begin)
        stop = last.span.end
        if len(last.span) == last.end - last.start:
            stop = last.span.start + min(end - last.start, len(last.span))
        return Span(begin, max(stop, begin))

    def offset(self, host: int) -> int | None:
        """The offset in `text` of a host offset, None when that lies outside the SQL."""
        for piece in self.pieces:
            if piece.span.start <= host <= piece.span.end and piece.end > piece.start:
                exact = len(piece.span) == piece.end - piece.start
                return piece.start + (host - piece.span.start) if exact else piece.start
        return None

    def extent(self, node: exp.Expr) -> tuple[int, int] | None:
        """The range of `text` that `node` covers, brackets and leading keywords included."""
        return self._extents.of(node)

    @property
    def _extents(self) -> Extents:
        found = self.shared.get("extents")
        if found is None:
            words = {word: (slot.start, slot.end) for word, slot in self._by_word.items()}
            found = self.shared["extents"] = Extents(self.tokens, words, self.dialect)
        return found

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of `text`; empty when even those cannot be told."""
        text = self.text
        if self._is_replace:
            # sqlglot takes REPLACE INTO for a command, one token to its end.
            at = len(text) - len(text.lstrip())
            text = f"{text[:at]}INSERT {text[at + 7 :]}"
        return tokens_of(text, self.dialect)

    @cached_property
    def _by_word(self) -> dict[str, QueryHole | Placeholder]:
        return {self.text[slot.start : slot.end]: slot for slot in self.slots}

    @cached_property
    def _slot_starts(self) -> list[int]:
        return [slot.start for slot in self.slots]

    @cached_property
    def _piece_starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def _piece_at(self, offset: int) -> Piece:
        return self.pieces[max(bisect_right(self._piece_starts, offset) - 1, 0)]


_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable)
_VERBS: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Query, "SELECT"),
    (exp.Update, "UPDATE"),
    (exp.Delete, "DELETE"),
    (exp.Merge, "MERGE"),
    (exp.TruncateTable, "TRUNCATE"),
)
