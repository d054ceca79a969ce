"""The whole brief for one place of each task, as a model gets it: a changed prompt is a diff here."""

import difflib
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from backend_expert.languages.python.lookup import is_ready
from backend_expert.persona.brief import brief
from backend_expert.persona.context import definitions
from backend_expert.persona.letter import letter
from backend_expert.persona.outgoing import Block
from backend_expert.persona.task import tasks

from tests.persona.conftest import RULES, SHOP, shop

ALSO = ("database/migration-not-null-unsafe", "consistency/query-bypasses-tx-handle")

FOLDER = Path(__file__).parent / "briefs"
RENEW = "RENEW_BRIEFS=1 .venv/bin/python -m pytest tests/persona/test_briefs.py"


class Asked(NamedTuple):
    """A place of the shop: the file, and from which words to which."""

    file: str
    start: str
    end: str
    words: str = ""


PLACES = {
    "ask": Asked("api/shop/checkout.py", "def refund", "reference, amount)", "Is this idempotent?"),
    "explain": Asked("api/shop/checkout.py", "def pay(", "return order\n\n\ndef refund"),
    "fix": Asked("api/shop/routers/products.py", 'f" WHERE to_tsvector', "'{q}')"),
    "index": Asked("api/shop/reporting.py", "SELECT c.id, c.display_name, count", "ORDER BY c.id"),
    "migration": Asked("api/migrations/0006_order_currency.sql", "-- Every", "NOT NULL;"),
    "notes": Asked("api/shop/worker/relay.py", "def relay", "return len(waiting)"),
    "production": Asked("notifications/src/senders.js", "export async function", "});"),
    "query": Asked("api/shop/reporting.py", "WHERE archived_at = NULL", "LIMIT %s"),
    "review": Asked(
        "notifications/src/routes/deliveries.js", "async function settle", "return rows;"
    ),
    "rewrite": Asked("api/shop/routers/products.py", '@router.get("', "return"),
    "tests": Asked("api/shop/routers/coupons.py", "@router.post", "return"),
}


def written(task: str) -> str:
    """The letter of a task at its place, block by block, with the marks that the cache gets."""
    asked = PLACES[task]
    desk = shop(asked.file, (*RULES, *ALSO))
    text = desk.document.text
    start = text.index(asked.start)
    end = text.index(asked.end, start) + len(asked.end)
    place = desk.place(text[start:end])
    sent = letter(brief(tasks()[task], place, asked.words), str(SHOP))
    parts = [f"task {sent.task}, at most {sent.max_tokens} tokens"
             f"{', may propose edits' if sent.wants_edits else ''}"]  # fmt: skip
    parts += [_block("system", block) for block in sent.system]
    parts += [_block(turn.role, block) for turn in sent.turns for block in turn.blocks]
    return "\n\n".join(parts) + "\n"


def _block(role: str, block: Block) -> str:
    path = os.path.relpath(block.path, SHOP).replace(os.sep, "/") if block.path else ""
    about = [f"of {path}"] if path else []
    about += ["needed"] if block.is_needed else []
    about += ["seam"] if block.is_seam else []
    return f"──── {', '.join([role, *about])}\n{block.text}"


def test_each_task_has_its_place() -> None:
    assert set(PLACES) == set(tasks())
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(PLACES)


@pytest.mark.parametrize("task", sorted(PLACES))
def test_the_brief_is_as_it_was_reviewed(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_ready(waits=True)
    monkeypatch.setattr(definitions, "_PATIENCE", 60)
    path = FOLDER / f"{task}.txt"
    now = written(task)
    if os.environ.get("RENEW_BRIEFS"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(now, "utf-8")
    then = path.read_text("utf-8")
    lines = difflib.unified_diff(then.splitlines(), now.splitlines(), path.name, "now", lineterm="")
    changed = "\n".join(lines)
    assert not changed, f"The brief has changed:\n{changed}\nIf that is right, renew it:\n  {RENEW}"
