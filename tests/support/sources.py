"""Realistic sources for property tests: small, with something in them for most rules."""

from pathlib import Path

PYTHON = '''"""Orders."""
import logging
import sqlite3

import requests
from flask import Flask, request

app = Flask(__name__)
connection = sqlite3.connect("shop.db")
log = logging.getLogger(__name__)
ALL = "SELECT id, total FROM orders WHERE status = "
TIMEOUT = None


class Repository:
    """Reads orders. 🙂"""

    table = "orders"

    def __init__(self):
        self.cursor = connection.cursor()

    def find(self, status):
        return self.cursor.execute(ALL + status).fetchall()

    def one(self, id):
        self.cursor.execute(f"SELECT * FROM {self.table} WHERE id = '{id}'")
        return self.cursor.fetchone()


def rates(url):
    return requests.get(url).json()


def helper(name):
    connection.execute("SELECT * FROM customers WHERE name = '%s'" % name)


@app.route("/orders/<int:id>", methods=["GET", "POST"])
def orders(id):
    status = request.args.get("status")  # 🙂 the status
    if status in ("open", "paid"):
        return {"rows": Repository().find(status)}
    sql = ALL
    if id:
        sql += f"'{status}'"
    connection.execute(sql)
    helper(request.form["name"])
    try:
        rates(request.args["url"])
    except Exception:
        pass
    for row in [1, 2, 3]:
        connection.execute("UPDATE orders SET total = ? WHERE id = ?", (row, id))
    requests.post("https://pay.example", timeout=TIMEOUT)  # backend-expert: ignore[errors/http-call-no-timeout] slow
    return "ok"
'''

JAVASCRIPT = """const express = require('express');
const { Pool } = require('pg');
const axios = require('axios');

const app = express();
const pool = new Pool();
const TABLE = 'orders';

class Orders {
  constructor(db) {
    this.db = db;
  }

  async find(status) {
    return this.db.query(`SELECT * FROM ${TABLE} WHERE status = '${status}'`);
  }
}

const helper = async (name) => {
  await pool.query("SELECT * FROM customers WHERE name = '" + name + "'");
};

app.get('/orders/:id', async (req, res) => {
  // 🙂 one order
  const { rows } = await pool.query(`SELECT * FROM orders WHERE id = ${req.params.id}`);
  if (!rows.length) {
    return res.status(404).json({ error: 'none' });
  }
  helper(req.query.name);
  for (const row of rows) {
    await pool.query('UPDATE orders SET seen = true WHERE id = $1', [row.id]);
  }
  const answer = await axios.get(req.body.url);
  res.json(answer.data);
});

app.listen(3000);
"""

SQL = """-- orders
CREATE TABLE orders (
    id serial PRIMARY KEY,
    status text NOT NULL, -- 🙂
    created_at timestamp
);

CREATE INDEX orders_status ON orders (status);
DELETE FROM orders;
UPDATE orders SET status = 'paid' WHERE status = NULL;
SELECT * FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.name = 'x' LIMIT 5;
"""

SHOP = Path(__file__).parents[2] / "examples/shop"
FROM_SHOP = (
    "api/shop/routers/orders.py",
    "api/shop/routers/products.py",
    "api/shop/worker/handlers.py",
    "api/shop/shipping.py",
    "notifications/src/routes/deliveries.js",
    "notifications/src/digest.ts",
    "api/migrations/0002_payments.sql",
)
SOURCES = {"app/orders.py": PYTHON, "app/orders.js": JAVASCRIPT, "db/orders.sql": SQL} | {
    name: (SHOP / name).read_text("utf-8") for name in FROM_SHOP
}
