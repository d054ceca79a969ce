"""Every fact stands where it says: its span, read again in the text, is the fact."""

import ast
from collections.abc import Iterator

import pytest
from backend_expert.facts import code
from backend_expert.facts.code import Node
from backend_expert.languages.python import READERS
from backend_expert.text.span import Span

from tests.languages.sample import SAMPLE
from tests.support.cuts import cut_afresh

READER = READERS["python"]
ODD = """# 🛒 é \u2028
é = "🛒" + '\\u00e9\\N{BULLET}\\
x' "\t" f"{é!r}🛒{{}}" 'n\\0'
class É:
    ñ = "ñ"
    def 变量(self, ä=lambda ö: ö.ü[0]):
        return self.ñ, b"\\xff\\"", r'''\\d
🛒\\'''', {**ä, "🛒": not ö}
"""


def read(source: str) -> Iterator[tuple[str, Node]]:
    """Each node of each item, with the text of that item."""
    for cut in cut_afresh(READER, source):
        text = source[cut.start : cut.end]
        item = READER.lower(text, cut.place)
        assert item.faults == ()
        for statement in item.body:
            yield from ((text, node) for node in code.walk(statement))


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]


@pytest.mark.parametrize("source", [SAMPLE, ODD, SAMPLE.replace("\n", "\r\n")])
def test_words_stand_where_they_say(source: str) -> None:
    for text, node in read(source):
        match node:
            case code.Name():
                assert at(text, node.span) == node.id
            case code.Member():
                assert at(text, node.name_span) == node.name
            case code.Function(name=name) | code.Class(name=name) if name:
                assert at(text, node.name_span) == name
            case code.Parameter(pattern=None):
                assert at(text, node.span).lstrip("*").startswith(node.name)
            case code.Argument(name=str()):
                assert at(text, node.span).startswith(f"{node.name}=")
            case code.Call():
                assert at(text, node.span).endswith(")")
            case code.Hole():
                assert at(text, node.span)[0] + at(text, node.span)[-1] == "{}"
                assert at(text, node.span).rstrip("}").rstrip().endswith(node.form.rstrip("}"))
            case _:
                pass


@pytest.mark.parametrize("source", [SAMPLE, ODD, SAMPLE.replace("\n", "\r\n")])
def test_literals_mean_what_python_takes_them_for(source: str) -> None:
    for text, node in read(source):
        if isinstance(node, code.Constant):
            assert ast.literal_eval(at(text, node.span)) == node.value
        if isinstance(node, code.Text) and node.value is not None:
            value = ast.literal_eval(f"({at(text, node.span)}\n)")
            assert (value.decode("latin-1") if node.is_bytes else value) == node.value


@pytest.mark.parametrize("source", [SAMPLE, ODD])
def test_fragments_cover_a_text_and_map_characters(source: str) -> None:
    for text, node in read(source):
        if not isinstance(node, code.Text):
            continue
        for part, following in zip(node.parts, node.parts[1:], strict=False):
            between = text[part.span.end : following.span.start]
            assert not between or set("'\"") & set(between)
        for part in node.parts:
            if isinstance(part, code.Fragment) and len(part.value) == len(part.span):
                assert part.value == at(text, part.span)
            elif isinstance(part, code.Fragment):
                assert at(text, part.span)[0] in "\\{}\r"


def test_each_escape_is_a_fragment() -> None:
    text = r"'a\n\x41b' '{{c\d'"
    (fact,) = READER.lower(text, cut_afresh(READER, text)[0].place).body
    assert isinstance(fact, code.Text)
    parts = [
        (at(text, part.span), part.value) for part in fact.parts if isinstance(part, code.Fragment)
    ]
    assert parts == [("a", "a"), (r"\n", "\n"), (r"\x41", "A"), ("b", "b"), (r"{{c\d", r"{{c\d")]


@pytest.mark.parametrize("source", [SAMPLE, ODD])
def test_parts_lie_within_the_whole(source: str) -> None:
    for _, node in read(source):
        for child in code.children(node):
            # The subject of a `match` is meant again in each case, and stands at the first.
            assert node.span.covers(child.span) or isinstance(node, code.Operation)
