"""Secrets by the formats of their providers: from detect-secrets, and those that it lacks."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from backend_expert.lint.secrets import formatted
from backend_expert.persona.gate.found import Found, lines, secret

# The plugins of detect-secrets that are used, by module. Only their expressions are: nothing here
# reads a file, and nothing asks a provider whether a key works.
PLUGINS = (
    *("artifactory", "aws", "azure_storage_key", "cloudant", "discord", "github_token"),
    *("gitlab_token", "ibm_cloud_iam", "ibm_cos_hmac", "mailchimp", "pypi_token", "sendgrid"),
    *("slack", "softlayer", "square_oauth", "stripe", "telegram_token", "twilio"),
)
LEFT_OUT = {
    "basic_auth": "the passwords of addresses are found in assigned.py, in every length",
    "ip_public": "a public address is no secret",
    "jwt": "it leaves the signature; the expression below does not",
    "keyword": "one find a line; assigned.py has all",
    "npm": "it takes the square of a line's length",
    "openai": "it takes the square of a word's length; the expression below has all `sk-` keys",
    "private_key": "it has the head alone; the key is found below",
}
_OTHERS = re.compile(
    r"""
      (?<![\w-])eyJ[\w=-]{8,}\.[\w=-]{8,}(?:\.[\w=-]*)?     # JSON web tokens
    | (?<![\w-])(?:sk|rk|pk)-[A-Za-z0-9][\w-]{18,}          # OpenAI, Anthropic and their likes
    | (?<!\w)(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{12,}       # Stripe
    | (?<!\w)whsec_[\w+/=]{16,}
    | (?<![\w-])AIza[\w-]{35}                               # Google
    | (?<![\w-])GOCSPX-[\w-]{20,}
    | (?<![\w.])ya29\.[\w.-]{20,}
    | (?<!\w)gh[pousr]_\w{30,}                              # GitHub, GitLab
    | (?<!\w)github_pat_\w{30,}
    | (?<!\w)gl[a-z]{2,6}-[\w-]{20,}
    | (?<!\w)xox[a-z]-[\w-]{10,} | (?<!\w)xapp-[\w-]{10,}   # Slack
    | (?<!\w)hvs\.[\w-]{20,}                                # Vault
    | (?<!\w)hf_[A-Za-z0-9]{30,}
    | (?<!\w)npm_[A-Za-z0-9]{30,}
    | (?<!\w)do[opr]_v1_[a-f0-9]{40,}
    | (?<!\w)shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}
    | (?<!\w)AGE-SECRET-KEY-1[A-Z0-9]{50,}
    | (?<!\w)(?:ATATT3|ATCTT3)[\w=-]{20,}                   # Atlassian
    | (?<!\w)(?:lin_api|glsa|pscale_tkn|pscale_pw|sbp|dapi|pul|rubygems|nvapi)_?[\w-]{30,}
    | (?<![\w-])key-[0-9a-f]{32}
    | (?<=AccountKey=)[\w+/=]{40,} | (?<=SharedAccessKey=)[\w+/=]{20,}
    | (?<=_authToken=)[^\s"']{8,} | (?<=_auth=)[^\s"']{8,}  # npm
    | (?<=hooks\.slack\.com/services/)[\w/]{20,}
    """,
    re.VERBOSE,
)
# Every key has a digit among its letters, or is long.
_HINT = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?:[A-Za-z+/=_-]*\d[A-Za-z0-9+/=_-]{10}|[A-Za-z0-9+/=_-]{10,}\d"
    r"|[A-Za-z0-9+/=_-]{16})"
)
_KEY_HEAD = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_TAIL = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=]{32}")
_KEY_REST = re.compile(r"(?:[A-Za-z0-9+/=]+|\\[nr]|[\s\"'+\\]+)*")
_LONGEST_KEY = 20_000


def by_format(text: str) -> Iterator[Found]:
    """The keys and tokens in a text that have the format of a provider."""
    for start, part in lines(text, _HINT):
        for expression in _expressions():
            for found in expression.finditer(part):
                yield _trimmed(start, found)
        for found in _OTHERS.finditer(part):
            yield secret(start + found.start(), start + found.end())
        for first, end in formatted(part):
            yield secret(start + first, start + end)
    yield from _private_keys(text)


@cache
def _expressions() -> tuple[re.Pattern[str], ...]:
    # Read on first use, as it takes as long as a hover may.
    base = import_module("detect_secrets.plugins.base").RegexBasedDetector
    found: list[re.Pattern[str]] = []
    for name in PLUGINS:
        module = import_module(f"detect_secrets.plugins.{name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, base) and kind is not base:
                found += kind().denylist
    return tuple(found)


def _trimmed(start: int, found: re.Match[str]) -> Found:
    """The secret of a match: its longest group where that can be one, without what encloses it."""
    groups = range(1, len(found.groups()) + 1)
    longest = max(groups, key=lambda n: len(found[n] or ""), default=0)
    first, end = found.span(longest if len(found[longest] or "") >= 16 else 0)
    text = found.string[first:end]
    first += len(text) - len(text.lstrip(" \t\r\n\"'=:"))
    end -= len(text) - len(text.rstrip(" \t\r\n\"'"))
    return secret(start + first, start + end)


def _private_keys(text: str) -> Iterator[Found]:
    for head in _KEY_HEAD.finditer(text):
        tail = _KEY_TAIL.search(text, head.end(), head.end() + _LONGEST_KEY)
        body = _KEY_BODY.search(text, head.end(), tail.start() if tail else head.end() + 200)
        if body is None:
            continue  # the words are spoken of, there is no key
        if tail is None:
            tail = _KEY_REST.match(text, body.start(), head.end() + _LONGEST_KEY)
        yield Found(head.start(), tail.end() if tail else body.end())
