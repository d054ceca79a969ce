"""Which files are for a developer's own machine, and never reach production."""

import re
from functools import lru_cache

_DEVELOPMENT = re.compile(
    r"(^|[/._-])(dev|develop|development|local|localhost|test|tests|testing|example|sample|demo"
    r"|mock|mocks|fixture|fixtures|seed|seeds|ci|docs|stories)([._-][^/]*)?$"
    r"|(^|/)(dev|development|local|testing|mocks?|fixtures?|seeds?|docs|stories)/",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_for_development(path: str) -> bool:
    """Whether a path says that the file is for development, tests or a demonstration."""
    return bool(_DEVELOPMENT.search(path))
