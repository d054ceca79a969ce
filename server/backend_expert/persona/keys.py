"""The key that a command of the user's prints."""

import asyncio
import contextlib

from backend_expert.persona.secret import Secret


class KeyCommandError(Exception):
    """The command gave no key. The message says why, without anything that it printed."""


async def key_from(command: tuple[str, ...], patience: float) -> Secret:
    """Runs a command, without a shell, and takes the key from the first line that it prints.

    Raises:
        KeyCommandError: it cannot be run, takes longer than `patience` seconds, fails, or prints
            nothing.
    """
    name = command[0]
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise KeyCommandError(f"the key command `{name}` cannot be run: {why or error}") from None
    try:
        async with asyncio.timeout(patience):
            printed, _ = await process.communicate()
    except TimeoutError:
        message = f"the key command `{name}` took longer than {patience:g} seconds"
        raise KeyCommandError(message) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise KeyCommandError(f"the key command `{name}` ended with {process.returncode}")
    lines = printed.decode("utf-8", "replace").strip().splitlines()
    if not lines:
        raise KeyCommandError(f"the key command `{name}` printed nothing")
    return Secret(lines[0].strip())
