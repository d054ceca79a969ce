"""Asking the expert: answers stream before the person's eyes, proposed edits wait for a yes."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from backend_expert.ide.kinds import wanted
from backend_expert.ide.routing import found
from backend_expert.ide.types import Action, Answered, Command, Proposal, Question, Spent
from backend_expert.lsp import consent
from backend_expert.lsp.answers import Answer, answer_for
from backend_expert.lsp.answers.client import ClientAnswer
from backend_expert.lsp.apply import Stale, confirmed, workspace_edit
from backend_expert.lsp.making import make
from backend_expert.lsp.notices import warn
from backend_expert.text.edit import apply as applied_to
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.personal import may_be_set_up

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Progress, Token
    from backend_expert.persona.conversation import Conversation
    from backend_expert.persona.expert import Expert

log = logging.getLogger(__name__)


EXPERT = "backend_expert.persona.expert"
APPLY = "refactor.rewrite.backendExpert.apply"
MOST_PENDING = 3


class Unknown(ValueError):
    """A conversation is asked for that is not known (any more)."""


class Busy(ValueError):
    """A conversation is asked on before its last answer has ended."""


class Asking:
    """The expert of one session, and the answers under way."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._expert: Expert | None = None
        self._is_loading = self._is_expecting = False
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._shown: dict[str, str] = {}  # answers under way by the URI of their document
        self._deciding = asyncio.Lock()

    @property
    def expert(self) -> "Expert":
        """The expert, who is loaded when first asked something."""
        if self._expert is None:
            kind: type[Expert] = import_module(EXPERT).Expert
            self._expert = kind.of_session(
                self._door.personal, partial(warn, self._door), self._door.completing.offered
            )
        return self._expert

    @property
    def spent(self) -> float:
        """What models have cost in this session, in USD; answers under way are not counted yet."""
        return self._expert.spent if self._expert is not None else 0.0

    @property
    def has_expert(self) -> bool:
        """Whether the expert was asked anything yet."""
        return self._expert is not None

    async def hover_words(self, snapshot: Snapshot, uri: str, offset: int) -> str:
        """What the expert says beneath a hover; empty for nothing, and where none is set up.

        Who has set up no model shall not wait until the expert is loaded; who has gets the words
        from the second hover on.
        """
        if self._expert is not None:
            return await self._expert.hover(snapshot, uri, offset)
        if not self._is_loading and may_be_set_up(self._door.personal):
            self._is_loading = True
            self._door.tasks.start(self._load())
        return ""

    def expect(self) -> None:
        """A question may come now: where a model is set up, all that it needs gets loaded."""
        if not self._is_expecting and may_be_set_up(self._door.personal):
            self._is_expecting = True
            self._door.tasks.start(self._prepare())

    async def _load(self) -> None:
        """Imports the expert beside the session's own work."""
        await asyncio.to_thread(import_module, EXPERT)
        _ = self.expert

    async def _prepare(self) -> None:
        await self._load()
        await self.expert.prepare()

    async def ask(self, question: Question, token: "Token | None" = None) -> dict[str, Any]:
        """Answers a new question."""
        snapshot = apart(self._door.snapshot(), question.uri)
        self._door.tasks.start(self.expert.prepare())
        await found(snapshot, question.uri)  # so that the answer has whole paths
        talk = self.expert.begin(snapshot, question)
        return await self._stream(talk, self.expert.answer(talk), token)

    async def follow_up(self, id: str, words: str, token: "Token | None" = None) -> dict[str, Any]:
        """Answers a further question of the same conversation."""
        talk = self.known(id)
        if id in self._running:
            raise Busy(f"the conversation {id!r} is being answered; ask again after that")
        return await self._stream(talk, self.expert.follow(talk, words), token)

    async def regenerate(self, id: str, token: "Token | None" = None) -> dict[str, Any]:
        """Answers a conversation's first question anew, as the code is now."""
        talk = self.known(id)
        return await self.ask(self.expert.again(self._door.snapshot(), talk), token)

    def known(self, id: str) -> "Conversation":
        """A conversation.

        Raises:
            Unknown: there is none of that id.
        """
        talk = self._expert.talks.get(id) if self._expert is not None else None
        if talk is None:
            raise Unknown(f"there is no conversation {id!r} any more")
        return talk

    def stop(self, id: str = "") -> int:
        """Stops an answer, or all of them; how many there were."""
        running = [task for known, task in self._running.items() if id in ("", known)]
        for task in running:
            task.cancel()
        return len(running)

    def pending(self, uri: str, kinds: tuple[str, ...]) -> list[Action]:
        """What was proposed for a file and not made yet, as entries of the light bulb."""
        if self._expert is None or not wanted(APPLY, kinds):
            return []
        talks = [talk for talk in self._expert.talks.all() if talk.proposes_for(uri)]
        return [_pending(talk) for talk in talks[:MOST_PENDING]]

    def closed(self, uri: str) -> None:
        """A document was closed: an answer that is streaming into it is wanted no more."""
        if uri in self._shown:
            self.stop(self._shown.pop(uri))

    async def close(self) -> None:
        """Ends all answers, and lets go of the connection to the model."""
        running = list(self._running.values())
        self.stop()
        await asyncio.gather(*running, return_exceptions=True)
        if self._expert is not None:
            await self._expert.close()

    async def _stream(
        self, talk: "Conversation", parts: AsyncGenerator[Answered], token: "Token | None"
    ) -> dict[str, Any]:
        door = self._door
        self._running[talk.id] = _this_task()
        try:
            async with door.tasks.progress("Backend Expert is thinking", token) as progress:
                if self.expert.wants_consent(talk):
                    async with self._deciding:  # of two questions at once, one asks the person
                        await consent.ask_once(door, self.expert, talk)
                answer = answer_for(door, talk.id, talk.title)
                door.doing.asks(talk.id, talk.title)
                applied = await self._told(talk, answer, parts, progress)
        finally:
            self._running.pop(talk.id, None)
            self.expert.finished(talk)
            door.doing.asked(talk.id)
        return {"id": talk.id, "uri": answer.uri, "text": answer.text, "applied": applied}

    async def _told(
        self,
        talk: "Conversation",
        answer: Answer,
        parts: AsyncGenerator[Answered],
        progress: "Progress",
    ) -> int:
        """Shows an answer as it comes; how many edits were made for it."""
        applied = 0
        try:
            await answer.open()
            async with aclosing(parts) as streaming:
                async for part in streaming:
                    applied += await self._take(talk, answer, part, progress)
                    if answer.uri:
                        self._shown[answer.uri] = talk.id
                    await asyncio.sleep(0)  # a keystroke, or the cancel button, may come
            await answer.finish(talk.failure)
        except BaseException as error:
            is_cancelled = isinstance(error, asyncio.CancelledError)
            answer.stop("" if is_cancelled else f"The answer failed ({type(error).__name__}).")
            raise
        finally:
            self._shown.pop(answer.uri, None)
        return applied

    async def _take(
        self, talk: "Conversation", answer: Answer, part: Answered, progress: "Progress"
    ) -> int:
        """Shows one part of an answer; how many edits were made for it."""
        if isinstance(part, Proposal):
            await answer.present()
            return await self._offer(answer, part, progress)
        if isinstance(part, Spent):
            progress.report(_spent(part))
            self._door.doing.spends(talk.id, part.cost)
            if isinstance(answer, ClientAnswer):
                answer.spent(part)
            return 0
        await answer.add(part.text)
        progress.report(f"{len(answer.text)} characters")
        return 0

    async def _offer(self, answer: Answer, proposal: Proposal, progress: "Progress") -> int:
        """Lays a proposal before the person, as the client can."""
        door = self._door
        if isinstance(answer, ClientAnswer):
            carried = self.expert.carried(door.snapshot(), proposal)
            now = carried or proposal
            edits = carried.edits if carried is not None else ()
            try:
                edit = workspace_edit(
                    door.client, door.snapshot(), edits, proposal.title, confirm=False
                )
            except Stale as error:
                log.info("%s", error)
                edit = {}
            after = applied_to(now.before, now.edits[0].edits)
            answer.propose(proposal.title, proposal.reason, edit if edits else {}, after)
            return 0
        progress.report("waiting for your yes")
        if not await confirmed(door, proposal):
            return 0
        return await self.make(proposal)

    async def make(self, proposal: Proposal, *, confirm: bool = True) -> bool:
        """Has the client make a proposal's edits, in the text as it is now."""
        return await make(self._door, self.expert, proposal, confirm=confirm)


def _pending(talk: "Conversation") -> Action:
    assert talk.proposal is not None
    title = f"Apply what the expert proposed: {talk.proposal.title}"
    command = Command(title, "backendExpert.apply", ({"id": talk.id},))
    return Action(f"apply {talk.id}", title, APPLY, command=command, by_model=bool(talk.rounds))


def _spent(part: Spent) -> str:
    cost = f" · ${part.cost:.3f}" if part.cost is not None else ""
    return f"{part.tokens:,} tokens{cost}"


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task


def apart(snapshot: Snapshot, uri: str) -> Snapshot:
    """The same with the document on a line of its own.

    What is known of a version is used up by the next one, which a keystroke may bring while the
    answer is still being made.
    """
    document = snapshot.document(uri)
    if document is None:
        return snapshot
    return snapshot.including(
        Document.open(
            uri,
            document.text,
            path=document.path,
            language=document.language,
            version=document.version,
        )
    )
