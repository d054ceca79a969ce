"""Changes out of code: the calls of a migration framework, told by their roles and traits."""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Call, Collection, Expression, Function, Member, Name, Text
from backend_expert.flow.reading import Site
from backend_expert.flow.value import Value
from backend_expert.languages.sql.read import read_queries
from backend_expert.lint.context import Context
from backend_expert.lint.ddl.branches import is_for_another
from backend_expert.lint.ddl.change import Change, Kind
from backend_expert.lint.ddl.statements import changes_in
from backend_expert.technologies.catalogue import Meaning

# Functions that undo a migration; what they do is not looked at.
DOWN = frozenset(("down", "downgrade", "revert", "rollback", "backwards", "reverse", "undo"))
_IN_TRANSACTION = ("in-transaction", "migrates-in-transaction")
_PLAIN: tuple[Kind, ...] = (
    "create-table", "drop-table", "create-index", "drop-index", "add-foreign-key", "add-check",
    "add-unique", "set-not-null", "code",
)  # fmt: skip


def changes_of(ctx: Context, dialect: str) -> tuple[Change, ...]:
    """The changes that an item's calls make on the way up."""
    sites = [site for site in ctx.sites if site.meanings]
    found: list[Change] = []
    for site in sorted(sites, key=lambda site: site.call.span.start):
        meaning = _meaning(site)
        if meaning is not None and not _is_left_out(site.call, ctx):
            found += _read(site, meaning, ctx, dialect)
    return tuple(found)


def _meaning(site: Site) -> Meaning | None:
    """The role of a call that changes the database here."""
    for role in ("migration", "sql.execute", "column"):
        for meaning in site.meanings:
            if meaning.role == role and not (role == "migration" and meaning.has("sql")):
                return meaning
    return None


def _is_left_out(call: Call, ctx: Context) -> bool:
    """Whether it stands on the way down, or changes a framework's idea of the schema only."""
    for above in ctx.ancestors(call):
        if isinstance(above, Function) and above.name.lower() in DOWN:
            return True
        if isinstance(above, Call):
            meaning = ctx.meaning(above, "migration")
            if meaning is not None:
                for word in ("state", "reverse"):
                    given = ctx.option(above, meaning, word).value
                    if given is not None and given.span.covers(call.span):
                        return True
    return False


def _read(site: Site, meaning: Meaning, ctx: Context, dialect: str) -> Iterator[Change]:
    call = site.call
    if dialect and is_for_another(call, ctx, dialect):
        return
    traits: set[str] = {"alone"}
    if ctx.held(call, "transaction.none"):
        traits.add("outside")
    elif any(meaning.has(trait) for trait in _IN_TRANSACTION):
        traits.add("inside")
    whole = Change("other", "", call.span, ctx.item, traits=frozenset(traits), call=call)
    if meaning.role == "sql.execute":
        yield from _sql(call, meaning, whole, ctx, dialect)
        return
    if meaning.role == "column":
        table = _callback_table(call, ctx, "alter-table")
        if table is not None:
            yield _column(call, meaning, msgspec.structs.replace(whole, table=table), ctx)
        return
    subject = ctx.subject(call, meaning)
    table = _text(subject, ctx) if subject is not None else _callback_table(call, ctx)
    whole = msgspec.structs.replace(whole, table=(table or "").lower())
    yield from _operation(call, meaning, whole, ctx)


def _sql(
    call: Call, meaning: Meaning, whole: Change, ctx: Context, dialect: str
) -> Iterator[Change]:
    subject = ctx.subject(call, meaning)
    if subject is None:
        return
    for value in _values(subject, ctx):
        for query in read_queries(value.parts or (), dialect or "postgres"):
            for change in changes_in(query, ctx.item, value.home):
                traits = change.traits | (whole.traits - {"alone"})
                yield msgspec.structs.replace(change, traits=traits, call=call)


def _values(subject: Expression, ctx: Context) -> Iterator[Value]:
    """The SQL texts of an argument: one, or those of a list."""
    literal = subject if isinstance(subject, Collection) else ctx.value(subject).node
    if isinstance(literal, Collection):
        for entry in literal.entries:
            yield ctx.value(entry.value)
    else:
        yield ctx.value(subject)


def _text(node: Expression | None, ctx: Context) -> str:
    return (ctx.text_of(node) or "") if node is not None else ""


def _callback_table(call: Call, ctx: Context, trait: str = "") -> str | None:
    """The table of the call to whose callback `call` belongs; None when there is none."""
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            outer = ctx.callback_of(above, "migration")
            meaning = ctx.meaning(outer, "migration") if outer is not None else None
            if outer is None or meaning is None or (trait and not meaning.has(trait)):
                return None
            return _text(ctx.subject(outer, meaning), ctx).lower()
    return None


