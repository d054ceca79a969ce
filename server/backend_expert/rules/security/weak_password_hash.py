"""A fast hash guesses as fast as it checks: a stolen table of SHA-256 is read through in hours.

Passwords want a slow hash made for them (Argon2id, scrypt, bcrypt, PBKDF2 with its present cost),
which salts each one by itself. When people sign in, upgrade what is stored in the old form.
(OWASP ASVS 5.0 V11.4.2, CWE-916.)

Leave it off where the value only shares the name of a password and opens nothing.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Expression, Function, Member
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.protocols import asks_for_old_crypto
from backend_expert.lint.sensitive import kind_of, spelling, words

# Functions that look a leaked password up, or read an old form to replace it.
_OTHER_USE = frozenset(
    ("pwned", "breach", "breached", "breaches", "hibp", "leaked", "legacy", "old", "migrate")
) | frozenset(("upgrade", "rehash", "cache", "fingerprint", "etag"))
# The least cost, by the unit it is told in: a power of two of bcrypt, PBKDF2's, scrypt's.
_LEAST = {"rounds": 10, "iterations": 100_000, "memory": 2**13}


@rule(
    title="Password hashed too fast",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(916, 328),
    sources=("Sonar S5344", "semgrep md5-used-as-password"),
    tags=("authentication",),
    needs=("crypto.hash", "crypto.password-hash"),
    examples=[
        Example(
            bad="""
                import hashlib

                def derive(password: str, salt: bytes) -> str:
                    return hashlib.sha256(salt + password.encode()).hexdigest()
                           ^^^^^^^^^^^^^^ too fast for a password: a stolen table is soon guessed

                def store(user, form):
                    digest = hashlib.new("sha1")
                    digest.update(form["password"].encode())
                    ^^^^^^^^^^^^^ too fast for a password: a stolen table is soon guessed
                    user.digest = digest.hexdigest()
            """,
        ),
        Example(
            bad="""
                import hashlib

                def derive(password: bytes, salt: bytes) -> bytes:
                    return hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
                                                                         ^^^^ too cheap: a stolen table is soon guessed
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const crypto = require('crypto');
                const bcrypt = require('bcrypt');

                function store(user, password) {
                  user.hash = crypto.createHash('md5').update(password).digest('hex');
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ too fast for a password: a stolen table is soon guessed
                }

                function keep(password) {
                  return bcrypt.hash(password, 4);
                                               ^ too cheap: a stolen table is soon guessed
                }
            """,
        ),
        Example(
            good="""
                import hashlib
                import bcrypt

                def is_pwned(password: str) -> bool:
                    prefix = hashlib.sha1(password.encode()).hexdigest()[:5]
                    return prefix in ask(prefix)

                def hash_password(password: bytes, salt: bytes) -> bytes:
                    # bcrypt reads 72 bytes at most.
                    return bcrypt.hashpw(hashlib.sha256(password).digest(), bcrypt.gensalt())

                def get_key(secret: bytes, salt: bytes) -> bytes:
                    return hashlib.pbkdf2_hmac("sha256", secret, salt, 10_000)

                def make_short(password: bytes) -> bytes:
                    password = hashlib.sha512(password).hexdigest()
                    return pool.hash(password)

                def etag(body: bytes, reset_token: str) -> tuple[str, str]:
                    digest = hashlib.sha256(reset_token.encode()).hexdigest()
                    return hashlib.md5(body, usedforsecurity=False).hexdigest(), digest

                def derive(password: bytes, salt: bytes) -> bytes:
                    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
            """
        ),
        Example(
            language="javascript",
            good="""
                const crypto = require('crypto');

                function etag(body) {
                  return crypto.createHash('md5').update(body).digest('hex');
                }
            """,
        ),
        Example(
            language="javascript",
            good="""
                const crypto = require('crypto');

                function makeNtlmHash(password) {
                  return crypto.createHash('md4').update(Buffer.from(password, 'ucs2')).digest();
                }
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if asks_for_old_crypto(call, ctx):
        return
    meaning = ctx.meaning(call, "crypto.hash")
    if meaning is not None:
        subject = ctx.subject(call, meaning)
        if subject is not None and _is_password(subject) and not _is_other_use(call, ctx):
            message = "too fast for a password: a stolen table is soon guessed"
            yield Finding(call.callee.span, message)
        return
    meaning = ctx.meaning(call, "crypto.password-hash")
    if meaning is None:
        return
    if meaning.has("weak"):
        yield Finding(call.callee.span, "too fast for a password: a stolen table is soon guessed")
    function = ctx.function(call)
    if function is not None and words(function.name)[-1:] == ("key",):
        return  # a key for a cipher is made of a secret that is long already
    if _is_of_a_key(call):
        return
    cost = ctx.option(call, meaning, "cost").value
    known = getattr(ctx.value(cost).node, "value", None) if cost is not None else None
    least = next((least for unit, least in _LEAST.items() if meaning.has(unit)), 0)
    if cost is not None and type(known) is int and 0 < known < least:
        yield Finding(cost.span, "too cheap: a stolen table is soon guessed")


def _is_of_a_key(call: Call) -> bool:
    """Whether a key or seed is stretched that is long and random already, and no password."""
    spelt = {
        word for a in call.arguments for leaf in _leaves(a.value) for word in words(spelling(leaf))
    }
    return bool(spelt & {"secret", "seed", "mnemonic", "entropy"}) and "password" not in spelt


def _is_password(subject: Expression) -> bool:
    return any(_names(node) for node in _leaves(subject))


def _leaves(node: Expression) -> Iterator[Expression]:
    """What is hashed, through `+`, f-strings and `.encode()`."""
    if isinstance(node, Call) and isinstance(node.callee, Member):
        yield from _leaves(node.callee.object)
        if node.method == "from":
            for argument in node.arguments:
                yield from _leaves(argument.value)
        else:
            yield node
    elif operands := getattr(node, "operands", ()):
        for operand in operands:
            yield from _leaves(operand)
    elif parts := getattr(node, "parts", ()):
        for part in parts:
            if not isinstance(value := getattr(part, "value", None), str) and value is not None:
                yield from _leaves(value)
    else:
        yield node


def _names(node: Expression) -> bool:
    return kind_of(spelling(node)) == "password"


def _is_other_use(call: Call, ctx: Context) -> bool:
    meaning = ctx.meaning(call, "crypto.hash")
    if meaning is not None:
        harmless = ctx.option(call, meaning, "usedforsecurity")
        if harmless.hidden or (harmless.value and ctx.is_constant(harmless.value, False)):
            return True
    function = ctx.function(call)
    if function is not None and not _OTHER_USE.isdisjoint(words(function.name)):
        return True
    if not _OTHER_USE.isdisjoint(words(ctx.file.path.rpartition("/")[2])):
        return True
    return function is not None and _is_first_step(call, function, ctx)


def _is_first_step(call: Call, function: Function, ctx: Context) -> bool:
    """Whether what is hashed fast goes on as the password, or a slow hash is at work here too."""
    for above in ctx.ancestors(call):
        if isinstance(above, Assign):
            if kind_of(spelling(above.targets[0])) == "password":
                return True
            break
    return any(
        ctx.function(site.call) is function and ctx.meaning(site.call, "crypto.password-hash")
        for site in ctx.sites
    )
