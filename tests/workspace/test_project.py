"""A project's facts: dependencies with versions, technologies, dialect, logger."""

from pathlib import Path

import pytest
from backend_expert.workspace.project import Projects, project_of, tells


def write(root: Path, **files: str) -> None:
    """Files by name; `__` in a name is a slash."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "pyproject.toml",
            '[project]\ndependencies = ["Flask_SQLAlchemy>=3", "psycopg[binary] ==3.2; python_version>\'3\'"]\n'
            '[project.optional-dependencies]\nx = ["redis"]\n[dependency-groups]\n'
            'dev = ["pytest~=9.0", {include-group = "x"}]\n',
            {"flask-sqlalchemy": ">=3", "psycopg": "==3.2", "redis": "", "pytest": "~=9.0"},
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython = "^3.11"\nDjango = "^5.1"\n'
            'celery = {version = "*", extras = ["redis"]}\n[tool.poetry.group.dev.dependencies]\n'
            'ruff = "0.9"\n',
            {"django": "^5.1", "celery": "", "ruff": "0.9"},
        ),
        (
            "requirements-dev.txt",
            "# c\n-i https://x\nFlask==2.0.1  # pinned\nhttpx>=0.2,<1 ; x\n-e .\n./local\n"
            "git+https://g/x.git#egg=My_Lib\nredis[hiredis]==5 --hash=sha256:0\nurl @ https://x/y.whl\n",
            {"flask": "==2.0.1", "httpx": ">=0.2,<1", "my-lib": "", "redis": "==5", "url": ""},
        ),
        (
            "Pipfile",
            '[packages]\nflask = "*"\nredis = {version = ">=5"}\n[dev-packages]\npytest = "==8"\n',
            {"flask": "", "redis": ">=5", "pytest": "==8"},
        ),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n  requests>=2\n  PyYAML\n[options.extras_require]\npg = psycopg2\n",
            {"requests": ">=2", "pyyaml": "", "psycopg2": ""},
        ),
        (
            "setup.py",
            'setup(name="x",\n  install_requires=["flask>=2",\n "sqlalchemy"],\n)\n',
            {"flask": ">=2", "sqlalchemy": ""},
        ),
        (
            "package.json",
            '{"dependencies": {"express": "^4.18.2", "pg": "*"}, "devDependencies": {"@types/pg": "8"}}',
            {"express": "^4.18.2", "pg": "", "@types/pg": "8"},
        ),
    ],
)
def test_dependencies(tmp_path: Path, name: str, text: str, wanted: dict[str, str]) -> None:
    write(tmp_path, **{name: text})
    assert project_of(str(tmp_path)).dependencies == wanted


@pytest.mark.parametrize("name", ["pyproject.toml", "package.json", "Pipfile", "setup.cfg"])
@pytest.mark.parametrize(
    "text", ["", "{", "[", "[1]", "dependencies = 3", "\0", '{"dependencies": []}']
)
def test_a_broken_manifest_says_nothing(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, **{name: text, "requirements.txt": "flask"})
    assert project_of(str(tmp_path)).dependencies == {"flask": ""}


def test_requirements_include_each_other(tmp_path: Path) -> None:
    files = {"requirements.txt": "-r requirements/base.txt\n-r requirements.txt\n"}
    write(tmp_path, **files, **{"requirements/base.txt": "flask==3\n"})
    assert project_of(str(tmp_path)).dependencies == {"flask": "==3"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", '[[package]]\nname = "flask"\nversion = "3.1.0"\n'),
        ("poetry.lock", '[[package]]\nname = "Flask"\nversion = "3.1.0"\ndescription = ""\n'),
        ("Pipfile.lock", '{"default": {"flask": {"version": "==3.1.0"}}}'),
    ],
)
def test_python_locks_give_exact_versions(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, **{"requirements.txt": "flask>=2\n", name: text})
    assert project_of(str(tmp_path)).dependencies == {"flask": "3.1.0"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", '{"packages": {"": {}, "node_modules/@a/b": {"version": "4.2.1"}}}'),
        ("package-lock.json", '{"dependencies": {"@a/b": {"version": "4.2.1"}}}'),
        ("yarn.lock", '# v1\n\n"@a/b@^4", "@a/b@^4.1":\n  version "4.2.1"\n'),
        ("yarn.lock", '"@a/b@npm:^4":\n  version: 4.2.1\n  resolution: "x"\n'),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '@a/b':\n"
            "        specifier: ^4\n        version: 4.2.1(react@18.0.0)\n\npackages:\n",
        ),
        ("pnpm-lock.yaml", "lockfileVersion: 5.4\n\ndependencies:\n  '@a/b': 4.2.1\n\npackages:\n"),
    ],
)
def test_script_locks_give_exact_versions(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, **{"package.json": '{"dependencies": {"@a/b": "^4"}}', name: text})
    assert project_of(str(tmp_path)).dependencies == {"@a/b": "4.2.1"}


def test_technologies_are_detected_in_their_own_language(tmp_path: Path) -> None:
    write(tmp_path, **{"package.json": '{"dependencies": {"express": "4", "redis": "5"}}'})
    found = project_of(str(tmp_path)).technologies
    assert "express" in found
    assert "redis-py" not in found


@pytest.mark.parametrize(
    ("files", "dialect"),
    [
        ({"requirements.txt": "psycopg2-binary\n"}, "postgres"),
        ({"package.json": '{"dependencies": {"mysql2": "3"}}'}, "mysql"),
        ({".env.example": "DATABASE_URL=postgresql+asyncpg://u:p@db/x\n"}, "postgres"),
        ({"docker-compose.yml": "services:\n  db:\n    image: mariadb:11\n"}, "mysql"),
        ({"app/settings.py": "'ENGINE': 'django.db.backends.sqlite3'\n"}, "sqlite"),
        ({"migrations/1.sql": "CREATE TABLE a (id BIGSERIAL, b JSONB);\n"}, "postgres"),
        ({"prisma/schema.prisma": 'datasource db {\n  provider = "mysql"\n}\n'}, "mysql"),
        ({"app/a.py": "x = 1\n"}, ""),
    ],
)
def test_the_dialect_is_told_by_evidence(
    tmp_path: Path, files: dict[str, str], dialect: str
) -> None:
    write(tmp_path, **files)
    assert project_of(str(tmp_path)).dialect == dialect


@pytest.mark.parametrize(
    ("files", "has_logger"),
    [
        ({"requirements.txt": "structlog\n"}, True),
        ({"app/a.py": "log = logging.getLogger(__name__)\n"}, True),
        ({"src/logger.js": "export const logger = { info() {} };\n"}, True),
        ({"app/a.py": "print(1)\n"}, False),
        ({"tests/test_a.py": "log = logging.getLogger(__name__)\n"}, False),
    ],
)
def test_a_logger_is_seen(tmp_path: Path, files: dict[str, str], has_logger: bool) -> None:
    write(tmp_path, **files)
    assert project_of(str(tmp_path)).has_logger is has_logger


def test_the_nearest_manifest_wins(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "pyproject.toml": '[project]\ndependencies = ["ruff"]\n',
            "services/pay/requirements.txt": "flask\n",
            "services/pay/tests/requirements.txt": "pytest\n",
            "web/package.json": '{"dependencies": {"express": "4"}}',
        },
    )
    projects = Projects(str(tmp_path))

    def dependencies(path: str) -> set[str]:
        return set(projects.project_for(str(tmp_path / path)).dependencies)

    assert dependencies("a.py") == {"ruff"}
    assert dependencies("services/other/a.py") == {"ruff"}
    assert dependencies("services/pay/app/a.py") == {"flask"}
    assert dependencies("services/pay/tests/a.py") == {"flask"}
    assert dependencies("web/src/a.ts") == {"express"}


def test_a_project_is_the_same_object_until_forgotten(tmp_path: Path) -> None:
    write(tmp_path, **{"requirements.txt": "flask\n"})
    projects, path = Projects(str(tmp_path)), str(tmp_path / "a.py")
    first = projects.project_for(path)
    assert projects.project_for(str(tmp_path / "b" / "c.py")) is first
    write(tmp_path, **{"requirements.txt": "django\n"})
    assert projects.project_for(path) is first
    projects.forget()
    assert set(projects.project_for(path).dependencies) == {"django"}


def test_a_folder_that_is_not_there_has_no_facts(tmp_path: Path) -> None:
    project = project_of(str(tmp_path / "gone"))
    assert (project.dependencies, project.dialect) == ({}, "")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/x/pyproject.toml", True),
        ("/x/requirements-dev.txt", True),
        ("/x/uv.lock", True),
        ("/x/package-lock.json", True),
        ("/x/compose.yaml", True),
        ("/x/.env.example", True),
        ("/x/.env", False),
        ("/x/app.py", False),
    ],
)
def test_which_files_tell(path: str, told: bool) -> None:
    assert tells(path) is told
