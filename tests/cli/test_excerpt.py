"""Excerpts: carets stand under the marked code, whatever the terminal makes of it."""

import pytest
from backend_expert.cli.excerpt import cell_width, excerpt


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("x = call(a)", "call(a)"),
        ("\tcall(a)", "call"),
        ("名前 = 呼ぶ(あ)", "呼ぶ"),
        ('"🙂🙂"; call()', "call()"),
        ("é = e\u0301; call()", "call"),
        ("a\0b\x1b[31m call", "call"),
        ("\u202eabc call", "call"),
        ("\udcff call", "call"),
    ],
)
def test_carets_stand_under_the_code(line: str, marked: str) -> None:
    start = line.index(marked)
    part = excerpt(line, start, start + len(marked))
    indent = len(part.carets) - len(part.carets.lstrip())
    assert part.carets.lstrip() == "^" * cell_width(marked)
    assert cell_width(part.line[: part.line.index(marked)]) == indent
    assert not any(c < " " or c == "\x7f" for c in part.line)


def test_a_long_line_is_cut_around_the_mark() -> None:
    line = "x" * 500 + "call()" + "y" * 500
    part = excerpt(line, 500, 506, width=60)
    assert cell_width(part.line) <= 60
    assert part.line.startswith("…") and part.line.endswith("…")
    start = part.carets.index("^")
    assert part.line[start : start + 6] == "call()"


def test_a_mark_longer_than_the_room_is_cut_too() -> None:
    part = excerpt("f(" + "a" * 500 + ")", 0, 503, width=40)
    assert cell_width(part.line) <= 40
    assert len(part.carets) <= 40


def test_an_empty_mark_is_one_caret() -> None:
    assert excerpt("abc", 3, 3).carets == "   ^"
