"""Migrations that are on the default branch: silent while they stay as they are, alive otherwise."""

import random
from pathlib import Path

import pytest
from backend_expert.ide.desk import checked, scopes_of
from backend_expert.ide.hover import hover
from backend_expert.ide.scan import Checker, Plan
from backend_expert.lint.checked import Checked
from backend_expert.persona.place import place_of
from backend_expert.persona.verify import prove
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Documents, read

from tests.support.repositories import commit, git, repository

NAME, NEW = "db/migrations/0001_status.sql", "db/migrations/0002_index.sql"
SILENT = "-- backend-expert: ignore[database/migration-no-lock-timeout] it is small\n"
TEXT = SILENT + "ALTER TABLE orders ADD COLUMN paid_at timestamp NOT NULL;\n"
INDEX = "CREATE INDEX orders_by_status ON orders (status);\n"
SEEDS = "db/migrations/0003_seeds.py"
SECRET = 'import stripe\n\nstripe.api_key = "sk_live_' + "4eC39HqLyjWDarjtT1zdp7dc" + '"\n'
ABOUT = {"database/migration-not-null-unsafe", "database/timestamp-without-tz"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "shop",
        {NAME: TEXT, SEEDS: SECRET, ".backend-expert.toml": 'dialect = "postgres"\n'},
    )


def found(root: Path, name: str, **settings: object) -> set[str]:
    """The rules that `check` reports in a file on disk."""
    table = "".join(f'{key} = "{value}"\n' for key, value in settings.items())
    (root / ".backend-expert.toml").write_text('dialect = "postgres"\n' + table)
    result = Checker(Plan((str(root),))).check(str(root / name))
    assert not result.broken
    return {report.rule for report in result.reports}


def test_check_is_silent_on_what_is_merged(root: Path) -> None:
    assert found(root, NAME) == set()
    assert found(root, NAME, migrations="changed") == set()
    assert found(root, NAME, migrations="all") >= ABOUT
    assert found(root, SEEDS) == {"security/hardcoded-secret"}  # it can still be changed


def test_check_looks_at_what_is_new_or_changed(root: Path) -> None:
    git(root, "switch", "-qc", "feature")
    commit(root, {NEW: INDEX})
    assert "database/migration-index-not-concurrent" in found(root, NEW)
    assert found(root, NAME) == set()
    (root / NAME).write_text(TEXT + INDEX)
    assert found(root, NAME) >= {*ABOUT, "database/migration-index-not-concurrent"}


def test_a_settings_file_may_say_it_for_some_folder(root: Path) -> None:
    (root / "db" / ".backend-expert.toml").write_text('dialect = "postgres"\nmigrations = "all"\n')
    assert found(root, NAME) >= ABOUT


class Buffer:
    """An open file, checked version by version as the server does it."""

    def __init__(self, root: Path, name: str) -> None:
        self.documents = Documents()
        self.documents.set_roots((str(root),))
        self.documents.put(read(root / name))
        (self.uri,) = self.documents.uris

    @property
    def document(self) -> Document:
        document = self.documents.get(self.uri)
        assert document is not None
        return document

    @property
    def checked(self) -> Checked:
        return checked(self.documents.snapshot(), self.document)

    def rules(self) -> set[str]:
        answer = self.checked
        path, scope = answer.file.path, answer.scope
        document = Document.open(self.uri, self.document.text, path=self.document.path)
        fresh = [(p.rule.id, span) for p, span in Checked(document, path, scope).all()]
        now = [(p.rule.id, span) for p, span in answer.all()]
        assert now == fresh  # checked incrementally as from scratch
        return {rule for rule, _ in now}

    def edit(self, span: Span, text: str) -> None:
        self.documents.put(self.document.replaced(span, text))


def test_an_edited_buffer_is_checked_as_a_whole(root: Path) -> None:
    buffer = Buffer(root, NAME)
    assert buffer.rules() == set()
    end = len(TEXT)
    buffer.edit(Span(end, end), INDEX)
    assert buffer.rules() >= {*ABOUT, "database/migration-index-not-concurrent"}
    buffer.edit(Span(end, end + len(INDEX)), "")
    assert buffer.rules() == set()


def test_any_edits_and_back(root: Path) -> None:
    buffer = Buffer(root, NAME)
    choose = random.Random(7)
    for _ in range(25):
        at = choose.randrange(len(TEXT))
        word = choose.choice(["x", ";", "\n", "'", "-- ", " é"])
        buffer.edit(Span(at, at), word)
        buffer.rules()
        buffer.edit(Span(at, at + len(word)), "")
        assert buffer.rules() == set()


def test_hovers_and_places_work_on_what_is_merged(root: Path) -> None:
    buffer = Buffer(root, NAME)
    at = TEXT.index("ADD COLUMN")
    shown = hover(buffer.documents.snapshot(), buffer.uri, at)
    assert shown is not None
    assert place_of(buffer.documents.snapshot(), buffer.uri, Span(at, at)) is not None


def test_an_edit_of_what_is_merged_is_proved_against_what_it_would_bring(root: Path) -> None:
    buffer = Buffer(root, NAME)
    place = place_of(buffer.documents.snapshot(), buffer.uri, Span(0, len(TEXT)))
    assert place is not None
    start = TEXT.index("timestamp")
    better = Edit(Span(start, start + 9), "timestamptz")
    proof = prove(place, [better], claims=["database/timestamp-without-tz"])
    assert proof.reasons == ()
    assert proof.mended == {"database/timestamp-without-tz": 1}
    worse = Edit(Span(len(TEXT), len(TEXT)), INDEX)
    reasons = prove(place, [worse]).reasons
    assert "it brings a new finding of database/migration-index-not-concurrent" in reasons
    assert buffer.rules() == set()  # as before


def test_a_branch_that_moves_is_seen_when_the_scopes_are_forgotten(root: Path) -> None:
    git(root, "switch", "-qc", "feature")
    commit(root, {NEW: INDEX})
    buffer = Buffer(root, NEW)
    assert buffer.rules()
    git(root, "branch", "-f", "main", "feature")
    assert buffer.rules()
    scopes_of(buffer.documents.snapshot()).forget()
    assert buffer.rules() == set()
