"""A query in plain words: read them aloud."""

import msgspec
import pytest
from backend_expert.facts.code import Fragment, Hole, Name
from backend_expert.ide.explain_query import explain_query
from backend_expert.languages.sql import read_query
from backend_expert.text.span import Span

EXPLAINED = [
    (
        "postgres",
        'SELECT o.id, o.total FROM orders o WHERE o.customer_id = %s ORDER BY o.created_at DESC LIMIT 20',
        """\
**Reads the 20 newest orders of one customer, with each order's `id` and `total`.**

- **Keeps** rows where `customer_id` is `%s`.
- **Sorts** by `created_at` (newest first).
- **Stops** after 20 rows.
- **Parameters**: `%s` → `customer_id`.
""",
    ),
    (
        "postgres",
        'SELECT * FROM users WHERE id = $1',
        """\
**Reads one user, found by `id`.**

- **Keeps** rows where `id` is `$1`.
- **Returns** every column.
- **Parameters**: `$1` → `id`.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        "SELECT o.id, c.name, count(i.id) AS items FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN order_items i ON i.order_id = o.id WHERE o.status = 'open' AND o.created_at > %(since)s AND c.country IN ('DE', 'AT') GROUP BY o.id, c.name HAVING count(i.id) > 3 ORDER BY items DESC LIMIT 10 OFFSET 40",
        """\
**Reads one page of the open orders that meet two conditions, highest `items` first, with their customers and order items, and works out `items` for each.**

- **Starts** from `orders` (as `o`).
- **Joins** `customers` (as `c`) where `c.id` equals `o.customer_id`; rows without a match drop out.
- **Adds** `order_items` (as `i`) where `i.order_id` equals `o.id`; rows without a match stay, with NULLs.
- **Keeps** rows where `o.status` is `'open'`, `o.created_at` is after `%(since)s` and `c.country` is `'DE'` or `'AT'`.
- **Groups** by `o.id` and `c.name`: one row for each.
- **Keeps** groups where `count(i.id)` is greater than 3.
- **Returns** `o.id`, `c.name` and the number of order items as `items`.
- **Sorts** by `items` (highest first).
- **Skips** the first 40 rows, then returns at most 10 rows.
- **Parameters**: `%(since)s` → `o.created_at`.

Look out:
- `OFFSET` reads and throws away all rows before the page: the later, the slower.
""",
    ),
    (
        "postgres",
        "SELECT count(*) FROM orders WHERE status = 'open' AND customer_id = :c",
        """\
**Counts the open orders of one customer.**

- **Keeps** rows where `status` is `'open'` and `customer_id` is `:c`.
- **Parameters**: `:c` → `customer_id`.
""",
    ),
    (
        "postgres",
        'SELECT status, count(*), sum(total) FROM orders GROUP BY status ORDER BY 2 DESC',
        """\
**Computes the number of rows and the sum of `total` over all orders for each `status`.**

- **Groups** by `status`: one row for each.
- **Returns** `status`, the number of rows and the sum of `total`.
- **Sorts** by `count(*)` (highest first).
""",
    ),
    (
        "postgres",
        "SELECT name FROM products WHERE name ILIKE '%%' || %s || '%%' OR lower(sku) = %s",
        """\
**Reads the products that meet a condition, with each product's `name`.**

- **Keeps** rows where either `name` matches the pattern `'%%' || %s || '%%'` (ignoring case) or `lower(sku)` is `%s`.
- **Parameters**: 1st `%s` → `name`; 2nd `%s` → `lower(sku)`.

Look out:
- `lower(sku)` keeps an ordinary index on `sku` from being used.
""",
    ),
    (
        "mysql",
        "SELECT * FROM products WHERE name LIKE '%phone%' ORDER BY RAND() LIMIT 5",
        """\
**Reads 5 random products where `name` contains `'phone'`.**

- **Returns** every column.
- **Sorts** in random order.
- **Stops** after 5 rows.

Look out:
- `ORDER BY RAND()` gives every row a number, then sorts them all.
- `SELECT *` fetches every column, those added to the table later too.
- A pattern that begins with `%` cannot use an ordinary index on `name`.
""",
    ),
    (
        "postgres",
        'SELECT 1',
        """\
**Returns 1 and reads no table: a check of the connection.**
""",
    ),
    (
        "postgres",
        'SELECT now()',
        """\
**Computes `now()` and reads no table.**
""",
    ),
    (
        "postgres",
        'SELECT EXISTS (SELECT 1 FROM users WHERE email = %s)',
        """\
**Checks whether there is a row in `users` where `email` is `%s`.**

- **Parameters**: `%s` → `email`.
""",
    ),
    (
        "postgres",
        'SELECT 1 FROM users WHERE email = %s LIMIT 1',
        """\
**Checks whether there are any users where `email` is `%s`.**

- **Parameters**: `%s` → `email`.
""",
    ),
    (
        "postgres",
        'SELECT id FROM a WHERE x NOT IN (SELECT a_id FROM b)',
        """\
**Reads the rows of `a` where `x` is not among the `a_id` values of `b`: only `id`.**

Look out:
- `NOT IN` with a sub-query finds nothing once that has a NULL; use `NOT EXISTS`.
""",
    ),
    (
        "postgres",
        'SELECT * FROM a, b WHERE a.x = 1',
        """\
**Reads the rows of `a` where `a.x` is 1, joined with `b`.**

- **Starts** from `a`.
- **Pairs** every row with every row of `b`.
- **Returns** every column of all these tables.

Look out:
- Nothing links `b` to the rest: every row is paired with every row.
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        "WITH recent AS (SELECT * FROM orders WHERE created_at > now() - interval '7 days') SELECT customer_id, sum(total) AS total FROM recent GROUP BY customer_id",
        """\
**Adds up `total` over all rows of `recent` for each `customer_id`.**

- **Step `recent`** reads the orders where `created_at` is after `now() - interval '7 days'`.
- **Groups** by `customer_id`: one row for each.
- **Returns** `customer_id` and the sum of `total` as `total`.
""",
    ),
    (
        "postgres",
        'WITH RECURSIVE tree AS (SELECT id, parent_id FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id FROM categories c JOIN tree t ON c.parent_id = t.id) SELECT * FROM tree',
        """\
**Reads all rows of `tree`.**

- **Step `tree`** calls itself: it starts with a query that reads the categories where `parent_id` is NULL, with each category's `id` and `parent_id`, and then adds rows found from those until there are no more.
- **Returns** every column.
""",
    ),
    (
        "postgres",
        'SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY created_at DESC) AS rn, sum(total) OVER (PARTITION BY customer_id ORDER BY created_at) AS running FROM orders',
        """\
**Reads all orders, and works out `rn` and `running` for each.**

- `rn` is the row's number (1, 2, 3 …) within each `customer_id`, sorted by `created_at` (newest first).
- `running` is the sum of `total` so far within each `customer_id`, sorted by `created_at` (oldest first).
- **Returns** `id`, `rn` and `running`.

Look out:
- There is no `LIMIT`: the result grows with `orders`.
""",
    ),
    (
        "postgres",
        "SELECT * FROM jobs WHERE state = 'queued' ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED",
        """\
**Reads the oldest queued job.**

- **Keeps** rows where `state` is `'queued'`.
- **Returns** every column.
- **Sorts** by `created_at` (oldest first).
- **Stops** after 1 row.
- **Locks** the rows for changing until the transaction ends; rows that others have locked are passed over.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        'SELECT DISTINCT country FROM customers',
        """\
**Reads the different values of `country` among all customers.**

Look out:
- There is no `LIMIT`: the result grows with `customers`.
""",
    ),
    (
        "postgres",
        'SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, created_at DESC',
        """\
**Reads one of the orders for each `customer_id`, the newest.**

- **Returns** every column.
- **Sorts** by `customer_id`, then by `created_at` (newest first).

Look out:
- `SELECT *` fetches every column, those added to the table later too.
- There is no `LIMIT`: the result grows with `orders`.
""",
    ),
    (
        "postgres",
        'SELECT id FROM a UNION SELECT id FROM b ORDER BY id',
        """\
**Puts the results of two queries together, without duplicates.**

- **Query 1** reads all rows of `a`: only `id`.
- **Query 2** reads all rows of `b`: only `id`.
- **Sorts** by `id` (lowest first).
""",
    ),
    (
        "postgres",
        'SELECT x.* FROM (SELECT id FROM orders WHERE total > 100) x CROSS JOIN LATERAL (SELECT count(*) FROM order_items i WHERE i.order_id = x.id) n',
        """\
**Reads all rows of `x`.**

- **Starts** from a sub-query that reads the orders where `total` is greater than 100, with each order's `id` (called `x`).
- **Joins** a sub-query run for each row, which counts the order items where `i.order_id` equals `x.id` (called `n`).
- **Returns** every column of `x`.
""",
    ),
    (
        "postgres",
        'INSERT INTO orders (customer_id, total) VALUES (%s, %s) RETURNING id',
        """\
**Adds one row to `orders`.**

- **Fills** `customer_id` and `total`.
- **Gives back** `id` of each row.
- **Parameters**: 1st `%s` → `customer_id`; 2nd `%s` → `total`.
""",
    ),
    (
        "postgres",
        'INSERT INTO t (a, b) VALUES (%s, %s) ON CONFLICT (a) DO UPDATE SET b = excluded.b',
        """\
**Adds one row to `t`, or updates it if it is there already.**

- **Fills** `a` and `b`.
- **If** there is a row with the same `a`, sets `b` to the new value in it.
- **Parameters**: 1st `%s` → `a`; 2nd `%s` → `b`.
""",
    ),
    (
        "postgres",
        'INSERT INTO t (a) VALUES (1), (2) ON CONFLICT DO NOTHING',
        """\
**Adds two rows to `t`, unless they are there already.**

- **Fills** `a`.
- **If** a row breaks a unique rule, it is left out.
""",
    ),
    (
        "mysql",
        'INSERT INTO hits (page, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = n + 1',
        """\
**Adds one row to `hits`, or updates it if it is there already.**

- **Fills** `page` and `n`.
- **If** there is a row with the same unique key, sets `n` to `n + 1` in it.
- **Parameters**: `?` → `page`.
""",
    ),
    (
        "mysql",
        'REPLACE INTO t (a) VALUES (?)',
        """\
**Adds one row to `t`, first deleting any row that has the same unique key.**

- **Fills** `a`.
- **Parameters**: `?` → `a`.
""",
    ),
    (
        "sqlite",
        'INSERT OR IGNORE INTO tags (name) VALUES (?)',
        """\
**Adds one row to `tags`, passing over rows that break a constraint.**

- **Fills** `name`.
- **Parameters**: `?` → `name`.
""",
    ),
    (
        "postgres",
        'INSERT INTO archive SELECT * FROM orders WHERE created_at < $1',
        """\
**Adds the result of a query to `archive`.**

- **The query** reads the orders where `created_at` is before `$1`.
- **Fills** all columns in the order of the table (none are named).
- **Parameters**: `$1` → `created_at`.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        'UPDATE users SET name = %s, updated_at = now() WHERE id = %s',
        """\
**Changes `name` and `updated_at` in one user, found by `id`.**

- **Sets** `name` to `%s` and `updated_at` to `now()`.
- **Only** rows where `id` is `%s`.
- **Parameters**: 1st `%s` → `name`; 2nd `%s` → `id`.
""",
    ),
    (
        "postgres",
        'UPDATE users SET active = false',
        """\
**Changes `active` in every row of `users`.**

- **Sets** `active` to `false`.

Look out:
- There is no WHERE: it changes the whole table.
""",
    ),
    (
        "postgres",
        'UPDATE orders o SET total = s.total FROM sums s WHERE s.order_id = o.id',
        """\
**Changes `total` in the orders that have a sum to match.**

- **Sets** `total` to `s.total`.
- **Looks** into `sums` (as `s`) for the matching rows.
- **Only** rows where `s.order_id` equals `o.id`.
""",
    ),
    (
        "postgres",
        'DELETE FROM sessions WHERE expires_at < now()',
        """\
**Deletes the sessions where `expires_at` is before `now()`.**
""",
    ),
    (
        "postgres",
        'DELETE FROM sessions',
        """\
**Deletes every row of `sessions`.**

Look out:
- There is no WHERE: it deletes the whole table.
""",
    ),
    (
        "mysql",
        'DELETE o FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.deleted_at IS NOT NULL',
        """\
**Deletes the orders where `c.deleted_at` is not NULL.**

- **Joins** `customers` (as `c`) where `c.id` equals `o.customer_id`; rows without a match drop out.
""",
    ),
    (
        "postgres",
        'MERGE INTO stock t USING deliveries s ON t.sku = s.sku WHEN MATCHED THEN UPDATE SET n = t.n + s.n WHEN NOT MATCHED THEN INSERT (sku, n) VALUES (s.sku, s.n)',
        """\
**Brings `stock` in line with `deliveries`.**

- **Matches** rows where `t.sku` equals `s.sku`.
- A row with a match is updated: `n` to `t.n + s.n`.
- A row without a match is added.
""",
    ),
    (
        "postgres",
        'CREATE TABLE IF NOT EXISTS orders (id bigserial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers(id) ON DELETE CASCADE, total numeric(10,2) NOT NULL DEFAULT 0, note text, UNIQUE (customer_id, note), CHECK (total >= 0))',
        """\
**Creates the table `orders` with four columns, unless it exists already.**

- `id` (`bigserial`, the primary key).
- `customer_id` (`int`, required, refers to `customers` and is deleted with it).
- `total` (`numeric(10,2)`, required, 0 by default).
- `note` (`text`).
- **Unique**: `customer_id` and `note` taken together.
- **Check**: `total` is at least 0.
""",
    ),
    (
        "postgres",
        'CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (lower(email)) WHERE deleted_at IS NULL',
        """\
**Adds a unique index on `lower(email)` of `users`.**

- **Covers** only rows where `deleted_at` is NULL.
- **Builds** it while writes go on (CONCURRENTLY; not inside a transaction).
""",
    ),
    (
        "postgres",
        'CREATE INDEX i ON orders (customer_id, created_at DESC)',
        """\
**Adds an index on `customer_id` and `created_at` (descending) of `orders`.**

- **Helps** queries that filter by `customer_id`, with or without those after it.

Look out:
- Without `CONCURRENTLY`, writes to `orders` wait until the index is built.
""",
    ),
    (
        "postgres",
        'ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0',
        """\
**In the table `users`: adds the column `age` (`int`, required, 0 by default).**
""",
    ),
    (
        "postgres",
        'ALTER TABLE users ADD COLUMN age int, DROP COLUMN x, ALTER COLUMN y TYPE bigint USING y::bigint, ALTER COLUMN z SET NOT NULL',
        """\
**Changes the table `users` in four steps.**

- **Adds** the column `age` (`int`).
- **Removes** the column `x`.
- **Turns** `y` into `bigint`, converted with `y::bigint`.
- **Makes** `z` required (NOT NULL).
""",
    ),
    (
        "postgres",
        'ALTER TABLE users RENAME COLUMN a TO b',
        """\
**In the table `users`: renames the column `a` to `b`.**
""",
    ),
    (
        "postgres",
        'DROP TABLE IF EXISTS a, b CASCADE',
        """\
**Removes the tables `a` and `b` with all their rows, if they exist.**

- **Removes** whatever depends on it as well (CASCADE).
""",
    ),
    (
        "postgres",
        'TRUNCATE orders RESTART IDENTITY CASCADE',
        """\
**Deletes all rows of `orders` at once.**

- **Empties** tables that refer to it as well (CASCADE).
- **Restarts** the counters of its id columns.
""",
    ),
    (
        "postgres",
        "CREATE VIEW v AS SELECT id FROM orders WHERE status = 'open'",
        """\
**Creates the view `v`.**

- It reads the open orders, with each order's `id`.
""",
    ),
    (
        "postgres",
        'VACUUM orders',
        """\
**Frees the space of deleted rows: `VACUUM orders`.**
""",
    ),
    (
        "postgres",
        'BEGIN',
        """\
**Begins a transaction: `BEGIN`.**
""",
    ),
    (
        "postgres",
        'SELECT * FROM orders WHERE date(created_at) = %s AND (total > 10 OR (vip AND NOT paid))',
        """\
**Reads the orders that meet two conditions.**

- **Keeps** rows where `date(created_at)` is `%s` and either `total` is greater than 10 or (`vip` is true and `paid` is false).
- **Returns** every column.
- **Parameters**: `%s` → `date(created_at)`.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
- `date(created_at)` keeps an ordinary index on `created_at` from being used.
""",
    ),
    (
        "postgres",
        'SELECT id FROM orders LIMIT %s OFFSET %s',
        """\
**Reads one page of orders, with each order's `id`.**

- **Skips** the first `%s` rows, then returns at most `%s` rows.
- **Parameters**: 1st `%s` → how many rows; 2nd `%s` → how many rows to skip.

Look out:
- `OFFSET` reads and throws away all rows before the page: the later, the slower.
""",
    ),
    (
        "postgres",
        'SELECT a.* FROM a LEFT JOIN b ON b.a_id = a.id WHERE b.id IS NULL',
        """\
**Reads the rows of `a` where there is no matching row of `b`.**

- **Starts** from `a`.
- **Adds** `b` where `b.a_id` equals `a.id`; rows without a match stay, with NULLs.
- **Returns** every column of `a`.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        "SELECT data->>'k' FROM docs WHERE data @> %s AND id = ANY(%s)",
        """\
**Reads the docs where `data @> %s` holds and `id` is in the list `%s`.**

- **Returns** `data->>'k'`.
- **Parameters**: 1st `%s` → `data`; 2nd `%s` → `id`.
""",
    ),
    (
        "postgres",
        'SELECT max(created_at) FROM events WHERE user_id = 7',
        """\
**Finds the latest `created_at` among the events of user 7.**

- **Keeps** rows where `user_id` is 7.
""",
    ),
    (
        "postgres",
        'SELECT avg(total), max(total) FROM orders WHERE created_at BETWEEN %s AND %s',
        """\
**Computes the average of `total` and the highest `total` over the orders where `created_at` is between `%s` and `%s`.**

- **Parameters**: 1st `%s` → `created_at`; 2nd `%s` → `created_at`.
""",
    ),
    (
        "postgres",
        'SELECT * FROM a NATURAL JOIN b CROSS JOIN LATERAL (SELECT 1) x, unnest(y) z, generate_series(1,3) g LEFT JOIN LATERAL f(a.x) ON true',
        """\
**Reads all rows of `a`.**

- **Starts** from `a`.
- **Joins** `b` with equal values in all columns of the same name; rows without a match drop out.
- **Joins** a sub-query run for each row, which returns 1 and reads no table (called `x`).
- **Pairs** every row with every row of the result of `unnest(y) z`.
- **Pairs** every row with every row of the result of `generate_series(1,3) g`.
- **Adds** the result of `f(a.x)` for each row; rows without a match stay, with NULLs.
- **Returns** every column of all these tables.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        "SELECT count(*) FILTER (WHERE a), count(DISTINCT b), coalesce(a,1), a->>'k', string_agg(a, ',' ORDER BY b) FROM t",
        """\
**Computes `count(*) FILTER (WHERE a)`, the number of different `b` and `string_agg(a, ',' ORDER BY b)` over all rows of `t`.**
""",
    ),
    (
        "postgres",
        'SELECT a FROM t TABLESAMPLE SYSTEM (1) ORDER BY random()',
        """\
**Reads a sample of the rows of `t`, in random order: only `a`.**

- **Also** uses TABLESAMPLE, which is not explained here.
- **Sorts** in random order.

Look out:
- `ORDER BY random()` gives every row a number, then sorts them all.
""",
    ),
    (
        "postgres",
        'SELECT CASE WHEN a THEN 1 ELSE 2 END x, (SELECT max(y) FROM z) FROM t GROUP BY ROLLUP (a, b)',
        """\
**Reads all rows of `t`.**

- **Groups** by `a` and `b` with subtotals (ROLLUP): one row for each.
- **Returns** a choice of two values (CASE) as `x` and a sub-query's result (finds the highest `y` among all rows of `z`).
""",
    ),
    (
        "postgres",
        'SELECT lag(a, 2) OVER (ORDER BY b), ntile(4) OVER w, first_value(x) IGNORE NULLS OVER (ORDER BY y ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM t WINDOW w AS (PARTITION BY q)',
        """\
**Reads all rows of `t`.**

- One column is `a` from 2 rows before over all rows, sorted by `b`.
- One column is the bucket that the row falls in within each `q`.
- One column is `x` of the first row over all rows, sorted by `y` (frame `ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING`).
- **Returns** `lag(a, 2) OVER (ORDER BY b)`, `w` and `first_value(x) IGNORE NULLS OVER (ORDER BY y ROWS BETWEEN …`.
""",
    ),
    (
        "postgres",
        'INSERT INTO t (a) SELECT b FROM x ON CONFLICT ON CONSTRAINT foo DO UPDATE SET a = excluded.a, b = t.b + 1 WHERE t.c IS NULL RETURNING *',
        """\
**Adds the result of a query to `t`, or updates it if it is there already.**

- **The query** reads all rows of `x`: only `b`.
- **Fills** `a`.
- **If** there is a row that breaks `foo`, sets `a` to the new value and `b` to `t.b + 1` in it, but only where `t.c` is NULL.
- **Gives back** every column of each row.
""",
    ),
    (
        "postgres",
        'WITH d AS (DELETE FROM q WHERE id IN (SELECT id FROM q ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING *) INSERT INTO arch SELECT * FROM d',
        """\
**Adds the result of a query to `arch`.**

- **Step `d`** deletes rows of `q` and passes them on.
- **The query** reads all rows of `d`.
- **Fills** all columns in the order of the table (none are named).
""",
    ),
    (
        "postgres",
        'VALUES (1, 2), (3, 4)',
        """\
**Returns two fixed rows.**
""",
    ),
    (
        "postgres",
        '(SELECT 1) UNION ALL (SELECT 2) EXCEPT SELECT 3 LIMIT 4',
        """\
**Returns the rows that the first query finds and the second does not.**

- **Query 1** puts the results of two queries together, duplicates kept.
- **Query 2** returns 3 and reads no table.
- **Stops** after 4 rows.
""",
    ),
    (
        "postgres",
        'CREATE TEMP TABLE x (id int)',
        """\
**Creates the temporary table `x` with one column.**

- `id` (`int`).
""",
    ),
    (
        "postgres",
        'ALTER TABLE t ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES b(id) NOT VALID',
        """\
**Changes the table `t` in two steps.**

- **Adds** a constraint (link: `a` refers to `b`).
- **Leaves** the rows that are there unchecked for now (NOT VALID).
""",
    ),
    (
        "postgres",
        'ALTER TABLE t ALTER COLUMN a DROP NOT NULL, ALTER COLUMN b DROP DEFAULT, RENAME TO q',
        """\
**Changes the table `t` in three steps.**

- **Lets** `a` be NULL.
- **Takes** the default away from `b`.
- **Renames** it to `q`.
""",
    ),
    (
        "postgres",
        'DROP INDEX CONCURRENTLY IF EXISTS i',
        """\
**Removes the index `i`, if it exists.**

- **Waits** for running queries instead of blocking them (CONCURRENTLY).
""",
    ),
    (
        "postgres",
        'EXPLAIN ANALYZE SELECT * FROM t',
        """\
**Shows how the database would run a query: `EXPLAIN ANALYZE SELECT * FROM t`.**
""",
    ),
    (
        "postgres",
        'SET search_path TO x',
        """\
**Changes a setting: `SET search_path TO x`.**
""",
    ),
    (
        "postgres",
        "SELECT date_trunc('day', created_at) AS d, count(*) FROM events WHERE created_at >= now() - interval '1 day' * %s GROUP BY 1 ORDER BY 1",
        """\
**Counts the events where `created_at` is at or after `now() - interval '1 day' * %s` for each `d`.**

- **Groups** by `d`: one row for each.
- **Returns** `date_trunc('day', created_at)` as `d` and the number of rows.
- **Sorts** by `d`.
- **Parameters**: `%s` → `created_at`.
""",
    ),
    (
        "mysql",
        'UPDATE t JOIN b ON t.id=b.id SET t.a=1 WHERE b.x = 2',
        """\
**Changes `t.a` in the rows of `t` where `b.x` is 2.**

- **Sets** `t.a` to 1.
- **Joins** `b` where `t.id` equals `b.id`; rows without a match drop out.
""",
    ),
    (
        "mysql",
        'ALTER TABLE t MODIFY COLUMN a int, ADD INDEX i (a)',
        """\
**Changes the table `t` in two steps.**

- **Redefines** the column `a` (`int`).
- **Adds** an index on `a`.
""",
    ),
    (
        "mysql",
        "SELECT x FROM t WHERE a MEMBER OF (b) AND MATCH (c) AGAINST ('x' IN BOOLEAN MODE)",
        """\
**Reads the rows of `t` that meet two conditions: only `x`.**

- **Keeps** rows where `a MEMBER OF (b)` holds and `MATCH (c) AGAINST ('x' IN BOOLEAN MODE)` holds.
""",
    ),
    (
        "sqlite",
        'PRAGMA foreign_keys = ON',
        """\
**Reads or changes a setting of SQLite: `PRAGMA foreign_keys = ON`.**
""",
    ),
    (
        "postgres",
        "SELECT u.name FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND u.status = 'active' AND o.total BETWEEN 10 AND 20",
        """\
**Reads the active users where `u.deleted_at` is NULL and `o.total` is between 10 and 20, with their orders.**

- **Starts** from `users` (as `u`).
- **Joins** `orders` (as `o`) where `o.user_id` equals `u.id`; rows without a match drop out.
- **Keeps** rows where `u.deleted_at` is NULL, `u.status` is `'active'` and `o.total` is between 10 and 20.
- **Returns** `u.name`.
""",
    ),
    (
        "postgres",
        "SELECT id, email FROM users WHERE email LIKE 'admin@%' ORDER BY email LIMIT 50",
        """\
**Reads the first 50 users where `email` starts with `'admin@'`, by `email` (A to Z), with each user's `id` and `email`.**

- **Sorts** by `email` (A to Z).
- **Stops** after 50 rows.
""",
    ),
    (
        "postgres",
        "SELECT count(DISTINCT user_id) FROM events WHERE kind IN ('click', 'view', 'open')",
        """\
**Counts the different values of `user_id` among the events where `kind` is `'click'`, `'view'` or `'open'`.**
""",
    ),
    (
        "postgres",
        'SELECT u.id FROM users u WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)',
        """\
**Reads the users where there is no row in `orders` where `o.user_id` equals `u.id`, with each user's `id`.**
""",
    ),
    (
        "postgres",
        'SELECT * FROM products ORDER BY price DESC LIMIT 10',
        """\
**Reads the first 10 products, highest `price` first.**

- **Returns** every column.
- **Sorts** by `price` (highest first).
- **Stops** after 10 rows.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        'SELECT p.* FROM posts p, comments c WHERE c.post_id = p.id AND p.author_id = $1',
        """\
**Reads the posts of one author, with their comments.**

- **Starts** from `posts` (as `p`).
- **Joins** `comments` (as `c`), matched by the filter.
- **Keeps** rows where `c.post_id` equals `p.id` and `p.author_id` is `$1`.
- **Returns** every column of `p`.
- **Parameters**: `$1` → `p.author_id`.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        'SELECT id FROM tasks WHERE (a = 1 AND b = 2) OR NOT c',
        """\
**Reads the tasks where either (`a` is 1 and `b` is 2) or `c` is false, with each task's `id`.**
""",
    ),
    (
        "sqlite",
        "SELECT name FROM sqlite_master WHERE type = 'table'",
        """\
**Reads the rows of `sqlite_master` where `type` is `'table'`: only `name`.**
""",
    ),
    (
        "mysql",
        'SELECT id FROM orders LIMIT 40, 20',
        """\
**Reads one page of orders, with each order's `id`.**

- **Skips** the first 40 rows, then returns at most 20 rows.

Look out:
- `OFFSET` reads and throws away all rows before the page: the later, the slower.
""",
    ),
    (
        "postgres",
        'DELETE FROM carts WHERE id = ANY(%s) RETURNING id',
        """\
**Deletes the carts where `id` is in the list `%s`.**

- **Gives back** `id` of each row.
- **Parameters**: `%s` → `id`.
""",
    ),
    (
        "postgres",
        'UPDATE accounts SET balance = balance - %s WHERE id = %s AND balance >= %s',
        """\
**Changes `balance` in one account, found by `id` (where `balance` is at least `%s`).**

- **Sets** `balance` to `balance - %s`.
- **Only** rows where `id` is `%s` and `balance` is at least `%s`.
- **Parameters**: 1st `%s` → `balance`; 2nd `%s` → `id`; 3rd `%s` → `balance`.
""",
    ),
    (
        "postgres",
        'SELECT * FROM orders WHERE customer_id = %s AND customer_id = %s FOR UPDATE NOWAIT',
        """\
**Reads the orders of one customer.**

- **Keeps** rows where `customer_id` is `%s` and `customer_id` is `%s`.
- **Returns** every column.
- **Locks** the rows for changing until the transaction ends; fails at once if another has locked one.
- **Parameters**: 1st `%s` → `customer_id`; 2nd `%s` → `customer_id`.

Look out:
- `SELECT *` fetches every column, those added to the table later too.
""",
    ),
    (
        "postgres",
        "SELECT count(*) FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.status = 'open'",
        """\
**Counts the combinations of open orders and order items.**

- **Starts** from `orders` (as `o`).
- **Joins** `order_items` (as `i`) where `i.order_id` equals `o.id`; rows without a match drop out.
- **Keeps** rows where `o.status` is `'open'`.
""",
    ),
    (
        "postgres",
        'SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.country = %s',
        """\
**Counts the orders where `c.country` is `%s`.**

- **Starts** from `orders` (as `o`).
- **Joins** `customers` (as `c`) where `c.id` equals `o.customer_id`; rows without a match drop out.
- **Parameters**: `%s` → `c.country`.
""",
    ),
    (
        "postgres",
        'SELECT o.id, i.sku FROM orders o JOIN order_items i ON i.order_id = o.id ORDER BY o.created_at DESC LIMIT 20',
        """\
**Reads the first 20 rows of orders, with their order items, newest first.**

- **Starts** from `orders` (as `o`).
- **Joins** `order_items` (as `i`) where `i.order_id` equals `o.id`; rows without a match drop out.
- **Returns** `o.id` and `i.sku`.
- **Sorts** by `o.created_at` (newest first).
- **Stops** after 20 rows.
""",
    ),
    (
        "postgres",
        'SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1',
        """\
**Reads one order, found by `o.id`, with its customer.**

- **Starts** from `orders` (as `o`).
- **Joins** `customers` (as `c`) where `c.id` equals `o.customer_id`; rows without a match drop out.
- **Keeps** rows where `o.id` is `$1`.
- **Returns** `o.id` and `c.name`.
- **Parameters**: `$1` → `o.id`.
""",
    ),
    (
        "postgres",
        'SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.created_at DESC LIMIT 20',
        """\
**Reads the 20 newest orders, with their customers.**

- **Starts** from `orders` (as `o`).
- **Joins** `customers` (as `c`) where `c.id` equals `o.customer_id`; rows without a match drop out.
- **Returns** `o.id` and `c.name`.
- **Sorts** by `o.created_at` (newest first).
- **Stops** after 20 rows.
""",
    ),
]  # fmt: skip

