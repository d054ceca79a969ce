"""Commands: asking the expert, and making the edits of an action."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from backend_expert.ide.actions import resolve
from backend_expert.lsp import asking
from backend_expert.lsp.apply import apply

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


async def handle(ls: "ExpertServer", params: types.ExecuteCommandParams) -> Any:
    command = COMMANDS.get(params.command)
    if command is None:
        raise JsonRpcInvalidParams(f"There is no command {params.command}.")
    return await command(ls, params)


async def ask(ls: "ExpertServer", params: types.ExecuteCommandParams) -> Any:
    """`backendExpert.ask` with one object: `uri`, `task`, and maybe `range` and `words`."""
    try:
        request = asking.request_of(ls.door, params.arguments)
    except ValueError as error:
        raise JsonRpcInvalidParams(f"backendExpert.ask: {error}") from error
    return await asking.ask(ls.door, request, params.work_done_token)


async def apply_action(ls: "ExpertServer", params: types.ExecuteCommandParams) -> Any:
    """`backendExpert.applyAction` with an action's id and title: for clients without literals."""
    match params.arguments:
        case [str(name), str(title)]:
            return await apply(ls.door, resolve(ls.snapshot(), name), title, confirm=False)
        case _:
            raise JsonRpcInvalidParams("backendExpert.applyAction wants an id and a title.")


Command = Callable[["ExpertServer", types.ExecuteCommandParams], Awaitable[Any]]
COMMANDS: dict[str, Command] = {
    "backendExpert.ask": ask,
    "backendExpert.applyAction": apply_action,
}
