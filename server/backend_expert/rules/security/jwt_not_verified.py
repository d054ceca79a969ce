"""A token that is read without its signature checked says whatever its sender wrote into it.

Anyone can write `{"sub": "1", "role": "admin"}`, encode it and send it. Only the check of the
signature, with a key and a list of algorithms that you name yourself, makes the claims yours; the
check of the expiry makes a stolen token useless one day. (OWASP ASVS 5.0 V9.1.1, CWE-347.)

Leave it off where a gateway in front of this service has checked the token already and nothing can
reach the service past it.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Assign,
    Await,
    Call,
    Collection,
    Function,
    Index,
    Member,
    Return,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.browser import is_browser
from backend_expert.lint.claims import read_of
from backend_expert.lint.sensitive import spelling, words
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_WHO = frozenset(
    ("sub", "id", "uid", "oid", "email", "upn", "role", "roles", "scope", "scopes", "permissions")
) | frozenset(
    ("username", "user", "groups", "tenant", "admin", "staff", "account", "customer", "userid")
)
_IDENTIFIES = frozenset(
    ("user", "identity", "authenticate", "authenticated", "principal", "verify")
)

_NOT_BELIEVED = pattern(r"unsafe|not (be )?(verified|checked)|un(verified|trusted)|no verif", re.I)


@rule(
    title="Token not verified",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(347, 613),
    sources=("Sonar S5659", "semgrep unverified-jwt-decode"),
    tags=("authentication",),
    needs=("jwt.verify", "jwt.decode",),
    examples=[
        Example(
            bad="""
                import jwt

                KEY = load_key()

                def current_user(token):
                    claims = jwt.decode(token, KEY, algorithms=["RS256"], options={"verify_signature": False})
                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ anyone can write this token: its signature is not checked
                    return find_user(claims["sub"])
            """,
            good="""
                import jwt

                KEY = load_key()

                def current_user(token):
                    claims = jwt.decode(token, KEY, algorithms=["RS256"])
                    return find_user(claims["sub"])
            """,
        ),
        Example(
            bad="""
                import jwt

                def is_admin(token, key):
                    claims = jwt.decode(token, key, algorithms=["HS256", "none"])
                                                                         ^^^^^^ `none` lets tokens without a signature in
                    return claims["role"] == "admin"
            """,
            good="""
                import jwt

                def is_admin(token, key):
                    claims = jwt.decode(token, key, algorithms=["HS256"])
                    return claims["role"] == "admin"
            """,
        ),
        Example(
            bad="""
                import jwt

                def current_user(token, key):
                    claims = jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})
                                                                                                 ^^^^^ an expired token is accepted here
                    return find_user(claims["sub"])
            """,
            good="""
                import jwt

                def current_user(token, key):
                    claims = jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": True})
                    return find_user(claims["sub"])
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import jwt from 'jsonwebtoken';

                export function requireCustomer(req, res, next) {
                  const claims = jwt.decode(req.headers.authorization);
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ anyone can write this token: its signature is not checked
                  req.customerId = Number(claims.sub);
                  next();
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import jwt from 'jsonwebtoken';

                export function user(req, res, next) {
                  req.user = jwt.decode(req.cookies.session);
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ anyone can write this token: its signature is not checked
                  next();
                }
            """,
        ),
        Example(
            good="""
                import jwt

                def current_user(token, keys):
                    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
                    kid = jwt.get_unverified_header(token)["kid"]
                    claims = jwt.decode(token, keys[issuer][kid], algorithms=["RS256"])
                    return find_user(claims["sub"])
            """
        ),
        Example(
            good="""
                import jwt

                def profile(answer):
                    # Straight from the provider's token endpoint, over TLS.
                    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
                    return claims["email"]

                def expires_in(token):
                    return jwt.decode(token, options={"verify_signature": False})["exp"]

                def refresh(token, key):
                    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})
            """
        ),
        Example(
            language="javascript",
            good="""
                import jwt from 'jsonwebtoken';

                export function keyFor(token, keys) {
                  const { header } = jwt.decode(token, { complete: true });
                  return keys[header.kid];
                }

                export function check(token, key) {
                  return jwt.verify(token, key, { algorithms: ['RS256'] });
                }
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "jwt.verify", "jwt.decode")
    if meaning is None or meaning.has("header") or is_browser(ctx):
        return
    unchecked = _unchecked(call, meaning, ctx)
    if unchecked is not None:
        if _decides(call, ctx) and not _is_checked_too(call, ctx) and not _says_so(call, ctx):
            message = "anyone can write this token: its signature is not checked"
            yield Finding(unchecked, message, _checking(call, meaning, ctx))
        return
    algorithms = ctx.option(call, meaning, "algorithms").value
    if isinstance(algorithms, Collection):
        for number, entry in enumerate(algorithms.entries):
            if isinstance(entry.value, Text) and (entry.value.value or "").lower() == "none":
                fix = _without(algorithms, number, ctx)
                yield Finding(entry.span, "`none` lets tokens without a signature in", fix)
    yield from _expired(call, meaning, ctx)


