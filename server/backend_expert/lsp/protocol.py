"""pygls's protocol, its answers sent through the door, its executeCommand cancellable."""

from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol

from backend_expert.lsp.wire import Raw, encode, failure, response

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend_expert.lsp.door import Door
    from backend_expert.lsp.server import ExpertServer


class ExpertProtocol(LanguageServerProtocol):
    """Dispatch and cancelling are pygls's; what goes out is ours."""

    def serve(self, method: str, handler: "Callable[..., Any]") -> None:
        """Has `handler` answer a method.

        It takes a builtin's place where there is one: pygls's own executeCommand runs its handler
        apart from the request, so that cancelling the request does not stop it.
        """
        cast(Any, self.fm).add_builtin_feature(method, handler)

    def cancel(self, name: str | int) -> None:
        """Cancels a request that is still under way."""
        if name in self._request_futures:
            self._handle_cancel_notification(name)

    def _send_response(
        self, msg_id: str | int, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        if error is not None:
            data = self._plain(error.data)
            body = failure(msg_id, error.code, error.message, data)
        else:
            self._result_types.pop(msg_id, None)
            body = response(msg_id, result if isinstance(result, Raw) else self._plain(result))
        self._door.send(body)

    def _send_data(self, data: Any) -> None:
        self._door.send(encode(self._plain(data)))

    @property
    def _door(self) -> "Door":
        return cast("ExpertServer", self._server).door

    def _plain(self, value: Any) -> Any:
        return self._converter.unstructure(value)
