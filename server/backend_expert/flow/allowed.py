"""Replacements that leave only harmless characters of a text: `re.sub("[^a-z0-9]", "-", name)`."""

import re

from backend_expert.facts.code import Call, Opaque
from backend_expert.flow.value import Value
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

# A set of all but letters, digits and a few characters that no sink takes for its own.
_OTHERS = pattern(
    r"\[\^((?:\\[wd]|[a-z](?:-[a-z])?|[A-Z](?:-[A-Z])?|\d(?:-\d)?|[_ .]|\\[-.]|-(?=\]))+)\][+*]?"
)
_HARMLESS = pattern(r"[\w -]*")
REPLACES = frozenset(("sub", "replace", "replaceAll"))
# Where dots and spaces do no harm; in a path two dots lead upwards, a shell ends words at a space.
_PLAIN = ("html", "sql", "url")


def harmless_after(
    call: Call, meanings: tuple[Meaning, ...], values: list[Value], source: str
) -> tuple[str, ...]:
    """The sinks (`any` for all) for which nothing that is left of the text can do harm.

    `source` is the text of the item that the call stands in.
    """
    instead = values[1].text if len(values) > 1 else None
    if instead is None or not _HARMLESS.fullmatch(instead):
        return ()
    is_pattern = any(meaning.has("replaces") for meaning in meanings)
    pattern = values[0].text if is_pattern else _everywhere(call, source)
    known = _OTHERS.fullmatch(pattern or "")
    if known is None:
        return ()
    return _PLAIN if re.search("[ .]", known[1]) else ("any",)


def _everywhere(call: Call, source: str) -> str:
    """The pattern of a literal `/…/g`, which stands for each place where it is found."""
    node = call.arguments[0].value
    if not isinstance(node, Opaque) or node.kind != "regex" or not node.parts:
        return ""
    pattern = node.parts[0]
    flags = source[pattern.span.end + 1 : node.span.end]
    return source[pattern.span.start : pattern.span.end] if "g" in flags else ""
