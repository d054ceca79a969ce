"""Secrets by where they stand: given to a name that speaks of one, or in an address or header."""

import re
from collections.abc import Iterator
from itertools import pairwise

from backend_expert.lint.secrets import is_random
from backend_expert.lint.sensitive import words
from backend_expert.persona.gate.found import Found, lines, secret


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_HINT = re.compile(
    r"pass|pwd|secret|token|key|credential|pepper|salt|mnemonic|bearer|basic|digest|://[^\s/]*@",
    re.IGNORECASE,
)
# `name = "…"`, `"name": "…"`, `name: str = "…"`, `name => '…'`, `setenv("name", "…")`.
_QUOTED = re.compile(
    r"""(?<![\w-])([A-Za-z_][\w-]{1,60})["'`\]]{0,3}
    \s{0,4}(?::\s{0,4}[\w.\[\]|?]{1,40}(?:\s\|\s\w{1,20})?\s{0,4}(?==))?
    (?:=>|:=|[=!]={0,2}|:|(?<=["'`])\s{0,4},|(?<=["'`]\s),)
    \s{0,40}(?:[($@]\s{0,40}){0,2}[rRbBuUfF]{0,2}
    (?:"((?:[^"\\\n]|\\.){4,500})"|'((?:[^'\\\n]|\\.){4,500})'|`([^`\n]{4,500})`)""",
    re.VERBOSE,
)
# `"…" == name`, the other way round.
_COMPARED = re.compile(r"""["']([^"'\s\\]{4,200})["']\s{0,4}[=!]={1,2}\s{0,4}([\w.]{2,80})""")
# `NAME=…` of a shell or a settings file, `name: …` of YAML.
_BARE = re.compile(
    r"""(?<![\w$-])([A-Za-z_][\w.-]{1,60})(=|:[ \t]{1,8}|[ \t]{1,8}=[ \t]{1,8})"""
    r"""([^\s"'`(){}\[\]<>,;$&|]{4,500})(?=[\s&;'"`\\,]|$)"""
)
_IN_ADDRESS = re.compile(r"""://[^\s:/@"'`<>]{0,100}:([^\s@"'`<>/]{1,200})@""")
_IN_HEADER = re.compile(
    r"\b(?:bearer|basic|digest|token|apikey)\s{1,4}([A-Za-z0-9+/=_.~-]{12,800})", re.IGNORECASE
)
_SECRET_WORDS = _set(
    "password passwords passwd passwort pwd passphrase passcode pass secret secrets token tokens"
    " apikey secretkey accesskey privatekey authtoken accesstoken credential credentials pepper"
    " salt mnemonic"
)
_BEFORE_KEY = _set(
    "api secret private access signing signature encryption service auth master hmac jwt account"
    " client storage license admin session app cookie crypto deploy shared"
)
# A name that ends so speaks about a secret, and has none.
_ABOUT = _set(
    "type name field url uri path file header length size ttl lifetime expiry expires prefix"
    " pattern regex algorithm column label error message hint placeholder param params class count"
    " limit kind scheme format input page form route endpoint view text title help description"
    " status minutes seconds hours days issuer audience min max required policy"
)
_TEMPLATE = re.compile(r"^[<{$%]|\$\{|\{\{|%\(|\*\*\*|\.\.\.|x{4,}|^#\{", re.IGNORECASE)
_SAID = re.compile(
    r"change[-_ ]?(?:me|this|it)|placeholder|your[-_ ]|insert|replace", re.IGNORECASE
)
_PLAIN = _set(
    "none null nil undefined true false string str bytes text number integer boolean any unknown"
    " optional required hidden bearer basic digest authorization auth access refresh reset api key"
    " session public private client user csrf id jwt oauth login email code hash default current"
    " new old confirm forgot bcrypt argon2 sha256 test"
)


def by_place(text: str) -> Iterator[Found]:
    """What a text gives to names that speak of secrets, to logins in addresses, and as headers."""
    for start, part in lines(text, _HINT, after=1):
        for first, end in _in(part):
            yield secret(start + first, start + end)


def _in(text: str) -> Iterator[tuple[int, int]]:
    for found in _QUOTED.finditer(text):
        group = 2 if found[2] is not None else 3 if found[3] is not None else 4
        if _is_of_secret(found[1]) and _is_secret(found[1], found[group]):
            yield found.span(group)
    for found in _COMPARED.finditer(text):
        if _is_of_secret(found[2].rpartition(".")[2]) and _is_secret(found[2], found[1]):
            yield found.span(1)
    for found in _BARE.finditer(text):
        name, sign, value = found.groups()
        if _is_of_secret(name.rpartition(".")[2]) and _is_bare_secret(name, sign, value):
            yield found.span(3)
    for found in _IN_ADDRESS.finditer(text):
        if not _TEMPLATE.search(found[1]) and "{" not in found[1] and not found[1].isdigit():
            yield found.span(1)
    for found in _IN_HEADER.finditer(text):
        value = found[1]
        if any(c.isdigit() for c in value) and any(c.isalpha() for c in value):
            yield found.span(1)


def _is_of_secret(name: str) -> bool:
    parts = words(name)
    if not parts or (parts[-1] in _ABOUT and len(parts) > 1):
        return False
    if not _SECRET_WORDS.isdisjoint(parts):
        return True
    pairs = pairwise(parts)
    return any(second == "key" and first in _BEFORE_KEY for first, second in pairs)


def _is_secret(name: str, value: str) -> bool:
    """Whether a quoted text is a secret, and not a word about one, a sentence or a template."""
    if any(c.isspace() for c in value):
        return bool({"passphrase", "mnemonic"} & set(words(name)))
    if value.startswith(("/", "./", "--")) or "://" in value or _TEMPLATE.search(value):
        return False
    if _SAID.search(value) and not is_random(value):
        return False
    said = words(value)
    about = _SECRET_WORDS | _PLAIN | frozenset(words(name))
    return not (said and about.issuperset(said)) and re.fullmatch(r"[\W\d]{0,6}", value) is None


def _is_bare_secret(name: str, sign: str, value: str) -> bool:
    """The same where there are no quotes, and the value may be code: a name, a type, a call."""
    if not _is_secret(name, value):
        return False
    if is_random(value):
        return True
    if sign == "=" and (name.isupper() or not re.fullmatch(r"[A-Za-z_][\w.]*", value)):
        return True
    has_letter, has_digit = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    return has_letter and has_digit and "." not in value and not value.endswith(":")
