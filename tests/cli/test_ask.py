"""`ask`: the answer in the terminal, and edits that are shown and never just made."""

from pathlib import Path

import pytest

from tests.cli.conftest import BAD, Run


def test_the_answer_is_printed(shop: Path, run: Run) -> None:
    answer = run("ask", "explain", "app/rates.py:4-5")
    assert answer.exit_code == 0
    assert "rates" in answer.stdout


def test_a_proposed_edit_is_shown_and_not_made(shop: Path, run: Run) -> None:
    answer = run("ask", "rewrite", "app/rates.py:4-5")
    assert answer.exit_code == 0
    assert "+    return requests.get(url, timeout=5).json()\n" in answer.stdout
    assert (shop / "app" / "rates.py").read_text() == BAD


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("explian", "app/rates.py"), "Did you mean explain?"),
        (("explain", "gone.py"), "gone.py: no such file or directory"),
        (("explain", "app/rates.py:90"), "has 6 lines, so there is no 90."),
        (("explain", "app/rates.py:3-2"), "so there is no 3-2."),
    ],
)
def test_what_cannot_be_asked_is_told(
    shop: Path, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    answer = run("ask", *arguments)
    assert answer.exit_code == 2
    assert words in answer.stderr
