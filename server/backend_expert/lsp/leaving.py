"""The end of a session, whatever it was served on."""

from backend_expert.lsp.door import Door


async def left(door: Door) -> int:
    """Waits until the session is closed, and ends what is still under way; the exit code.

    Calls that the client will not answer, tasks, and answers of a model with their connection.
    """
    code = await door.closed
    door.calls.give_up()
    door.tasks.cancel_all()
    await door.asking.close()
    return code
