"""Which calls change data: through a mapper, by SQL, in a document store."""

from collections.abc import Iterator
from typing import cast

import msgspec
from sqlglot import exp

from backend_expert.facts.code import Call, Function, Member, Name, Text
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.flow.queries import queries
from backend_expert.flow.reading import Reading, Site
from backend_expert.lint.context import CodeFile, short
from backend_expert.text.span import Span

WRITES = ("orm.write", "document.write")


class Write(msgspec.Struct, frozen=True, eq=False):
    """A call that changes data.

    verb: INSERT, UPDATE or DELETE where SQL tells, else the method's name; table: its target in
    words, as far as it is known. span: of the SQL or the call that writes; home: the function of
    this file in which that stands, if another; path: the file, if another.
    """

    call: Call
    verb: str
    table: str
    span: Span
    home: str = ""
    traits: tuple[str, ...] = ()
    path: str = ""
    query: Query | None = None

    @property
    def columns(self) -> str:
        """The columns that an UPDATE sets, as words."""
        tree = self.query.expression if self.query is not None else None
        update = tree.find(exp.Update) if tree is not None else None
        if update is None:
            return ""
        changes = cast("list[exp.Expr]", update.expressions)
        return " ".join(c.this.name for c in changes if isinstance(c.this, exp.Column))


def writes(file: CodeFile, item: Item, function: Function) -> list[Write]:
    """What a function changes, itself or through functions of this file."""
    reading = file.flow.reading(item)
    known = reading.notes.get("rule writes")
    if known is None:
        known = reading.notes["rule writes"] = list(_writes(file, reading))
    found = cast("list[Write]", known)
    return [write for write in found if function.span.covers(write.call.span)]


def _writes(file: CodeFile, reading: Reading) -> Iterator[Write]:
    by_call = _queries_of(file, reading)
    for site in reading.sites.values():
        yield from _own(site, by_call, reading)
        if site.summary is None:
            continue
        for effect in site.summary.effects:
            if effect.role in WRITES:
                home = "" if effect.path else effect.home
                yield Write(
                    site.call, short(effect.name), "", effect.span, home, effect.traits, effect.path
                )
            elif effect.role == "sql.execute" and not effect.path:
                yield from _there(file, site, effect.home, effect.span)


def _own(site: Site, by_call: dict[int, list[Query]], reading: Reading) -> Iterator[Write]:
    for meaning in site.meanings:
        if meaning.role in WRITES:
            table = target_of(site.call, reading)
            yield Write(
                site.call, short(site.name), table, site.call.span, "", meaning.entry.traits
            )
            return
    for query in by_call.get(id(site.call), ()):
        if query.is_write:
            yield Write(site.call, query.verb, table_of(query), query.span, query.home, query=query)


def _queries_of(file: CodeFile, reading: Reading) -> dict[int, list[Query]]:
    roles = {meaning.role for site in reading.sites.values() for meaning in site.meanings}
    found: dict[int, list[Query]] = {}
    if "sql.execute" in roles or "sql.text" in roles:
        for query in queries(reading, file.flow.catalogue, file.dialect):
            if query.call is not None:
                found.setdefault(id(query.call), []).append(query)
    return found


def _there(file: CodeFile, site: Site, home: str, span: Span) -> Iterator[Write]:
    """SQL that a function of this file runs."""
    item = file.flow.home(home)
    if item is None:
        return
    reading = file.flow.reading(item)
    for query in queries(reading, file.flow.catalogue, file.dialect):
        if query.call is not None and query.call.span == span and query.is_write:
            yield Write(site.call, query.verb, table_of(query), span, home, query=query)


def table_of(query: Query) -> str:
    """The table that a statement changes."""
    expression = query.expression
    if expression is None:
        return ""
    changed = expression.find(exp.Insert, exp.Update, exp.Delete, exp.Merge)
    table = changed.find(exp.Table) if changed is not None else None
    return table.name if table is not None else ""


def target_of(call: Call, reading: Reading) -> str:
    """What a mapper's call changes, as it is written: `Order` of `Order.objects.create(…)`."""
    node = call.callee
    words: list[str] = []
    while isinstance(node, Member | Call):
        if isinstance(node, Member):
            words.append(node.name)
            node = node.object
        else:
            table = node.arguments[0].value if node.arguments else None
            if isinstance(node.callee, Name) and isinstance(table, Text) and table.value:
                return table.value  # knex("orders")
            node = node.callee
    if isinstance(node, Name):
        words.append(node.id)
    known = [w for w in reversed(words[1:]) if w not in ("objects", "self", "query", "manager")]
    if known and known[0].lower() in ("session", "db", "prisma", "tx", "trx", "em", "manager"):
        inner = call.arguments[0].value if call.arguments else None
        if len(known) > 1 and known[1] != "session":
            return known[1]
        if isinstance(inner, Call) and isinstance(inner.callee, Name):
            return inner.callee.id
        return inner.id if isinstance(inner, Name) else ""
    return known[0] if known else ""