IDS = [sql for _, sql, _ in EXPLAINED]


def explained(dialect: str, *parts: Fragment | Hole | str) -> str:
    found: list[Fragment | Hole] = []
    at = 0
    for part in parts:
        words = part if isinstance(part, str) else ""
        found.append(
            part if not isinstance(part, str) else Fragment(Span(at, at + len(words)), words)
        )
        at = found[-1].span.end
    query = read_query(found, dialect)
    assert query is not None
    return explain_query(query)


@pytest.mark.parametrize(("dialect", "sql", "expected"), EXPLAINED, ids=IDS)
def test_explained(dialect: str, sql: str, expected: str):
    assert explained(dialect, sql) + "\n" == expected


@pytest.mark.parametrize(("dialect", "sql", "expected"), EXPLAINED, ids=IDS)
def test_it_fits_a_hover_and_reads_well(dialect: str, sql: str, expected: str):
    assert expected.count("\n") < 20
    for slip in ("the the", "  ", " ,", " .", "..", "None", "hole_", ":p0", "1 rows", "a all"):
        assert slip not in expected.replace(sql, ""), slip
    assert expected.startswith("**") and expected.split("\n")[0].endswith(".**")
    assert expected.count("`") % 2 == 0


def test_values_put_in_as_text_are_told_from_parameters():
    def hole(at: int, name: str) -> Hole:
        return Hole(Span(at, at + 8), Name(Span(at, at + 8), name))

    text = explained(
        "postgres",
        *("SELECT id FROM ", hole(15, "table"), " WHERE name = '", hole(38, "name")),
        *("' AND age > %s ORDER BY ", hole(70, "sort"), " ", hole(79, "way")),
    )
    assert (
        text
        == """\
**Reads the rows of `{table}` where `name` is `'{name}'` and `age` is greater than `%s`, by `{sort}`: only `id`.**

- **Sorts** by `{sort}`.
- **Parameters**: `%s` → `age`.
- **Put in as text**, not as parameters: `{table}` (a name), `{name}` (a value), `{sort}` (a name) and `{way}` (a keyword)."""
    )


