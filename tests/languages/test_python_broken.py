"""Broken, odd and hostile Python: there are always facts, soon, and never an exception."""

import time

import msgspec
import pytest
from backend_expert.facts import code
from backend_expert.facts.item import TOP, Item
from backend_expert.languages.python import READERS
from backend_expert.languages.syntax import DEEPEST
from backend_expert.text.span import Span
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.languages.sample import SAMPLE
from tests.support.cuts import cut_afresh
from tests.support.facts import render

READER = READERS["python"]


def read(source: str) -> list[Item]:
    """The items of any text, each walked through, rendered and written as the index would."""
    items = [READER.lower(source[c.start : c.end], c.place) for c in cut_afresh(READER, source)]
    for item in items:
        render(item.body)
        msgspec.msgpack.encode(item)
        assert all(depth < 5 * DEEPEST for fact in item.body for depth in _depths(fact))
    return items


def _depths(fact: code.Node) -> list[int]:
    found = [0]
    level = [fact]
    while level:
        found.append(found[-1] + 1)
        level = [child for node in level for child in code.children(node)]
    return found


SHORT = SAMPLE[SAMPLE.index("@app") : SAMPLE.index("    kind = (")]


def test_every_prefix_is_read() -> None:
    for end in range(len(SHORT)):
        read(SHORT[:end])


def test_every_suffix_is_read() -> None:
    for start in range(0, len(SHORT), 3):
        read(SHORT[start:])


_BITS = st.sampled_from(SAMPLE.split(" ") + list("()[]{}:,.='\"\\\n\r\t#@*\0\ud800\ufeff🛒\u2028"))


@settings(max_examples=150, database=None)
@given(st.lists(_BITS | st.text(max_size=4), max_size=40), st.sampled_from(["", " ", "\n"]))
def test_any_text_is_read(bits: list[str], between: str) -> None:
    read(between.join(bits))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.", "(opaque ERROR a)"),
        ("f(a, b", "(opaque ERROR f a b)"),
        ("def f(\n", "(opaque ERROR f)"),
        ("x = f(a b)", "(= x (call f a (opaque ERROR b)))"),
        ("x = [a, *]", None),
        ("f'{}'", '"{(opaque missing)}"'),
        ("'oops", None),
        ("return x +", None),
        ("class", None),
        ("@", None),
    ],
)
def test_broken_text_has_faults_and_keeps_its_names(source: str, expected: str | None) -> None:
    (item,) = read(source)
    assert item.faults
    if expected is not None:
        assert render(item.body) == expected
    words = {word for word in ("a", "b", "f", "x") if word in source.replace("def", "")}
    if not source.startswith("'") and "{" not in source:
        assert words - set("ra") <= item.names


def test_faults_say_where() -> None:
    source = "x = f(a b)\n"
    (item,) = read(source)
    assert [source[fault.start : fault.end] for fault in item.faults] == ["b"]
    (item,) = read("f'{}'")
    assert item.faults == (Span(3, 3),)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 10_000 + ")" * 10_000,
        "[" * 10_000,
        "{1:" * 10_000,
        "x" + ".a()" * 10_000,
        "not " * 10_000 + "x",
        "lambda: " * 10_000 + "x",
        "a if b else " * 10_000 + "c",
        "a + a - " * 5_000 + "a",
        "a < b <= " * 5_000 + "c",
        "if a: b\n" + "elif a: b\n" * 5_000,
        "match x:\n" + "  case 1: b\n" * 5_000,
        "f'{" * 200 + "}'" * 200,
        "".join(" " * depth + "if a:\n" for depth in range(500)),
    ],
    ids=lambda source: source[:12],
)
def test_deep_text_takes_neither_stack_nor_time(source: str) -> None:
    start = time.perf_counter()
    read(source)
    assert time.perf_counter() - start < 3


def test_names_too_deep_to_be_lowered_are_known() -> None:
    (item,) = read("(" * 500 + "deep" + ",)" * 500)
    assert "deep" in item.names


def test_long_elif_chain_keeps_its_calls() -> None:
    (item,) = read("if a: f()\n" + "elif a: f()\n" * 300)
    calls = [fact for fact in code.walk(item.body[0]) if isinstance(fact, code.Call)]
    assert len(calls) == 301


def test_lone_surrogates_never_reach_the_facts() -> None:
    item = READER.lower("x\ud800 = '\udfff'  # \ud900\n", TOP)
    assert "\ufffd" in item.comments[0].text
    msgspec.json.encode(item)
