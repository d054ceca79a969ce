"""A generator made for games and samples gives its next numbers away to who has seen a few.

Tokens, one-time codes, passwords and session ids made with it can be guessed, and with them the
accounts they open. Take the bytes from the system's generator: `secrets` in Python,
`crypto.randomBytes` or `crypto.randomUUID` in Node. (OWASP ASVS 5.0 V11.5.1, CWE-338.)

Leave it off where the value is shown to everyone anyway and opens nothing.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Assign,
    Await,
    Call,
    Choice,
    Collection,
    Comprehension,
    Entry,
    Expression,
    Function,
    Hole,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Return,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.deployment import is_for_development
from backend_expert.lint.sensitive import kind_of, spelling, words

_VERBS = frozenset(("generate", "gen", "create", "make", "new", "get", "random", "build", "rand"))
_CODES = frozenset(
    (
        "verification",
        "reset",
        "invite",
        "login",
        "auth",
        "confirmation",
        "recovery",
        "backup",
        "otp",
    )
)
# Calls that only change the form of a number or text.
_FORMS = frozenset(
    ("str", "int", "join", "format", "round", "hex", "bytes", "encode", "decode", "floor", "abs")
) | frozenset(
    ("toString", "slice", "substring", "substr", "padStart", "padEnd", "replace", "String", "Number")
) | frozenset(
    ("map", "ceil", "trunc", "from", "parseInt", "charAt", "list", "tuple", "zfill", "upper")
) | frozenset(("hexdigest", "digest", "b64encode", "toUpperCase", "toFixed", "push", "append", "chr"))  # fmt: skip
_NOT_BY_ITSELF = frozenset(("choice", "sample", "shuffle", "seed", "random", "uniform"))


@rule(
    title="Secret from a predictable generator",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(338, 330),
    sources=("ruff S311", "bandit B311", "gosec G404", "Sonar S2245"),
    peers=("S311", "B311"),
    needs=("random",),
    examples=[
        Example(
            bad="""
                import random
                import string

                def new_reset_token() -> str:
                    return "".join(random.choices(string.ascii_letters, k=32))
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ whoever has seen a few results can guess this token

                def send_otp(user):
                    otp = random.randint(100000, 999999)
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ whoever has seen a few results can guess this code
                    user.send(otp)
            """,
            good="""
                import random
                import string

                def new_reset_token() -> str:
                    return "".join(random.SystemRandom().choices(string.ascii_letters, k=32))

                def send_otp(user):
                    otp = random.SystemRandom().randint(100000, 999999)
                    user.send(otp)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import crypto from 'node:crypto';

                export function subscribe(address) {
                  const token = Math.random().toString(36).slice(2);
                                ^^^^^^^^^^^^^ whoever has seen a few results can guess this token
                  return save(address, token, crypto.randomUUID());
                }
            """,
            good="""
                import crypto from 'node:crypto';

                export function subscribe(address) {
                  const token = crypto.randomUUID();
                  return save(address, token, crypto.randomUUID());
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                function generateOtp() {
                  let code = '';
                  for (let i = 0; i < 6; i++) code += Math.floor(Math.random() * 10);
                                                                 ^^^^^^^^^^^^^ whoever has seen a few results can guess this code
                  return code;
                }
            """,
        ),
        Example(
            good="""
                import random
                import secrets
                import time

                def refresh_token(client, vocabulary):
                    time.sleep(random.uniform(0, 1))
                    next_token = random.choice(vocabulary)
                    token = random.choice(vocabulary)
                    token_index = random.randrange(10)
                    reset_token = secrets.token_urlsafe(32)
                    code = random.SystemRandom().randint(100000, 999999)
                    api_key = client.old_key if random.random() < 0.1 else client.new_key
                    return client.renew(token, api_key, delay=random.random())
            """
        ),
        Example(
            language="javascript",
            good="""
                const crypto = require('crypto');

                function retryToken(client) {
                  const delay = 100 + Math.random() * 50;
                  const requestId = Math.random().toString(36).slice(2);
                  const token = crypto.randomBytes(32).toString('hex');
                  return client.send(token, requestId, delay);
                }
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if is_browser(ctx) or is_for_development(ctx.file.path):
        return
    if ctx.meaning(call, "random") is None:
        return
    top, target = _used_as(call, ctx)
    is_plain = top is call
    what = _what(target, is_plain and call.method in _NOT_BY_ITSELF)
    if not what and isinstance(ctx.parent(top), Return | Assign):
        what = _what_function(top, ctx, is_plain and call.method in _NOT_BY_ITSELF)
    if what:
        message = f"whoever has seen a few results can guess this {what}"
        yield Finding(call.span, message, _fix(call, top, ctx))


def _used_as(call: Call, ctx: Context) -> tuple[Node, str]:
    """The outermost expression that only changes the number's form, and the name it gets."""
    node: Node = call
    above = ctx.parent(node)
    while above is not None:
        holder = ctx.parent(above)
        if isinstance(above, Member) and isinstance(holder, Call):
            if above.name not in _FORMS:
                return node, ""
            node = holder
        elif isinstance(above, Argument):
            if not isinstance(holder, Call) or holder.method not in _FORMS:
                return node, above.name or ""
            if holder.method in ("push", "append") and isinstance(holder.callee, Member):
                return holder, spelling(holder.callee.object)
            node = holder
        elif _only_forms(above, node):
            node = above
        elif isinstance(above, Return) and isinstance(holder, Function) and holder.is_lambda:
            node = holder
        elif isinstance(above, Entry):
            if above.key is not None:
                return node, _literal(above.key)
            node = above
        elif isinstance(above, Collection):
            node = above
        elif isinstance(above, Assign):
            return node, spelling(above.targets[0])
        else:
            return node, ""
        above = ctx.parent(node)
    return node, ""


def _only_forms(above: Node, node: Node) -> bool:
    if isinstance(above, Operation):
        return above.operator in ("+", "-", "*", "/", "//", "%", "|", "<<", ">>", "~")
    if isinstance(above, Choice):
        return node is not above.test
    return isinstance(above, Hole | Text | Await | Comprehension | Index)


def _literal(key: Expression) -> str:
    return (key.value or "") if isinstance(key, Text) else ""


def _what(name: str, is_pick: bool) -> str:
    """What sort of secret a name speaks of; a bare token may be a word that was picked."""
    parts = [word for word in words(name) if word not in _VERBS]
    kind = kind_of("_".join(parts))
    if kind == "bare token":
        return "" if is_pick else "token"
    if kind in ("token", "password", "secret", "key", "code"):
        return kind
    last = parts[-1] if parts else ""
    if last == "code" and not _CODES.isdisjoint(parts):
        return "code"
    if parts[-2:] == ["session", "id"] or last in ("sessionid", "csrf"):
        return "session id"
    return ""


def _what_function(top: Node, ctx: Context, is_pick: bool) -> str:
    """What the function gives back, when the number goes into its answer."""
    function = ctx.function(top)
    if function is None or is_pick:
        return ""

    above = ctx.parent(top)
    if isinstance(above, Assign):
        kept = spelling(above.targets[0])
        answers = (n.value for n in walk(function) if isinstance(n, Return) and n.value is not None)
        if not any(_mentions(answer, kept) for answer in answers):
            return ""
    return _what(function.name, is_pick=False)


def _mentions(answer: Expression, name: str) -> bool:
    while isinstance(answer, Call) and isinstance(answer.callee, Member):
        given = [a.value for a in answer.arguments if isinstance(a.value, Name)]
        answer = given[0] if answer.method == "join" and given else answer.callee.object
    return isinstance(answer, Name) and answer.id == name


def _fix(call: Call, top: Node, ctx: Context) -> Fix | None:
    if ctx.is_python:
        if isinstance(call.callee, Member) and ctx.name(call.callee.object) == "random":
            edit = ctx.replace(
                call.callee.object, ctx.source(call.callee.object) + ".SystemRandom()"
            )
            return Fix("Take it from the system's generator", (edit,))
        return None
    inner = ctx.parent(call)
    if isinstance(inner, Member) and inner.name == "toString" and isinstance(top, Call):
        edit = ctx.replace(top, "crypto.randomUUID()")
        imports = ("import crypto from 'node:crypto';",)
        return Fix("Take it from the system's generator", (edit,), imports, is_sure=False)
    return None
