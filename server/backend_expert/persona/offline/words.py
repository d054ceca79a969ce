"""Small words: numbers with their nouns, names in a row, sentences that begin large."""

import re
from collections.abc import Iterable


def count(number: int, one: str, many: str = "") -> str:
    """`1 finding`, `3 findings`, `2 queries`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *some, final = list(words) or [""]
    return f"{', '.join(some)} {last} {final}" if some else final


def quoted(names: Iterable[str], most: int = 8) -> str:
    """Names as code, in a row; what is too many is counted."""
    known = list(dict.fromkeys(names))
    shown = [f"`{name}`" for name in known[:most]]
    if len(known) > most:
        shown.append(f"{len(known) - most} more")
    return listed(shown)


def sentence(text: str) -> str:
    """`text` with its first letter large; one that begins with code stays."""
    return text[:1].upper() + text[1:]


def callee(name: str) -> str:
    """A dotted name as one would say it: `Session.add`, `requests.get`, `HTTPException`."""
    words = name.lstrip("?@").replace("()", "").rpartition("/")[2].split(".")
    if "/" in name and len(words) > 2:
        words = words[2:]  # `../db.js.begin`
    return words[-1] if words[-1][:1].isupper() else ".".join(words[-2:])


def snake(name: str) -> str:
    """`payment_error` of `PaymentError`, `http_exception` of `HTTPException`."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return parts.rpartition(".")[2].lower()


def first_sentence(text: str) -> str:
    """The first sentence of a comment or docstring, as Markdown that is nothing but text."""
    plain = re.sub(r"^\s*\*+ ?", "", text.strip(), flags=re.MULTILINE)
    paragraph = " ".join(plain.split("\n\n", 1)[0].split())
    found = re.match(r".+?[.!?](?=\s|$)", paragraph)
    return re.sub(r"([\\<>\[\]!])", r"\\\1", found[0] if found else paragraph)[:200]
