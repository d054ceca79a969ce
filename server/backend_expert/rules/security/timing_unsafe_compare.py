"""`==` stops at the first difference, and how long it takes tells how much was right.

Whoever can ask often enough finds a signature or key byte by byte. Compare such values with a
function that always takes as long: `hmac.compare_digest` in Python, `crypto.timingSafeEqual` over
two buffers of one length in Node. (OWASP ASVS 5.0 V11.2.4, CWE-208.)

Leave it off where both sides are digests that the caller cannot choose.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Assertion,
    Call,
    Expression,
    Hole,
    Member,
    Name,
    Operation,
)
from backend_expert.flow.value import Value
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.sensitive import kind_of, spelling, words
from backend_expert.text.pattern import pattern

_OURS = frozenset(("settings", "config", "conf", "env", "environ", "getenv", "process", "options"))
_THEIRS = ("request header", "query string", "request body", "cookie")

_SESSION = pattern(r"(^|\.)session\b")  # which the caller cannot write: it is signed, or ours


@rule(
    title="Secret compared with `==`",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(208,),
    sources=("find-sec-bugs UNSAFE_HASH_EQUALS", "brakeman BasicAuthTimingAttack"),
    tags=("authentication",),
    examples=[
        Example(
            bad="""
                import hashlib
                import hmac

                def is_signed(body: bytes, key: bytes, signature: str) -> bool:
                    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
                    return signature == expected
                           ^^^^^^^^^^^^^^^^^^^^^ how long this takes tells how much of the signature is right

                def refuses(body: bytes, key: bytes, signature: str) -> bool:
                    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
                    return signature != "sha256=" + expected
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ how long this takes tells how much of the signature is right
            """,
            good="""
                import hashlib
                import hmac

                def is_signed(body: bytes, key: bytes, signature: str) -> bool:
                    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
                    return hmac.compare_digest(signature, expected)

                def refuses(body: bytes, key: bytes, signature: str) -> bool:
                    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
                    return not hmac.compare_digest(signature, "sha256=" + expected)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const config = { serviceKey: 'kept-elsewhere' };

                export function mayCall(req) {
                  return req.get('x-api-key') === config.serviceKey;
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ how long this takes tells how much of the key is right
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import { config } from './config.js';

                export function requireService(req, res, next) {
                  const key = req.get('x-api-key') ?? '';
                  if (key !== config.serviceKey) return res.sendStatus(401);
                      ^^^^^^^^^^^^^^^^^^^^^^^^^ how long this takes tells how much of the key is right
                  return next();
                }
            """,
        ),
        Example(
            good="""
                import hashlib
                import hmac
                from flask import request
                from shop.settings import settings

                def is_signed(body: bytes, key: bytes, signature: str) -> bool:
                    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
                    if expected == "" or settings.api_key == "" or settings.api_key is None:
                        return False
                    return hmac.compare_digest(signature, expected)

                def is_same_file(one: bytes, other: str) -> bool:
                    return hashlib.sha256(one).hexdigest() == other

                def is_known_kind() -> bool:
                    return request.headers["X-Kind"] == settings.kind
            """
        ),
        Example(
            language="javascript",
            good="""
                import crypto from 'node:crypto';
                import { config } from './config.js';

                export function check(req) {
                  const kind = req.get('x-kind');
                  const mac = crypto.createHmac('sha256', config.key).update(req.rawBody).digest();
                  const sent = Buffer.from(req.get('x-signature'), 'hex');
                  return kind === config.kind && sent.length === mac.length && crypto.timingSafeEqual(sent, mac);
                }
            """,
        ),
    ],
)  # fmt: skip
def check(operation: Operation, ctx: Context) -> Iterator[Finding]:
    if operation.operator not in ("==", "!=") or len(operation.operands) != 2:
        return
    if _is_of_query(operation, ctx):
        return
    left, right = operation.operands
    if any(ctx.value(o).is_constant and not isinstance(o, Name | Member) for o in (left, right)):
        return
    for ours, theirs in ((left, right), (right, left)):
        what = _secret(ours, theirs, ctx)
        if what and not isinstance(ctx.parent(operation), Assertion):
            message = f"how long this takes tells how much of the {what} is right"
            yield Finding(operation.span, message, _fix(operation, ctx))
            return


def _is_of_query(operation: Operation, ctx: Context) -> bool:
    """Whether it is a condition that the database looks up: `query.filter(Key.hash == hash)`."""
    argument = ctx.parent(operation)
    call = ctx.parent(argument) if isinstance(argument, Argument) else None
    return isinstance(call, Call) and call.method in ("filter", "where", "and_", "or_", "having")


def _secret(ours: Expression, theirs: Expression, ctx: Context) -> str:
    """What the one side is, when it is a secret of ours that the other side must match."""
    if _is_mac(ours, ctx):
        is_kept = _SESSION.search(ctx.value(theirs).name) is not None
        return "" if is_kept or _is_mac(theirs, ctx) else "signature"
    kind = kind_of(spelling(ours))
    if not _is_ours(ours, ctx.value(ours), ctx):
        return ""
    origin = ctx.value(theirs).untrusted()
    if origin is None or not origin.label.startswith(_THEIRS):
        return ""
    return kind.removeprefix("bare ")


def _is_mac(node: Expression, ctx: Context) -> bool:
    """Whether a value is a keyed digest, with or without a prefix."""
    value = ctx.value(node)
    if "hmac" in words(value.name) and value.name.endswith("digest()"):
        return True
    return any(
        isinstance(part, Hole) and "hmac" in words(ctx.value(part.value).name)
        for part in (value.parts or ())
    )


def _is_ours(node: Expression, value: Value, ctx: Context) -> bool:
    """Whether a secret comes from the settings or the environment, or is a constant by its name."""
    if value.untrusted() is not None:
        return False
    if isinstance(node, Name) and node.id.isupper():
        return True
    # A secret that stands in the code has no name but the one that it is spelt with.
    spelt = (*words(value.name), *words(ctx.source(node).partition(".")[0]))
    return not _OURS.isdisjoint(spelt)


def _fix(operation: Operation, ctx: Context) -> Fix | None:
    if not ctx.is_python:
        return None  # timingSafeEqual throws unless both are buffers of one length
    left, right = (ctx.source(operand) for operand in operation.operands)
    no = "not " if operation.operator == "!=" else ""
    edit = ctx.replace(operation, f"{no}hmac.compare_digest({left}, {right})")
    return Fix("Compare in constant time", (edit,), ("import hmac",), is_sure=False)
