"""Files that may not leave, by name, by ignore file, by place."""

import os
from pathlib import Path

import pytest
from backend_expert.persona.gate.denied import Denied

from tests.persona.gate.conftest import Place

SECRET_FILES = [
    ".env",
    ".env.local",
    ".ENV",
    "deploy/prod.env",
    ".envrc",
    "server.pem",
    "tls/server.KEY",
    "keys/store.jks",
    "a.p12",
    "a.pfx",
    "id_rsa",
    "id_ed25519.bak",
    "vault.kdbx",
    "credentials",
    "google-credentials.json",
    "service-account-prod.json",
    ".netrc",
    ".pgpass",
    ".npmrc",
    ".pypirc",
    "kubeconfig",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "prod.tfvars",
    ".git/config",
    ".ssh/config",
    ".aws/config",
    ".docker/config.json",
    "secrets.yaml",
]
OTHERS = [
    "app.py",
    ".env.example",
    ".env.sample",
    "env.py",
    "environment.ts",
    "settings/secrets.py",
    "credentials.py",
    "keys.py",
    "keyboard.js",
    "monkey.go",
    "migrations/0001_init.sql",
]


@pytest.mark.parametrize("name", SECRET_FILES)
def test_files_with_secrets_are_denied_by_name(at: Place, name: str) -> None:
    assert Denied(str(at.workspace)).reason(at.file(name)) == "files of that name hold secrets"
    assert Denied("").reason(str(at.workspace / name)) == "files of that name hold secrets"


@pytest.mark.parametrize("name", OTHERS)
def test_code_and_examples_may_leave(at: Place, name: str) -> None:
    assert Denied(str(at.workspace)).reason(at.file(name)) == ""


@pytest.mark.parametrize("ignore", [".gitignore", ".backendexpertignore"])
@pytest.mark.parametrize("folder", ["", "api/"])
def test_what_an_ignore_file_names_is_denied(at: Place, ignore: str, folder: str) -> None:
    at.file(folder + ignore, "private.py\ndrafts/\n")
    denied = Denied(str(at.workspace))
    assert denied.reason(at.file(folder + "private.py")) == "an ignore file names it"
    assert denied.reason(at.file(folder + "drafts/deep/plan.py")) == "an ignore file names it"
    assert denied.reason(at.file(folder + "public.py")) == ""


def test_an_ignored_folder_takes_nothing_back(at: Place) -> None:
    at.file(".gitignore", "drafts/\n")
    at.file("drafts/.gitignore", "!plan.py\n")
    assert Denied(str(at.workspace)).reason(at.file("drafts/plan.py")) == "an ignore file names it"


def test_the_ignore_files_of_the_repository_above_count_too(at: Place) -> None:
    (at.workspace / ".git").mkdir()
    at.file(".gitignore", "api/private.py\n")
    denied = Denied(str(at.workspace / "api"))
    assert denied.reason(at.file("api/private.py")) == "an ignore file names it"


def test_a_workspace_that_its_repository_ignores_can_still_be_worked_in(at: Place) -> None:
    (at.workspace / ".git").mkdir()
    at.file(".gitignore", "scratch/\n")
    at.file("scratch/.gitignore", "private.py\n")
    denied = Denied(str(at.workspace / "scratch"))
    assert denied.reason(at.file("scratch/app.py")) == ""
    assert denied.reason(at.file("scratch/private.py")) == "an ignore file names it"


def test_files_outside_of_the_workspace_are_denied(at: Place, tmp_path: Path) -> None:
    denied = Denied(str(at.workspace))
    outside = "it lies outside of the workspace"
    assert denied.reason(str(tmp_path / "other.py")) == outside
    assert denied.reason(str(at.workspace / ".." / "other.py")) == outside
    assert denied.reason(str(at.workspace) + "2/app.py") == outside
    assert denied.reason("app.py") == "its path is not whole"
    assert denied.reason(str(at.workspace / "a\0b.py")) == "its path cannot be followed"


def test_links_do_not_lead_around_it(at: Place, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("x = 1")
    out = at.workspace / "linked.py"
    out.symlink_to(tmp_path / "other.py")
    away = at.workspace / "away"
    away.symlink_to(tmp_path, target_is_directory=True)
    named = at.workspace / "notes.py"
    named.symlink_to(at.file(".env"))
    denied = Denied(str(at.workspace))
    leads_out = "it is a link that leads outside of the workspace"
    assert denied.reason(str(out)) == leads_out
    assert denied.reason(str(away / "other.py")) == leads_out
    assert denied.reason(str(named)) == "files of that name hold secrets"


def test_a_workspace_behind_a_link_is_itself(at: Place, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(at.workspace, target_is_directory=True)
    at.file(".gitignore", "private.py\n")
    for workspace in (linked, at.workspace):
        denied = Denied(str(workspace))
        for folder in (linked, at.workspace):
            if workspace == at.workspace and folder == linked:
                continue
            assert denied.reason(os.path.join(folder, "app.py")) == ""
            assert denied.reason(os.path.join(folder, "private.py")) == "an ignore file names it"


def test_the_user_may_deny_more(at: Place) -> None:
    denied = Denied(str(at.workspace), ("billing/", "*.csv"))
    assert denied.reason(at.file("billing/tax.py")) == "your settings deny it"
    assert denied.reason(at.file("data/a.csv")) == "your settings deny it"
    assert denied.reason(at.file("data/a.py")) == ""
