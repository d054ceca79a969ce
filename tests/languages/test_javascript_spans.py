"""Every fact stands where it says: its span, read again in the text, is the fact."""

import json
from collections.abc import Iterator

import pytest
from backend_expert.facts import code
from backend_expert.facts.code import Node
from backend_expert.facts.item import TOP
from backend_expert.languages.javascript import READERS
from backend_expert.text.span import Span

from tests.languages.test_javascript_cuts import SAMPLE
from tests.support.cuts import cut_afresh

ODD = r"""// 🛒 é
const é = "🛒" + "\u00e9\n" + `${é}🛒\`${ñ?.ö}` + 変数['🛒'];
class É extends ä.Ö {
  ñ = "ñ";
  変数({ ä, 'ü': { ö } = "🛒" }, ...rest) {
    return this.ñ.ö(ä, ...rest) /* 🛒 */ ?? new é.ñ("\t\"");
  }

  // 🛒
  ß = <b ü="🛒">🛒{é}</b>;
  async ñ() { await this.変数`a${ö}🛒`.é() }
}
"""
SOURCES = [SAMPLE, ODD, SAMPLE.replace("\n", "\r\n"), ODD.replace("\n", "\r"), "\ufeff" + ODD]


def read(source: str) -> Iterator[tuple[str, Node]]:
    """Each node of each item, with the text of that item."""
    reader = READERS["typescriptreact"]
    for cut in cut_afresh(reader, source):
        text = source[cut.start : cut.end]
        item = reader.lower(text, cut.place)
        assert item.faults == ()
        for statement in item.body:
            yield from ((text, node) for node in code.walk(statement))


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]


@pytest.mark.parametrize("source", SOURCES)
def test_words_stand_where_they_say(source: str) -> None:
    for text, node in read(source):
        match node:
            case code.Name(id="self" | "Array"):  # not written in `private a: B[]`
                assert at(text, node.span) in ("this", "")
            case code.Name():
                assert at(text, node.span) == node.id
            case code.Member():
                assert at(text, node.name_span) == node.name
            case code.Function(is_lambda=False, name=name) | code.Class(name=name) if name:
                assert at(text, node.name_span) in (name, "class extends Base")
            case code.Parameter(pattern=None):
                assert node.name in at(text, node.span)
            case code.Call():
                assert at(text, node.span).endswith(")")
            case code.Hole():
                assert at(text, node.span)[:2] + at(text, node.span)[-1] == "${}"
            case code.Opaque(kind="jsx"):
                assert at(text, node.span)[0] + at(text, node.span)[-1] == "<>"
            case _:
                pass


@pytest.mark.parametrize("source", SOURCES)
def test_literals_mean_what_they_say(source: str) -> None:
    for text, node in read(source):
        if isinstance(node, code.Constant) and at(text, node.span).isdecimal():
            assert int(at(text, node.span)) == node.value
        if isinstance(node, code.Text) and at(text, node.span)[:1] == '"':
            assert json.loads(at(text, node.span)) == node.value


@pytest.mark.parametrize("source", SOURCES)
def test_fragments_cover_a_text_and_map_characters(source: str) -> None:
    for text, node in read(source):
        if not isinstance(node, code.Text):
            continue
        for part, following in zip(node.parts, node.parts[1:], strict=False):
            assert part.span.end == following.span.start
        for part in node.parts:
            if isinstance(part, code.Fragment) and len(part.value) == len(part.span):
                assert part.value.replace("\n", "\r") == at(text, part.span).replace("\n", "\r")
            elif isinstance(part, code.Fragment):
                assert at(text, part.span)[0] in "\\\r"


@pytest.mark.parametrize("source", SOURCES)
def test_parts_lie_within_the_whole(source: str) -> None:
    for text, node in read(source):
        assert 0 <= node.span.start <= node.span.end <= len(text)
        for child in code.children(node):
            assert node.span.covers(child.span)


def test_each_escape_is_a_fragment() -> None:
    text = r"`a\n\x41b${c}\u{1F6D2}\ud83d\uded2`"
    (fact,) = READERS["javascript"].lower(text, TOP).body
    assert isinstance(fact, code.Text)
    assert [
        (at(text, part.span), part.value if isinstance(part, code.Fragment) else None)
        for part in fact.parts
    ] == [
        ("a", "a"),
        (r"\n", "\n"),
        (r"\x41", "A"),
        ("b", "b"),
        ("${c}", None),
        (r"\u{1F6D2}", "🛒"),
        (r"\ud83d\uded2", "🛒"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const a = f(b);", ["const a = f(b)"]),
        ("let a = 1, b = 2;", ["a = 1", "b = 2"]),
        ("export const a = 1;", ["const a = 1"]),
        ("f(a); // b", ["f(a)"]),
        ("@a() class B {}", ["@a() class B {}"]),
        ("@a() export class B {}", ["@a() export class B {}"]),
        ("import a, {b as c} from 'd'", ["a", "b as c"]),
        ("const {a, b: c} = require('d')", ["a", "b: c"]),
        ("export default () => a;", ["export default () => a;"]),
        ("if (a) b; else c", ["if (a) b; else c"]),
    ],
)
def test_statements_stand_where_they_are_written(source: str, expected: list[str]) -> None:
    item = READERS["typescript"].lower(source, TOP)
    assert [at(source, fact.span) for fact in item.body] == expected
