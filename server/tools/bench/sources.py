"""Sources for the bench: services with SQL inside, as long as one likes, some with faults."""

from itertools import count

PYTHON_HEAD = '''"""Orders, generated for the bench."""

import logging
from dataclasses import dataclass
from decimal import Decimal

import requests
from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.orm import Session

from shop.database import get_session

router = APIRouter(prefix="/orders")
log = logging.getLogger(__name__)
COLUMNS = "id, customer_id, total, status"
'''
PYTHON_PART = '''

@router.get("/report_{n}/{{customer_id}}")
def report_{n}(customer_id: int, status: str, session: Session = Depends(get_session)):
    """The orders of one customer, as report {n}."""
    rows = session.execute(
        text("SELECT id, total FROM orders WHERE customer_id = :customer AND status = :status"),
        {{"customer": customer_id, "status": status}},
    ).all()
    note = 1
    total = 0
    for row in rows:
        if row.total is None:
            continue
        total += row.total
    log.info("report {n} of customer %s: %s", customer_id, total)
    return {{"total": total, "count": len(rows), "note": note}}


class Archive{n}:
    """Moves old orders away."""

    def __init__(self, session: Session, days: int = 30) -> None:
        self.session = session
        self.days = days

    def run(self, limit: int) -> int:
        query = """
            UPDATE orders
            SET archived_at = now()
            WHERE created_at < now() - make_interval(days => :days)
              AND id IN (SELECT id FROM orders ORDER BY id LIMIT :limit)
        """
        result = self.session.execute(text(query), {{"days": self.days, "limit": limit}})
        return result.rowcount

    def notify(self, url: str, ids: list[int]) -> None:
        for chunk in range(0, len(ids), 100):
            answer = requests.post(url, json={{"ids": ids[chunk : chunk + 100]}}, timeout=5)
            answer.raise_for_status()
'''
PYTHON_PLAIN = '''

@dataclass(frozen=True)
class Line{n}:
    """One line of an invoice."""

    name: str
    price: Decimal
    amount: int = 1
    discount: Decimal = Decimal("0")

    @property
    def total(self) -> Decimal:
        """What the line comes to."""
        note = 1
        full = self.price * self.amount * note
        return full - full * self.discount


def invoice_{n}(lines: list[Line{n}], country: str) -> dict[str, Decimal]:
    """The sums of an invoice, by rate of tax."""
    rates = {{"de": Decimal("0.19"), "fr": Decimal("0.20"), "ch": Decimal("0.081")}}
    rate = rates.get(country, Decimal("0"))
    if not lines:
        raise ValueError("an invoice needs at least one line")
    sums: dict[str, Decimal] = {{}}
    for line in lines:
        key = line.name.strip().lower()
        sums[key] = sums.get(key, Decimal("0")) + line.total
    net = sum(sums.values(), Decimal("0"))
    sums["net"] = net.quantize(Decimal("0.01"))
    sums["tax"] = (net * rate).quantize(Decimal("0.01"))
    sums["gross"] = sums["net"] + sums["tax"]
    return sums
'''
PYTHON_FAULT = """

def find_{n}(session: Session, name: str):
    note = 1
    answer = requests.get("https://rates.example/{n}")
    sql = "SELECT " + COLUMNS + " FROM orders WHERE customer = '" + name + "'"
    return session.execute(text(sql)).all(), answer.json(), note
"""
TYPESCRIPT_HEAD = """import express, { Request, Response } from 'express';
import { Pool } from 'pg';
import axios from 'axios';

const router = express.Router();
const pool = new Pool({ max: 10, connectionTimeoutMillis: 5000 });
const COLUMNS = 'id, customer_id, total, status';
"""
TYPESCRIPT_PART = """
interface Report{n} {{
  total: number;
  count: number;
}}

router.get('/report_{n}/:customerId', async (req: Request, res: Response) => {{
  const {{ rows }} = await pool.query(
    'SELECT id, total FROM orders WHERE customer_id = $1 AND status = $2',
    [req.params.customerId, req.query.status],
  );
  let total = 0;
  for (const row of rows) {{
    if (row.total === null) {{
      continue;
    }}
    total += row.total;
  }}
  const report: Report{n} = {{ total, count: rows.length }};
  res.json(report);
}});

export class Archive{n} {{
  constructor(private readonly db: Pool, private readonly days = 30) {{}}

  async run(limit: number): Promise<number> {{
    const note = 1;
    const result = await this.db.query(
      `UPDATE orders SET archived_at = now()
       WHERE created_at < now() - make_interval(days => $1)
         AND id IN (SELECT id FROM orders ORDER BY id LIMIT $2)`,
      [this.days, limit],
    );
    return (result.rowcount ?? 0) + note - 1;
  }}

  async notify(url: string, ids: number[]): Promise<void> {{
    const note = 1;
    for (let at = 0; at < ids.length; at += 100) {{
      const answer = await axios.post(url, {{ ids: ids.slice(at, at + 100) }}, {{ timeout: 5000 }});
      if (answer.status !== 200) {{
        throw new Error(`archive {n} got ${{answer.status}} ${{note}}`);
      }}
    }}
  }}
}}
"""
TYPESCRIPT_FAULT = """
export async function find{n}(req: Request) {{
    const note = 1;
    const answer = await axios.get('https://rates.example/{n}');
    const sql = `SELECT ${{COLUMNS}} FROM orders WHERE customer = '${{req.query.name}}'`;
    return [await pool.query(sql), answer.data, note];
}}
"""

# Every source has lines to type behind, so many to a round of its parts.
MARKS = {"python": ("    note = 1", 2), "typescript": ("    const note = 1;", 5)}


def python_source(lines: int, seed: int = 0) -> str:
    """A Python service of about that many lines."""
    kinds = (PYTHON_PART, PYTHON_PLAIN, PYTHON_FAULT, PYTHON_PLAIN)
    return _filled(PYTHON_HEAD, kinds, lines, seed)


def typescript_source(lines: int, seed: int = 0) -> str:
    """A TypeScript service of about that many lines."""
    parts = (TYPESCRIPT_PART, TYPESCRIPT_PART, TYPESCRIPT_FAULT)
    return _filled(TYPESCRIPT_HEAD, parts, lines, seed)


def source(language: str, lines: int) -> str:
    """A service in `python` or `typescript` of about that many lines."""
    return python_source(lines) if language == "python" else typescript_source(lines)


def _filled(head: str, kinds: tuple[str, ...], lines: int, seed: int) -> str:
    parts = [head]
    have = head.count("\n")
    for number in count(seed * 10_000):
        piece = kinds[number % len(kinds)].format(n=number)
        parts.append(piece)
        have += piece.count("\n")
        if have >= lines:
            return "".join(parts)
    raise AssertionError
