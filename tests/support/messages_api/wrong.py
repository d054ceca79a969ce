"""A request that is refused: the status, the error's type, and the sentence."""


class Wrong(Exception):
    """Raised by the checks, answered by the server."""

    def __init__(self, status: int, type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message


def wants(holds: bool, where: str, message: str) -> None:
    """Refuses the request with a 400 that names the field when something does not hold.

    Raises:
        Wrong: it does not hold.
    """
    if not holds:
        raise Wrong(400, "invalid_request_error", f"{where}: {message}" if where else message)
