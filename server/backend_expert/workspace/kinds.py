"""What kind of file a path tells: a test, a migration, a script; and what is never checked."""

import re

_TEST = re.compile(
    r"(^|/)(tests?|__tests__|spec|specs|e2e|testing|cypress)(/|$)"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.pyi?$"
    r"|\.(test|spec|e2e)\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)
_MIGRATION = re.compile(
    r"(^|/)((\w+[-_])?migrations?([-_]\w+)?|versions|alembic/versions|db/migrate|migrate|flyway"
    r"|changelog)(/[^/]+)*/[^/]+$"
    r"|(^|/)[VRU]\d[\d._]*__[^/]+\.sql$",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(^|/)(scripts?([-_]\w+)?|bin|([a-z0-9]+[-_])*cli|tools?|management/commands|seeds?|fixtures|examples?/scripts"
    r"|playgrounds?|code[-_]?gen(eration)?|(dev|local)[-_](env|server|tools))(/|$)"
    r"|(^|/)(deltas?|upgrades)/v?\d[\d.]*/[^/]+\.(py|[cm]?[jt]s)$"
    r"|^(dev|contrib|extras?|hack|install|benchmarks?)/"
    r"|(^|/)(manage|noxfile)\.py$|(^|/)setup\.(py|[cm]?[jt]s)$|^(docs?/)?(tasks|fabfile|conf)\.py$"
    r"|(^|/)(gulpfile|webpack[^/]*|vite[^/]*|rollup[^/]*|jest[^/]*|[^/]*\.config)\.[cm]?[jt]s$",
    re.IGNORECASE,
)
_VENDORED = re.compile(
    r"(^|/)(node_modules|vendor|third_party|\.venv|venv|site-packages|dist|build|\.git|\.tox"
    r"|__pycache__|coverage|\.next|public/build|migrations_backup|static/(js|lib|vendor))(/|$)"
    r"|\.min\.[cm]?js$|(^|/)(package-lock\.json|[^/]*_pb2(_grpc)?\.py|[^/]*\.generated\.[jt]s"
    r"|[^/]*\.d\.ts)$",
    re.IGNORECASE,
)


def is_test(path: str) -> bool:
    """Whether a path (relative, with `/`) is test code."""
    return bool(_TEST.search(path))


def is_migration(path: str) -> bool:
    """Whether a path lies where migrations lie."""
    return bool(_MIGRATION.search(path))


def is_script(path: str) -> bool:
    """Whether a path is a script or build file, run by hand and not by a service."""
    return bool(_SCRIPT.search(path))


def is_vendored(path: str) -> bool:
    """Whether a path is generated, vendored or minified: never checked."""
    return bool(_VENDORED.search(path))
