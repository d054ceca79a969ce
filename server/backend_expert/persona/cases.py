"""Test cases in the text of a test file, found by heads and indentation: files can be large."""

import re
from collections.abc import Iterator
from itertools import islice

from backend_expert.persona.extract import Extract

_LONGEST = 2_500  # characters
_HEAD = re.compile(
    r"^([ \t]*)(?:(?:async[ ]+)?def[ ]+(test\w*)|(?:test|it)(?:\.\w+)*\(\s*([\"'`][^\n]*))", re.M
)


def cases_in(path: str, text: str, says: re.Pattern[str], most: int) -> list[Extract]:
    """The test cases whose text has what `says` looks for, at most so many."""
    return list(islice(_cases(path, text, says), most))


def _cases(path: str, text: str, says: re.Pattern[str]) -> Iterator[Extract]:
    heads = list(_HEAD.finditer(text))
    for at, head in enumerate(heads):
        limit = heads[at + 1].start() if at + 1 < len(heads) else len(text)
        if not says.search(text, head.start(), limit):
            continue
        start = _above(text, head.start(), head[1])
        end = _end(text, head.end(), limit, head[1])
        if says.search(text, head.start(), end):
            name = head[2] or head[3].split(head[3][0])[1]
            shown = text[start:end].rstrip()
            if len(shown) > _LONGEST:
                shown = shown[: shown.rfind("\n", 0, _LONGEST)] + "\n… the rest is left out"
            yield Extract(path, text.count("\n", 0, start) + 1, name, shown)


def _above(text: str, start: int, indent: str) -> int:
    """Where the decorators above a case begin."""
    while start:
        line = text.rfind("\n", 0, start - 1) + 1
        if not text.startswith(f"{indent}@", line):
            break
        start = line
    return start


def _end(text: str, start: int, limit: int, indent: str) -> int:
    """Where a case ends: before the first line that is indented no more than its head.

    A line that only closes what the head opened belongs to the case.
    """
    at = text.find("\n", start)
    while 0 <= at < limit:
        line = at + 1
        after = text.find("\n", line)
        words = text[line : after if after >= 0 else len(text)]
        if words.strip() and len(words) - len(words.lstrip()) <= len(indent):
            return line + len(words) if words.lstrip()[0] in ")}]" else at
        at = after
    return limit
