"""Which environment variables a project's files declare."""

from pathlib import Path

import pytest
from backend_expert.facts.project import Environment
from backend_expert.workspace.project import Projects, tells_of_project

EXAMPLE = "DATABASE_URL=postgres://localhost/shop\nSECRET_KEY=change-me\n"
COMPOSE = """
services:
  web:
    build: .
    environment:
      SECRET_KEY: ${SECRET_KEY}
      BROKER_URL: redis://redis
"""


def environment(root: Path, files: dict[str, str], at: str = "app.py") -> Environment:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Projects(str(root)).project_for(str(root / at)).environment


def test_examples_of_env_files_and_documents_declare(tmp_path: Path) -> None:
    files = {".env.example": EXAMPLE, "docs/deploy.md": "Set `SENTRY_DSN` to …", "app.py": "OTHER"}
    found = environment(tmp_path, files)
    assert found.files == (".env.example",)
    assert {"DATABASE_URL", "SECRET_KEY", "SENTRY_DSN"} <= found.names
    assert "OTHER" not in found.names


def test_a_compose_file_declares_where_there_is_no_example(tmp_path: Path) -> None:
    found = environment(tmp_path, {"compose.yaml": COMPOSE})
    assert found.files == ("compose.yaml",)
    assert "BROKER_URL" in found.names


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "DATABASE_URL"},
        {".env": EXAMPLE},
        {"compose.yaml": COMPOSE.replace("environment:", "env_file: .env\n    environment:")},
        {"compose.yaml": COMPOSE.replace("build: .", "image: postgres:18")},
        {".env.example": EXAMPLE, "deploy/web.yaml": "envFrom:\n- secretRef: {name: web}\n"},
    ],
)
def test_nothing_is_known_without_a_list_or_with_one_from_outside(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert environment(tmp_path, files) == Environment()


def test_the_list_of_another_project_does_not_count(tmp_path: Path) -> None:
    files = {"mine/package.json": "{}", "other/package.json": "{}", "other/.env.example": EXAMPLE}
    assert environment(tmp_path, files, "mine/app.js") == Environment()


def test_a_list_above_the_project_counts(tmp_path: Path) -> None:
    files = {".env.sample": EXAMPLE, "api/package.json": "{}"}
    assert environment(tmp_path, files, "api/app.js").files == (".env.sample",)


def test_real_env_files_are_never_read(tmp_path: Path) -> None:
    files = {".env.example": EXAMPLE, ".env": "REAL_ONE=1", ".env.production": "REAL_TWO=2"}
    assert not {"REAL_ONE", "REAL_TWO"} & environment(tmp_path, files).names


def test_a_change_of_the_list_counts(tmp_path: Path) -> None:
    projects = Projects(str(tmp_path))
    (tmp_path / ".env.example").write_text(EXAMPLE)
    assert "BROKER_URL" not in projects.project_for(str(tmp_path / "app.py")).environment.names
    (tmp_path / ".env.example").write_text(EXAMPLE + "BROKER_URL=\n")
    assert tells_of_project(".env.example") and tells_of_project("template.env")
    projects.forget()
    assert "BROKER_URL" in projects.project_for(str(tmp_path / "app.py")).environment.names
