"""SQL in strings: every place exact, every parameter found."""

import pytest
from backend_expert.facts.code import Assign, Text
from backend_expert.facts.item import TOP
from backend_expert.facts.query import Query
from backend_expert.languages.registry import reader_for
from backend_expert.languages.sql import Evidence, dialect_of, read_queries, read_query
from backend_expert.text.span import Span
from sqlglot import exp


def text_of(source: str, language: str = "python") -> Text:
    """The string that `x = …` assigns, as the language's own reader lowers it."""
    reader = reader_for(language)
    assert reader is not None
    statement = reader.lower(source, TOP).body[0]
    assert isinstance(statement, Assign) and isinstance(statement.value, Text)
    return statement.value


def query_of(source: str, dialect: str = "postgres") -> Query:
    query = read_query(text_of(source), dialect)
    assert query is not None
    return query


def written(source: str, span: Span) -> str:
    return source[span.start : span.end]


def column(query: Query, name: str) -> exp.Expr:
    assert query.expression is not None
    return next(node for node in query.expression.find_all(exp.Column) if node.name == name)


# -- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        'x = "SELECT a, target FROM t"',
        'x = "SELECT \\"q\\", target FROM t"',
        "x = 'SELECT \\'it\\', target FROM t'",
        'x = "SELECT \\\n a,\\n\\t target FROM t"',
        'x = """\n  SELECT a,\n    target\n  FROM t\n"""',
        'x = ("SELECT a, "\n     "target "\n     "FROM t")',
        "x = \"SELECT 'é 😀', target FROM t\"",
        "x = \"SELECT '\\N{GRINNING FACE}\\u00e9\\x41', target FROM t\"",
        'x = f"SELECT {a}, target FROM {table} WHERE b = {b!r}"',
        "x = f\"SELECT '{name}', target FROM t\"",
        'x = "SELECT %s, target FROM t"',
        'x = "SELECT %(first_name)s, $1, :n, target FROM t"',
        'x = "SELECT a %% 2, target FROM t"',
        "x = r\"SELECT 'a\\d', target FROM t\"",
        'x = b"SELECT a, target FROM t"',
        'x = "/* note; */ SELECT a, -- one\\n target FROM t;"',
    ],
)
def test_a_column_is_found_where_it_is_written(source: str):
    query = query_of(source)
    assert written(source, query.place(column(query, "target"))) == "target"


def test_places_in_a_javascript_template():
    source = "x = `SELECT a, target\n FROM t WHERE \\`k\\` = ${id} AND b = '${name}'`"
    query = read_query(text_of(source, "javascript"), "mysql")
    assert query is not None and query.expression is not None
    assert written(source, query.place(column(query, "target"))) == "target"
    assert [written(source, hole.span) for hole in query.holes] == ["${id}", "${name}"]


PLACES = [
    ("SELECT count(*), now() FROM t", exp.Count, "count(*)"),
    ("SELECT count(*), now() FROM t", exp.CurrentTimestamp, "now()"),
    ("SELECT a::numeric(10,2) FROM t", exp.Cast, "a::numeric(10,2)"),
    ("SELECT CAST(a AS text) FROM t", exp.Cast, "CAST(a AS text)"),
    ("SELECT (a + 1) * 2 FROM t", exp.Mul, "(a + 1) * 2"),
    ("SELECT (a + 1) * 2 FROM t", exp.Paren, "(a + 1)"),
    ("SELECT CASE WHEN a THEN 1 ELSE 2 END FROM t", exp.Case, "CASE WHEN a THEN 1 ELSE 2 END"),
    ("SELECT 1 FROM t WHERE a = NULL", exp.EQ, "a = NULL"),
    ("SELECT 1 FROM t WHERE a = NULL", exp.Null, "NULL"),
    ("SELECT 1 FROM t WHERE a = TRUE AND b", exp.Boolean, "TRUE"),
    ("SELECT 1 FROM t WHERE a IS NOT NULL", exp.Where, "WHERE a IS NOT NULL"),
    ("SELECT 1 FROM t WHERE a IN (1, 2)", exp.In, "a IN (1, 2)"),
    ("SELECT 1 FROM t WHERE NOT (a OR b)", exp.Not, "NOT (a OR b)"),
    ("SELECT 1 FROM t WHERE a NOT IN (SELECT b FROM c)", exp.Not, "a NOT IN (SELECT b FROM c)"),
    ("SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u)", exp.Exists, "EXISTS (SELECT 1 FROM u)"),
    ("SELECT 1 FROM t WHERE a LIKE '%x'", exp.Like, "a LIKE '%x'"),
    ("SELECT 1 FROM t WHERE a > now() - interval '1 day'", exp.Sub, "now() - interval '1 day'"),
    ("SELECT a->>'k' FROM t", exp.JSONExtractScalar, "a->>'k'"),
    ("SELECT 1 FROM t ORDER BY a DESC NULLS LAST LIMIT 3", exp.Order, "ORDER BY a DESC NULLS LAST"),
    ("SELECT 1 FROM t LIMIT 3 OFFSET 4", exp.Limit, "LIMIT 3"),
    ("SELECT 1 FROM t LIMIT 3 OFFSET 4", exp.Offset, "OFFSET 4"),
    ("SELECT 1 FROM t LIMIT %s", exp.Limit, "LIMIT %s"),
    ("SELECT 1 FROM t LEFT OUTER JOIN u USING (id)", exp.Join, "LEFT OUTER JOIN u USING (id)"),
    ("SELECT 1 FROM t, u", exp.Join, ", u"),
    ("SELECT 1 FROM t GROUP BY a, b", exp.Group, "GROUP BY a, b"),
    ("SELECT rank() OVER (PARTITION BY a ORDER BY b) FROM t", exp.Window, "rank() OVER (PARTITION BY a ORDER BY b)"),
    ("WITH x AS (SELECT 1) SELECT 2 FROM x", exp.With, "WITH x AS (SELECT 1)"),
    ("INSERT INTO t (a) VALUES (%s) RETURNING id", exp.Returning, "RETURNING id"),
    ("INSERT INTO t (a) VALUES (%s), (2)", exp.Values, "VALUES (%s), (2)"),
    ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING", exp.Schema, "t (a)"),
    ("UPDATE t SET a = %s", exp.Placeholder, "%s"),
    ("ALTER TABLE t DROP COLUMN a", exp.Drop, "DROP COLUMN a"),
    ("ALTER TABLE t ADD COLUMN a int NOT NULL", exp.ColumnDef, "a int NOT NULL"),
    ("REPLACE INTO t (a) VALUES (1)", exp.Schema, "t (a)"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "kind", "expected"), PLACES)
