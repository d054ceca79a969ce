"""Comments of class members, which are parsed with the class that they lack."""

from backend_expert.facts.item import Place
from backend_expert.languages.javascript import READERS

PLACE = Place(owner="Orders", owner_line="class Orders {", indent=2)


def test_comments_in_a_method_are_found() -> None:
    source = "  async f() {\n    // why\n    await g(); /* really */\n  }\n\n  // next\n"
    for language in ("javascript", "typescript"):
        item = READERS[language].lower(source, PLACE)
        assert [comment.text for comment in item.comments] == ["why", "really", "next"]
        assert [source[c.span.start : c.span.end] for c in item.comments] == [
            "// why",
            "/* really */",
            "// next",
        ]
