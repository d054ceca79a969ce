"""The letter: a brief as it is sent to a model, what is the same each time first."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from backend_expert.persona.brief import Brief, Section
from backend_expert.persona.outgoing import Block, Outgoing, Turn

_MANNER = Path(__file__).parent / "manner.md"
_TAG = "section"


def letter(brief: Brief, workspace: str) -> Outgoing:
    """The first request of a conversation: character and manner, sections, then the task.

    The seams stand where a later request can still be the same up to there: after the character,
    which is the same for all, and after the sections that speak of the project and not the place.
    """
    stable = [_block(section) for section in brief.sections if section.is_stable]
    if stable:
        stable[-1] = _marked(stable[-1])
    sections = [_block(section) for section in brief.sections if not section.is_stable]
    asked = Turn("user", (*stable, *sections, Block(_task(brief), is_seam=True)))
    return Outgoing(
        brief.task.id,
        workspace,
        (Block(f"{brief.character.text}\n\n{manner()}", is_seam=True),),
        (asked,),
        brief.task.max_tokens,
        wants_edits=brief.task.answer == "edits",
    )


def followed(sent: Outgoing, answer: str, words: str) -> Outgoing:
    """The next request of a conversation: all that was said, and the new words.

    There may be four marks: of the seams at the ends of turns the last two stay. All that stands
    before the new words is the same to the byte.
    """
    *early, last = sent.turns
    said = Turn("assistant", (Block(answer.strip() or "(no answer)"),))
    asked = Turn("user", (Block(words, is_seam=True),))
    turns = (*(_unmarked(turn) for turn in early), last, said, asked)
    return Outgoing(
        sent.task, sent.workspace, sent.system, turns, sent.max_tokens, sent.wants_edits
    )


def repair(reasons: Sequence[str]) -> str:
    """What a model is told of edits that did not hold."""
    listed = "\n".join(f"- {reason}" for reason in reasons)
    return (
        "Your edits were applied in memory, parsed and checked. They did not hold:\n\n"
        f"{listed}\n\n"
        "Propose the whole set of edits once more so that none of these is true any longer. "
        "Say in one or two sentences what you changed in the proposal, nothing else."
    )


@cache
def manner() -> str:
    """How an answer is given, whatever the task: it stands beneath every character."""
    return _MANNER.read_text("utf-8").strip()


def _block(section: Section) -> Block:
    """A section as quoted data, in tags that its text cannot close."""
    tag = _TAG
    title = " ".join(section.title.split()).replace('"', "'")
    while re.search(rf"<\s*/\s*{tag}(?![\w-])", f"{title}\n{section.text}", re.IGNORECASE):
        tag += "-x"
    text = f'<{tag} title="{title}">\n{section.text}\n</{tag}>'
    return Block(text, section.path, section.title, section.is_needed)


def _marked(block: Block) -> Block:
    return Block(block.text, block.path, block.title, block.is_needed, is_seam=True)


def _unmarked(turn: Turn) -> Turn:
    """A turn without the mark at its end."""
    last = turn.blocks[-1]
    plain = Block(last.text, last.path, last.title, last.is_needed)
    return Turn(turn.role, (*turn.blocks[:-1], plain))


def _task(brief: Brief) -> str:
    """The task itself: what is wanted, what was left out, and the person's own words."""
    parts = [f"# {brief.task.title}", brief.task.prompt]
    if brief.dropped:
        parts.append(f"Left out for want of room: {', '.join(brief.dropped)}.")
    if brief.words:
        parts.append(f"The person who asks says:\n\n{brief.words}")
    return "\n\n".join(parts)
