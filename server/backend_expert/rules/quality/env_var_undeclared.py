"""A variable that the code cannot do without, and that no file of the project tells of.

Whoever sets up the service next copies `.env.example` or the compose file, starts it, and meets a
`KeyError` or an `undefined` where nobody looks: in a worker, in a branch that runs at night, after
the deployment. Put the variable, with a harmless value and a word on what it is for, into the file
that lists the others; or give the reading a default. (The Twelve-Factor App, III: Config.)

Names count as declared when they stand anywhere in an example of an `.env` file, a compose or
Kubernetes file, a Dockerfile, Terraform, a script, a CI file or a document. Projects that list
nothing are left alone, and so are those that get variables whole from somewhere else (`envFrom`,
Vault, Doppler). Leave it off where another repository has the deployment.
"""

import re
from collections.abc import Iterable, Iterator

from backend_expert.facts.code import (
    Branch,
    Call,
    Choice,
    Expression,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Raise,
    Text,
    walk,
)
from backend_expert.facts.item import Item
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.text.pattern import pattern

# Set by platforms, shells, runtimes and build tools; or a switch that every project knows.
_PLATFORM = pattern(
    r"^(?:PORT|HOST|HOME|PATH|USER|USERNAME|LOGNAME|SHELL|TERM|PWD|OLDPWD|HOSTNAME|LANG|TZ|TEMP|TMP"
    r"|TMPDIR|CI|DYNO|DEBUG|EDITOR|VISUAL|PAGER|BROWSER|DISPLAY|COLUMNS|LINES|NO_COLOR|FORCE_COLOR"
    r"|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|USERPROFILE|SYSTEMROOT|WINDIR|COMSPEC|VIRTUAL_ENV"
    r"|NODE_ENV|NODE_PATH|NODE_OPTIONS|NODE_APP_INSTANCE|DJANGO_SETTINGS_MODULE|MODE|DEV|PROD|SSR"
    r"|BASE_URL|K_SERVICE|K_REVISION|FUNCTION_NAME|FUNCTION_TARGET|INVOCATION_ID|NOTIFY_SOCKET"
    r"|LISTEN_FDS|LISTEN_PID|RUN_MAIN|WERKZEUG_RUN_MAIN|REQUEST_METHOD|QUERY_STRING|SERVER_SOFTWARE)$"
    r"|^(?:AWS|LAMBDA|KUBERNETES|GITHUB|GITLAB|CI|BUILD|BUILDKITE|CIRCLE|TRAVIS|JENKINS|GOOGLE|GCP|GAE"
    r"|AZURE|WEBSITE|FUNCTIONS|HEROKU|VERCEL|NETLIFY|RENDER|RAILWAY|FLY|DYNO|XDG|LC|SSH|SUDO|PYTHON"
    r"|PYTEST|CONDA|NPM|YARN|PNPM|JEST|VITEST|NEXT|NUXT|VITE|ELECTRON|PM|WSL|DBUS|GUNICORN|UWSGI|CELERY"
    r"|READTHEDOCS|CODESPACES|GITPOD|ECS|DATABRICKS|SPARK|SLURM|CUDA)_",
)
_NAME = pattern(r"[A-Z][A-Z0-9_]{2,}")


