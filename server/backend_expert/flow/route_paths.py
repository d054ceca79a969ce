"""Paths of endpoints, written alike whatever the framework's notation."""

import re

from backend_expert.text.pattern import pattern

# `{id}`, `{id:int}`, `<int:id>`, `<id>`, `:id`, `:id(\\d+)`, `(?P<id>…)`
_PARAMETER = pattern(
    r"\{(\w+)(?::(\w+))?\}"
    r"|<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>"
    r"|:(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?[?*+]?"
    r"|\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)"
)


def parameters_of(path: str) -> tuple[str, ...]:
    """The parameters in a path of any framework's notation.

    `id`, or with what restricts it: `id:int`, `id:\\d+`.
    """
    found: list[str] = []
    for match in _PARAMETER.finditer(path):
        brace, kind, converter, angle, colon, limit, group, pattern = match.groups()
        kind = kind or converter or limit or pattern
        name = brace or angle or colon or group
        found.append(f"{name}:{kind}" if kind else name)
    return tuple(found)


def neutral(path: str) -> str:
    """A path with every parameter as `{name}`, and a slash in front."""

    def braced(match: re.Match[str]) -> str:
        brace, _, _, angle, colon, _, group, _ = match.groups()
        return "{" + (brace or angle or colon or group) + "}"

    plain = _PARAMETER.sub(braced, path.lstrip("^").rstrip("$"))
    return plain if not plain or plain[0] in "/*" else "/" + plain