def test_a_node_covers_what_it_is_written_as(sql: str, kind: type[exp.Expr], expected: str):
    source = f'x = "{sql}"'
    query = query_of(source)
    assert query.expression is not None
    node = query.expression.find(kind)
    assert node is not None
    assert written(source, query.place(node)) == expected


def test_keywords_and_clauses():
    source = 'x = "SELECT 1 FROM t LEFT  JOIN u ON 1=1 WHERE a IN (SELECT 1 FROM v WHERE b = 2) ORDER BY c"'
    query = query_of(source)
    tree = query.expression
    assert tree is not None
    assert written(source, query.keyword("left join")) == "LEFT  JOIN"
    assert written(source, query.keyword("ORDER BY")) == "ORDER BY"
    inner = list(tree.find_all(exp.Where))[1]
    assert query.keyword("WHERE", near=inner.this).start == source.rindex("WHERE")
    assert written(source, query.clause(tree, "from")) == "FROM t"
    assert written(source, query.clause(tree, "order")) == "ORDER BY c"
    assert query.clause(tree, "limit") == query.place(tree)
    assert query.keyword("HAVING") == query.span


def test_offsets_go_both_ways():
    source = "x = f\"SELECT '\\n' FROM {table} WHERE a = 1\""
    query = query_of(source)
    at = source.index("WHERE")
    offset = query.offset(at)
    assert offset is not None and query.text[offset:].startswith("WHERE a = 1")
    assert query.host(offset, offset + 5) == Span(at, at + 5)
    assert query.offset(0) is None


def test_tables_verbs_and_writes():
    query = query_of('x = "WITH n AS (DELETE FROM b RETURNING *) SELECT * FROM n JOIN s.c ON 1=1"')
    assert [table.name for table in query.tables()] == ["b", "c"]
    assert (query.verb, query.is_write, query.is_schema) == ("SELECT", True, False)
    assert query_of('x = "REPLACE INTO t VALUES (1)"').verb == "REPLACE"
    assert query_of('x = "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a"').verb == "INSERT"
    assert query_of('x = "create index i on t (a)"').is_schema
    assert not query_of('x = "SELECT 1 FROM t FOR UPDATE"').is_write


# -- parameters ---------------------------------------------------------------------------------

