"""Comments that ask the expert: what they say, and what they are about."""

import pytest
from backend_expert.ide.asking_comments import asking_comments
from backend_expert.ide.desk import checked_uri
from backend_expert.ide.lenses import lenses

from tests.persona.conftest import Desk

PYTHON = """import os


# Why is this slow? backend?
def total(orders):
    # add a limit, backend!
    return sum(order.total for order in orders)


x = 1  # our backend! is fine, is it
backend = "what about the backend?"
"""


def asked(source: str, name: str) -> list[tuple[str, str, str]]:
    desk = Desk(source, name)
    checked = checked_uri(desk.snapshot, desk.document.uri)
    assert checked is not None
    return [
        (one.task, one.words, desk.document.slice(one.about.start, one.about.end).split("\n")[0])
        for one in asking_comments(checked)
    ]


def test_questions_and_orders() -> None:
    assert asked(PYTHON, "a.py") == [
        ("ask", "Why is this slow?", "def total(orders):"),
        ("rewrite", "add a limit", "def total(orders):"),
    ]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("// backend?\nfunction f() {}\n", ""),
        ("function f() {\n  /* is this safe; backend? */\n  return 1;\n}\n", "is this safe"),
    ],
)
def test_in_other_languages(source: str, words: str) -> None:
    assert [(task, said) for task, said, _ in asked(source, "a.js")] == [("ask", words)]


def test_a_lens_asks_with_the_words_of_the_comment() -> None:
    desk = Desk(PYTHON, "a.py")
    found = [lens.command for lens in lenses(desk.snapshot, desk.document.uri)]
    assert [command.title for command in found] == [
        "Ask backend expert: Why is this slow?",
        "Have backend expert do it: add a limit",
    ]
    (request,) = found[0].arguments
    assert isinstance(request, dict)
    assert (request["task"], request["words"]) == ("ask", "Why is this slow?")


def test_a_comment_at_the_end_is_about_itself() -> None:
    assert asked("x = 1\n# what now, backend?\n", "a.py") == [
        ("ask", "what now", "# what now, backend?")
    ]
