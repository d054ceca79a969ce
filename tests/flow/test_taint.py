"""Where untrusted data goes: through assignments, texts, containers, branches, helpers; and where it stops."""

import pytest
from backend_expert.facts.code import Call
from backend_expert.ide.views import context_of
from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.run import RuleSet
from backend_expert.workspace.document import Document

PYTHON = """
import os
import re
import sqlite3
from flask import request

db = sqlite3.connect("shop.db")
TABLES = {"a": "orders", "b": "items"}


def handle(self):
    raw = request.args["q"]
"""
SCRIPT = """
const express = require('express');
const sqlite = require('better-sqlite3');
const app = express();
const db = sqlite('shop.db');
const TABLES = { a: 'orders', b: 'items' };

app.get('/', (req, res) => {
  const raw = req.query.q;
"""

REACHES = {
    "straight": ("db.execute(raw)", "db.exec(raw);"),
    "concatenation": ('db.execute("SELECT " + raw)', "db.exec('SELECT ' + raw);"),
    "format": ('db.execute(f"SELECT {raw}")', "db.exec(`SELECT ${raw}`);"),
    "variable": ("x = raw\n    y = x\n    db.execute(y)", "const x = raw; let y = x; db.exec(y);"),
    "appended": ("x = 'SELECT '\n    x += raw\n    db.execute(x)", "let x = 'SELECT '; x += raw; db.exec(x);"),
    "list": ("x = [raw]\n    db.execute(x[0])", "const x = [raw]; db.exec(x[0]);"),
    "filled list": ("x = []\n    x.append(raw)\n    db.execute(' '.join(x))", "const x = []; x.push(raw); db.exec(x.join(' '));"),
    "map": ("x = {'k': raw}\n    db.execute(x['k'])", "const x = { k: raw }; db.exec(x.k);"),
    "map entry set": ("x = {}\n    x['k'] = raw\n    db.execute(x['k'])", "const x = {}; x['k'] = raw; db.exec(x['k']);"),
    "method of a text": ("db.execute(raw.strip().lower())", "db.exec(raw.trim().toLowerCase());"),
    "branch": ("x = 'a'\n    if self:\n        x = raw\n    db.execute(x)", "let x = 'a'; if (res) { x = raw; } db.exec(x);"),
    "loop": ("x = ''\n    for y in [raw]:\n        x = y\n    db.execute(x)", "let x = ''; for (const y of [raw]) { x = y; } db.exec(x);"),
    "choice": ("db.execute(raw if self else 'a')", "db.exec(res ? raw : 'a');"),
    "destructuring": ("x, y = raw, 'a'\n    db.execute(x)", "const { q: x } = req.query; db.exec(x);"),
    "try": ("try:\n        x = raw\n    except ValueError:\n        x = 'a'\n    db.execute(x)", "let x; try { x = raw; } catch (e) { x = 'a'; } db.exec(x);"),
}  # fmt: skip

STOPS = {
    "number": ("db.execute('SELECT ' + str(int(raw)))", "db.exec('SELECT ' + Number(raw));"),
    "allow-list": ("if raw not in ('a', 'b'):\n        return\n    db.execute(raw)", "if (!['a', 'b'].includes(raw)) { return; } db.exec(raw);"),
    "looked up": ("db.execute(TABLES[raw])", "db.exec(TABLES[raw]);"),
    "equal to a literal": ("if raw == 'a':\n        db.execute(raw)", "if (raw === 'a') { db.exec(raw); }"),
    "overwritten": ("x = raw\n    x = 'a'\n    db.execute(x)", "let x = raw; x = 'a'; db.exec(x);"),
    "other map entry": ("x = {'k': raw, 'j': 'a'}\n    db.execute(x['j'])", "const x = { k: raw, j: 'a' }; db.exec(x.j);"),
    "never taken": ("x = 'a'\n    if 2 > 3:\n        x = raw\n    db.execute(x)", "let x = 'a'; if (2 > 3) { x = raw; } db.exec(x);"),
    "length": ("db.execute('SELECT ' + str(len(raw)))", "db.exec('SELECT ' + Number(raw.length));"),
}  # fmt: skip


def untrusted(source: str, name: str) -> bool:
    """Whether untrusted data reaches the SQL that the source runs."""
    document = Document.open(f"file:///{name}", source, path="/" + name)
    checked = Checked(document, name, Scope(RuleSet(())))
    for item in checked.file.items:
        context = context_of(checked, item)
        for site in context.sites:
            call: Call = site.call
            if any(True for _ in context.hits(call, "sql.execute", sink="sql")):
                return True
    return False


def both(rows: dict[str, tuple[str, str]]) -> list[object]:
    return [
        pytest.param(head + body + tail, name, id=f"{title}-{name[-2:]}")
        for title, (python, script) in rows.items()
        for head, body, tail, name in (
            (PYTHON + "    ", python, "\n", "app/a.py"),
            (SCRIPT + "  ", script, "\n});\n", "app/a.js"),
        )
    ]


@pytest.mark.parametrize(("source", "name"), both(REACHES))
def test_untrusted_data_reaches_the_sink(source: str, name: str) -> None:
    assert untrusted(source, name)


@pytest.mark.parametrize(("source", "name"), both(STOPS))
def test_untrusted_data_is_stopped(source: str, name: str) -> None:
    assert not untrusted(source, name)


HELPERS = {
    "a function": ("def run(q):\n    db.execute(q)\n", "run(raw)", True),
    "two functions": ("def run(q):\n    other(q)\n\n\ndef other(q):\n    db.execute(q)\n", "run(raw)", True),
    "a result": ("def same(q):\n    return 'SELECT ' + q\n", "db.execute(same(raw))", True),
    "a result without it": ("def fixed(q):\n    return 'SELECT 1'\n", "db.execute(fixed(raw))", False),
    "a cast": ("def run(q):\n    db.execute('SELECT ' + str(int(q)))\n", "run(raw)", False),
    "another parameter": ("def run(q, r):\n    db.execute(q)\n", "run('a', raw)", False),
    "a method": ("class Repo:\n    def run(self, q):\n        db.execute(q)\n", "Repo().run(raw)", True),
}  # fmt: skip


@pytest.mark.parametrize("title", HELPERS)
def test_helpers_are_followed(title: str) -> None:
    helper, call, expected = HELPERS[title]
    assert untrusted(PYTHON + "    " + call + "\n\n\n" + helper, "app/a.py") is expected
