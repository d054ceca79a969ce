"""The brief: all that the expert is given for one answer, stable text first."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import cast

import msgspec

from backend_expert.persona.character import Character, read
from backend_expert.persona.place import Place
from backend_expert.persona.task import Task

BUDGET = 60_000  # characters of sections; about 15,000 tokens


class Section(msgspec.Struct, frozen=True):
    """Something that the expert is shown.

    `is_stable` texts come first, for the model's cache. path: the file that the text is from,
    absolute (empty: from none, or worked out from many). is_needed: without it there is nothing
    to answer.
    """

    title: str
    text: str
    is_stable: bool = False
    path: str = ""
    is_needed: bool = False


class Brief(msgspec.Struct, frozen=True, eq=False):
    """Character, task, sections and question. `dropped` names the sections that did not fit."""

    character: Character
    task: Task
    place: Place
    sections: tuple[Section, ...]
    dropped: tuple[str, ...] = ()
    words: str = ""


Builder = Callable[[Place], Section | Sequence[Section] | None]


def builder(name: str) -> Builder:
    """The context builder `persona/context/<name>.py`.

    Raises:
        ModuleNotFoundError: there is none of that name.
    """
    return cast(Builder, import_module(f"backend_expert.persona.context.{name}").build)


def brief(task: Task, place: Place, words: str = "", budget: int = BUDGET) -> Brief:
    """The brief for a task at a place; whole sections are dropped to fit, the last ones first."""
    sections: list[Section] = []
    dropped: list[str] = []
    for section in _built(task, place):
        if len(section.text) > budget:
            dropped.append(section.title)
            continue
        budget -= len(section.text)
        sections.append(section)
    sections.sort(key=lambda section: not section.is_stable)
    return Brief(read(), task, place, tuple(sections), tuple(dropped), words)


def _built(task: Task, place: Place) -> Iterator[Section]:
    """The sections of a task's builders; where a builder gives several, each is of one file."""
    for name in task.context:
        built = builder(name)(place)
        if isinstance(built, Section):
            yield built
        elif built is not None:
            yield from built
