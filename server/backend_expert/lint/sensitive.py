"""Names that say a value is secret, in any spelling: `apiKey`, `X-Api-Key`, `API_KEY`."""

from functools import lru_cache

from backend_expert.facts.code import Call, Expression, Index, Member, Name, Text
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PASSWORDS = frozenset(("password", "passwd", "pwd", "passphrase", "passcode"))
# What stands before `pass`, `key` and `token` when they are secrets, and not a pass over a list,
# a key of a map or a word of a sentence.
_PASS = _set("db smtp user mail mysql pg redis admin root ftp")
_KEY = _set(
    "api secret private access signing signature encryption service auth master hmac jwt account"
)
_TOKEN = _set(
    "access refresh auth api bearer session reset jwt oauth login verification activation invite"
    " invitation magic personal secret bot unsubscribe service github gitlab slack id remember"
    " signin"
)
_CODES = _set("otp totp cvv cvc cvv2 ssn")
# A name that begins so tells of a secret, or does something with one, and is none.
_ABOUT = _set(
    "is has no missing invalid bad wrong use uses require requires required needs show hide should"
    " can allow valid num max min check validate verify encrypted hashed hash masked redacted csrf"
    " xsrf next prev public forgot changed expired with without"
)
_ACTIONS = _set("reset change update set get create delete confirm")
_AUTHENTIC = _set(
    "auth authentication login signin session sessions password passwords jwt oauth security"
    " account accounts token tokens invite reset authenticate authorize otp mfa credentials refresh"
    " unsubscribe"
)


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters."""
    found: list[str] = _WORD.findall(name)
    return tuple(word.lower() for word in found)


@lru_cache(maxsize=8192)
def kind_of(name: str) -> str:
    """What sort of secret a name speaks of (`password`, `token`, `key`, …), empty for none.

    A bare `token` is `bare token`: a word of a sentence too, unless something else says more.
    """
    if len(name) > 60:
        return ""
    parts = words(name)
    first = next(iter(parts), "")
    if not first or first in _ABOUT:
        return ""
    last, before = parts[-1], parts[-2] if len(parts) > 1 else ""
    if last in _PASSWORDS or (last == "pass" and before in _PASS):
        return "" if first in _ACTIONS else "password"
    if last == "secret":
        return "" if first in _ACTIONS else "secret"
    if last in ("apikey", "secretkey", "accesskey", "privatekey"):
        return "key"
    if last == "key" and before in _KEY:
        return "" if first in ("get", "create") else "key"
    if last == "token":
        if len(parts) == 1:
            return "bare token"
        if before in _TOKEN:
            return "" if first in ("get", "create", "delete") else "token"
        return ""
    if last in ("accesstoken", "refreshtoken", "authtoken"):
        return "token"
    if last in _CODES or parts[-2:] == ("card", "number") or last == "cardnumber":
        return "card number" if last.startswith(("cv", "card", "num")) else "code"
    if last == "credentials" and len(parts) <= 2:
        return "credentials"
    return ""


def spelling(node: Expression) -> str:
    """The name under which an expression is known where it stands, empty when it has none.

    `password`, `user.password`, `body["password"]`, `headers.get("authorization")`.
    """
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Member):
        return node.name
    if isinstance(node, Index):
        return node.key.value or "" if isinstance(node.key, Text) else ""
    if isinstance(node, Call) and node.method in ("get", "header", "getHeader") and node.arguments:
        first = node.arguments[0].value
        return (first.value or "") if isinstance(first, Text) else ""
    return ""


def secret_kind(node: Expression, ctx: Context) -> str:
    """What sort of secret an expression is, by its name and by where it comes from."""
    name = spelling(node)
    if not name:
        return ""
    if name.lower() in ("authorization", "x-api-key"):
        known = ctx.value(node).untrusted()
        in_headers = isinstance(node, Member | Index) and "header" in ctx.source(node).lower()
        return "credential header" if known is not None or in_headers else ""
    kind = kind_of(name)
    if kind != "bare token":
        return kind
    return "token" if _is_secret_token(node, ctx) else ""


def _is_secret_token(node: Expression, ctx: Context) -> bool:
    """Whether a bare `token` lets someone in, and is not a word of a parsed text."""
    value = ctx.value(node)
    made_by = value.name.removesuffix("()").rpartition(".")[2]
    if kind_of(made_by).endswith("token") and made_by.lower() != "token":
        return True
    made = words(made_by)
    if made and made[-1] == "token" and set(made) & _TOKEN:
        return True
    origin = value.untrusted()
    if origin is not None and origin.label in ("request header", "cookie"):
        return True
    return is_about_access(node, ctx)


def is_about_access(node: Expression, ctx: Context) -> bool:
    """Whether a function or file is about signing in, by their names."""
    function = ctx.function(node)
    if function is not None and set(words(function.name)) & _AUTHENTIC:
        return True
    stem = ctx.file.path.rpartition("/")[2].partition(".")[0]
    return bool(set(words(stem)) & _AUTHENTIC)
