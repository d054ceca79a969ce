"""The offline expert's answers, each task from the question to the text."""

import re

import pytest
from backend_expert.persona.task import tasks
from inline_snapshot import snapshot

from tests.persona.conftest import SHOP, Desk, shop

SERVICE = '''"""Orders."""
import logging

import requests
from flask import Flask, abort, request
import sqlite3

app = Flask(__name__)
connection = sqlite3.connect("shop.db")
log = logging.getLogger(__name__)


@app.get("/orders/<int:id>")
def order(id):
    """One order, with its price in another currency. Never cached."""
    try:
        rate = requests.get("https://rates.example").json()
    except requests.RequestException:
        log.exception("no rates")
        raise
    row = connection.execute(f"SELECT id, total FROM orders WHERE status = '{request.args['status']}'").fetchone()
    if row is None:
        abort(404)
    return {"total": row[1] * rate}


def add(one, other):
    return one + other
'''
EMPTY_SECTION = re.compile(r"^#+ [^\n]+\n\s*(?=^#+ |^---|\Z)", re.MULTILINE)


def question_of(task: str) -> str:
    """The words that a task cannot do without."""
    return "What is this?" if tasks()[task].offered_on == "words" else ""


def body(text: str) -> str:
    """An answer without its title and foot, which are the same for all."""
    head, _, rest = text.partition("\n\n")
    assert head.startswith("# ")
    where, _, inner = rest.partition("\n\n")
    assert where.startswith("`")
    inner, foot, _ = inner.partition("---\n\n*Answered offline")
    assert foot
    return inner.strip() + "\n"


async def test_explain() -> None:
    answer = await Desk(SERVICE, "orders.py").ask("explain", SERVICE[SERVICE.index("@app") :])
    assert answer.proposals == []
    assert body(answer.text) == snapshot("""\
## GET `/orders/{id}`

Answered by `order(id)`, with no guard before it in this file.

> One order, with its price in another currency.

1. Calls another service (`requests.get`)
2. Runs a query that reads the orders where `status` is `'{request.args[…]}'`, with each order's `id` and `total`
3. May answer with 404 (`flask.abort`)

When something fails:

- Line 18: `requests.RequestException` is logged and goes on to the caller

`add` touches nothing outside the process, as far as the facts tell.

## What the checks say

- Line 21: untrusted query string spliced into this SELECT · `security/sql-injection` · quick fix
- Line 17: no timeout: a stalled server holds this worker for ever · `errors/http-call-no-timeout` · quick fix
""")


async def test_explain_transactions_and_failures() -> None:
    answer = await shop("api/shop/checkout.py").ask("explain")
    assert body(answer.text) == snapshot("""\
## `lock_order(session, order_id, customer_id)`

> A customer's order, locked until the transaction ends.

1. Reads and locks `Order` in the database (`Session.scalar`)
2. May answer with 404 (`HTTPException`)

## `pay(session, payments, order_id, customer_id, card_token)`

> Charge the card for an order.

1. In one transaction:
    - Calls `lock_order`, which reads from the database (`Session.scalar`)
    - May answer with 409 (`HTTPException`)
    - May answer with 502 (`HTTPException`)
    - Writes `Payment` to the database (`Session.add`)
    - Calls `outbox.add`, which writes to the database (`Session.add`)

When something fails:

- Line 39: `PaymentError` is logged and becomes `HTTPException`

## `refund(payments, order_id, reason)`

> Return a payment and remember why.

1. In a transaction: runs a query that reads the payments of one order, with each payment's `provider_ref` and `amount`
2. May answer with 404 (`HTTPException`)
3. In one transaction:
    - Runs a query that adds one row to `refunds`, unless it is there already
    - Runs a query that changes `status` in one order, found by `id`

`lock_order` and `refund` handle no failure: an error in any step goes to the caller.
""")


async def test_review() -> None:
    answer = await Desk(SERVICE, "orders.py").ask("review", SERVICE[SERVICE.index("    row =") :])
    assert body(answer.text) == snapshot("""\
1 finding.

## Line 21: untrusted query string spliced into this SELECT

`security/sql-injection` · error · [CWE-89](https://cwe.mitre.org/data/definitions/89.html)

```python
row = connection.execute(f"SELECT id, total FROM orders WHERE status = '{request.args['status']}'").fetchone()
```

- line 21: untrusted query string comes in here

Untrusted text spliced into SQL becomes SQL: whoever sends it can read or change any row.

Give the value beside the statement and let the driver bind it; a bound parameter is never parsed as
SQL, so there is nothing to escape and nothing to forget. The database can then also keep the plan.
Names of tables and columns cannot be bound: look them up in a map of the ones you allow.
(OWASP ASVS 5.0 V1.2.4, CWE-89.)

**Mend:** Bind the value as a parameter.

```diff
@@ -19,5 +19,5 @@
         log.exception("no rates")
         raise
-    row = connection.execute(f"SELECT id, total FROM orders WHERE status = '{request.args['status']}'").fetchone()
+    row = connection.execute("SELECT id, total FROM orders WHERE status = ?", (request.args['status'],)).fetchone()
     if row is None:
         abort(404)
```
""")


