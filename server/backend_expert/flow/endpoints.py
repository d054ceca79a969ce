"""The endpoints of a file."""

from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.file import FileFlow


def endpoints_of(flow: FileFlow) -> tuple[Endpoint, ...]:
    """Every endpoint that the file registers."""
    return ()
