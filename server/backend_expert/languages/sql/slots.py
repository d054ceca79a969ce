"""The places in a SQL text that are filled in later: holes, and parameters of every style."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from backend_expert.languages.sql.lexing import HOLE, QUOTED

_MARKS = (
    r"(?P<percent>%%)"
    r"|%\((?P<key>\w+)\)[a-z]"
    r"|(?P<form>%[sdifvqbt])(?!\w)"
    rf"|(?P<hole>{HOLE})"
    r"|\{(?P<field>[A-Za-z_][\w.]*|\d*)\}"
    r"|(?P<skip>::|:=|\\:)"
    r"|(?<![\w\])]):(?P<colon>[A-Za-z_]\w*|\d+\b)"
    r"|:(?P<psql>'\w+'|\"\w+\")"
    r"|(?<!\w)\$(?P<dollar>\d+)"
)
_OWN = {
    # In PostgreSQL ?| ?& and ? between operands are JSON operators, @ may be an operator too.
    "postgres": r"|\?(?P<mark>)(?![|&?])|(?P<json>\?[|&?])|(?<![\w@<])@(?P<at>[A-Za-z_]\w*)",
    # In MySQL @name is a variable of the session; mysql2 puts a name in for ??.
    "mysql": r"|(?P<named>\?\?)|\?(?P<mark>)",
    "sqlite": r"|\?(?P<mark>\d*)|(?<!\w)@(?P<at>[A-Za-z_]\w*)|(?<!\w)\$(?P<variable>[A-Za-z_]\w*)",
}
_INSIDE = re.compile(rf"(?P<hole>{HOLE})|%\((?P<key>\w+)\)s|(?<=')(?:%%)*(?P<form>%s)(?:%%)*(?=')")
_OPERAND_END = re.compile(r"""(?:[\w\])'"}]|\0)\s*$""")
_OPERAND = re.compile(r"\s*(?:['$:%\0]|ARRAY\b|\?)", re.IGNORECASE)
_STYLES = {
    "key": "%(n)s", "field": "{}", "colon": ":n", "psql": ":n", "dollar": "$1", "mark": "?",
    "named": "??", "at": "@n", "variable": "$n",
}  # fmt: skip


class Mark(msgspec.Struct, gc=False):
    """One slot in the raw text: a hole when `style` is empty, `%%` when that is its style.

    `quote` is what it stands in: `'` in a string, `"` in a quoted name, `-` in a comment.
    """

    start: int
    end: int
    style: str
    name: str = ""
    quote: str = ""


@cache
def _scan(dialect: str) -> re.Pattern[str]:
    # The lookahead keeps the long alternation away from ordinary characters.
    form = rf"(?=['\"`#%?:@$\[{{eE{HOLE}\\/-])(?:{QUOTED[dialect]}|{_MARKS}{_OWN[dialect]})"
    return re.compile(form, re.DOTALL)


def marks_in(raw: str, dialect: str) -> list[Mark]:
    """All slots of `raw`, in the order they are written."""
    return list(_marks(raw, dialect))


def _marks(raw: str, dialect: str) -> Iterator[Mark]:
    for found in _scan(dialect).finditer(raw):
        quoted = found["string"] or found["name"] or found["comment"]
        if quoted is not None:
            if HOLE in quoted or "%" in quoted:
                quote = "'" if found["string"] else '"' if found["name"] else "-"
                yield from _inside(raw, found.start(), quoted, quote)
            continue
        kind = found.lastgroup or ""
        if kind in ("skip", "json"):
            continue
        if kind == "mark" and dialect == "postgres" and _is_operator(raw, found):
            continue
        if kind == "percent":
            yield Mark(found.start(), found.end(), "%%")
        elif kind == "hole":
            yield Mark(found.start(), found.end(), "")
        elif kind == "form":
            yield Mark(found.start(), found.end(), found["form"])
        else:
            yield Mark(found.start(), found.end(), _STYLES[kind], _name(found, kind))


def _name(found: re.Match[str], kind: str) -> str:
    return "" if kind == "named" else (found[kind] or "").strip("'\"")


def _is_operator(raw: str, found: re.Match[str]) -> bool:
    """Whether a PostgreSQL `?` stands between two operands: `data ? 'key'`."""
    before = raw[max(found.start() - 30, 0) : found.start()]
    is_after = _OPERAND_END.search(before) and not re.search(
        r"\b(?:AND|OR|NOT|IN|LIKE|ILIKE|LIMIT|OFFSET|VALUES|SELECT|THEN|ELSE|WHEN|BETWEEN|INTERVAL"
        r"|WHERE|ON|SET|RETURN|BY|IS|FROM|JOIN|INTO|UPDATE|TABLE|CASE|ANY)\s*$",
        before,
        re.IGNORECASE,
    )
    return bool(is_after and _OPERAND.match(raw, found.end()))


def _inside(raw: str, start: int, quoted: str, quote: str) -> Iterator[Mark]:
    """The slots inside quotes or a comment."""
    is_pattern = re.search(r"\bI?LIKE\s*$", raw[max(start - 12, 0) : start], re.IGNORECASE)
    for found in _INSIDE.finditer(quoted):
        at = start + found.start(found.lastgroup or 0)
        if found["hole"]:
            yield Mark(at, at + 1, "", quote=quote)
        elif found["key"]:
            yield Mark(start + found.start(), start + found.end(), "%(n)s", found["key"], quote)
        elif quote != "-" and not (is_pattern and "%%" not in quoted):
            # LIKE '%s' may well mean "ends in s".
            yield Mark(at, at + 2, "%s", quote=quote)
