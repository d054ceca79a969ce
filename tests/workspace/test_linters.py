"""Other linters that a project sets up: which of their rules are on, and what is left to them."""

from pathlib import Path

import pytest
from backend_expert.ide.scan import Checker, Plan
from backend_expert.rules import all_rules, rule_named
from backend_expert.workspace.linters import is_linter_settings, linters_of
from backend_expert.workspace.project import tells, tells_of_project

TIMEOUT, MUTABLE, DATES = (
    "errors/http-call-no-timeout",
    "quality/shared-mutable-default",
    "quality/naive-datetime",
)
FLOATING, INDEX = "errors/floating-promise", "database/migration-index-not-concurrent"
TYPED = '"@typescript-eslint/no-floating-promises"'


def write(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return str(root)


@pytest.mark.parametrize(
    ("files", "on"),
    [
        ({"ruff.toml": 'lint.select = ["S113"]'}, True),
        ({".ruff.toml": 'lint.select = ["S"]'}, True),
        ({"ruff.toml": 'select = ["S1"]'}, True),  # as it was written before
        ({"pyproject.toml": '[tool.ruff.lint]\nextend-select = ["S"]'}, True),
        ({"ruff.toml": 'lint.select = ["ALL"]'}, True),
        ({"ruff.toml": 'lint.select = ["SIM", "B", "S2"]'}, False),
        ({"ruff.toml": 'lint.select = ["ALL"]\nlint.ignore = ["S1"]'}, False),
        ({"ruff.toml": 'lint.select = ["S113"]\nlint.ignore = ["S"]'}, True),
        ({"ruff.toml": 'lint.select = ["S113"]\nlint.ignore = ["S113"]'}, False),
        ({"ruff.toml": "line-length = 100"}, False),
        ({"ruff.toml": "select = ["}, False),
        ({"ruff.toml": 'select = "S"'}, False),
        ({"ruff.toml": 'extend = "base/ruff.toml"', "base/ruff.toml": 'select = ["S"]'}, True),
        ({"ruff.toml": 'extend = "b.toml"\nselect = ["E"]', "b.toml": 'select = ["S"]'}, False),
        ({"ruff.toml": 'extend = "ruff.toml"\nselect = ["E"]'}, False),
        ({".ruff.toml": "", "ruff.toml": 'select = ["S"]'}, False),
        ({"pyproject.toml": '[tool.other]\nselect = ["S"]'}, False),
        ({}, False),
    ],
)
def test_ruff(tmp_path: Path, files: dict[str, str], on: bool) -> None:
    root = write(tmp_path, files)
    assert linters_of(root, root).reports("ruff S113", "python") is on
    assert not linters_of(root, root).reports("ruff S113", "typescript")


@pytest.mark.parametrize(
    ("files", "on"),
    [
        ({"eslint.config.mjs": f"export default [{{rules: {{{TYPED}: 'error'}}}}]"}, True),
        ({"eslint.config.ts": f"export default [{{rules: {{{TYPED}: ['warn', {{}}]}}}}]"}, True),
        ({"eslint.config.js": "module.exports = ts.config(ts.configs.recommendedTypeChecked)"}, True),
        ({".eslintrc.json": f'{{"rules": {{{TYPED}: 2}}}}'}, True),
        ({".eslintrc.yml": f"rules:\n  {TYPED}: error\n"}, True),
        ({".eslintrc.cjs": "extends: ['plugin:@typescript-eslint/strict-type-checked']"}, True),
        ({"eslint.config.mjs": "export default ts.configs.recommendedTypeCheckedOnly"}, False),
        ({"eslint.config.mjs": "export default [ts.configs.recommended]"}, False),
        ({"eslint.config.mjs": f"// {TYPED}: 'error',\n/* {TYPED}: 2 */\n"}, False),
        ({"eslint.config.mjs": f"[ts.configs.strictTypeChecked, {{rules: {{{TYPED}: 'off'}}}}]"}, False),
        ({".eslintrc.json": f'{{"rules": {{{TYPED}: 0}}}}'}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_typescript_eslint(tmp_path: Path, files: dict[str, str], on: bool) -> None:
    root = write(tmp_path, files)
    twin = "typescript-eslint no-floating-promises"
    assert linters_of(root, root).reports(twin, "typescript") is on
    assert not linters_of(root, root).reports(twin, "javascript")


@pytest.mark.parametrize(
    ("files", "on"),
    [
        ({".squawk.toml": 'pg_version = "16"'}, True),
        ({".squawk.toml": 'excluded_rules = ["prefer-text-field"]'}, True),
        ({".squawk.toml": 'excluded_rules = ["prefer-timestamptz"]'}, False),
        ({".squawk.toml": "excluded_rules = ["}, False),
        ({}, False),
    ],
)
def test_squawk(tmp_path: Path, files: dict[str, str], on: bool) -> None:
    root = write(tmp_path, files)
    assert linters_of(root, root).reports("squawk prefer-timestamptz", "sql") is on
    assert not linters_of(root, root).reports("squawk prefer-timestamptz", "python")


def test_the_nearest_settings_count_and_none_above_the_root(tmp_path: Path) -> None:
    write(tmp_path, {"ruff.toml": 'select = ["S"]', "a/ruff.toml": "", "b/x.py": ""})
    root = str(tmp_path)
    assert not linters_of(f"{root}/a", root).reports("ruff S113", "python")
    assert linters_of(f"{root}/b", root).reports("ruff S113", "python")
    assert not linters_of(f"{root}/b", f"{root}/b").reports("ruff S113", "python")


def test_a_folder_that_ruff_leaves_out(tmp_path: Path) -> None:
    ruff = 'extend-exclude = ["examples/shop", "*.md"]\nlint.select = ["S"]\n'
    root = write(tmp_path, {"ruff.toml": ruff, "examples/shop/api/x.py": "", "app/x.py": ""})
    assert not linters_of(f"{root}/examples/shop/api", root).reports("ruff S113", "python")
    assert linters_of(f"{root}/app", root).reports("ruff S113", "python")


@pytest.mark.parametrize("name", ["ruff.toml", ".squawk.toml", "eslint.config.mts", ".eslintrc"])
def test_a_change_of_settings_is_noticed(name: str) -> None:
    assert is_linter_settings(name)
    assert tells_of_project(name) and tells(f"/work/{name}")


def test_twins_are_sources_and_few() -> None:
    twinned = [rule for rule in all_rules() if rule.twins]
    assert all(set(rule.twins) <= set(rule.sources) for rule in twinned)
    assert 0 < len(twinned) <= 12
    for rule in twinned:  # what silences a place may also leave the rule to the other linter
        for twin in rule.twins:
            linter, _, id = twin.partition(" ")
            assert linter == "squawk" or any(peer.endswith(id) for peer in rule.peers)


PYTHON = (
    "import requests\n\n\ndef rates(url, seen=[]):\n"
    "    seen.append(requests.get(url).json())\n    return seen\n"
)
SCRIPT = """import axios from 'axios';

export function notify(order: Order) {
  axios.post('https://hooks.example', order, { timeout: 5000 }).then(() => order.note());
}
"""
CASES = [
    (TIMEOUT, "app/rates.py", PYTHON, "ruff.toml", 'select = ["S113"]', 'select = ["E"]'),
    (MUTABLE, "app/rates.py", PYTHON, "ruff.toml", 'select = ["B"]', 'select = ["E"]'),
    (
        INDEX, "migrations/0002.sql", "CREATE INDEX i ON orders (status);\n",
        ".squawk.toml", "", 'excluded_rules = ["require-concurrent-index-creation"]',
    ),
    (
        FLOATING, "src/a.ts",
        SCRIPT,
        ".eslintrc.json", f'{{"rules": {{{TYPED}: "error"}}}}', f'{{"rules": {{{TYPED}: "off"}}}}',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "text", "file", "on", "off"), CASES)
def test_a_rule_is_left_to_its_twin_unless_it_is_named(
    rule: str, name: str, text: str, file: str, on: str, off: str, tmp_path: Path
) -> None:
    settings = 'dialect = "postgres"\n'
    write(tmp_path, {name: text, ".backend-expert.toml": settings, file: off})

    def found() -> tuple[set[str], set[str]]:
        result = Checker(Plan((str(tmp_path),))).check(str(tmp_path / name))
        return {one.rule for one in result.reports}, {id for id, _ in result.left}

    known = rule_named(rule)
    assert known is not None and known.twins
    reported, left = found()
    assert rule in reported and rule not in left
    write(tmp_path, {file: on})
    reported, left = found()
    assert rule not in reported and rule in left
    write(tmp_path, {".backend-expert.toml": settings + f'select = ["*", "{rule}"]\n'})
    reported, left = found()
    assert rule in reported and rule not in left


def test_half_of_the_twins_are_not_enough(tmp_path: Path) -> None:
    root = write(tmp_path, {"ruff.toml": 'select = ["DTZ003"]', "a.py": "x = 1\n"})
    plan = Plan((root,))
    assert DATES not in dict(Checker(plan).check(f"{root}/a.py").left)
    write(tmp_path, {"ruff.toml": 'select = ["DTZ"]'})
    assert dict(Checker(plan).check(f"{root}/a.py").left)[DATES] == "ruff DTZ003, ruff DTZ005"
