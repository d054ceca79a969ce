"""The README speaks of what exists: rules, links, commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend_expert.cli.main import COMMANDS
from backend_expert.rules import AREAS, all_rules

from tests.support.tools import ROOT

CLIENTS = ROOT / "clients"
PAGES = [
    ROOT / "README.md",
    ROOT / "server" / "ARCHITECTURE.md",
    CLIENTS / "README.md",
    *sorted(CLIENTS.glob("*/README.md")),
]


def links(page: Path) -> Iterator[str]:
    text = page.read_text("utf-8")
    yield from re.findall(r"\]\(([^)#]+)", text)
    yield from re.findall(r'\bsrc(?:set)?="([^"]+)"', text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere_in_this_repository(page: Path) -> None:
    assert [to for to in links(page) if not (page.parent / to).exists()] == []


def test_the_rules_that_the_readme_names_exist() -> None:
    known = {rule.id for rule in all_rules()}
    text = PAGES[0].read_text("utf-8")
    named = set(re.findall(rf"\b(?:{'|'.join(AREAS)})/[a-z0-9-]+\b", text))
    assert len(named) > 20
    assert named <= known


def test_every_area_stands_in_the_readme_with_rules_of_its_own() -> None:
    text = PAGES[0].read_text("utf-8")
    for area, title in AREAS.items():
        row = re.search(rf"^\| {re.escape(title)} \| (.+) \|$", text, re.MULTILINE)
        assert row is not None, title
        assert set(re.findall(r"`([a-z]+)/", row[1])) == {area}


def test_the_commands_that_the_readme_shows_exist() -> None:
    commands = set(re.findall(r"^(?:\$ )?backend-expert (\w+)", PAGES[0].read_text("utf-8"), re.M))
    assert commands and commands <= COMMANDS.keys()
