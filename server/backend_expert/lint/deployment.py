"""What is for a developer's own machine, and never reaches production."""

import re
from functools import lru_cache

from backend_expert.facts.code import Branch, Choice, Node
from backend_expert.lint.context import Context
from backend_expert.lint.sensitive import words
from backend_expert.text.pattern import pattern

_DEVELOPMENT = pattern(
    r"(^|[/._-])(dev|develop|development|local|localhost|test|tests|testing|example|sample|demo"
    r"|mock|mocks|fixture|fixtures|seed|seeds|ci|docs|stories)([._-][^/]*)?$"
    r"|^extras?/|(^|/)((dev|test|local)[-_]?(env|project|site|stack)|dev|development|local|testing|mocks?|fixtures?|seeds?|docs"
    r"|stories)/",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_for_development(path: str) -> bool:
    """Whether a path says that the file is for development, tests or a demonstration."""
    return bool(_DEVELOPMENT.search(path))


_SWITCHES = frozenset(
    ("debug", "dev", "development", "local", "localhost", "production", "prod", "env")
) | frozenset(
    (
        "environment",
        "test",
        "testing",
        "insecure",
        "unsafe",
        "selfsigned",
        "verify",
        "trust",
        "skip",
        "signed",
    )
)


def is_behind_switch(node: Node, ctx: Context) -> bool:
    """Whether code runs only when a test of the environment, or a switch of its own, says so."""
    below = node
    for above in ctx.ancestors(node):
        if isinstance(above, Branch | Choice) and below is not above.test:
            spelt = words(ctx.source(above.test))
            if not _SWITCHES.isdisjoint(spelt):
                return True
        below = above
    return False
