"""What grammatical place a slot stands in, told from the words around it.

A guess: the parser has the last word (see `read`), this only decides what is tried first.
"""

import re

from backend_expert.facts.query import Position
from backend_expert.languages.sql.lexing import HOLE, words
from backend_expert.languages.sql.slots import Mark

# A way to fill a slot: the position it means, and the word to put there ({} is its number).
Filling = tuple[Position, str]

VALUE: Filling = ("value", ":p{}")
NAME: Filling = ("identifier", "hole_{}")
GONE: Filling = ("keyword", "")
OPERATOR: Filling = ("keyword", "=")
CLAUSE: Filling = ("fragment", "")
CONDITION: Filling = ("fragment", "hole_{}")
SUBQUERY: Filling = ("fragment", "SELECT 1 AS hole_{}")
ASSIGNMENT: Filling = ("fragment", "hole_{} = 1")
COLUMNS: Filling = ("fragment", "hole_{} INT")
FILLINGS = (NAME, VALUE, CLAUSE, OPERATOR, SUBQUERY, ASSIGNMENT, COLUMNS)

_BEFORE = re.compile(r"(\w+|[^\w\s])\s*$")
_AFTER = re.compile(r"\s*(\w+|::|->|[^\w\s])")
_NAMED = words(
    "FROM JOIN INTO UPDATE TABLE ONLY INDEX VIEW AS COLUMN CONSTRAINT REFERENCES EXISTS DATABASE "
    "SCHEMA TRUNCATE SEQUENCE TYPE CONCURRENTLY LISTEN NOTIFY DESCRIBE COLLATE USING BY"
)
_BETWEEN = re.compile(r"\bBETWEEN\s+\S+\s+AND\s*$", re.IGNORECASE)
_CONDITIONS = words("WHERE AND OR ON HAVING NOT WHEN")
_CLAUSES = re.compile(
    r"\b(SELECT|FROM|WHERE|GROUP\s+BY|ORDER\s+BY|HAVING|LIMIT|OFFSET|SET|VALUES|INTO|ON|JOIN"
    r"|RETURNING|IN|TABLE)\b|[()]",
    re.IGNORECASE,
)
_COMPARES = words("= < > ! ~ + - * / | :: -> IN IS LIKE ILIKE BETWEEN NOT")
_VALUED = words(
    "LIKE ILIKE LIMIT OFFSET IN BETWEEN THEN ELSE VALUES RETURN DEFAULT INTERVAL ANY CASE IS TO "
    "REGEXP RLIKE GLOB MATCH ESCAPE TOP FETCH FIRST NEXT"
)


def standing(raw: str, mark: Mark) -> Filling:
    """The likeliest way to fill `mark`."""
    if mark.quote:
        return _QUOTED[mark.quote]
    before, after = raw[: mark.start], raw[mark.end : mark.end + 60]
    left, right = _BEFORE.search(before[-60:]), _AFTER.match(after)
    last = left[1].upper() if left else ""
    following = right[1].upper() if right else ""
    if mark.style == "??":
        return NAME
    if mark.style not in ("", "{}"):
        is_name = last in _NAMED - {"BY", "EXISTS"} or _is_glued(before, after)
        return NAME if is_name and mark.style.startswith(("%", ":")) else VALUE
    if _is_glued(before, after) or last == "." or following == ".":
        return NAME
    return _of_hole(before, last, following)


def _is_glued(before: str, after: str) -> bool:
    return before[-1:].isalnum() or before[-1:] == "_" or after[:1].isalnum() or after[:1] == "_"


def _of_hole(before: str, last: str, following: str) -> Filling:
    clause = _clause(before)
    if last == "AND" and _BETWEEN.search(before[-80:]):
        return VALUE
    if last in _CONDITIONS:
        return NAME if following in _COMPARES else CONDITION
    if last == "SET":
        return NAME if following == "=" else ASSIGNMENT
    if last in ("SELECT", "DISTINCT", "ALL"):
        return NAME if following in ("", "FROM", ",", "AS", "(", ")") else GONE
    if last in _NAMED or following == "(":
        return NAME
    if last == "(":
        return _in_bracket(before, clause)
    if last == ",":
        is_list = clause in ("SELECT", "ORDER", "GROUP", "RETURNING", "INTO", "FROM")
        return NAME if is_list or (clause == "SET" and following == "=") else VALUE
    if last in _VALUED or last in _COMPARES or last in ("[", "%"):
        return VALUE
    return _after_operand(clause, following)


def _in_bracket(before: str, clause: str) -> Filling:
    """What stands first in brackets: a sub-query, the names of columns, values."""
    outer = _BEFORE.search(before.rstrip()[:-1])
    word = outer[1].upper() if outer else ""
    if clause == "TABLE":
        return COLUMNS
    if not clause and word in ("FROM", "JOIN", "AS", "EXISTS", ",", "UNION"):
        return SUBQUERY
    return NAME if clause in ("INTO", "ON") and word not in _VALUED else VALUE


def _after_operand(clause: str, following: str) -> Filling:
    """What stands where an expression, a table or a whole clause is complete."""
    if clause == "ORDER" and following not in (HOLE, "'"):
        return GONE
    if following in ("JOIN", "OUTER"):
        return GONE
    is_compared = clause in ("WHERE", "ON", "HAVING") and re.match(r"[\d':$%?\0]", following)
    return OPERATOR if is_compared else CLAUSE


def _clause(before: str) -> str:
    """The first word of the clause that the end of `before` is in, at its level of brackets."""
    open_clauses, clause = list[str](), ""
    for found in _CLAUSES.finditer(before):
        if found[0] == "(":
            open_clauses.append(clause)
            clause = clause if clause in ("INTO", "VALUES", "IN", "TABLE") else ""
        elif found[0] == ")":
            clause = open_clauses.pop() if open_clauses else ""
        else:
            clause = found[0].split()[0].upper()
    return clause


_QUOTED: dict[str, Filling] = {"'": ("value", "hole_{}"), '"': NAME, "-": ("unknown", "hole_{}")}
