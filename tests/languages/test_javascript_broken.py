"""Broken, odd and hostile JavaScript: there are always facts, soon, and never an exception."""

import time

import msgspec
import pytest
from backend_expert.facts import code
from backend_expert.facts.item import TOP, Item, Place
from backend_expert.languages.javascript import READERS
from backend_expert.languages.syntax import DEEPEST
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.languages.test_javascript_cuts import SAMPLE
from tests.support.cuts import cut_afresh
from tests.support.facts import render


def read(source: str, language: str = "typescriptreact") -> list[Item]:
    """The items of any text, each walked through, rendered and written as the index would."""
    reader = READERS[language]
    cuts = cut_afresh(reader, source)
    items = [reader.lower(source[cut.start : cut.end], cut.place) for cut in cuts]
    for cut, item in zip(cuts, items, strict=True):
        render(item.body)
        msgspec.msgpack.encode(item)
        for fault in item.faults:
            assert 0 <= fault.start <= fault.end <= cut.end - cut.start
        for fact in item.body:
            assert fact.span.end <= cut.end - cut.start
            assert _depth(fact) < 4 * DEEPEST
    return items


def _depth(fact: code.Node) -> int:
    depth, level = 0, [fact]
    while level:
        depth += 1
        level = [child for node in level for child in code.children(node)]
    return depth


SHORT = SAMPLE[SAMPLE.index("async function") : SAMPLE.index("const Shop")]


@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_every_prefix_is_read(language: str) -> None:
    for end in range(len(SHORT)):
        read(SHORT[:end], language)


def test_every_suffix_is_read() -> None:
    for start in range(0, len(SHORT), 3):
        read(SHORT[start:])


_BITS = st.sampled_from(
    SAMPLE.split(" ") + list("()[]{}<>:,.='\"`$\\\n\r\t#@*/\0\ud800\ufeff🛒\u2028")
)


@settings(max_examples=150, database=None)
@given(
    st.lists(_BITS | st.text(max_size=4), max_size=40),
    st.sampled_from(["", " ", "\n"]),
    st.sampled_from(sorted(READERS)),
    st.sampled_from([TOP, Place("A", "class A {", 2), Place("", "class A {", 2)]),
)
def test_any_text_is_read(bits: list[str], between: str, language: str, place: Place) -> None:
    source = between.join(bits)
    read(source, language)
    item = READERS[language].lower(source, place)
    assert all(fact.span.end <= len(source) for fact in item.body)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.", None),
        ("f(a, b", None),
        ("x = f(a b)", None),
        ("x = f(a, )", "(= x (call f a))"),
        ("const x = ", None),
        ("`${}`", '"{(opaque missing)}"'),
        ("if (a) {", None),
        ("class", None),
        ("'oops", None),
        ("@", None),
    ],
)
def test_broken_text_keeps_its_names(source: str, expected: str | None) -> None:
    (item,) = read(source)
    assert expected is None or render(item.body) == expected
    words = {word for word in ("a", "b", "f", "x") if f" {word}" in f" {source}".replace("(", " ")}
    assert words - {"f"} <= item.names or source.startswith(("if", "class"))


def test_unclosed_method_spoils_only_itself() -> None:
    source = "class A {\n  f() {\n    g(1\n  }\n\n  h() { i() }\n}\nj()\n"
    items = read(source)
    assert [bool(item.faults) for item in items] == [False, True, False, False]
    assert [render(item.body) for item in items[2:]] == ["(function h [] (call i))", "(call j)"]


@pytest.mark.parametrize(
    "source",
    [
        "(" * 10_000 + ")" * 10_000,
        "[" * 10_000,
        "x={a:" * 10_000,
        "x" + ".a()" * 10_000,
        "x" + "[0]" * 10_000,
        "x" + "`a`" * 10_000,
        "!" * 10_000 + "x",
        "a => " * 10_000 + "a",
        "a ? b : " * 10_000 + "c",
        "a + a - " * 5_000 + "a",
        "a + " * 5_000 + "a",
        "a = " * 5_000 + "a",
        "a, " * 5_000 + "a",
        "new " * 5_000 + "a",
        "if (a) b; " + "else if (a) b; " * 5_000,
        "switch (x) {" + "case 1: b; break;" * 5_000 + "}",
        "switch (x) {" + "case 1:" * 5_000 + "}",
        "`${" * 500 + "}`" * 500,
        "let a: " + "B | " * 5_000 + "C",
        "let a: " + "B<" * 2_000 + "C" + ">" * 2_000,
        "if (a) {" * 500,
        "<a>" * 500,
        "a: " * 5_000 + "b",
        "const [" * 1_000,
        "class A { b = " * 500,
    ],
    ids=lambda source: source[:12],
)
def test_deep_text_takes_neither_stack_nor_time(source: str) -> None:
    start = time.perf_counter()
    read(source)
    assert time.perf_counter() - start < 3


def test_what_is_too_deep_to_be_lowered_is_known_by_name() -> None:
    (item,) = read("[" * 500 + "deep" + "]" * 500)
    assert "deep" in item.names
    (item,) = read("x" + ".a(deep())" * 500)
    calls = [fact for fact in code.walk(item.body[0]) if isinstance(fact, code.Call)]
    assert sum(call.method == "deep" for call in calls) == 500


@pytest.mark.parametrize("more", ["else if (a) f(); ", "case 1: f(); "])
def test_long_chain_keeps_its_calls(more: str) -> None:
    head, tail = ("if (a) f(); ", "") if "else" in more else ("switch (b) { case 0: f(); ", "}")
    (item,) = read(head + more * 300 + tail)
    calls = [fact for fact in code.walk(item.body[0]) if isinstance(fact, code.Call)]
    assert len(calls) == 301


def test_lone_surrogates_never_reach_the_facts() -> None:
    item = READERS["javascript"].lower("x\ud800 = '\udfff' // \ud900\n", TOP)
    assert "\ufffd" in item.comments[0].text
    msgspec.json.encode(item)
