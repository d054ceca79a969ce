"""Changes out of SQL, read from its tokens: sqlglot's tree leaves out what it has no word for."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from sqlglot.tokenizer_core import Token, TokenType

from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.lint.ddl.change import Change, Kind
from backend_expert.lint.ddl.words import Words
from backend_expert.text.pattern import pattern

# What a column's default can be followed by.
_AFTER_DEFAULT = frozenset(
    [
        "NOT",
        "NULL",
        "CONSTRAINT",
        "UNIQUE",
        "REFERENCES",
        "CHECK",
        "GENERATED",
        "COLLATE",
        "COMMENT",
        "AFTER",
        "FIRST",
        "ON",
        "KEY",
        "AUTO_INCREMENT",
        "STORAGE",
        "COMPRESSION",
        "VIRTUAL",
        "STORED",
    ]
) | {"PRIMARY KEY", "NOT NULL"}
_SERIAL = pattern(r"(?:small|big)?serial[248]?", re.IGNORECASE)


def changes_in(query: Query, item: Item, home: str = "") -> Iterator[Change]:
    """The changes that one SQL statement makes."""
    words = Words(query.tokens)
    whole = Change("other", "", query.span, item, home, query=query)

    def change(kind: Kind, table: str = "", name: str = "") -> Change:
        return replace(whole, kind=kind, table=table, name=name)

    if words.take("ALTER", "TABLE"):
        words.take("IF", "EXISTS")
        words.take("ONLY")
        table = words.name()
        yield from _actions(words, query, change("other", table))
    elif words.take("CREATE"):
        yield from _creation(words, change("other"))
    elif words.take("DROP"):
        yield from _removal(words, change("other"))
    elif words.take("UPDATE") or words.take("DELETE", "FROM") or words.take("DELETE"):
        words.take("ONLY")
        yield change("write", words.name())
    elif words.take("SET"):
        words.take_any("LOCAL", "SESSION", "GLOBAL")
        yield change("set", name=words.name())
    elif words.take("BEGIN") or words.take("START", "TRANSACTION"):
        yield change("begin")
    elif words.take_any("COMMIT", "END", "ROLLBACK"):
        yield change("commit")
    else:
        yield change("other")


def _creation(words: Words, whole: Change) -> Iterator[Change]:
    traits: set[str] = set()
    while words.take_any("OR REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL",
                         "MATERIALIZED", "FULLTEXT", "SPATIAL", "FOREIGN"):  # fmt: skip
        pass
    if words.take("UNIQUE"):
        traits.add("unique")
    if words.take("INDEX"):
        if words.take("CONCURRENTLY"):
            traits.add("concurrently")
        words.take("IF", "NOT", "EXISTS")
        name = "" if words.peek() == "ON" else words.name()
        if not words.take("ON"):
            yield whole
            return
        if words.take("ONLY"):
            traits.add("only")
        yield replace(whole, kind="create-index", table=words.name(), name=name,
                    traits=frozenset(traits | {"alone"}))  # fmt: skip
    elif words.take_any("TABLE", "VIEW"):
        words.take("IF", "NOT", "EXISTS")
        yield replace(whole, kind="create-table", table=words.name())
    else:
        yield whole


def _removal(words: Words, whole: Change) -> Iterator[Change]:
    if words.take("TABLE"):
        words.take("IF", "EXISTS")
        yield replace(whole, kind="drop-table", table=words.name())
    elif words.take("INDEX"):
        traits = {"concurrently"} if words.take("CONCURRENTLY") else set[str]()
        words.take("IF", "EXISTS")
        yield replace(whole, kind="drop-index", name=words.name(), traits=frozenset(traits))
    else:
        yield whole


def _actions(words: Words, query: Query, whole: Change) -> Iterator[Change]:
    parts = list(_parts(words.rest))
    clauses = {
        word.lower() for part in parts if (word := part[0].text.upper()) in ("ALGORITHM", "LOCK")
    }
    parts = [part for part in parts if part[0].text.upper() not in ("ALGORITHM", "LOCK")]
    if len(parts) == 1:
        clauses.add("alone")
    for part in parts:
        span = query.host(part[0].start, part[-1].end + 1)
        yield _action(Words(part), replace(whole, span=span, traits=frozenset(clauses)))


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The actions of an ALTER TABLE, between the commas that stand in no bracket."""
    depth, part = 0, list[Token]()
    for token in tokens:
        if token.token_type == TokenType.L_PAREN:
            depth += 1
        elif token.token_type == TokenType.R_PAREN:
            depth -= 1
        elif token.token_type == TokenType.COMMA and depth == 0:
            if part:
                yield part
            part = []
            continue
        part.append(token)
    if part:
        yield part


