"""The pygls server: typed features behind the door, which hands it whole messages.

It has no transport of its own; `protocol` sends through the door.
"""

import inspect
import logging
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from backend_expert import __version__
from backend_expert.lsp.lean import import_lsprotocol

import_lsprotocol()  # before pygls, which imports it too

from pygls.exceptions import FeatureRequestError, JsonRpcException  # noqa: E402
from pygls.lsp.server import LanguageServer  # noqa: E402
from pygls.protocol.json_rpc import RPCMessage  # noqa: E402

from backend_expert.lsp.capabilities import Client  # noqa: E402
from backend_expert.lsp.features import FEATURES  # noqa: E402
from backend_expert.lsp.protocol import ExpertProtocol  # noqa: E402
from backend_expert.lsp.wire import failure  # noqa: E402
from backend_expert.workspace.documents import Snapshot  # noqa: E402

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


class ExpertServer(LanguageServer):
    """What features get as `ls`."""

    def __init__(self, door: "Door") -> None:
        self.door = door
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "backend-expert", __version__, protocol_cls=ExpertProtocol
        )

    @property
    def expert_protocol(self) -> ExpertProtocol:
        """The protocol, by its own type."""
        return cast(ExpertProtocol, self.protocol)

    def snapshot(self) -> Snapshot:
        """What a request may look at; take it on the first line."""
        return self.door.snapshot()

    @property
    def client(self) -> Client:
        """What the client can do."""
        return self.door.client

    def receive(self, message: dict[str, Any]) -> None:
        """Handles a message that the door hands in."""
        try:
            typed = cast(RPCMessage, self.protocol.structure_message(message))
        except JsonRpcException as error:
            if "id" in message:
                why = f"{message.get('method')}: the parameters are not what the protocol says."
                self.door.send(failure(message["id"], error.code, why))
            return
        self.protocol.handle_message(typed)

    def cancel(self, name: str | int) -> None:
        """Cancels a request under way; one that is done is passed over in silence."""
        self.expert_protocol.cancel(name)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Nothing more to tell of a request: the answer carries it, `bound` has logged it."""
        if source is not FeatureRequestError:
            self.door.failed(getattr(source, "__name__", str(source)), error)


def build_server(door: "Door") -> ExpertServer:
    """A server with all features of the closed table."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # the door tells what went wrong
    server = ExpertServer(door)
    for method, name in FEATURES.items():
        handle: Callable[..., Any] = import_module(f"backend_expert.lsp.features.{name}").handle
        server.expert_protocol.serve(method, bound(method, handle, server))
    return server


def bound(method: str, handle: Callable[..., Any], server: ExpertServer) -> Callable[[Any], Any]:
    """`handle` for one server, its failures told by the method's name; `async` stays `async`."""
    if inspect.iscoroutinefunction(handle):

        async def awaited(params: Any) -> Any:
            try:
                return await handle(server, params)
            except JsonRpcException:
                raise
            except Exception as error:
                server.door.failed(method, error)
                raise

        return awaited

    def at_once(params: Any) -> Any:
        try:
            return handle(server, params)
        except JsonRpcException:
            raise
        except Exception as error:
            server.door.failed(method, error)
            raise

    return at_once