PARAMETERS = [
    ("postgres", "SELECT 1 FROM t WHERE a = %s AND b = %(n)s", [("%s", ""), ("%(n)s", "n")]),
    ("postgres", "SELECT 1 FROM t WHERE a = $1 AND b = $2", [("$1", "1"), ("$1", "2")]),
    ("postgres", "SELECT a::text, b::int[] FROM t WHERE c = :c", [(":n", "c")]),
    ("postgres", "SELECT 1 FROM t WHERE a = @a AND b @> c AND d <@ e", [("@n", "a")]),
    ("postgres", "SELECT 1 FROM t WHERE a ? 'k' AND b ?| array['x'] AND c = ?", [("?", "")]),
    ("postgres", "SELECT 1 FROM t LIMIT ? OFFSET ?", [("?", ""), ("?", "")]),
    ("postgres", "SELECT '%s x', ':a', '$1', '?' FROM t -- ? :b", []),
    ("postgres", "SELECT a %% 2 FROM t WHERE b LIKE '%%x' AND c LIKE 'x%'", []),
    ("postgres", "SELECT $$ ? %s :a $$, $f$ $1 $f$ FROM t", []),
    ("postgres", "SELECT 1 FROM t WHERE a = '12:30:00' AND b[1:2] = %s", [("%s", "")]),
    ("postgres", "SELECT 1 FROM t WHERE a LIKE '%s'", []),
    ("postgres", "SELECT 1 FROM t WHERE a LIKE '%%%s%%'", [("%s", "")]),
    ("postgres", "SELECT 1 FROM t WHERE a = '%s' AND b = '%(n)s'", [("%s", ""), ("%(n)s", "n")]),
    ("postgres", "SELECT {} FROM {table} WHERE a = {0}", [("{}", ""), ("{}", "table"), ("{}", "0")]),
    ("postgres", "INSERT INTO t (a) VALUES ('{}')", []),
    ("postgres", "SELECT 1 FROM t WHERE id = %d", [("%d", "")]),
    ("mysql", "SELECT 1 FROM t WHERE a = ? AND @v = 1 AND b = %s", [("?", ""), ("%s", "")]),
    ("mysql", "SELECT ?? FROM ?? WHERE a = ?", [("??", ""), ("??", ""), ("?", "")]),
    ("mysql", "SELECT 'it\\'s ?', \"? %s\" FROM t WHERE a = ?", [("?", "")]),
    ("sqlite", "SELECT 1 FROM t WHERE a = ?1 AND b = @b AND c = $c AND d = :d", [("?", "1"), ("@n", "b"), ("$n", "c"), (":n", "d")]),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "sql", "expected"), PARAMETERS)
def test_parameters(dialect: str, sql: str, expected: list[tuple[str, str]]):
    source = f"x = {sql!r}"
    query = read_query(text_of(source), dialect)
    assert query is not None and query.expression is not None, query and query.error
    found = [(mark.style, mark.name) for mark in query.placeholders]
    assert found == expected


def test_a_parameter_is_told_by_its_node():
    source = 'x = "UPDATE t SET a = %s WHERE b = %(n)s"'
    query = query_of(source)
    assert query.expression is not None
    slots = [query.slot(node) for node in query.expression.find_all(exp.Placeholder)]
    assert {written(source, slot.span) for slot in slots if slot} == {"%s", "%(n)s"}


# -- holes --------------------------------------------------------------------------------------

HOLES = [
    ("SELECT * FROM {t} WHERE id = {x}", ["identifier", "value"]),
    ("SELECT {cols} FROM t ORDER BY {c} {d} LIMIT {n}", ["identifier", "identifier", "keyword", "value"]),
    ("SELECT * FROM t WHERE {cond} AND x IN ({ids})", ["fragment", "value"]),
    ("SELECT * FROM t {where} ORDER BY a", ["fragment"]),
    ("SELECT * FROM t WHERE a = 1 {more} LIMIT 3", ["fragment"]),
    ("SELECT * FROM t WHERE a {op} 5", ["keyword"]),
    ("SELECT * FROM t WHERE a BETWEEN {x} AND {y}", ["value", "value"]),
    ("SELECT * FROM a {kind} JOIN b ON a.x = b.x", ["keyword"]),
    ("SELECT * FROM ({sub}) x", ["fragment"]),
    ("WITH a AS ({sub}) SELECT * FROM a", ["fragment"]),
    ("SELECT * FROM orders_{year} o JOIN {schema}.x ON {cond}", ["identifier", "identifier", "fragment"]),
    ("SELECT * FROM t WHERE {alias}.y = 3 GROUP BY {g}, z", ["identifier", "identifier"]),
    ("INSERT INTO {t} ({cols}) VALUES ({vals})", ["identifier", "identifier", "value"]),
    ("INSERT INTO t VALUES {rows}", ["value"]),
    ("UPDATE t SET {sets} WHERE id = %s", ["fragment"]),
    ("UPDATE t SET {c} = {v}", ["identifier", "value"]),
    ("DELETE FROM {t}", ["identifier"]),
    ("CREATE TABLE {t} ({cols})", ["identifier", "fragment"]),
    ("SELECT {f}(a) FROM t", ["identifier"]),
    ("SELECT * FROM t WHERE a = ANY({x}::int[])", ["value"]),
    ("SELECT * FROM t WHERE a LIKE '%{x}%'", ["value"]),
    ('SELECT * FROM "{t}"', ["identifier"]),
    ("SELECT * FROM t -- {note}", ["unknown"]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "positions"), HOLES)
