"""Commands: asking the expert, and making the edits of an action."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from backend_expert.lsp.commands import COMMANDS

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


async def handle(ls: "ExpertServer", params: types.ExecuteCommandParams) -> Any:
    name = COMMANDS.get(params.command)
    if name is None:
        raise JsonRpcInvalidParams(f"There is no command {params.command}.")
    command = import_module(f"backend_expert.lsp.commands.{name}")
    try:
        return await command.handle(ls.door, params.arguments, params.work_done_token)
    except ValueError as error:
        raise JsonRpcInvalidParams(f"{params.command}: {error}") from error
