"""The real server over fake features: what `ide` and the persona say here is easy to foretell.

A diagnostic stands on each `TODO`, related to the line's start; `BOOM` makes the check raise.
"""

import asyncio
import importlib
import re
import sys
from types import ModuleType
from typing import NamedTuple

from backend_expert.ide.types import (
    Action,
    Command,
    Diagnostic,
    FileEdit,
    Hover,
    Lens,
    PieceDiagnostics,
    Proposal,
    Related,
    Said,
    Symbol,
)
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace import document as documents

from tests.support.fake_reader import Indented

READERS = {"fake": Indented()}
documents.reader_for = READERS.get
TODO = re.compile("TODO")


def fake_diagnostics(snapshot, uri):
    document = snapshot.document(uri)
    return [
        PieceDiagnostics(index, _of_piece(piece)) for index, piece in enumerate(document.pieces)
    ]


def _of_piece(piece):
    found = piece.notes.get("fake")
    if found is None:
        if "BOOM" in piece.text:
            raise RuntimeError("BOOM")
        found = piece.notes["fake"] = tuple(
            Diagnostic(
                Span(*match.span()),
                "quality/todo",
                "a TODO is left",
                related=(Related(Span(0, 1), "in this item"),),
                fixable=True,
                href="https://example.org/todo",
                tags=("unnecessary",),
            )
            for match in TODO.finditer(piece.text)
        )
    return found


def fake_hover(snapshot, uri, offset):
    document = snapshot.document(uri)
    index = document.piece_at(offset)
    return Hover(f"**piece {index}**", document.span_of(index))


def fake_actions(snapshot, uri, span, kinds):
    offered = [
        Action(f"{uri}|{span.start}|{span.end}", "Remove it", "quickfix", True, None, ("quality/todo",)),
        Action(
            "ask", "Ask backend expert", "refactor.rewrite", False,
            Command("Ask backend expert", "backendExpert.ask", ({"uri": uri, "task": "explain"},)),
        ),
    ]  # fmt: skip
    return [action for action in offered if not kinds or action.kind in kinds]


def fake_resolve(snapshot, action_id):
    uri, start, end = action_id.rsplit("|", 2)
    document = snapshot.document(uri)
    edit = Edit(Span(int(start), int(end)), "done")
    return (FileEdit(uri, document.version, (edit,)),)


def fake_lenses(snapshot, uri):
    return [
        Lens(
            Span(0, 1),
            Command("1 finding · ask", "backendExpert.ask", ({"uri": uri, "task": "explain"},)),
        )
    ]


def fake_symbols(snapshot, uri):
    inner = Symbol("SELECT users", "event", Span(0, 1), Span(0, 1))
    return [Symbol("GET /users", "function", Span(0, 2), Span(0, 1), "list", (inner,))]


class Talk(NamedTuple):
    """A conversation of the fake expert."""

    id: str
    title: str
    question: object
    snapshot: object
    proposal: object = None
    failure: str = ""


class FakeExpert:
    """Says three parts to everything; waits, breaks or proposes an edit when the words say so."""

    @classmethod
    def of_session(cls, options, warn, complete=None):
        return cls()

    spent = 0.0

    async def prepare(self):
        pass

    async def close(self):
        pass

    def begin(self, snapshot, question):
        return Talk("one", question.task, question, snapshot)

    def answer(self, talk):
        return fake_answer(talk.snapshot, talk.question)

    def wants_consent(self, talk):
        return ""

    def finished(self, talk):
        pass

    def settled(self, proposal):
        pass

    def carried(self, snapshot, proposal):
        document = snapshot.document(proposal.edits[0].uri)
        return proposal if document.version == proposal.edits[0].version else None


async def fake_answer(snapshot, question):
    for number in range(3):
        yield Said(f"part {number} of {question.task}\n\n")
        await asyncio.sleep(0.01)
    if question.words == "wait":
        await asyncio.sleep(60)
    if question.words == "break":
        raise ZeroDivisionError("on purpose")
    if question.words == "rewrite":
        document = snapshot.document(question.uri)
        edit = Edit(question.span, "better")
        yield Proposal("Make it better", (FileEdit(question.uri, document.version, (edit,)),))


FAKES = {
    "ide.diagnostics": {
        "diagnostics": fake_diagnostics,
        "prepare": lambda snapshot: {},
        "complaints": lambda snapshot: (),
    },
    "ide.hover": {"hover": fake_hover},
    "ide.actions": {"actions": fake_actions, "resolve": fake_resolve},
    "ide.lenses": {"lenses": fake_lenses},
    "ide.symbols": {"symbols": fake_symbols},
    "persona.expert": {"Expert": FakeExpert},
    "persona.offers": {"offers": lambda *place: [], "fitting": lambda *place: []},
}


def install():
    """Puts the fakes in the places of the real modules, before anything imports those."""
    for name, content in FAKES.items():
        module = ModuleType(f"backend_expert.{name}")
        module.__dict__.update(content)
        sys.modules[module.__name__] = module
        room = importlib.import_module(module.__name__.rpartition(".")[0])
        setattr(room, module.__name__.rpartition(".")[2], module)


if __name__ == "__main__":
    install()
    from backend_expert.cli.serve import serve

    sys.exit(serve())
