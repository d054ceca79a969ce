"""The proof of edits, and what becomes of edits that do not hold."""

from collections.abc import Callable

import pytest
from backend_expert.ide.types import Proposal
from backend_expert.persona.events import Edits, Text
from backend_expert.persona.verify import prove
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

from tests.persona.conftest import Desk

SOURCE = "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()\n"


def edit(words: str, new: str) -> Edit:
    start = SOURCE.index(words)
    return Edit(Span(start, start + len(words)), new)


def test_an_edit_that_mends_holds() -> None:
    proof = prove(Desk(SOURCE, "a.py").place(), (edit("(url).", "(url, timeout=5)."),))
    assert proof.holds
    assert proof.mended == {"errors/http-call-no-timeout": 1}
    assert proof.text == SOURCE.replace("(url).", "(url, timeout=5).")


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ((edit("url):", "url:"),), "the edited text does not parse"),
        ((Edit(Span(0, 10_000), ""),), "the edits do not fit the text"),
        ((edit("requests.get", "x"), edit("get(url)", "y")), "the edits do not fit the text"),
        (
            (edit("    return", "    requests.post(url)\n    return"),),
            "it brings a new finding of errors/http-call-no-timeout",
        ),
        (
            (edit("    return", "    requests.post(url)\n    requests.put(url)\n    return"),),
            "it brings 2 new findings of errors/http-call-no-timeout",
        ),
    ],
    ids=["syntax", "leaves the file", "two at one place", "a new finding", "two new findings"],
)
async def test_an_edit_that_does_not_hold_is_shown_and_not_proposed(
    edits: tuple[Edit, ...], reason: str, answering: Callable[..., None]
) -> None:
    desk = Desk(SOURCE, "a.py")
    proof = prove(desk.place(), edits)
    assert not proof.holds
    assert [said for said in proof.reasons if said.startswith(reason)]
    answering(Text("Here.\n\n"), Edits("Better", edits), Text("Done.\n"))
    answer = await desk.ask("rewrite")
    assert answer.proposals == []
    assert f"- {reason}" in answer.text
    assert "not proposed" in answer.text and answer.text.endswith("Done.\n")


def test_a_text_that_was_broken_before_may_stay_so() -> None:
    desk = Desk(SOURCE + "def (:\n", "a.py")
    assert prove(desk.place(), (edit("(url).", "(url, timeout=5)."),)).holds


async def test_an_edit_that_holds_comes_last_with_its_diff_and_its_reason(
    answering: Callable[..., None],
) -> None:
    answering(Edits("Wait", (edit("(url).", "(url, timeout=5)."),)), Text("Done.\n"))
    answer = await Desk(SOURCE, "a.py").ask("rewrite")
    assert "+    return requests.get(url, timeout=5).json()\n" in answer.text
    assert answer.text.index("```diff") < answer.text.index("Proved") < answer.text.index("Done.")
    assert [(p.title, p.reason) for p in answer.proposals] == [
        ("Wait", "mends errors/http-call-no-timeout")
    ]
    assert isinstance(answer.proposals[0], Proposal)
    assert "timeout=5" in answer.after[0]