def _action(words: Words, whole: Change) -> Change:
    if words.take("ADD"):
        return _addition(words, whole)
    if words.take("ALTER"):
        words.take("COLUMN")
        column = words.name()
        kind: Kind = "other"
        if words.take("SET", "NOT", "NULL"):
            kind = "set-not-null"
        elif words.take("SET", "DEFAULT") or words.take("DROP", "DEFAULT"):
            kind = "set-default"
        elif words.take("TYPE") or words.take("SET", "DATA", "TYPE"):
            kind = "alter-type"
        return replace(whole, kind=kind, column=column)
    if words.take_any("MODIFY", "CHANGE"):
        words.take("COLUMN")
        return _column(words, whole, "modify-column")
    if words.take("CONVERT", "TO"):
        return replace(whole, kind="modify-column", traits=whole.traits | {"convert"})
    if words.take("VALIDATE", "CONSTRAINT"):
        return replace(whole, kind="validate", name=words.name())
    if words.take("RENAME"):
        if words.take_any("TO", "AS"):
            return replace(whole, kind="rename", name=words.name())
        return replace(whole, kind="rename")
    if words.take("DROP"):
        if words.take("PRIMARY", "KEY"):
            return replace(whole, kind="drop-constraint", traits=whole.traits | {"primary-key"})
        if words.take_any("CONSTRAINT", "FOREIGN KEY", "CHECK", "UNIQUE"):
            return replace(whole, kind="drop-constraint")
        if words.take_any("INDEX", "KEY"):
            return replace(whole, kind="drop-index")
        words.take("COLUMN")
        words.take("IF", "EXISTS")
        return replace(whole, kind="drop-column", column=words.name())
    return whole


_CONSTRAINTS: tuple[tuple[str, Kind], ...] = (
    ("FOREIGN KEY", "add-foreign-key"),
    ("CHECK", "add-check"),
    ("UNIQUE", "add-unique"),
    ("PRIMARY KEY", "add-primary-key"),
    ("EXCLUDE", "add-exclude"),
    ("INDEX", "create-index"),
    ("KEY", "create-index"),
)


def _addition(words: Words, whole: Change) -> Change:
    name = words.name() if words.take("CONSTRAINT") else ""
    if words.take_any("FULLTEXT", "SPATIAL"):
        words.take_any("INDEX", "KEY")
        return replace(whole, kind="create-index", traits=whole.traits | {"fulltext"})
    for word, kind in _CONSTRAINTS:
        if words.take(*word.split()):
            rest = words.rest
            said = [token.text.upper() for token in rest]
            traits = set(whole.traits)
            if said[-2:] == ["NOT", "VALID"] or said[-1:] == ["NOT VALID"]:
                traits.add("not-valid")
            if said[:2] == ["USING", "INDEX"]:
                traits.add("using-index")
            condition = " ".join(said) if kind == "add-check" else ""
            return replace(whole, kind=kind, name=name, condition=condition,
                         traits=frozenset(traits))  # fmt: skip
    if name or words.peek() in ("PARTITION", "(", "NOT", "TABLE"):
        return whole
    words.take("COLUMN")
    words.take("IF", "NOT", "EXISTS")
    return whole if words.peek() == "(" else _column(words, whole, "add-column")


def _column(words: Words, whole: Change, kind: Kind) -> Change:
    name = words.name()
    if not words.rest:
        return whole  # still being typed
    traits = set(whole.traits)
    if _SERIAL.fullmatch(words.peek()):
        traits |= {"default", "serial"}
    default, place = "", None
    depth = 0
    while words.at < len(words.tokens):
        if depth == 0 and words.take("NOT", "NULL"):
            traits.add("not-null")
        elif depth == 0 and words.take("DEFAULT"):
            first = words.tokens[words.at - 1]
            default = _default(words)
            place = whole.query and whole.query.host(
                first.start, words.tokens[words.at - 1].end + 1
            )
            if default.upper() != "NULL":
                traits.add("default")
        elif depth == 0 and words.take("PRIMARY", "KEY"):
            traits |= {"primary-key", "not-null"}
        elif depth == 0 and words.take("GENERATED"):
            traits.add("generated")
        elif depth == 0 and words.peek() in (
            "IDENTITY", "STORED", "UNIQUE", "REFERENCES", "AUTO_INCREMENT", "VIRTUAL", "AS",
        ):  # fmt: skip
            traits.add(words.peek().lower().replace("_", "-"))
            words.at += 1
        else:
            depth += {"(": 1, ")": -1}.get(words.peek(), 0)
            words.at += 1
    if traits & {"identity", "auto-increment"}:
        traits.add("default")
    return replace(whole, kind=kind, column=name, default=default, place=place,
                   traits=frozenset(traits))  # fmt: skip


def _default(words: Words) -> str:
    """The text of a default, up to what follows it."""
    taken: list[str] = []
    depth = 0
    while words.at < len(words.tokens):
        token = words.tokens[words.at]
        word = words.peek()
        if depth == 0 and taken and word in _AFTER_DEFAULT:
            break
        depth += {"(": 1, ")": -1}.get(word, 0)
        taken.append(f"'{token.text}'" if token.token_type == TokenType.STRING else token.text)
        words.at += 1
    return " ".join(taken)
