"""Suppression comments: ours, and those of other linters for the rules that know their ids.

`# backend-expert: ignore[security/sql-injection] reason` silences that rule on its own line, or
on the next line of code when it stands alone. Several ids are separated by commas. A comment
without ids silences nothing: what is silenced must be named.
"""

import re

import msgspec

from backend_expert.facts.item import Comment
from backend_expert.lint.rule import Rule
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_OURS = pattern(r"backend-expert:\s*ignore\[([^\]]*)\]\s*(.*)", re.DOTALL)
_NOQA = pattern(r"\bnoqa(?::\s*([A-Z][A-Z0-9]*\d+(?:[,\s]+[A-Z]+\d+)*))?", re.IGNORECASE)
_NOSEC = pattern(r"\bnosec\b(?::?\s*((?:B\d+|[a-z_]+)(?:[,\s]+(?:B\d+))*))?")
_ESLINT = pattern(r"eslint-disable(?:-next-line|-line)?\s+([^-]*)")


class Suppression(msgspec.Struct, frozen=True, gc=False):
    """One comment that silences.

    line: its line in the item; alone: whether it stands alone there, and so speaks of the next
    line; ids: rule ids, or peers' codes, or `*` (a peer's comment without codes); reason: what is
    said after ours; span: the comment; is_ours: whether it is in our form.
    """

    line: int
    alone: bool
    ids: tuple[str, ...]
    span: Span
    reason: str = ""
    is_ours: bool = False

    def silences(self, rule: Rule) -> bool:
        """Whether the comment names this rule, in its own words or a peer's."""
        if self.is_ours:
            return rule.id in self.ids or any(old in self.ids for old in rule.formerly)
        if not rule.peers:
            return False
        return "*" in self.ids or any(peer in self.ids for peer in rule.peers)


def read(comment: Comment, line: int, alone: bool) -> Suppression | None:
    """The suppression that a comment is, if it is one."""
    ours = _OURS.search(comment.text)
    if ours:
        ids = tuple(word.strip() for word in ours[1].split(",") if word.strip())
        return Suppression(line, alone, ids, comment.span, ours[2].strip(), is_ours=True)
    for form, marker in ((_NOQA, "noqa"), (_NOSEC, "nosec"), (_ESLINT, "eslint-disable")):
        if marker not in comment.text:
            continue
        found = form.search(comment.text)
        if found:
            words = re.split(r"[,\s]+", found[1].strip()) if found[1] else ["*"]
            follows = marker == "eslint-disable" and "next-line" in comment.text
            return Suppression(line, alone or follows, tuple(words), comment.span)
    return None
