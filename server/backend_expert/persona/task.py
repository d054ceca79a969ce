"""Tasks: what the expert can be asked, one Markdown file each; a new file is a new ability."""

import logging
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "tasks"


OfferedOn = Literal["selection", "function", "finding", "query", "remote", "migration", "words"]


class TaskError(ValueError):
    """A task file is wrong; the message names the file and what it lacks or has too much."""


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head of a task file, and its prompt.

    offered_on: where the light bulb offers it: on any code, a function, a finding, a query, a call
    that leaves the process, in a migration; on words never, since it needs the person's own.
    context: the builders whose sections it is shown, by module name in `persona/context`, most
    important first. answer: Markdown, or edits that are proved before anyone sees them. mends: the
    edits must mend the finding that was asked about.
    """

    title: str
    offered_on: OfferedOn
    kind: str
    answer: Literal["markdown", "edits"]
    context: tuple[str, ...]
    max_tokens: int
    mends: bool = False
    id: str = ""
    prompt: str = ""


@cache
def tasks() -> dict[str, Task]:
    """All tasks by id (the file's name). A file that is no task is logged and left out."""
    found: dict[str, Task] = {}
    for path in sorted(FOLDER.glob("*.md")):
        try:
            found[path.stem] = read(path)
        except TaskError as error:
            log.error("a task is left out: %s", error)
    return found


def read(path: Path) -> Task:
    """One task file.

    Raises:
        TaskError: it has no head, or the head is not what a task's must be.
    """
    _, mark, rest = path.read_text("utf-8").partition("+++\n")
    head, second, prompt = rest.partition("\n+++\n")
    if not mark or not second:
        raise TaskError(f"{path.name}: a task begins with a head between two lines of +++")
    try:
        task = msgspec.convert(tomllib.loads("\n" + head), Task)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TaskError(f"{path.name}: {error}") from error
    return msgspec.structs.replace(task, id=path.stem, prompt=prompt.strip())
