"""What a model writes is shown as Markdown without images, HTML or odd links."""

import pytest
from backend_expert.persona.sanitise import Sanitiser
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def sanitised(*parts: str) -> str:
    sanitiser = Sanitiser()
    return "".join([*(sanitiser.add(part) for part in parts), sanitiser.end()])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("plain **bold** text", "plain **bold** text"),
        ("![logo](https://x.test/a.png)", "[logo](https://x.test/a.png)"),
        ("a <img src=x> b", "a &lt;img src=x> b"),
        ("[go](https://x.test) and [run](command:backendExpert.explainRule?x)",) * 2,
        ("[go](javascript:alert(1))", r"[go]\(javascript:alert(1))"),
        ("[go](command:workbench.action.quit)", r"[go]\(command:workbench.action.quit)"),
        ("[go]: file:///etc/passwd\n", "[go]\\: file:///etc/passwd\n"),
        ("use `List<String>` and `a[0](x)`", "use `List<String>` and `a[0](x)`"),
        ("```java\nList<String> x = a[0](y);\n```\n<b>\n",
         "```java\nList<String> x = a[0](y);\n```\n&lt;b>\n"),
        ("1. First\n   ```ts\n   f<T>()\n   ```\n2. <b>\n",
         "1. First\n   ```ts\n   f<T>()\n   ```\n2. &lt;b>\n"),
        ("a < b, 1 <2", "a &lt; b, 1 &lt;2"),
        ("`` a ` <b> ``", "`` a ` <b> ``"),
    ],
)  # fmt: skip
def test_what_may_pass_and_what_becomes_text(text: str, after: str) -> None:
    assert sanitised(text) == after
    assert sanitised(*text) == after


@pytest.mark.parametrize(
    "text",
    [
        "\\`<img src=x>`",
        "` open\n and ` <img src=x> `x`\n",
        "| a | b |\n|---|---|\n| ` | <img src=x> ` |\n",
        "- ```\n<img src=x>\n",
        "1. a\n   ```\n<img src=x>\n```\n<b>\n```\n",
        "> ```\n<img src=x>\n```\n<img src=y>\n",
        "- a\n    ```\n    x\n```\n<img src=x>\n```\n",
        "\\![a](https://x.test/a.png)",
        "![a][b]\n\n[b]: https://x.test/a.png\n",
        "[a](<javascript:x>)",
        "[a](\njavascript:x)",
        "[a]( \tjavascript:x)",
        "<https://x.test>",
        "<script>\nalert(1)\n</script>\n",
        "~~~\n```\n~~~\n<img src=x>\n",
    ],
)
def test_tricks(text: str) -> None:
    assert_harmless(sanitised(text))


def test_text_is_shown_as_it_comes() -> None:
    sanitiser = Sanitiser()
    assert sanitiser.add("Hel") == "Hel"
    assert sanitiser.add("lo `co") == "lo "
    assert sanitiser.add("de` and") == "`code` and"
    assert sanitiser.add(" [a](ht") == " [a"
    assert sanitiser.add("tps://x.test/long-enough-to-tell-what-it-is)") != ""
    assert sanitiser.add("\n```py") == "\n"
    assert sanitiser.add("\nx = 1") == "```py\nx = 1"


PARTS = st.sampled_from(
    ["<img src=x>", "<b>", "`", "``", "```", "~~~", "\n", "\n\n", "- ", "1. ", "> ", "    ", "  ",
     "a", " ", "![", "[", "]", "(", ")", "](", "]:", "javascript:x", "https://x.test", "\\", "|",
     "|---|", "# ", "\t", "<!--", "-->", "<a href=x>", "command:x", "[a]: ", "!", "<"]
)  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(PARTS, max_size=24))
@example(["- ", "```", "\n", "<b>"])
def test_nothing_harmful_comes_through(parts: list[str]) -> None:
    after = sanitised(*parts)
    assert_harmless(after)
    assert sanitised("".join(parts)) == after == sanitised(*"".join(parts))


def assert_harmless(text: str) -> None:
    """A parser that believes in HTML finds none, no image, and no link but to the web."""
    for block in PARSER.parse(text):
        assert block.type != "html_block", text
        for token in block.children or ():
            assert token.type not in ("html_inline", "image"), text
            if token.type == "link_open":
                assert str(token.attrs["href"]).startswith(("http://", "https://")), text
