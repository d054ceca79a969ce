"""Consent is kept for each workspace, by its path, through restarts and damage."""

import logging
import os
import stat

import pytest

from tests.persona.gate.conftest import Place


def test_an_answer_is_kept_for_its_workspace_alone(at: Place) -> None:
    at.gate(agreed=False).agree("/work/a", "asks")
    at.gate(agreed=False).agree("/work/b", "no")
    later = at.gate(agreed=False)
    answers = [later.consent(path) for path in ("/work/a", "/work/a/", "/work/b", "/work", "")]
    assert answers == ["asks", "asks", "no", None, None]


def test_a_folder_whose_name_is_no_text_has_an_answer_too(at: Place) -> None:
    at.gate(agreed=False).agree("/work/\udcff", "asks")
    later = at.gate(agreed=False)
    assert (later.consent("/work/\udcff"), later.consent("/work/\udcfe")) == ("asks", None)


def test_a_workspace_is_known_behind_a_link(at: Place) -> None:
    link = at.workspace.parent / "link"
    link.symlink_to(at.workspace, target_is_directory=True)
    at.gate(agreed=False).agree(str(at.workspace), "asks")
    assert at.gate(agreed=False).consent(str(link)) == "asks"


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b'{"answer": "yes"}', b"[]", b"null"])
def test_a_damaged_answer_is_none(at: Place, damage: bytes) -> None:
    gate = at.gate(agreed=False)
    gate.agree("/work/a", "hovers")
    [kept] = (at.state / "consent").iterdir()
    kept.write_bytes(damage)
    assert gate.consent("/work/a") is None
    gate.agree("/work/a", "asks")
    assert gate.consent("/work/a") == "asks"


def test_an_answer_for_another_workspace_does_not_count(at: Place) -> None:
    gate = at.gate(agreed=False)
    gate.agree("/work/a", "asks")
    [kept] = (at.state / "consent").iterdir()
    gate.agree("/work/b", "no")
    [other] = [path for path in (at.state / "consent").iterdir() if path != kept]
    other.write_bytes(kept.read_bytes())
    assert gate.consent("/work/b") is None


def test_where_nothing_can_be_written_it_counts_until_the_end(
    at: Place, caplog: pytest.LogCaptureFixture
) -> None:
    at.state.write_text("a file stands in the folder's place")
    gate = at.gate(agreed=False)
    with caplog.at_level(logging.WARNING):
        gate.agree("/work/a", "asks")
        gate.agree("/work/b", "no")
    assert (gate.consent("/work/a"), gate.consent("/work/b")) == ("asks", "no")
    assert len(caplog.records) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes; the user's folder is their own")
def test_only_the_user_can_read_what_is_kept(at: Place) -> None:
    at.gate()
    [kept] = (at.state / "consent").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
