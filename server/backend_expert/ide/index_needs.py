"""What a query needs of indexes: for each table the columns of its conditions, joins and sort."""

from collections.abc import Iterator, Mapping

import msgspec
from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.ide.query_words.wording import Wording

_RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_SCOPES = (exp.Select, exp.Update, exp.Delete)


class Need(msgspec.Struct, frozen=True):
    """The columns of one table by which rows are found, in the order that an index wants them.

    equal: compared with one value; joined: with a column of another table; ranged: with a bound.
    sort: of the result, each with whether it descends; is_cut: only the first rows are wanted.
    """

    table: str
    equal: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    ranged: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    is_cut: bool = False

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that lead: in one read of the index each of them has one value."""
        return tuple(dict.fromkeys((*self.equal, *self.joined)))

    @property
    def columns(self) -> tuple[str, ...]:
        """Equality first, then the sort where it saves reading all rows, else the range."""
        sorted_by = tuple(name for name, _ in self.sort)
        after = self.ranged[:1]
        if sorted_by and (self.is_cut or not after or after[0] == sorted_by[0]):
            after = sorted_by
        return tuple(dict.fromkeys((*self.fixed, *after)))

    @property
    def is_mixed(self) -> bool:
        """Whether the sort goes up in one column and down in another."""
        return len({descends for _, descends in self.sort}) > 1


def needs_of(query: Query, columns: Mapping[str, frozenset[str]]) -> list[Need]:
    """The needs of a query. columns: of the tables that are known, for names without a table."""
    found: list[Need] = []
    if query.expression is None:
        return found
    for scope in query.expression.find_all(*_SCOPES):
        found += _Scope(scope, columns).needs()
    return [need for need in found if need.columns]


def obstacles_of(query: Query) -> list[str]:
    """Conditions that no ordinary index serves, as sentences."""
    if query.expression is None:
        return []
    wording = Wording(query)
    said = [
        sentence
        for where in query.expression.find_all(exp.Where)
        for node in where.find_all(exp.Condition)
        for sentence in _obstacle(node, wording)
    ]
    return list(dict.fromkeys(said))


def _obstacle(node: exp.Expr, wording: Wording) -> Iterator[str]:
    if isinstance(node, exp.EQ | exp.NEQ) and isinstance(node.expression, exp.Null):
        column, word = wording.code(node.this), "IS" if isinstance(node, exp.EQ) else "IS NOT"
        yield f"{wording.code(node)} is never true: {column} needs `{word} NULL`."
    elif isinstance(node, exp.Like | exp.ILike):
        text = node.expression.name if isinstance(node.expression, exp.Literal) else ""
        if text.startswith(("%", "_")):
            yield f"{wording.code(node)} begins with a wildcard: it needs a trigram index."
        elif isinstance(node, exp.ILike):
            yield f"{wording.code(node)} ignores case: the plain index does not serve it."
    elif isinstance(node, exp.NEQ):
        yield f"{wording.code(node)} excludes a value: an index finds what is, not what is not."
    elif isinstance(node, exp.Or) and not isinstance(node.parent, exp.Or):
        names = {column.name for column in node.find_all(exp.Column)}
        if len(names) > 1:
            yield f"{wording.code(node)} has OR across columns: an index serves one side only."
    elif isinstance(node, exp.EQ | exp.In | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.Between):
        inner = node.this.find(exp.Column) if not isinstance(node.this, exp.Column) else None
        worked = isinstance(node.this, exp.Func | exp.Cast | exp.Binary)
        if inner is not None and worked and not node.this.find(exp.AggFunc, exp.Select):
            yield (
                f"{wording.code(node.this)} is worked out for each row: it needs an index on that "
                f"expression, or {wording.code(inner)} alone on its side."
            )


class _Scope:
    """One SELECT, UPDATE or DELETE with the tables that it names itself."""

    def __init__(self, scope: exp.Expr, columns: Mapping[str, frozenset[str]]) -> None:
        self._scope = scope
        self._columns = columns
        self._tables: dict[str, str] = {}
        first = scope.args.get("from_") or scope.args.get("this")
        sources = [first.this if isinstance(first, exp.From) else first]
        joins = [join for join in scope.args.get("joins") or () if isinstance(join, exp.Join)]
        self._conditions = [join.args["on"] for join in joins if join.args.get("on")]
        self._inner: set[str] = set()  # the tables that rows of others lead to
        for at, source in enumerate([*sources, *(join.this for join in joins)]):
            if isinstance(source, exp.Table) and source.name:
                self._tables[source.alias_or_name.lower()] = source.name.lower()
                if at:
                    self._inner.add(source.alias_or_name.lower())
        where = scope.args.get("where")
        if isinstance(where, exp.Where):
            self._conditions.append(where.this)

    def needs(self) -> list[Need]:
        """The needs of the scope's tables, in the order in which they are named."""
        equal: dict[str, list[str]] = {}
        joined: dict[str, list[str]] = {}
        ranged: dict[str, list[str]] = {}
        for condition in self._conditions:
            for node in _parts(condition):
                self._take(node, equal, joined, ranged)
        sort = self._sort()
        is_cut = self._scope.args.get("limit") is not None
        return [
            Need(
                table,
                tuple(dict.fromkeys(equal.get(alias, ()))),
                tuple(dict.fromkeys(joined.get(alias, ()))),
                tuple(dict.fromkeys(ranged.get(alias, ()))),
                sort[1] if sort[0] == alias else (),
                is_cut,
            )
            for alias, table in self._tables.items()
        ]

    def _take(
        self,
        node: exp.Expr,
        equal: dict[str, list[str]],
        joined: dict[str, list[str]],
        ranged: dict[str, list[str]],
    ) -> None:
        mine = self._column(node.this)
        if isinstance(node, exp.EQ):
            other = self._column(node.expression)
            if mine and other:
                if mine[0] != other[0]:
                    for alias, name in (mine, other):
                        if alias in self._inner:
                            joined.setdefault(alias, []).append(name)
                return
            if isinstance(node.expression, exp.Null):
                return
            one = mine or other
            if one:
                equal.setdefault(one[0], []).append(one[1])
        elif (mine and isinstance(node, exp.In)) or (
            mine and isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)
        ):
            equal.setdefault(mine[0], []).append(mine[1])
        elif mine and isinstance(node, _RANGES):
            ranged.setdefault(mine[0], []).append(mine[1])
        elif mine and isinstance(node, exp.Like):
            text = node.expression.name if isinstance(node.expression, exp.Literal) else "%"
            if not text.startswith(("%", "_")):
                ranged.setdefault(mine[0], []).append(mine[1])

    def _column(self, node: object) -> tuple[str, str] | None:
        """The table's alias and the name of a plain column; None for all else."""
        if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
            return None
        name = node.name.lower()
        if node.table:
            return (node.table.lower(), name) if node.table.lower() in self._tables else None
        if len(self._tables) == 1:
            return next(iter(self._tables)), name
        having = [a for a, t in self._tables.items() if name in self._columns.get(t, ())]
        return (having[0], name) if len(having) == 1 else None

    def _sort(self) -> tuple[str, tuple[tuple[str, bool], ...]]:
        """The sort's table and columns, where all are plain columns of one table."""
        order = self._scope.args.get("order")
        # What is grouped is sorted after it has been counted, so no index helps.
        if not isinstance(order, exp.Order) or self._scope.args.get("group"):
            return "", ()
        keys = [(self._column(key.this), bool(key.args.get("desc"))) for key in order.expressions]
        aliases = {column[0] if column else "" for column, _ in keys}
        if len(aliases) != 1 or "" in aliases:
            return "", ()
        return aliases.pop(), tuple((column[1], down) for column, down in keys if column)


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that must all hold."""
    if isinstance(condition, exp.And):
        yield from _parts(condition.this)
        yield from _parts(condition.expression)
    elif isinstance(condition, exp.Paren):
        yield from _parts(condition.this)
    else:
        yield condition
