"""Whether the host of a URL is settled before what came in begins."""

from collections.abc import Callable

from backend_expert.facts.code import Expression, Fragment
from backend_expert.flow.value import Value


def host_is_fixed(url: Value, came_in: Callable[[Expression], bool]) -> bool:
    """Whether the text before the first hole that `came_in` already holds scheme and host."""
    parts = url.parts
    if parts is None:
        return False
    before = ""
    for part in parts:
        if isinstance(part, Fragment):
            before += part.value
        elif came_in(part.value):
            break
        else:
            before += "x" if before else "host"
    scheme, _, rest = before.partition("://")
    if scheme != before and not rest:
        return False
    if not rest:
        # A leading value that is ours (a base URL) fixes the host once a slash follows it.
        return "/" in before.removeprefix("/")
    return bool(scheme) and any(mark in rest for mark in "/?#")
