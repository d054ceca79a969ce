"""Python's items: where they begin, whose they are, and that an edit never matters further on."""

import re
import time

import pytest
from backend_expert.languages.python import READERS
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.languages.sample import SAMPLE
from tests.support.cuts import cut_afresh, cut_again

READER = READERS["python"]


def pieces(text: str) -> list[str]:
    """The first line of each item; a member's after the name of its class."""
    return [
        f"{cut.place.owner}: {_first_line(text, cut.start).strip()}"
        if cut.place.owner
        else _first_line(text, cut.start)
        for cut in cut_afresh(READER, text)
    ]


def _first_line(text: str, start: int) -> str:
    return re.split("[\r\n]", text[start:], maxsplit=1)[0]


def test_sample_is_cut_into_items_and_classes_into_members() -> None:
    assert pieces(SAMPLE) == [
        '"""Orders, as the shop keeps them.',
        "from __future__ import annotations",
        "if TYPE_CHECKING:",
        "LIMIT = 10  # at most",
        'QUERY = """',
        "NAMES = {",
        '@app.route("/orders/<int:id>")',
        "class Shop(Base, metaclass=Meta):",
        "Shop: def __init__(self, name, *rest, **more):",
        "Shop: @property",
        "Shop: kind = (",
        "Shop: class Meta:",
        "Shop: def _pick(self, what):",
        "try:",
        "while (n := next(numbers, 0)) > LIMIT:",
    ]


def test_place_of_members_has_the_header_as_written() -> None:
    text = "@mark\nclass A(\n    B,\n):  # why\n    # note\n\n\tdef f(self): ...\n"
    head, member = cut_afresh(READER, text)
    assert (head.place.owner, member.place.owner) == ("", "A")
    assert head.place.owner_line == member.place.owner_line == "class A(\n    B,\n):  # why"
    assert head.place.indent == member.place.indent == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", [""]),
        ("# a\n\nx = 1\n# b\ny = 2", ["# a", "x = 1", "y = 2"]),
        ("import a\nfrom b import c\n\nimport d\nx = 1\n", ["import a", "x = 1"]),
        ("x = 1 + \\\ny\nz\n", ["x = 1 + \\", "z"]),
        ("x = 1  # a \\\ny\n", ["x = 1  # a \\", "y"]),
        ("x = 'a\\\ndef f(): ('\ny\n", ["x = 'a\\", "y"]),
        ("x = '''\ndef f():\n'''\ny\n", ["x = '''", "y"]),
        ("x = '''\ndef f():\n", ["x = '''"]),
        ("x = 'oops\ny\n", ["x = 'oops", "y"]),
        ("x = (1,\n2,\n)\ny\n", ["x = (1,", "y"]),
        ("f(\nx\ndef g():\n  h(\nimport a\n", ["f(", "def g():", "import a"]),
        ("f(\nx\n@g\ndef h(): ...\n", ["f(", "@g"]),
        ("x = (a\n@ b)\ny\n", ["x = (a", "y"]),
        ("@a\nx = 1\n", ["@a", "x = 1"]),
        ("@a\n\n# b\n@c(\nd)\nasync def f(): ...\n", ["@a"]),
        ("if a:\n  b\nelif c:\n  d\nelse:\n  e\nf\n", ["if a:", "f"]),
        ("try:\n  a\nexcept B:\n  c\nfinally:\n  d\n", ["try:"]),
        ("class A: pass\nclass B:\n  x = 1\ny\n", ["class A: pass", "class B:", "y"]),
        ("class A:\n  x = f(\n  def g(self): ...\n", ["class A:", "A: def g(self): ..."]),
        ("class A:\n  def f(self):\n    g(\n\n  def h(self): ...\n", ["class A:", "A: def f(self):", "A: def h(self): ..."]),
        ("class A:\n  def f(self): ...\n  x = 1\n  y = 2\nz\n", ["class A:", "A: def f(self): ...", "A: x = 1", "z"]),
        ("class A:\n  def f(self): ...\n  @g\ndef h(): ...\n", ["class A:", "A: def f(self): ...", "A: @g", "def h(): ..."]),
        ("class A:\n  if x:\n    def f(self): ...\n  else:\n    y\n", ["class A:"]),
        ("class A:\n  def f(self):\n    def g(): ...\n    class B: ...\n", ["class A:", "A: def f(self):"]),
        ("class A:\n    def f(self): ...\n  def g(self): ...\n", ["class A:", "A: def f(self): ...", "A: def g(self): ..."]),
        ("class :\n  def f(self): ...\n", ["class :"]),
        ("x = 1\r\ndef f():\r\n\r\n  y\r\nz", ["x = 1", "def f():", "z"]),
        ("x = 1\rdef f():\r  y\rz", ["x = 1", "def f():", "z"]),
        ("\ufeffclass A:\n  def f(self): ...\n", ["\ufeffclass A:", "A: def f(self): ..."]),
        ("x\n\f\ndef f():\n  y\n\fclass A: ...\n", ["x", "def f():", "\fclass A: ..."]),
        ("x\0\ny\n", ["x\0", "y"]),
        ("  x\n  y\nz\n", ["  x", "z"]),
        (")\n]\nx\n", [")", "x"]),
    ],
)  # fmt: skip
def test_edges(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


_TYPED = st.sampled_from(
    [
        "",
        "\n",
        "\r",
        "\r\n",
        "    ",
        "\t",
        "'",
        '"',
        '"""',
        "'''",
        "(",
        ")",
        "[",
        "}",
        "\\",
        "#",
        "def ",
        "class X:\n",
        "@",
        "import a\n",
        "else:\n",
        "\x0c",
        "\x00",
        "\ufeff",
        "x = 1\n",
        ":",
        "\n    def g(self):\n        pass\n",
        "\n@x\n",
        "\nclass Y(\n",
        "�",
        "async ",
    ]
)


@settings(max_examples=300, database=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 60), st.lists(_TYPED, max_size=3)), max_size=4
    )
)
def test_cutting_after_an_edit_is_cutting_afresh(edits: list[tuple[float, int, list[str]]]) -> None:
    text = SAMPLE
    cuts = cut_afresh(READER, text)
    for where, removed, typed in edits:
        start = int(where * len(text))
        removed = min(removed, len(text) - start)
        added = "".join(typed)
        text = text[:start] + added + text[start + removed :]
        cuts = cut_again(READER, text, cuts, start, removed, len(added))
        assert cuts == cut_afresh(READER, text)


@settings(max_examples=100, database=None)
@given(st.lists(_TYPED | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_is_covered(text: str) -> None:
    cuts = cut_afresh(READER, text)
    assert "".join(text[cut.start : cut.end] for cut in cuts) == text


def test_long_file_is_cut_quickly() -> None:
    text = SAMPLE * 115  # 10,000 lines
    took = min(_seconds(text) for _ in range(3))
    assert took < 0.1, "a tenth of a second is already six times what it takes"


def _seconds(text: str) -> float:
    start = time.perf_counter()
    cut_afresh(READER, text)
    return time.perf_counter() - start