@rule(
    title="Environment variable that no file declares",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    in_scripts=False,
    examples=[
        Example(
            environment=("DATABASE_URL", "SECRET_KEY"),
            bad="""
                import os

                DATABASE_URL = os.environ["DATABASE_URL"]
                STRIPE_KEY = os.environ["STRIPE_KEY"]
                             ^^^^^^^^^^^^^^^^^^^^^^^^ `STRIPE_KEY` is required, but `.env.example` does not list it
            """,
            good="""
                import os

                DATABASE_URL = os.environ["DATABASE_URL"]
                STRIPE_KEY = os.environ.get("STRIPE_KEY", "")
            """,
        ),
        Example(
            environment=("DATABASE_URL", "SECRET_KEY"),
            bad="""
                import os
                from decouple import config

                BROKER = config("BROKER_URL")
                         ^^^^^^^^^^^^^^^^^^^^ `BROKER_URL` is required, but `.env.example` does not list it
                WORKERS = int(os.getenv("WORKERS"))
                              ^^^^^^^^^^^^^^^^^^^^ `WORKERS` is required, but `.env.example` does not list it
            """,
        ),
        Example(
            language="typescript",
            environment=("DATABASE_URL", "SECRET_KEY"),
            bad="""
                export const origins = process.env.ALLOWED_ORIGINS.split(',');
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ALLOWED_ORIGINS` is required, but `.env.example` does not list it
                export const pepper = process.env.PASSWORD_PEPPER!;
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `PASSWORD_PEPPER` is required, but `.env.example` does not list it
            """,
            good="""
                export const origins = (process.env.ALLOWED_ORIGINS ?? '').split(',');
                export const pepper = process.env.PASSWORD_PEPPER || '';
            """,
        ),
        Example(
            language="javascript",
            environment=("DATABASE_URL", "SECRET_KEY"),
            bad="""
                function connect() {
                  if (!process.env.BROKER_URL) throw new Error('BROKER_URL is missing');
                       ^^^^^^^^^^^^^^^^^^^^^^ `BROKER_URL` is required, but `.env.example` does not list it
                  return open(process.env.BROKER_URL);
                }
            """,
        ),
        Example(
            environment=("DATABASE_URL", "SECRET_KEY"),
            good="""
                import os

                REGION = os.environ["AWS_REGION"]
                HOME = os.environ["HOME"]
                SECRET_KEY = os.environ["SECRET_KEY"]
                token = os.getenv("OPTIONAL_TOKEN")
                os.environ["WORKER_NAME"] = "one"
                name = os.environ[variable]

                def sentry():
                    if "SENTRY_DSN" in os.environ:
                        return os.environ["SENTRY_DSN"]
                    try:
                        return os.environ["SENTRY_URL"]
                    except KeyError:
                        return None

                os.environ.setdefault("QUEUE_NAME", "orders")
                QUEUE = os.environ["QUEUE_NAME"]
            """,
        ),
        Example(
            language="typescript",
            environment=("DATABASE_URL", "SECRET_KEY"),
            good="""
                const level = process.env.LOG_LEVEL;
                const verbose = process.env.VERBOSE === 'true';
                const hosts = process.env.HOSTS?.split(',') ?? [];

                export function proxy() {
                  if (process.env.PROXY_HOST) {
                    return process.env.PROXY_HOST.toLowerCase();
                  }
                  return process.env.TRUST_PROXY ? process.env.TRUST_PROXY.split(',') : [];
                }

                if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing');
            """,
        ),
        Example(
            good="""
                import os

                STRIPE_KEY = os.environ["STRIPE_KEY"]
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    if not ctx.file.project.environment.files:
        return
    reads = [(node, name) for node in ctx.reading.nodes() if (name := _read(node, ctx))]
    wanted = [(node, name) for node, name in reads if _is_required(node, name, ctx)]
    told: set[str] = set()
    for node, name in wanted:
        if name in told or _PLATFORM.match(name) or not _NAME.fullmatch(name):
            continue
        declared = ctx.file.project.environment
        if name in declared.names or _is_handled(name, ctx):
            continue
        told.add(name)
        where = f"`{declared.files[0].rpartition('/')[2]}`"
        yield Finding(node.span, f"`{name}` is required, but {where} does not list it")


def _read(node: Node, ctx: Context) -> str:
    """The variable that an expression reads, where its name is written out."""
    if isinstance(node, Call):
        meaning = ctx.meaning(node, "env")
        subject = ctx.subject(node, meaning) if meaning is not None else None
        return (ctx.text_of(subject) or "") if subject is not None else ""
    if isinstance(node, Index) and isinstance(node.key, Text) and _is_env(node.object, ctx):
        return node.key.value or ""
    if isinstance(node, Member) and _is_env(node.object, ctx):
        return node.name
    return ""


def _is_env(node: Expression, ctx: Context) -> bool:
    entry = ctx.file.flow.catalogue.value(ctx.name(node))
    return entry is not None and entry.role == "env"


def _is_required(node: Node, name: str, ctx: Context) -> bool:
    """Whether the program fails, here and now, when the variable is missing."""
    if _fails_when_missing(node, ctx):
        return True
    return _raises(node, ctx.parent(node), ctx) and not _is_asked_for(
        name, ctx.reading.nodes(), ctx
    )


def _raises(node: Node, above: Node | None, ctx: Context) -> bool:
    if isinstance(node, Call):
        meaning = ctx.meaning(node, "env")
        if meaning is None:
            return False
        default = ctx.option(node, meaning, "default")
        if default.value is not None or default.hidden:
            return False
        return meaning.has("required") or _is_used_at_once(node, above, ctx)
    if ctx.is_python:
        return not any(tried.handlers for tried in ctx.tries(node))
    after = ctx.text[node.span.end : node.span.end + 2]
    return (after[:1] == "!" and after != "!=") or _is_used_at_once(node, above, ctx)


def _is_used_at_once(node: Node, above: Node | None, ctx: Context) -> bool:
    """`os.getenv("X").split()`, `int(os.getenv("X"))`, `process.env.X.split(",")`."""
    if isinstance(above, Member | Index) and above.object is node:
        return not ctx.text[node.span.end :].lstrip().startswith("?.")
    call = ctx.parent(above) if above is not None else None
    if not isinstance(call, Call) or not isinstance(call.callee, Name):
        return False
    return call.callee.id in ("int", "float")


def _fails_when_missing(node: Node, ctx: Context) -> bool:
    """`if (!process.env.X) throw …`."""
    above = ctx.parent(node)
    if not isinstance(above, Operation) or above.operator != "not":
        return False
    branch = ctx.parent(above)
    return isinstance(branch, Branch) and any(isinstance(s, Raise) for s in branch.then)


def _is_asked_for(name: str, nodes: Iterable[Node], ctx: Context) -> bool:
    """Whether it is asked anywhere if the variable is there, or something stands in its place."""
    for other in nodes:
        tests: tuple[Node, ...] = ()
        if isinstance(other, Branch | Choice):
            tests = (other.test,)
        elif isinstance(other, Operation) and other.operator in ("and", "or", "??", "in", "not-in"):
            tests = other.operands
        for test in tests:
            if any(_names(part, name) for part in walk(test)):
                return True
    return False


def _names(part: Node, name: str) -> bool:
    if isinstance(part, Text):
        return part.value == name
    return isinstance(part, Member) and part.name == name


def _is_handled(name: str, ctx: Context) -> bool:
    """Whether this file gives the variable a value itself, or asks elsewhere if it is there."""
    for item in ctx.file.items:
        if re.search(
            rf"{name}[\"']\]\s*=[^=]|env\.{name}\s*=[^=]|setdefault\(\s*.{name}.", item.text
        ):
            return True
        nodes = (node for statement in item.body for node in walk(statement))
        if item is not ctx.item and _is_asked_for(name, nodes, ctx):
            return True
    return False
