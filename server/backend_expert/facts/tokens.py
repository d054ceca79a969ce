"""The tokens of a statement, for what its tree does not say."""

from collections.abc import Iterator
from functools import lru_cache

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token


@lru_cache(maxsize=128)
def tokens_of(text: str, dialect: str) -> list[Token]:
    """The tokens of `text`; empty when even those cannot be told."""
    try:
        return Dialect.get_or_raise(dialect).tokenize(text)
    except (SqlglotError, RecursionError):
        return []


def places_of(words: str, tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Where the words stand in a row; a token may hold several of them (ORDER BY is one)."""
    wanted = words.upper().split()
    for at in range(len(tokens)):
        seen: list[str] = []
        for token in tokens[at : at + len(wanted)]:
            seen += token.text.upper().split()
            if seen == wanted:
                yield tokens[at].start, token.end + 1
            if seen != wanted[: len(seen)]:
                break
