"""What in a SQL text is not code: strings, quoted names, comments, dollar-quoted bodies."""

import re

from backend_expert.languages.patterns import compiled

# In place of each hole, so that one text can be searched; no SQL contains it.
HOLE = "\0"

# Possessive quantifiers keep every one of these linear, whatever the text.
_COMMENT = r"--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"
_PLAIN = r"'(?:[^']|'')*+(?:'|\Z)"
_ESCAPING = r"'(?:[^'\\]|''|\\.)*+(?:'|\Z)"
_NAME = r'"(?:[^"]|"")*+(?:"|\Z)'
_TICKED = r"`[^`]*+(?:`|\Z)"
_DOLLAR = r"\$(?P<tag>[A-Za-z_]\w*+|)\$.*?(?:\$(?P=tag)\$|\Z)"

# Groups: `comment`, `string`, `name` (a quoted identifier).
QUOTED = {
    "postgres": rf"(?P<comment>{_COMMENT})|(?P<string>\b[eE]{_ESCAPING}|{_PLAIN}|{_DOLLAR})"
    rf"|(?P<name>{_NAME})",
    "mysql": rf"(?P<comment>{_COMMENT}|\#[^\n]*+)"
    rf'|(?P<string>{_ESCAPING}|"(?:[^"\\]|""|\\.)*+(?:"|\Z))|(?P<name>{_TICKED})',
    "sqlite": rf"(?P<comment>{_COMMENT})|(?P<string>{_PLAIN})"
    rf"|(?P<name>{_NAME}|{_TICKED}|\[[A-Za-z_][\w ]*+\])",
}
_QUOTED = {dialect: compiled(form, re.DOTALL) for dialect, form in QUOTED.items()}


def words(text: str) -> frozenset[str]:
    """The words of a list written with blanks."""
    return frozenset(text.split())


def bare(text: str, dialect: str) -> str:
    """`text` with comments gone, strings empty and quoted names as plain ones."""
    if not re.search(r"['\"`$#\[]|--|/\*", text):
        return text
    return _QUOTED[dialect].sub(_bared, text)


def _bared(found: re.Match[str]) -> str:
    if found["comment"] is not None:
        return " "
    return "''" if found["string"] is not None else '"named"'
