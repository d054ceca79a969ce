"""The expert of one session: answers questions through a model, or offline without one."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from backend_expert.ide.desk import checked_uri, scopes_of
from backend_expert.ide.types import Answered, Proposal, Question, Said
from backend_expert.lint.reading import Elsewhere
from backend_expert.persona.borrowed import Complete
from backend_expert.persona.brief import brief
from backend_expert.persona.conversation import Conversation, Conversations, kept
from backend_expert.persona.gate import Answer as Consent
from backend_expert.persona.history import History
from backend_expert.persona.hover_settings import HoverSettings
from backend_expert.persona.hovers import Hovers
from backend_expert.persona.kept_words import KeptWords
from backend_expert.persona.letter import letter
from backend_expert.persona.own_settings import filled, own_settings
from backend_expert.persona.place import place_of
from backend_expert.persona.proving import proved
from backend_expert.persona.rebase import rebased, span_in
from backend_expert.persona.replies import Replies
from backend_expert.persona.task import tasks
from backend_expert.persona.unaided import NO_WORDS, unaided
from backend_expert.workspace.documents import Snapshot

NO_QUESTION = "There is no question yet: say in your own words what you want to know."
OFFLINE = "the expert answers offline."


class Unanswerable(ValueError):
    """A question that cannot be answered; the message says why, in one sentence."""


class Expert:
    """Answers questions. `talks` has the conversations; `replies` is the way to the model."""

    def __init__(self, replies: Replies, history: History, hovers: Hovers) -> None:
        self.replies = replies
        self.history = history
        self.hovers = hovers
        self.talks = Conversations()

    @classmethod
    def of_session(
        cls,
        options: Mapping[str, Any],
        warn: Callable[[str], None],
        complete: Complete | None = None,
    ) -> "Expert":
        """The expert as the user has set them up: their own files, environment, editor options.

        complete: asks the model of the editor, where the editor has one.
        """
        own = own_settings()
        replies = Replies.of_user(own, options, warn, complete)
        table = own.filled(HoverSettings, "hover")
        client = filled(
            HoverSettings, options.get("hover") or {}, Elsewhere("the editor's start options")
        )
        for complaint in (*table.complaints, *client.complaints):
            warn(str(complaint))
        settings = HoverSettings(**(table.values | client.values))
        return cls(replies, History.of_user(), Hovers(replies, KeptWords.of_user(), settings))

    @property
    def spent(self) -> float:
        """What models have cost so far, in USD, without what is being answered."""
        return self.replies.gate.spent

    def begin(self, snapshot: Snapshot, question: Question) -> Conversation:
        """A conversation about a question, its brief made of the snapshot.

        Raises:
            Unanswerable: there is no such task, or nothing to answer about.
        """
        return self.talks.add(self._talk(snapshot, question))

    def _talk(self, snapshot: Snapshot, question: Question) -> Conversation:
        task = tasks().get(question.task)
        place = place_of(snapshot, question.uri, question.span)
        if task is None:
            known = ", ".join(tasks())
            raise Unanswerable(f"There is no task called “{question.task}”. There are: {known}.")
        if place is None:
            raise Unanswerable("That file is not open in the editor any more.")
        if place.checked.document.skipped:
            raise Unanswerable(place.checked.document.skipped)
        if task.offered_on == "words" and not question.words.strip():
            raise Unanswerable(NO_QUESTION)
        workspace = scopes_of(snapshot).root_for(place.checked.document.path or "")
        claims = [problem.rule.id for problem, _ in place.problems()[:1] if task.mends]
        told = brief(task, place, question.words)
        return Conversation(question, told, workspace, tuple(claims))

    async def prepare(self) -> None:
        """Reads what a model's answer needs, ahead of it. Sends nothing."""
        await self.replies.prepare()

    async def close(self) -> None:
        """Lets go of the connection to the model."""
        await self.hovers.close()
        if self.replies.model is not None:
            await self.replies.model.close()

    async def answer(self, talk: Conversation) -> AsyncGenerator[Answered]:
        """The answer to a conversation's question: text as it comes, then proved edits."""
        _begun(talk)
        if self.replies.model is None:
            async with aclosing(unaided(talk.brief, self.replies.why_offline)) as offline:
                async for part in offline:
                    yield kept(talk, part)
            talk.state = "answered"
            return
        outgoing = letter(talk.brief, talk.workspace)
        async with aclosing(self.replies.to(talk, outgoing)) as replies:
            async for part in replies:
                yield part

    async def follow(self, talk: Conversation, words: str) -> AsyncGenerator[Answered]:
        """The answer to a further question of the same conversation."""
        _begun(talk)
        if self.replies.model is None:
            yield kept(talk, Said(f"\n\n> {' '.join(words.split())}\n\n{NO_WORDS}\n"))
            talk.state = "answered"
            return
        async with aclosing(self.replies.further(talk, words)) as replies:
            async for part in replies:
                yield part

    def again(self, snapshot: Snapshot, talk: Conversation) -> Question:
        """A conversation's first question, about the same code where it stands now."""
        question, document = talk.question, snapshot.document(talk.question.uri)
        if document is None:
            return question
        before = talk.brief.place.checked.document.text
        span = span_in(before, document.text, question.span)
        return msgspec.structs.replace(question, span=span)

    def finished(self, talk: Conversation) -> None:
        """Keeps what was answered, for the history."""
        if talk.state == "open":
            talk.state = "cancelled"
        if talk.text:
            self.history.add(talk)

    def settled(self, proposal: Proposal) -> None:
        """A proposal was made, or cannot be made any more."""
        self.talks.settled(proposal)

    def wants_consent(self, talk: Conversation) -> str:
        """Where code of the conversation's workspace would be sent, if nobody was asked yet."""
        gate, model = self.replies.gate, self.replies.model
        if model is None or gate.consent(talk.workspace) is not None:
            return ""
        return f"{self.replies.destination.name} ({model.model_for(talk.brief.task.id)})"

    def agree(self, talk: Conversation, answer: Consent) -> None:
        """Keeps the person's decision for the conversation's workspace."""
        self.replies.gate.agree(talk.workspace, answer)

    def would_send(self, snapshot: Snapshot, question: Question) -> str:
        """What would be sent for a question, as Markdown; nothing is sent.

        Raises:
            Unanswerable: there is no such task, or nothing to answer about.
        """
        replies = self.replies
        talk = self._talk(snapshot, question)
        if replies.model is None:
            return f"# What would be sent\n\nNothing: {OFFLINE} {replies.why_offline}\n"
        outgoing = letter(talk.brief, talk.workspace)
        name = replies.model.model_for(talk.brief.task.id)
        return replies.gate.preview(outgoing, replies.destination, name)

    def sent(self, talk: Conversation | None = None) -> str:
        """What was sent in a conversation, or in the last one with a model, as Markdown."""
        talks = [talk] if talk is not None else self.talks.all()
        for one in talks:
            if one.rounds:
                return "\n\n".join(
                    self.replies.gate.sent(going.cleared, going.usage, going.outcome)
                    for going in one.rounds
                )
        return "# What was sent\n\nNothing was sent in this session.\n"

    async def hover(self, snapshot: Snapshot, uri: str, offset: int) -> str:
        """What the expert says of what stands at `offset`, in Markdown; empty for nothing yet."""
        checked = checked_uri(snapshot, uri)
        if checked is None or checked.document.skipped:
            return ""
        workspace = scopes_of(snapshot).root_for(checked.document.path or "")
        return await self.hovers.words(checked, offset, workspace)

    def carried(self, snapshot: Snapshot, proposal: Proposal) -> Proposal | None:
        """A proposal for the present text of its file; None where it does not hold any more.

        It still has to mend what it claims to. Its scope needs no second look: the edits are moved
        as they are, and only where the lines that they touch have stayed.
        """
        (edit,) = proposal.edits
        document = snapshot.document(edit.uri)
        if document is None:
            return proposal
        if document.version == edit.version and document.text == proposal.before:
            return proposal
        edits = rebased(proposal.before, document.text, edit.edits)
        if edits is None:
            return None
        question = Question("", edit.uri, edits[0].span)
        place = place_of(snapshot, question.uri, question.span)
        if place is None:
            return None
        return proved(place, proposal.title, edits, claims=proposal.claims).proposal


def _begun(talk: Conversation) -> None:
    """A new answer begins, and nothing is known of it yet."""
    talk.state, talk.failure = "open", ""
