"""SQL is told from prose that begins like it."""

import pytest
from backend_expert.facts.code import Fragment, Hole, Name, Text
from backend_expert.languages.sql import read_query
from backend_expert.text.span import Span


def is_sql(text: str) -> bool:
    """Whether `text` is read as SQL; `{}` in it is a hole of the host language."""
    parts: list[Fragment | Hole] = []
    at = 0
    for number, run in enumerate(text.split("{}")):
        if number:
            parts.append(Hole(Span(at, at + 2), Name(Span(at, at + 2), "value")))
            at += 2
        if run:
            parts.append(Fragment(Span(at, at + len(run)), run))
            at += len(run)
    return read_query(Text(Span(0, at), tuple(parts)), "postgres") is not None


PROSE = """\
Select a file to update
Select an option
Select one option from the list
Select all items from the menu
Select items from cart
Select your country
Select files from disk
Select from list
Select columns to export:
Select %s from the dropdown
Select {} items from your cart
Select * to choose everything!
select a date from calendar
select one of the following options
select all from the list
Selected 3 rows from table
Selection failed
SELECT YOUR PLAN
Update failed: %s
Update failed
Update available
Update user profile
Update the settings to set a new password
Update settings: set theme = dark in your profile
Update {} failed with {}
Update %s set to be released on Friday
Updating orders ...
update your browser
Update: the set of rules = 3
Insert coin to continue
Insert into the slot
Insert a value into the field
Insert failed for user %s
Insert page break
Delete failed
Delete from cart
Delete {} from cart?
Delete items from cart
Delete the file from disk?
Are you sure? Delete from users
Deleted %d rows from %s
delete this message
With great power comes great responsibility
With {} as the base, choose one (of many)
with your account you can select from plans
Create a new account
Create user account
Create table reservation
Create an index page
Created table %s
Create new project from template
create a database backup
Alter ego
Alter the table settings to add a row
Drop your files here
Drop table here
Drop files to upload
Drop the database connection
Truncate long lines
Truncate description to 80 characters
Replace the battery
Replace %s with %s
Replace into clipboard
Merge pull request #%d from %s
Merge conflict in %s
Merge into main using rebase
Set a reminder
Set the value to 5
Set password = correct horse
Begin
Begin transaction with the bank
Start the server
Start transaction failed
Commit your changes
Commit message: %s
Rollback complete
Rollback to version {}
Call us at (555) 123
Call support(24/7)
Copy link to clipboard
Copy {} to {}
Copy from template
Show more
Show all results
Show tables and figures
Grant access to %s
Grant admin rights on project to bob
Revoke access from user
Lock table for two
Execute order (66)
Explain this query to me
Explain how to select rows from a table
Values (optional)
Comment on this post
Comment on table layout is welcome
Do 'nothing'
Declare bankruptcy
Listen to music
Notify me
Analyze results
Vacuum the floor
Release savepoint
Table of contents
Refresh materialized state
Optimize images
Prepare for landing
Fetch failed
Attach a file
""".splitlines()  # fmt: skip

SQL = """\
SELECT 1
select 1
select now()
SELECT * FROM users
select * from users u
Select * From users Where id = 1
select name from users
SELECT DISTINCT a FROM b
SELECT a b FROM c d
SELECT $1::int
SELECT pg_sleep(1)
SELECT NOT EXISTS (SELECT 1 FROM t)
(SELECT 1) UNION (SELECT 2)
/* why */ select a from b where c = 1
with x as (select 1) select * from x
WITH RECURSIVE x(a) AS (SELECT 1) SELECT a FROM x
INSERT INTO t VALUES (1)
insert into t (a) values (?)
INSERT INTO {} ({}) VALUES ({})
INSERT OR IGNORE INTO t (a) VALUES (1)
INSERT IGNORE INTO t SET a = 1
UPDATE t SET a = 1
update "User" set name = $1 where id = $2
UPDATE t AS x SET a = 1 FROM b
UPDATE {} SET {}
DELETE FROM t
delete from t where id = %s
DELETE FROM {} WHERE {}
DELETE a FROM a JOIN b ON a.id = b.id
MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE
REPLACE INTO t (a) VALUES (1)
CREATE TABLE t (id int)
create table if not exists t (id int)
CREATE TEMPORARY TABLE t AS SELECT 1
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)
CREATE INDEX ON t USING gin (a)
CREATE OR REPLACE VIEW v AS SELECT 1
CREATE EXTENSION IF NOT EXISTS citext
CREATE DATABASE shop
CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql
CREATE TYPE mood AS ENUM ('a')
ALTER TABLE t ADD COLUMN a int
ALTER TABLE t RENAME TO u
ALTER TABLE {} ADD COLUMN {} {}
DROP TABLE t
DROP TABLE IF EXISTS a, b CASCADE
DROP INDEX CONCURRENTLY i
TRUNCATE TABLE t
TRUNCATE a, b RESTART IDENTITY CASCADE
EXPLAIN ANALYZE SELECT a FROM b
PRAGMA foreign_keys = ON
BEGIN
BEGIN;
COMMIT
ROLLBACK TO SAVEPOINT a
SET LOCAL statement_timeout = 100
SET search_path TO x
LOCK TABLE t IN SHARE MODE
VACUUM ANALYZE t
REFRESH MATERIALIZED VIEW CONCURRENTLY v
COPY t FROM STDIN
GRANT SELECT ON t TO bob
CALL p(1)
NOTIFY jobs
VALUES (1), (2)
{} SELECT a FROM b WHERE c = 1
""".splitlines()  # fmt: skip


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_sql(text: str):
    assert not is_sql(text)


@pytest.mark.parametrize(
    "text", [*SQL, "-- why\n SELECT a FROM b", "\n\t(\n/* a */select a from b)"]
)
def test_sql_is_sql(text: str):
    assert is_sql(text)


def test_there_are_many_kinds_of_prose():
    assert len(PROSE) >= 60


def test_other_strings_are_none():
    for text in ("", " ", "users", "GET /orders", "selected", "https://example.com", "{}", "{} {}"):
        assert not is_sql(text)
