"""What the server keeps of each request: its bytes, and whether and when the client left."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Recorded:
    """One request, as it came.

    connection: the number of the TCP connection, so that reuse shows. arrived: monotonic time at
    its last byte. answered: whether the answer was sent whole. left_at: monotonic time at which
    the client was seen to close the connection before that; None when it did not.
    """

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int
    arrived: float = field(default_factory=time.monotonic)
    sent: bytes = b""
    status: int = 0
    answered: bool = False
    left_at: float | None = None
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def header(self, name: str) -> str | None:
        """A header's value; None when it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def wait(self, seconds: float = 5.0) -> "Recorded":
        """Blocks until the answer is sent or the client has left."""
        if not self.over.wait(seconds):
            raise TimeoutError(f"{self.method} {self.path} is still being answered")
        return self
