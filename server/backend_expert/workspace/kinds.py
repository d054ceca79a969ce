"""What kind of file a path tells: a test, a migration, a script; and what is never checked."""

import re
from collections.abc import Container, Iterable

_TEST = re.compile(
    r"(^|/)(tests?|__tests__|spec|specs|e2e|testing|cypress"
    r"|(playwright|integration|unit|functional|acceptance|load|smoke|system|api|ui|e2e)[-_]tests?"
    r"|tests?[-_](utils?|helpers?|support|data|kit))(/|$)"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.pyi?$"
    r"|\.(test|spec|e2e)\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)
_MIGRATION = re.compile(
    r"(^|/)((\w+[-_])?migrations?([-_]\w+)?|versions|alembic/versions|db/migrate|migrate|flyway"
    r"|changelog)(/[^/]+)*/[^/]+$"
    r"|(^|/)[VRU]\d[\d._]*__[^/]+\.sql$|(^|/)drizzle/(\w+/)?\d{4,}_[^/]+(/migration)?\.sql$",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(^|/)(scripts?([-_]\w+)?|bin|([a-z0-9]+[-_])*cli|tools?|management|seeds?|fixtures|examples?/scripts"
    r"|playgrounds?|code[-_]?gen(eration)?|(dev|local)[-_](env|server|tools))(/|$)"
    r"|(^|/)(deltas?|upgrades)/v?\d[\d.]*/[^/]+\.(py|[cm]?[jt]s)$"
    r"|^(dev|contrib|extras?|hack|install|docker|eval(uation)?s?)/|(^|/)benchmarks?/|(^|/)(fixes|backfills?)/[^/]+\.py$"
    r"|(^|/)seed(s|ers?|ing)?\.(py|[cm]?[jt]s)$|(^|/)(manage|noxfile)\.py$|(^|/)setup\.(py|[cm]?[jt]s)$|^(docs?/)?(tasks|fabfile|conf)\.py$"
    r"|(^|/)(gulpfile|webpack[^/]*|vite[^/]*|rollup[^/]*|jest[^/]*|[^/]*\.config)\.[cm]?[jt]s$",
    re.IGNORECASE,
)
# Where a project that brings a command line keeps its commands, and by what it reads them.
_COMMANDS = re.compile(r"(^|/)commands?/")
_COMMAND_LINES = frozenset(
    ("commander", "yargs", "cac", "oclif", "@oclif/core", "inquirer", "@clack/prompts", "meow",
     "prompts", "click", "typer", "cliff", "cleo")
)  # fmt: skip
_OF_COMMANDS = re.compile(r"(^|/)(commands?|cli|__main__)\.py$")
# In a project with one of these the folder may as well hold what the service does.
_SERVERS = frozenset(
    ("express", "koa", "fastify", "hono", "restify", "@nestjs/core", "@hapi/hapi", "next",
     "django", "flask", "fastapi", "starlette", "aiohttp", "tornado", "sanic", "litestar", "quart")
)  # fmt: skip
_VENDORED = re.compile(
    r"(^|/)(node_modules|vendor|third_party|\.venv|venv|site-packages|dist|build|\.git|\.tox"
    r"|__pycache__|coverage|\.next|public/build|migrations_backup|static/(js|lib|vendor))(/|$)"
    r"|\.min\.[cm]?js$|(^|/)(package-lock\.json|[^/]*_pb2(_grpc)?\.py|[^/]*\.generated\.[jt]s"
    r"|[^/]*\.d\.ts|mockServiceWorker\.js)$",
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


def is_command(path: str, dependencies: Container[str]) -> bool:
    """Whether a path is a command that a person runs, in a project with these dependencies."""
    if _COMMANDS.search(path) is None or not any(n in dependencies for n in _COMMAND_LINES):
        return False
    return not any(name in dependencies for name in _SERVERS)


def reads_commands(path: str, imports: Iterable[str]) -> bool:
    """Whether a Python file holds the commands of a service, by its name and what it imports."""
    return bool(_OF_COMMANDS.search(path)) and any(
        name.partition(".")[0] in ("click", "typer", "argparse", "asyncclick") for name in imports
    )


def is_vendored(path: str) -> bool:
    """Whether a path is generated, vendored or minified: never checked."""
    return bool(_VENDORED.search(path))