def test_holes_know_what_they_stand_for(sql: str, positions: list[str]):
    source = f"x = f{sql!r}"
    query = query_of(source)
    assert query.expression is not None, query.error
    assert [hole.position for hole in query.holes] == positions
    for hole in query.holes:
        assert written(source, hole.span).startswith("{")


def test_holes_in_quotes_say_so():
    query = query_of("x = f\"SELECT * FROM t WHERE a = '{x}' AND b = {y}\"")
    assert [hole.is_quoted for hole in query.holes] == [True, False]


def test_two_identical_words_do_not_confuse_the_holes():
    query = query_of('x = f"SELECT hole_0, {a} FROM hole_1"')
    assert [hole.position for hole in query.holes] == ["identifier"]
    assert query.expression is not None


# -- what cannot be parsed ----------------------------------------------------------------------


def test_broken_sql_is_a_query_with_an_error():
    query = query_of('x = "SELECT a, FROM t WHERE (b = 1"')
    assert query.expression is None and query.error
    assert query.verb == "SELECT" and query.tables() == []


@pytest.mark.parametrize("nested", ["(" * 4000, "NOT " * 4000, "CASE WHEN " * 3000, "f(" * 4000])
def test_deep_nesting_is_survived(nested: str):
    query = read_query(text_of(f"x = {f'SELECT a FROM t WHERE b = {nested}1'!r}"), "postgres")
    assert query is not None and query.expression is None


def test_long_conditions_have_places():
    source = f"x = {'SELECT 1 FROM t WHERE ' + ' OR '.join(['a = 1'] * 3000) + ' OR target = 2'!r}"
    query = query_of(source)
    assert query.expression is not None
    assert written(source, query.place(column(query, "target"))) == "target"


def test_huge_strings_are_not_parsed():
    query = read_query(
        text_of(f"x = {'SELECT 1 FROM t WHERE a IN (' + '1,' * 30_000 + '1)'!r}"), "mysql"
    )
    assert query is not None and query.expression is None and "longer than" in query.error


def test_a_nul_in_the_string_is_no_sql():
    assert read_query(text_of('x = "SELECT \\0 FROM t"'), "postgres") is None


def test_several_statements_in_one_string():
    source = "x = \"BEGIN; UPDATE t SET a = ';' WHERE b = %s; -- done;\\nCOMMIT;\""
    queries = read_queries(text_of(source), "postgres")
    assert [query.verb for query in queries] == ["BEGIN", "UPDATE", "COMMIT"]
    assert [written(source, query.span) for query in queries][
        1
    ] == "UPDATE t SET a = ';' WHERE b = %s"
    assert written(source, queries[1].placeholders[0].span) == "%s"
    first = read_query(text_of(source), "postgres")
    assert first is not None and first.verb == "BEGIN"


# -- which database -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(dependencies=("psycopg", "flask")), "postgres"),
        (Evidence(dependencies=("mysql2", "express")), "mysql"),
        (Evidence(dependencies=("aiosqlite",)), "sqlite"),
        (Evidence(dependencies=("asyncpg", "aiosqlite")), "postgres"),
        (Evidence(dependencies=("pg", "mysql2")), None),
        (Evidence(dependencies=("pg", "mysql2"), urls=("mysql://u@h/d",)), "mysql"),
        (Evidence(dependencies=("github.com/jackc/pgx/v5",)), "postgres"),
        (Evidence(urls=("postgresql+psycopg://u:p@h/d",)), "postgres"),
        (Evidence(urls=("sqlite:///app.db",)), "sqlite"),
        (Evidence(urls=("u:p@tcp(db:3306)/shop",)), "mysql"),
        (Evidence(names=("django.db.backends.mysql",)), "mysql"),
        (Evidence(sql=("CREATE TABLE t (id BIGSERIAL)",)), "postgres"),
        (Evidence(sql=("CREATE TABLE `t` (id INT AUTO_INCREMENT) ENGINE=InnoDB",)), "mysql"),
        (Evidence(sql=("CREATE TABLE t (id INT) ENGINE = 'MyISAM'",)), "mysql"),
        (Evidence(sql=("CREATE TABLE t (id Int32) ENGINE = MergeTree ORDER BY id",)), None),
        (Evidence(sql=("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)",)), "sqlite"),
        (Evidence(sql=("SELECT 1",)), None),
        (Evidence(), None),
    ],
)  # fmt: skip
def test_the_database_is_told_from_evidence(evidence: Evidence, expected: str | None):
    assert dialect_of(evidence) == expected
