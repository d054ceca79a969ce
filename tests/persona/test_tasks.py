"""Tasks, characters, briefs and offers: data that is read with care."""

from pathlib import Path

import pytest
from backend_expert.persona import brief as briefs
from backend_expert.persona import character
from backend_expert.persona.brief import brief
from backend_expert.persona.character import CharacterError
from backend_expert.persona.expert import Unanswerable
from backend_expert.persona.offers import offers
from backend_expert.persona.offline import ANSWERS
from backend_expert.persona.place import place_of
from backend_expert.persona.task import TaskError, read, tasks
from backend_expert.text.span import Span

from tests.persona.conftest import Desk, shop

HEAD = """+++
title = "Name this"
offered_on = "selection"
kind = "refactor.rewrite.backendExpert.name"
answer = "markdown"
context = ["selection"]
max_tokens = 100
+++
Give it a better name.
"""
TASKS = {
    *("ask", "explain", "fix", "index", "migration", "notes", "production", "query"),
    *("review", "rewrite", "tests"),
}
SOURCE = "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()\n"


def test_the_tasks_that_come_along_are_whole() -> None:
    assert set(tasks()) == TASKS == set(ANSWERS)
    for id, task in tasks().items():
        assert task.id == id
        assert task.prompt
        is_fix = id == "fix"
        assert task.kind == ("quickfix" if is_fix else f"refactor.rewrite.backendExpert.{id}")
        assert task.mends is is_fix
        assert (task.answer == "edits") is (id in ("fix", "production", "rewrite"))
        assert "selection" in task.context
        for name in task.context:
            assert callable(briefs.builder(name))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Give it a better name.", "a task begins with a head between two lines of +++"),
        (HEAD.replace('"selection"\n', '"anything"\n', 1), "offered_on"),
        (HEAD.replace("max_tokens = 100\n", ""), "max_tokens"),
        (HEAD.replace("max_tokens", "tokens = 1\nmax_tokens"), "tokens"),
        (HEAD.replace("= 100", "= ?"), "line 7"),
    ],
)
def test_a_wrong_task_names_its_file_and_the_fault(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "name.md"
    path.write_text(text)
    with pytest.raises(TaskError, match=r"^name\.md: ") as caught:
        read(path)
    assert words in str(caught.value)


async def test_a_new_file_is_a_new_ability(task_folder: Path) -> None:
    (task_folder / "name.md").write_text(HEAD)
    desk = Desk(SOURCE, "a.py")
    answer = await desk.ask("name")
    assert answer.text.startswith("# Name this\n")
    offered = offers(desk.snapshot, desk.document.uri, Span(0, 3), ())
    assert [(action.title, action.kind) for action in offered] == [
        ("Ask backend expert: name this", "refactor.rewrite.backendExpert.name")
    ]


def test_a_wrong_task_takes_no_other_down(
    task_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (task_folder / "name.md").write_text(HEAD)
    (task_folder / "other.md").write_text("Do something.")
    assert list(tasks()) == ["name"]
    assert "other.md" in caplog.text


@pytest.mark.parametrize(("where", "on"), [("finding", "requests.get(url)"), ("query", "select 1")])
def test_a_task_is_offered_where_it_fits(where: str, on: str, task_folder: Path) -> None:
    (task_folder / "name.md").write_text(HEAD.replace('"selection"\n', f'"{where}"\n', 1))
    source = f"import sqlite3\n{SOURCE}\n\nsqlite3.connect('a').execute('select 1')\n"
    desk = Desk(source, "a.py")
    assert offers(desk.snapshot, desk.document.uri, desk.span(on), ())
    assert not offers(desk.snapshot, desk.document.uri, desk.span("import sqlite3"), ())


def test_offers_of_the_kinds_that_are_asked_for() -> None:
    desk = Desk(SOURCE, "a.py")

    def ids(*kinds: str) -> list[str]:
        found = offers(desk.snapshot, desk.document.uri, desk.span("requests.get(url)"), kinds)
        return [action.id for action in found]

    rewriting = [
        f"ask {id}" for id in sorted(TASKS - {"ask", "fix", "index", "migration", "query"})
    ]
    assert ids() == sorted(["ask fix", *rewriting])
    assert ids("refactor") == ids("refactor.rewrite") == rewriting
    assert ids("refactor.rewrite.backendExpert.notes") == ["ask notes"]
    assert ids("quickfix") == ["ask fix"]
    assert ids("source.backendExpert") == ["wouldSend", "sent"]
    assert "wouldSend" in ids("source")
    assert ids("source.organizeImports") == []
    assert offers(desk.snapshot, "file:///gone.py", Span(0, 1), ()) == []


MIGRATION = "ALTER TABLE orders ADD COLUMN currency text NOT NULL;\n"


@pytest.mark.parametrize(
    ("name", "source", "on", "there", "not_there"),
    [
        ("a.py", SOURCE, "import requests", {"explain"}, {"tests", "production", "fix", "query"}),
        ("a.py", "x = 1\n", "x = 1", {"review"}, {"tests", "production", "migration", "index"}),
        ("a.py", SOURCE, "def rates(url):", {"tests", "production"}, {"query", "index", "ask"}),
        ("V7__currency.sql", MIGRATION, "", {"migration"}, {"query", "tests", "index"}),
        ("a.sql", MIGRATION, "", {"explain"}, {"migration"}),
        ("a.sql", "SELECT id FROM orders WHERE id = 1;\n", "", {"query", "index"}, {"tests"}),
    ],
)
def test_each_task_is_offered_only_where_it_fits(
    name: str, source: str, on: str, there: set[str], not_there: set[str]
) -> None:
    desk = Desk(source, name, select=())
    found = offers(desk.snapshot, desk.document.uri, desk.span(on), ())
    ids = {action.id.removeprefix("ask ") for action in found}
    assert there <= ids
    assert not not_there & ids


def test_nothing_is_offered_on_an_empty_file() -> None:
    desk = Desk("\n\n", "a.py")
    assert offers(desk.snapshot, desk.document.uri, Span(0, 0), ()) == []


def test_a_fix_is_offered_for_the_worst_finding_and_its_diagnostic() -> None:
    desk = Desk(SOURCE, "a.py")
    (action,) = offers(desk.snapshot, desk.document.uri, desk.span(), ("quickfix",))
    assert action.rules == ("errors/http-call-no-timeout",)
    assert action.command is not None
    asked = action.command.arguments[0]
    span = desk.span("requests.get")
    assert isinstance(asked, dict)
    assert asked["span"][0] == span.start
    assert asked["span"][1] < desk.document.end_of_file


async def test_a_free_question_needs_words() -> None:
    desk = Desk(SOURCE, "a.py")
    with pytest.raises(Unanswerable, match="say in your own words"):
        await desk.ask("ask", question="  ")
    answer = await desk.ask("ask", question="What does this do?")
    assert "> What does this do?" in answer.text
    assert "Without a model there is no answer in free words" in answer.text


async def test_a_task_that_is_not_there_and_a_file_that_is_not_open() -> None:
    desk = Desk(SOURCE, "a.py")
    with pytest.raises(
        Unanswerable, match=r"no task called “sing”\. There are: ask, explain, fix,"
    ):
        await desk.ask("sing")
    desk.documents.close(desk.document.uri)
    with pytest.raises(Unanswerable, match="not open"):
        await desk.ask("explain")


def test_the_character_that_comes_along() -> None:
    own = character.read()
    assert own.name == "backend-expert"
    assert own.description and "never an instruction" in " ".join(own.text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You are kind.", "begins with front matter"),
        ("---\nname: x\n", "begins with front matter"),
        ("---\nname: x\n---\nYou are kind.", "lacks “description: …”"),
        ("---\ndescription: x\nname:\n---\nYou are kind.", "lacks “name: …”"),
    ],
)
def test_a_wrong_character_says_what_it_lacks(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "me.md"
    path.write_text(text)
    with pytest.raises(CharacterError) as caught:
        character.read(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_character_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "me.md"
    path.write_text("---\nname: 'me'\ndescription: \"kind: very\"\n---\n\nYou are kind.\n")
    assert character.read(path) == character.Character("me", "kind: very", "You are kind.")


def test_a_brief_has_what_the_task_asks_for_stable_sections_first() -> None:
    whole = brief(tasks()["explain"], shop("api/shop/routers/products.py").place())
    titles = [section.title for section in whole.sections]
    assert titles[:2] == ["The project", "Technologies in use"]
    assert titles[2].startswith("Selected code: api/shop/routers/products.py, lines 1 to ")
    assert {"Endpoints that it answers (facts)", "Queries that it runs (facts)"} < set(titles)
    assert whole.dropped == ()
    assert "FastAPI" in whole.sections[1].text


def test_a_brief_drops_whole_sections_to_fit_and_names_them() -> None:
    place = shop("api/shop/routers/products.py").place()
    task = tasks()["explain"]
    whole = brief(task, place)
    sizes = {section.title: len(section.text) for section in whole.sections}
    budget = sum(sizes.values()) - 1
    fitted = brief(task, place, budget=budget)
    assert fitted.dropped
    assert sum(len(section.text) for section in fitted.sections) <= budget
    kept = {section.title for section in fitted.sections}
    assert kept | set(fitted.dropped) == set(sizes)
    assert not kept & set(fitted.dropped)
    nothing = brief(task, place, budget=0)
    assert nothing.sections == ()
    assert len(nothing.dropped) == len(sizes)


def test_a_brief_shows_the_function_around_a_part_of_it() -> None:
    desk = Desk(SOURCE, "a.py")
    titles = [s.title for s in brief(tasks()["explain"], desk.place("requests.get(url)")).sections]
    assert "The function around it: rates, from line 4" in titles
    whole = desk.place("def rates(url):\n    return requests.get(url).json()")
    assert not any("around" in s.title for s in brief(tasks()["explain"], whole).sections)


def test_a_cursor_stands_for_the_statement_around_it() -> None:
    desk = Desk(SOURCE, "a.py")
    at = desk.span("rates").start
    place = place_of(desk.snapshot, desk.document.uri, Span(at, at))
    assert place is not None
    assert place.text.startswith("def rates(url):")
    assert place.lines == (4, 5)
