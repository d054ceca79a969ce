"""Names that other files of the project make known: types, texts, functions, what calls do."""

from pathlib import Path

import pytest
from backend_expert.ide.scopes import Scopes
from backend_expert.lint.checked import Checked
from backend_expert.workspace.documents import read


def findings(root: Path, name: str) -> list[tuple[str, str]]:
    """The findings of one file: rule and the text that is marked."""
    path = root / name
    scopes = Scopes([str(root)])
    document = read(path)
    checked = Checked(document, scopes.relative(str(path)), scopes.scope_for(str(path)))
    return [(p.rule.id, document.slice(span.start, span.end)) for p, span in checked.all()]


def laid_out(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


HANDLER = """
from flask import request
{imports}

def orders():
    {call}
"""


@pytest.mark.parametrize(
    ("imports", "call", "marked"),
    [
        ("from shop.db import db", 'db.execute("SELECT a FROM t WHERE b = " + request.args["q"])', 'request.args["q"]'),
        ("from shop import db as store", 'store.db.execute(request.args["q"])', 'request.args["q"]'),
        ("from shop.reports import run", 'run(request.args["q"])', 'request.args["q"]'),
        ("from shop import reports", 'reports.run(request.args["q"])', 'request.args["q"]'),
        ("from .reports import run", 'run(request.args["q"])', 'request.args["q"]'),
        ("from shop.reports import safe", 'safe(request.args["q"])', None),
        ("from shop.nowhere import run", 'run(request.args["q"])', None),
    ],
)  # fmt: skip
def test_python(tmp_path: Path, imports: str, call: str, marked: str | None) -> None:
    root = laid_out(
        tmp_path,
        {
            "pyproject.toml": "",
            "shop/__init__.py": "",
            "shop/db.py": "import sqlite3\n\ndb = sqlite3.connect('shop.db')\n",
            "shop/reports.py": (
                "from shop.db import db\n\ndef run(q):\n    db.execute(q)\n\n"
                "def safe(q):\n    db.execute('SELECT ?', (q,))\n"
            ),
            "shop/views.py": HANDLER.format(imports=imports, call=call),
        },
    )
    found = [
        text for rule, text in findings(root, "shop/views.py") if rule == "security/sql-injection"
    ]
    assert found == ([marked] if marked else [])


@pytest.mark.parametrize(
    "imports",
    [
        "const { pool } = require('./db');",
        "const { pool } = require('../src/db.js');",
        "import { pool } from './db.js';",
        "const db = require('./db'); const pool = db.pool;",
    ],
)
@pytest.mark.parametrize(
    "exports",
    [
        "module.exports = { pool };",
        "exports.pool = pool;",
        "export { pool };",
    ],
)
def test_javascript(tmp_path: Path, imports: str, exports: str) -> None:
    made = "new Pool();"
    pool = f"const {{ Pool }} = require('pg');\nconst pool = {made}\n{exports}\n"
    handler = (
        f"{imports}\nconst app = require('express')();\n"
        "app.get('/', (req, res) => pool.query('SELECT a FROM t WHERE b = ' + req.query.q));\n"
    )
    root = laid_out(tmp_path, {"package.json": "{}", "src/db.js": pool, "src/app.js": handler})
    assert ("security/sql-injection", "req.query.q") in findings(root, "src/app.js")


def test_a_circle_of_imports_ends(tmp_path: Path) -> None:
    root = laid_out(
        tmp_path,
        {
            "pyproject.toml": "",
            "a.py": "from b import x\ny = x\n",
            "b.py": "from a import y\nx = y\nprint(x.execute(y))\n",
        },
    )
    assert findings(root, "b.py") == []


def test_an_object_put_together_in_another_file_goes_by_its_name(tmp_path: Path) -> None:
    root = laid_out(
        tmp_path,
        {
            "package.json": "{}",
            "src/logger.js": (
                "function write(line) { process.stdout.write(line); }\n"
                "export const logger = { warn: (line) => write(line) };\n"
            ),
            "src/auth.js": (
                "import { logger } from './logger.js';\n"
                "export function refuse(req) {\n"
                "  logger.warn('refused', { authorization: req.get('authorization') });\n}\n"
            ),
        },
    )
    found = findings(root, "src/auth.js")
    assert ("security/sensitive-data-in-log", "req.get('authorization')") in found
