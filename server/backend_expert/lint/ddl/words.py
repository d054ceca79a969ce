"""The tokens of a statement, with a place to read on from."""

from collections.abc import Sequence

from sqlglot.tokenizer_core import Token, TokenType

_QUOTED = (TokenType.IDENTIFIER, TokenType.STRING)


class Words:
    """Tokens that are stepped over one after the other."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = [token for token in tokens if token.token_type != TokenType.SEMICOLON]
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """A word that follows, in capitals; quoted names and strings are empty words."""
        at = self.at + ahead
        if at >= len(self.tokens) or self.tokens[at].token_type in _QUOTED:
            return ""
        return self.tokens[at].text.upper()

    def take(self, *words: str) -> bool:
        """Steps over the words if they come next; some are one token with two words."""
        seen = ""
        wanted = " ".join(words)
        ahead = 0
        while len(seen) < len(wanted):
            word = self.peek(ahead)
            if not word:
                return False
            seen = f"{seen} {word}".strip()
            ahead += 1
        if seen != wanted:
            return False
        self.at += ahead
        return True

    def take_any(self, *words: str) -> bool:
        """Steps over one of the words if it comes next."""
        return any(self.take(*word.split()) for word in words)

    def name(self) -> str:
        """The last part of the dotted name that comes next, in lower case."""
        found = ""
        while self.at < len(self.tokens):
            found = self.tokens[self.at].text.lower()
            self.at += 1
            if self.peek() != ".":
                break
            self.at += 1
        return found

    @property
    def rest(self) -> list[Token]:
        """What is left."""
        return self.tokens[self.at :]