def _operation(call: Call, meaning: Meaning, whole: Change, ctx: Context) -> Iterator[Change]:
    def option(word: str) -> Expression | None:
        return ctx.option(call, meaning, word).value

    name = _text(option("name"), ctx)
    traits = set(whole.traits)
    for word in ("concurrently", "not-valid"):
        given = option(word.replace("-", "_"))
        if meaning.has(word) or (given is not None and not ctx.is_constant(given, False)):
            traits.add(word)
    if call.spreads:
        traits.add("hidden")
    whole = msgspec.structs.replace(whole, name=name, traits=frozenset(traits))
    for kind in _PLAIN:
        if meaning.has(kind):
            if kind == "code":
                subject = ctx.subject(call, meaning)
                name = subject.id if isinstance(subject, Name) else ""
                yield msgspec.structs.replace(whole, kind=kind, table="", name=name)
            else:
                column = _text(option("column"), ctx).lower()
                yield msgspec.structs.replace(whole, kind=kind, column=column)
            return
    if meaning.has("add-column"):
        given = option("column")
        said = ctx.meaning(given, "column") if isinstance(given, Call) else None
        if isinstance(given, Call) and said is not None:
            yield _column(given, said, whole, ctx, name)
        else:
            yield msgspec.structs.replace(whole, kind="other")
    elif meaning.has("alter-column"):
        nullable, column = option("nullable"), _text(option("column"), ctx).lower()
        if nullable is not None and ctx.is_constant(nullable, False):
            yield msgspec.structs.replace(whole, kind="set-not-null", column=column)
        if option("type") is not None:
            yield msgspec.structs.replace(whole, kind="alter-type", column=column)
        if option("default") is not None:
            yield msgspec.structs.replace(whole, kind="set-default", column=column)
    elif meaning.has("add-constraint"):
        given = option("constraint")
        said = ctx.meaning(given, "column.option") if isinstance(given, Call) else None
        if said is not None and said.has("check"):
            yield msgspec.structs.replace(whole, kind="add-check")
    else:
        yield whole


def _column(call: Call, meaning: Meaning, whole: Change, ctx: Context, name: str = "") -> Change:
    """What a declaration of a column adds to a table that may be there already."""
    traits = set(whole.traits)
    default = ""
    given = {word: ctx.option(call, meaning, word) for word in meaning.entry.options}
    values = {word: found.value for word, found in given.items() if found.value is not None}
    if call.spreads:
        traits.add("hidden")
    if meaning.has("required"):
        null = values.get("null")
        if null is None or ctx.is_constant(null, False):
            traits.add("not-null")
        if meaning.has("text") and "blank" in values and ctx.is_constant(values["blank"], True):
            traits.add("default")
    elif "nullable" in values and ctx.is_constant(values["nullable"], False):
        traits.add("not-null")
    for word in ("default", "server_default", "now", "touched"):
        value = values.get(word)
        if value is not None and not ctx.is_constant(value, None):
            traits.add("default")
            # A framework's own default is worked out once, before the database sees it.
            if word == "server_default" or (word == "default" and meaning.has("nullable")):
                default = _default(value, ctx)
    for argument in call.arguments:
        said = ctx.meaning(argument.value, "column.option")
        traits |= set(said.entry.traits) if said is not None else set[str]()
    for option, said in _options(call, ctx):
        traits |= {t for t in said.entry.traits if t != "async"}
        if said.has("default") and option.arguments:
            default = _default(option.arguments[0].value, ctx)
    kind: Kind = "modify-column" if "alter" in traits else "add-column"
    column = name or _text(ctx.subject(call, meaning), ctx)
    return msgspec.structs.replace(
        whole, kind=kind, column=column.lower(), default=default, traits=frozenset(traits)
    )


def _default(value: Expression, ctx: Context) -> str:
    """The SQL of a default: a string's own text, `text("…")`, or a function's call."""
    if isinstance(value, Text):
        return f"'{value.value or ''}'"
    if isinstance(value, Call):
        if ctx.meaning(value, "sql.text", "sql.execute") and value.arguments:
            return _text(value.arguments[0].value, ctx)
        return f"{value.method}()"
    return ctx.source(value)


def _options(call: Call, ctx: Context) -> Iterator[tuple[Call, Meaning]]:
    """The calls that are chained to a column's declaration."""
    node: object = call
    while isinstance(node, Call):
        above = ctx.parent(node)
        if not isinstance(above, Member):
            return
        node = ctx.parent(above)
        if isinstance(node, Call) and node.callee is above:
            meaning = ctx.meaning(node, "column.option")
            if meaning is not None:
                yield node, meaning
