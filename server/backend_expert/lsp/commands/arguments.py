"""The one argument of a command, as the shape that the list of messages says it is."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

import msgspec

from backend_expert.lsp.beyond.shapes import Shape

S = TypeVar("S", bound=Shape)


def argument(arguments: Any, shape: type[S]) -> S:
    """The argument.

    Raises:
        ValueError: it is not of that shape; the message says how.
    """
    given = cast("Sequence[Any]", arguments) if isinstance(arguments, Sequence) else ()
    if len(given) != 1:
        raise ValueError("it wants one argument")
    return msgspec.convert(given[0], shape)