async def test_review_of_good_code() -> None:
    answer = await Desk(SERVICE, "orders.py").ask(
        "review", "def add(one, other):\n    return one + other"
    )
    assert body(answer.text) == snapshot("""\
Nothing to mend. 1 function went through the checks of all 10 areas, and none fired.

Rules see what is written and not what was meant: read it once for that.
""")


async def test_rewrite() -> None:
    answer = await Desk(SERVICE, "orders.py").ask("rewrite")
    assert body(answer.text) == snapshot('''\
- **Bind the value as a parameter** in line 21: untrusted query string spliced into this SELECT · `security/sql-injection`
- **Wait at most 5 seconds** in line 17: no timeout: a stalled server holds this worker for ever · `errors/http-call-no-timeout`

```diff
@@ -15,9 +15,9 @@
     """One order, with its price in another currency. Never cached."""
     try:
-        rate = requests.get("https://rates.example").json()
+        rate = requests.get("https://rates.example", timeout=5).json()
     except requests.RequestException:
         log.exception("no rates")
         raise
-    row = connection.execute(f"SELECT id, total FROM orders WHERE status = '{request.args['status']}'").fetchone()
+    row = connection.execute("SELECT id, total FROM orders WHERE status = ?", (request.args['status'],)).fetchone()
     if row is None:
         abort(404)
```

*Proved: the file parses after this edit, and a fresh check finds nothing new.*
''')
    assert [p.title for p in answer.proposals] == snapshot(["Mend 2 findings"])
    assert [p.reason for p in answer.proposals] == snapshot(
        ["mends errors/http-call-no-timeout and security/sql-injection"]
    )
    assert "timeout=5" in answer.after[0]


async def test_rewrite_of_good_code_proposes_nothing() -> None:
    answer = await Desk(SERVICE, "orders.py").ask(
        "rewrite", "def add(one, other):\n    return one + other"
    )
    assert answer.proposals == []
    assert (
        body(answer.text) == "The checks find nothing to mend here, so the code stays as it is.\n"
    )


async def test_notes() -> None:
    answer = await shop("api/shop/routers/orders.py").ask("notes")
    assert body(answer.text) == snapshot("""\
## Endpoints

- GET `/orders`, behind `CurrentIdentity`
- POST `/orders`, behind `CurrentIdentity`
- GET `/orders/{order_id}`, behind `CurrentIdentity`
- POST `/orders/{order_id}/payment`, behind `CurrentIdentity`
- POST `/orders/{order_id}/cancel`, behind `CurrentIdentity`

## Data

- Through the mapper: `OrderItem`, `Order` and `Product`

## Depends on

- A queue that it writes to (`publisher.publish`)

## Decide next

**Scalability**

- Line 44: callers may ask for any number of rows (`limit`). Quick fix: Allow at most 100

**Data consistency**

- Line 83: sent before the commit: too early, or for nothing if that fails

## To keep in mind with SQLAlchemy, FastAPI and Pydantic

- A `Session` is one unit of work for one thread or task: make it for each request with `with Session(engine) as session, session.begin():`, and never share one between the tasks of an `asyncio.gather`.
- Path operations match in the order they are declared: `/orders/latest` before `/orders/{order_id}`, or the latter swallows it.
- Put authentication on the router (`APIRouter(dependencies=[Depends(current_user)])`), so that a new route is guarded without anybody remembering it; use `Security` where scopes count.
- Bound what clients choose: `limit: Annotated[int, Query(ge=1, le=100)] = 20`.
- `HTTPException(500, detail=str(error))` shows internals; log the error and answer with a problem document from one exception handler.
- One model for input, one for output, none of them the ORM's class: `Order(**body.model_dump())` writes whatever the input model happens to allow.
""")


async def test_tests_of_an_endpoint() -> None:
    answer = await Desk(SERVICE, "orders.py").ask(
        "tests", SERVICE[SERVICE.index("@app") : SERVICE.index("def add")]
    )
    assert body(answer.text) == snapshot("""\
Fill in what stands in capitals. Until then each case fails, as it should.

```python
def test_order_answers(client):
    response = client.get(f"/orders/{ID}")
    assert response.status_code == 200


def test_order_knows_no_such_record(client):
    response = client.get(f"/orders/{UNKNOWN_ID}")
    assert response.status_code == 404
```

`client` is a fixture with `app.test_client()`.
""")


