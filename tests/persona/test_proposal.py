"""A model's edits are read by type; what is wrong is said so that it can be mended."""

import json
import re

import pytest
from backend_expert.persona.proposal import SCHEMA, DraftEdit, ProposalDraft, read_proposal

from tests.support.messages_api import tools
from tests.support.messages_api.wrong import Wrong

EDIT = {"file": "a.py", "first_line": 1, "last_line": 2, "old": "a\nb\n", "new": "c\n", "mends": []}


def written(*edits: dict, title: str = "Do it") -> str:
    return json.dumps({"title": title, "edits": list(edits)})


def test_edits_are_read():
    edits = (EDIT, EDIT | {"first_line": 5, "last_line": 4, "old": "", "mends": ["errors/x"]})

    assert read_proposal(written(*edits)) == ProposalDraft(
        "Do it",
        (
            DraftEdit("a.py", 1, 2, "a\nb\n", "c\n"),
            DraftEdit("a.py", 5, 4, "", "c\n", ("errors/x",)),
        ),
    )


@pytest.mark.parametrize(
    ("json", "message"),
    [
        ("", "not whole JSON"),
        (written(EDIT)[:40], "not whole JSON"),
        ("[]", "not as the schema has them: Expected `object`, got `array`"),
        ("null", "not as the schema has them"),
        ("{}", "missing required field `title`"),
        (written(title=""), "the edits have no title"),
        (written(), "there is no edit in the proposal"),
        (written(*[EDIT] * 201), "there are 201 edits; at most 200 are read"),
        (written(EDIT | {"file": " "}), "edit 1 names no file"),
        (written(EDIT | {"file": "a\0"}), "edit 1 names no file"),
        (written(EDIT, EDIT | {"first_line": 0}), "edit 2 begins at line 0; lines count from 1"),
        (written(EDIT | {"first_line": 9}), "edit 1 ends at line 2, before its first line 9"),
        (written(EDIT | {"last_line": 0}), "edit 1 inserts lines, so its `old` must be empty"),
        (written(EDIT | {"old": "c\n"}), "edit 1 changes nothing"),
        (
            written(EDIT | {"first_line": "1"}),
            "Expected `int`, got `str` - at `$.edits[0].first_line`",
        ),
        (written(EDIT | {"mends": "x"}), "Expected `array`, got `str` - at `$.edits[0].mends`"),
        (
            written(EDIT | {"first_line": 10**30}),
            "edit 1 ends at line 2, before its first line 1000",
        ),
        ('{"title": "\ud800", "edits": []}', "the edits"),
    ],
)
def test_what_is_wrong_is_said(json, message):
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        read_proposal(json)

    assert "\n" not in str(raised.value)


def test_a_megabyte_is_read():
    assert len(read_proposal(written(EDIT | {"new": "x" * 1_000_000})).edits[0].new) == 1_000_000


def test_the_schema_is_a_strict_one_and_asks_for_what_is_read():
    tool = {"name": "propose_edits", "strict": True, "input_schema": SCHEMA}

    tools.check({"tools": [tool]}, can_strict=True)
    with pytest.raises(Wrong):
        tools.check({"tools": [tool]}, can_strict=False)
    edit = SCHEMA["properties"]["edits"]["items"]
    assert tuple(edit["properties"]) == DraftEdit.__struct_fields__
    assert tuple(SCHEMA["properties"]) == ProposalDraft.__struct_fields__
