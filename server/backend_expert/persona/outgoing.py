"""What is sent to a model: plain text in blocks, before the gate has looked at it and after."""

from typing import Literal

import msgspec


class Block(msgspec.Struct, frozen=True):
    """A piece of a message.

    path: the absolute path of the file that the text is from; empty when it is from none. The gate
    takes out blocks of files that may not leave, and refuses the whole where one `is_needed`.
    title: what the person is told of a block that was taken out. is_seam: all up to here is the
    same in the next request, so the model's cache is marked after this block.
    """

    text: str
    path: str = ""
    title: str = ""
    is_needed: bool = False
    is_seam: bool = False


class Turn(msgspec.Struct, frozen=True):
    """What one side said. A conversation begins with the user's turn and ends with one."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


class Outgoing(msgspec.Struct, frozen=True):
    """A request to a model.

    task: the task's id. workspace: the folder that the code is in, absolute; empty for none.
    wants_edits: the model is given the tool to propose edits with. max_tokens: of the answer.
    """

    task: str
    workspace: str
    system: tuple[Block, ...]
    turns: tuple[Turn, ...]
    max_tokens: int
    wants_edits: bool = False
