"""Which rows a statement is about, as a noun phrase: "the open orders of one customer"."""

import re

import msgspec
from sqlglot import exp

from backend_expert.ide.query_words.conditions import parts_of, said
from backend_expert.ide.query_words.phrases import article, counted, joined, listed, spoken
from backend_expert.ide.query_words.wording import Wording

_STATES = re.compile(r"^(?:status|state)$", re.I)
_WORD = re.compile(r"^[a-z]+(?:[ _-][a-z]+)?$")
_KEY = re.compile(r"^(?P<of>\w+?)(?:_?(?:id|uuid)|Id|ID)$")


class Subject(msgspec.Struct):
    """The rows of `table` that a condition picks, as words to be put together.

    `key` is the column that one row is looked up by, if one is.
    """

    noun: str
    one: str
    state: str = ""
    owners: str = ""
    rest: str = ""
    key: str = ""
    is_filtered: bool = False
    partners: list[str] = []

    def some(self) -> str:
        """The rows: "the open orders of one customer where `total` is at least 10"."""
        if self.key:
            return f"one {self.state} {self.one}, found by {self.key}{self._comma_rest()}"
        words = "the" if self.is_filtered else "all"
        return joined((words, self.state, self.noun, self.owners, self.rest))

    def a_keyed(self) -> str:
        """The one row that is looked up: "an open order with the given `id`"."""
        one = article(joined((self.state, self.one)))
        return f"{one} with the given {self.key}{self._comma_rest()}"

    def many(self) -> str:
        """The rows without an article."""
        return joined((self.state, self.noun, self.owners, self.rest))

    def single(self) -> str:
        """One of the rows, without an article."""
        return joined((self.state, self.one, self.owners, self.rest))

    def _comma_rest(self) -> str:
        extra = joined((self.owners, self.rest))
        return f" ({extra})" if extra else ""


def subject_of(table: exp.Expr | None, where: exp.Expr | None, wording: Wording) -> Subject:
    """The rows of `table` for which `where` holds."""
    subject = Subject(wording.noun(table), wording.one(table))
    owners: list[str] = []
    rest: list[exp.Expr] = []
    for part in parts_of(where):
        subject.is_filtered = True
        column, value = _equality(part)
        if column is None:
            other = _partner(part, table, wording)
            if other is None:
                rest.append(part)
            elif not isinstance(other.parent, exp.Join):
                subject.partners.append(wording.one(other))
        elif is_own_key(column, table, wording) and not subject.key:
            subject.key = wording.code(column)
        elif owner := _owner(column, value, table):
            owners.append(owner)
        elif not subject.state and (state := _state(column, value)):
            subject.state = state
        else:
            rest.append(part)
    subject.owners = f"of {listed(list(dict.fromkeys(owners)))}" if owners else ""
    subject.rest = _rest(rest, wording)
    if subject.partners:
        partners = listed([article(one) for one in subject.partners])
        subject.rest = joined(
            (f"that have {partners} to match", f"and {subject.rest}" if rest else "")
        )
    return subject


def _equality(part: exp.Expr) -> tuple[exp.Column | None, exp.Expr | None]:
    """The column and value of `column = value`, where the value is no column."""
    if not isinstance(part, exp.EQ) or not isinstance(part.this, exp.Column):
        return None, None
    value = part.expression
    is_value = isinstance(value, exp.Placeholder | exp.Literal | exp.Cast | exp.Parameter)
    if isinstance(value, exp.Cast):
        is_value = isinstance(value.this, exp.Placeholder | exp.Literal)
    return (part.this, value) if is_value else (None, None)


def is_own_key(column: exp.Expr, table: exp.Expr | None, wording: Wording) -> bool:
    """Whether the column is the table's own id."""
    if not isinstance(table, exp.Table) or not isinstance(column, exp.Column):
        return False
    if not _is_of(column, table) or not column.name.lower().endswith(("id", "pk")):
        return False
    own = wording.one(table).replace(" ", "_")
    return column.name.lower() in ("id", "uuid", "pk", f"{own}_id", f"{own}_uuid")


def _is_of(column: exp.Column, table: exp.Table) -> bool:
    return column.table.lower() in ("", table.alias_or_name.lower())


def _owner(column: exp.Column, value: exp.Expr | None, table: exp.Expr | None) -> str:
    """ "one customer" for `customer_id = …`."""
    found = _KEY.match(column.name)
    if found is None or not found["of"].strip("_") or not isinstance(table, exp.Table):
        return ""
    if not _is_of(column, table):
        return ""
    name = spoken(found["of"])
    is_fixed = isinstance(value, exp.Literal)
    return f"{name} {value.name}" if is_fixed and value else f"one {name}"


def _state(column: exp.Column, value: exp.Expr | None) -> str:
    """ "open" for `status = 'open'`."""
    if not isinstance(value, exp.Literal) or not value.is_string or not _STATES.match(column.name):
        return ""
    return spoken(value.name) if _WORD.match(value.name) and "hole" not in value.name else ""


def is_to_one(join: exp.Expr, wording: Wording) -> bool:
    """Whether a join finds at most one row for each: it asks for the other table's id."""
    on, table = join.args.get("on"), join.this
    if not isinstance(on, exp.Expr) or not isinstance(table, exp.Table):
        return False
    sides = [
        side for part in parts_of(on) if isinstance(part, exp.EQ) for side in part.args.values()
    ]
    return any(is_own_key(side, table, wording) and side.table for side in sides)


def _partner(part: exp.Expr, table: exp.Expr | None, wording: Wording) -> exp.Table | None:
    """The other table of `orders.id = sums.order_id`."""
    if not isinstance(part, exp.EQ) or not isinstance(table, exp.Table):
        return None
    sides = [side for side in (part.this, part.expression) if isinstance(side, exp.Column)]
    others = [side for side in sides if side.table and not _is_of(side, table)]
    if len(sides) < 2 or len(others) != 1:
        return None
    return wording.source(part, others[0].table)


def _rest(parts: list[exp.Expr], wording: Wording) -> str:
    if not parts:
        return ""
    words = listed([said(part, wording) for part in parts[:3]])
    if len(parts) > 2 or len(words) > 60:
        return f"that meet {counted(len(parts), 'condition') if len(parts) > 1 else 'a condition'}"
    return f"where {words}"