async def test_tests_of_functions() -> None:
    answer = await shop("api/shop/checkout.py").ask("tests")
    assert body(answer.text) == snapshot("""\
Fill in what stands in capitals. Until then each case fails, as it should.

```python
import pytest

from fastapi import HTTPException
from shop.checkout import lock_order, pay, refund


def test_lock_order_gives_what_it_must():
    assert lock_order(SESSION, ORDER_ID, CUSTOMER_ID) == EXPECTED


def test_lock_order_raises_http_exception():
    with pytest.raises(HTTPException):
        lock_order(SESSION, ORDER_ID, CUSTOMER_ID)


def test_pay_gives_what_it_must():
    assert pay(SESSION, PAYMENTS, ORDER_ID, CUSTOMER_ID, CARD_TOKEN) == EXPECTED


def test_pay_raises_http_exception():
    with pytest.raises(HTTPException):
        pay(SESSION, PAYMENTS, ORDER_ID, CUSTOMER_ID, CARD_TOKEN)


def test_pay_when_there_is_payment_error():
    assert pay(SESSION, PAYMENTS, ORDER_ID, CUSTOMER_ID, CARD_TOKEN) == EXPECTED


def test_refund_gives_what_it_must():
    assert refund(PAYMENTS, ORDER_ID, REASON) == EXPECTED


def test_refund_raises_http_exception():
    with pytest.raises(HTTPException):
        refund(PAYMENTS, ORDER_ID, REASON)
```
""")


async def test_tests_in_javascript() -> None:
    source = "const express = require('express');\nconst app = express();\n\napp.post('/orders/:id', (req, res) => {\n  res.json({});\n});\n"
    answer = await Desk(source, "app.js").ask("tests")
    assert body(answer.text) == snapshot("""\
Fill in what stands in capitals. Until then each case fails, as it should.

```javascript
const assert = require('node:assert/strict');
const test = require('node:test');

test('post orders id answers', async () => {
  const response = await fetch(`${BASE}/orders/${ID}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
  });
  assert.equal(response.status, 200);
});

test('post orders id knows no such record', async () => {
  const response = await fetch(`${BASE}/orders/${UNKNOWN_ID}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
  });
  assert.equal(response.status, 404);
});

test('post orders id refuses a body without what it needs', async () => {
  const response = await fetch(`${BASE}/orders/${ID}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({}),
  });
  assert.equal(response.status, 400);
});
```

`BASE` is the address of the service, started on a free port before the cases.
""")


async def test_words_of_ones_own_are_kept_and_not_pretended_to_be_understood() -> None:
    answer = await Desk(SERVICE, "orders.py").ask(
        "explain", "def add(one, other):", "why so\nslow?"
    )
    assert "> why so slow?\n" in answer.text
    assert "Without a model" in answer.text


async def test_what_is_suppressed_is_not_talked_of() -> None:
    source = "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()  # backend-expert: ignore[errors/http-call-no-timeout, errors/http-status-unchecked] an adapter does it\n"
    desk = Desk(source, "rates.py")
    for task in tasks():
        answer = await desk.ask(task, question=question_of(task))
        assert "no timeout" not in answer.text
        assert "http-call-no-timeout" not in answer.text
        assert answer.proposals == []


FILES = [
    str(path.relative_to(SHOP))
    for folder in (
        "api/shop",
        "api/migrations",
        "api/tests",
        "notifications/src",
        "notifications/test",
    )
    for path in sorted((SHOP / folder).rglob("*"))
    if path.suffix in (".py", ".js", ".ts", ".sql")
]


@pytest.mark.parametrize("name", FILES)
async def test_every_file_of_the_shop_gets_every_answer(name: str) -> None:
    desk = shop(name, select=())
    for task in tasks():
        answer = await desk.ask(task, question=question_of(task))
        text = re.sub(r"```.*?```", "CODE", answer.text, flags=re.DOTALL)
        assert text.startswith(f"# {tasks()[task].title}\n\n`{name}`\n")
        below = text.partition("\n")[2]
        assert not EMPTY_SECTION.search(below), "an empty section"
        assert "\n\n\n" not in text, "two blank lines"
        assert not re.search(r"\b1 (findings|functions|queries|endpoints)\b", text), "plural"
        assert not re.search(r"``|\(\)$| ,|\.\.$", text, re.MULTILINE), "a word is missing"
        headings = re.findall(r"^## .+", text, re.MULTILINE)
        if task in ("explain", "notes", "rewrite"):
            assert len(headings) == len(set(headings)), "a heading twice"
        if task == "notes":
            notes = text.partition("## To keep in mind")[2]
            assert len(re.findall(r"^- ", notes, re.MULTILINE)) <= 6
        assert bool(answer.proposals) <= (tasks()[task].answer == "edits")


@pytest.mark.parametrize("name", FILES)
async def test_unsure_fixes_of_the_shop_come_with_a_note(name: str) -> None:
    desk = shop(name, select=())
    fixes = [p.finding.fix for p, _ in desk.place().problems() if p.finding.fix]
    answer = await desk.ask("rewrite")
    for fix in fixes:
        for line in re.findall(rf"^- \*\*{re.escape(fix.title)}\*\*.*", answer.text, re.MULTILINE):
            alike = {one.is_sure for one in fixes if one.title == fix.title}
            if len(alike) == 1:
                assert ("look at this one" in line) is not fix.is_sure
