"""Small matters of English: plurals, lists, numbers, and table names as nouns."""

import re
from collections.abc import Iterable, Sequence

_SAME = frozenset(("data", "media", "news", "series", "metadata", "history", "staff", "stock"))
_IRREGULAR = {"person": "people", "child": "children", "man": "men", "woman": "women"}
_PEOPLE = {many: one for one, many in _IRREGULAR.items()}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def code(text: str) -> str:
    """`text` as code of Markdown, on one line."""
    text = " ".join(text.split())
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def listed(items: Sequence[str], joint: str = "and", most: int = 6) -> str:
    """a, b and c; of many only the first, and how many more there are."""
    shown = list(items)
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(shown) - most + 1} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """One row, three rows, 20 rows."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {one if number == 1 else many or plural(one)}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th …"""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{('th', 'st', 'nd', 'rd', *('th',) * 6)[number % 10]}"


def sentence(text: str) -> str:
    """`text` with a capital and a full stop."""
    text = re.sub(r" {2,}", " ", text).strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def spoken(name: str) -> str:
    """A table's or column's name as one says it: `order_items` is "order items"."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = re.sub(r"[_\s]+", " ", re.sub(r"^(?:tbl|tb|t)_(?=\w)", "", name)).strip()
    return words.lower()


def plural(noun: str) -> str:
    """More than one of a noun that may be plural already."""
    head, _, last = noun.rpartition(" ")
    return f"{head} {_plural(last)}".strip()


def singular(noun: str) -> str:
    """One of a noun that may be plural."""
    head, _, last = noun.rpartition(" ")
    return f"{head} {_singular(last)}".strip()


def article(noun: str) -> str:
    """The noun with "a" or "an"."""
    if noun.startswith("row of"):
        return f"a {noun}"
    is_vowel = noun[:1] in "aeio" or (noun[:1] == "u" and not re.match(r"u(?:s|ni)", noun))
    return f"{'an' if is_vowel else 'a'} {noun}"


def joined(parts: Iterable[str]) -> str:
    """The parts that say something, with blanks between."""
    return " ".join(part for part in parts if part)


def _plural(word: str) -> str:
    if word in _SAME or word in _PEOPLE or _singular(word) != word:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(?:s|x|z|ch|sh)$", word) else f"{word}s"


def _singular(word: str) -> str:
    if word in _SAME:
        return word
    if word in _PEOPLE:
        return _PEOPLE[word]
    if re.search(r"[^aeiou]ies$", word) and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(?:ss|sh|ch|x|us|z)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^sui]s$", word) else word