def test_holes_of_tagged_templates_are_parameters():
    parts = (
        Fragment(Span(0, 32), "DELETE FROM carts WHERE user_id="),
        Hole(Span(32, 37), Name(Span(34, 36), "id")),
    )
    query = read_query(parts, "postgres")
    assert query is not None
    assert (
        explain_query(msgspec.structs.replace(query, binds=True))
        == """\
**Deletes the carts of one user.**

- **Only** rows where `user_id` is `{id}`.
- **Parameters**: `{id}` → `user_id`."""
    )


def test_a_query_that_grows_says_so_and_is_not_blamed_for_what_may_come():
    query = read_query((Fragment(Span(0, 12), "UPDATE t SET a = 1"),), "postgres")
    assert query is not None
    assert "There is no WHERE" in explain_query(query)
    text = explain_query(msgspec.structs.replace(query, grows=True))
    assert "There is no WHERE" not in text and "the code can add more" in text


def test_what_cannot_be_read_says_where():
    assert explained("postgres", "SELECT a FROM t WHERE CURRENT OF (x") == (
        "SQL that could not be read: not understood near `OF (x`."
    )


def test_long_queries_stay_short():
    joins = " ".join(f"JOIN t{n} ON t{n}.id = t.t{n}_id" for n in range(40))
    text = explained("postgres", f"SELECT * FROM t {joins} WHERE a = %s")
    assert "more clauses" in text and text.count("\n") < 25


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite"])
def test_deep_conditions_are_survived(dialect: str):
    assert explained(dialect, "SELECT a FROM t WHERE " + " AND ".join(["a = 1"] * 2000))
