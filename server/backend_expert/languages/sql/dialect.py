"""Which database a project's SQL is written for, told from weighed evidence."""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec


class Evidence(msgspec.Struct, frozen=True):
    """What a project shows of its database.

    Names of dependencies; connection URLs and DSNs; texts of SQL; names of files and settings
    (`docker-compose.yml`'s images, `django.db.backends.postgresql`, folders of migrations).
    """

    dependencies: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    sql: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


# A connection says it outright; a driver nearly so, but tests often bring SQLite along.
_URL, _DRIVER, _WEAK_DRIVER, _NAME = 8, 5, 1, 4
# SQL has at most this much to say, however much of it there is.
_MOST_OF_SQL = 6

_DRIVERS = {
    "postgres": "psycopg psycopg2 psycopg2-binary psycopg-binary asyncpg pg8000 aiopg pg pg-promise"
    " postgres pg-native @types/pg pgx lib/pq jackc/pgx pgx/v5 postgresql slonik pg-pool",
    "mysql": "mysqlclient pymysql mysql-connector-python aiomysql asyncmy mysql mysql2 mariadb"
    " go-sql-driver/mysql mysql-connector-java mysql-connector-j promise-mysql",
    "sqlite": "aiosqlite better-sqlite3 sqlite3 sqlite sql.js mattn/go-sqlite3 sqlite-jdbc",
}
_DRIVER_OF = {name: dialect for dialect, names in _DRIVERS.items() for name in names.split()}

_URLS = {
    "postgres": re.compile(
        r"^(?:jdbc:)?(?:postgres(?:ql)?|psql|postgis|cockroachdb)(?:\+\w+)?:|\bdbname=|:5432\b",
        re.I,
    ),
    "mysql": re.compile(r"^(?:jdbc:)?(?:mysql|mariadb)(?:\+\w+)?:|@tcp\(|:3306\b", re.I),
    "sqlite": re.compile(r"^(?:jdbc:)?sqlite3?(?:\+\w+)?:|\.(?:sqlite3?|db)$|^:memory:$", re.I),
}
_NAMES = {
    "postgres": re.compile(r"postgres|postgis|psycopg|pgbouncer|timescale|\bpg_", re.I),
    "mysql": re.compile(r"mysql|mariadb", re.I),
    "sqlite": re.compile(r"sqlite", re.I),
}
# dialect, weight, the words that only it (3), mostly it (2) or rather it (1) has
_SIGNS = tuple(
    (dialect, weight, re.compile(form, re.IGNORECASE))
    for dialect, weight, form in (
        ("mysql", 3, r"\bAUTO_INCREMENT\b|\bON\s+DUPLICATE\s+KEY\b"),
        # ClickHouse has other engines.
        ("mysql", 3, r"\bENGINE\s*=\s*['\"]?(?:INNODB|MYISAM|MEMORY|ARIA|ROCKSDB|NDB|CSV)\b"),
        ("mysql", 2, r"`\w+`|\bUNSIGNED\b|\bSTRAIGHT_JOIN\b|\bINSERT\s+IGNORE\b"),
        ("mysql", 1, r"\bLIMIT\s+\d+\s*,\s*\d+|\b(?:MEDIUM|LONG)TEXT\b|\bTINYINT\b"),
        ("postgres", 3, r"\b(?:BIG|SMALL)?SERIAL\b|\bCONCURRENTLY\b|\bJSONB\b|\bILIKE\b"),
        ("postgres", 3, r"\bTIMESTAMPTZ\b|\bTSVECTOR\b|\$\w*\$|\bDISTINCT\s+ON\b"),
        ("postgres", 2, r"\w\)?::[a-z]|\$\d|\bCREATE\s+EXTENSION\b|\bSKIP\s+LOCKED\b"),
        ("postgres", 1, r"\bRETURNING\b|\bUSING\s+(?:gin|gist|btree)\b|\bEXCLUDED\."),
        ("sqlite", 3, r"\bAUTOINCREMENT\b|\bPRAGMA\s|\bWITHOUT\s+ROWID\b|\bsqlite_master\b"),
        ("sqlite", 2, r"\bINSERT\s+OR\s+(?:REPLACE|IGNORE|ABORT)\b|\bstrftime\s*\("),
    )
)


def dialect_of(evidence: Evidence) -> str | None:
    """ "postgres", "mysql" or "sqlite"; None when nothing tells, or two are told alike."""
    votes: Counter[str] = Counter()
    for name in {name.lower() for name in evidence.dependencies}:
        dialect = _DRIVER_OF.get(name) or _DRIVER_OF.get("/".join(name.split("/")[-2:]))
        if dialect:
            votes[dialect] += _WEAK_DRIVER if dialect == "sqlite" else _DRIVER
    _count(votes, _URLS, evidence.urls, _URL)
    _count(votes, _NAMES, evidence.names, _NAME)
    votes.update(_votes_of_sql(evidence.sql))
    ranks = votes.most_common(2)
    if not ranks or (len(ranks) > 1 and ranks[0][1] == ranks[1][1]):
        return None
    return ranks[0][0]


def _count(
    votes: Counter[str], forms: dict[str, re.Pattern[str]], texts: Iterable[str], weight: int
) -> None:
    """One vote of `weight` for each dialect that any of the texts speaks of."""
    for dialect, form in forms.items():
        if any(form.search(text) for text in texts):
            votes[dialect] += weight


def _votes_of_sql(texts: Iterable[str]) -> dict[str, int]:
    votes: Counter[str] = Counter()
    texts = list(texts)
    for dialect, weight, sign in _SIGNS:
        if any(sign.search(text[:20_000]) for text in texts):
            votes[dialect] += weight
    return {dialect: min(weight, _MOST_OF_SQL) for dialect, weight in votes.items()}