def _says_so(call: Call, ctx: Context) -> bool:
    """Whether a comment of the function, or above it, says that the token is not to be believed."""
    return any(_NOT_BELIEVED.search(comment.text) for comment in ctx.item.comments)


def _unchecked(call: Call, meaning: Meaning, ctx: Context) -> Span | None:
    """Where it says that the signature is not checked."""
    if meaning.role == "jwt.decode":
        return call.span
    verify = ctx.option(call, meaning, "verify").value
    if verify is None or not ctx.is_constant(verify, False):
        return None
    entry = ctx.parent(verify)
    holder = ctx.parent(entry) if entry is not None else None
    return holder.span if isinstance(holder, Collection) else verify.span


def _expired(call: Call, meaning: Meaning, ctx: Context) -> Iterator[Finding]:
    function = ctx.function(call)
    if function is not None and {"refresh", "logout", "revoke", "expired", "renew"} & set(
        words(function.name)
    ):
        return
    if function is not None and _looks_at_expiry(function):
        return
    for option, wrong in (("verify_exp", False), ("ignore_expiry", True)):
        value = ctx.option(call, meaning, option).value
        if value is not None and ctx.is_constant(value, wrong):
            right = {(True, True): "False", (True, False): "True"}.get((ctx.is_python, wrong))
            fix = Fix("Check the expiry", (ctx.replace(value, right or str(not wrong).lower()),))
            yield Finding(value.span, "an expired token is accepted here", fix)


def _looks_at_expiry(function: Function) -> bool:
    """Whether the function reads the time of expiry itself, once the token is open."""
    for node in walk(function):
        if isinstance(node, Member) and node.name == "exp":
            return True
        if isinstance(node, Index) and isinstance(node.key, Text) and node.key.value == "exp":
            return True
        if isinstance(node, Call) and node.method == "get" and node.arguments:
            first = node.arguments[0].value
            if isinstance(first, Text) and first.value == "exp":
                return True
    return False


def _decides(call: Call, ctx: Context) -> bool:
    """Whether what the token says is believed: it names the caller or what they may do."""
    meaning = ctx.meaning(call, "jwt.verify", "jwt.decode")
    token = ctx.subject(call, meaning) if meaning else None
    if token is not None and words(spelling(token))[-2:] == ("id", "token"):
        return False
    if meaning is not None and meaning.has("display"):
        origin = ctx.value(token).untrusted() if token is not None else None
        if origin is None:
            return False
    return any(set(words(name)) & _WHO for name in read_of(call, ctx)) or _is_kept(call, ctx)


def _is_kept(call: Call, ctx: Context) -> bool:
    """Whether the claims become the request's user, or the answer of a function that tells one."""
    above = ctx.parent(call)
    while isinstance(above, Await | Member):
        above = ctx.parent(above)
    if isinstance(above, Assign):
        names = {spelling(target) for target in above.targets if isinstance(target, Member)}
        return any(set(words(name)) & _WHO for name in names)
    if isinstance(above, Return):
        function = ctx.function(call)
        return function is not None and bool(set(words(function.name)) & _IDENTIFIES)
    return False


def _is_checked_too(call: Call, ctx: Context) -> bool:
    """Whether the same function checks a signature after all."""
    function = ctx.function(call)
    if any(
        isinstance(above, Call) and above.method == "authenticate" for above in ctx.ancestors(call)
    ):
        return True
    for site in ctx.sites:
        meaning = ctx.meaning(site.call, "jwt.verify", "crypto.compare", "webhook.verify")
        if meaning is None or ctx.function(site.call) is not function:
            continue
        if _unchecked(site.call, meaning, ctx) is None:
            return True
    return False


def _checking(call: Call, meaning: Meaning, ctx: Context) -> Fix | None:
    """Takes the option away that switches the check off, where the key is given."""
    options = ctx.option(call, meaning, "options").value
    key = ctx.option(call, meaning, "key").value
    algorithms = ctx.option(call, meaning, "algorithms").value
    if not isinstance(options, Collection) or key is None or algorithms is None:
        return None
    argument = ctx.parent(options)
    if len(options.entries) != 1 or not isinstance(argument, Argument):
        return None
    at = next((i for i, a in enumerate(call.arguments) if a is argument), 0)
    if at == 0:
        return None
    start = call.arguments[at - 1].span.end
    return Fix("Check the signature", (ctx.replace(Span(start, argument.span.end), ""),))


def _without(listed: Collection, number: int, ctx: Context) -> Fix | None:
    if len(listed.entries) < 2:
        return None
    entries = listed.entries
    span = (
        Span(entries[number - 1].span.end, entries[number].span.end)
        if number
        else Span(entries[0].span.start, entries[1].span.start)
    )
    return Fix("Leave `none` out", (ctx.replace(span, ""),))
