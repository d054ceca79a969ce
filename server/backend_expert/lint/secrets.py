"""Texts that are secrets: by a provider's format, or because no one writes such a word."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from backend_expert.lint.sensitive import words
from backend_expert.text.pattern import pattern

# What the text is called, and its format. The first group, where there is one, must look random.
_FORMATS: tuple[tuple[str, str], ...] = (
    ("AWS access key", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})"),
    ("GitLab token", r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    ("Slack token", r"\bxox[abeoprs]-(?:[A-Za-z0-9]+-)*[A-Za-z0-9]{16,}"),
    ("Slack webhook", r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{20,}"),
    ("Stripe live key", r"\b(?:sk|rk)_live_[A-Za-z0-9]{16,}"),
    ("webhook secret", r"\bwhsec_[A-Za-z0-9+/]{24,}"),
    ("Google client secret", r"\bGOCSPX-[A-Za-z0-9_-]{28}\b"),
    ("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    ("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("PyPI token", r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
    ("Shopify token", r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"),
    ("DigitalOcean token", r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    ("Anthropic key", r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}"),
    ("OpenAI key", r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}"),
    ("Telegram token", r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    ("storage account key", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    ("private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64,}"),
)
_ANY = pattern("|".join(f"({pattern})" for _, pattern in _FORMATS))
# Every format has a word as long as this, or is a key that may be broken into lines.
_SHORTEST, _IN_LINES = 20, "PRIVATE KEY"
_LONG = pattern(rf"\S{{{_SHORTEST}}}")
_DSN = pattern(r"^[a-z][a-z0-9+.-]*://[^:/@\s]*:([^@\s/]+)@([^/:?\s]+)")
_UUID = pattern(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEX = pattern(r"[0-9a-fA-F]+")
# Keys that are made to stand in pages: of analytics, payments, maps.
_PUBLIC = pattern(r"phc_|pk_(live|test)_|pk\.eyJ|sb_publishable_")
_SAID = pattern(
    r"change[-_ ]?(me|this|it)|example|placeholder|your|xxx|todo|dummy|fake|sample|insert|replace"
    r"|redact|\*\*\*|\.\.\.|<|\{|\$\(|%\(|%s|lorem|not[-_ ]?(a|real|secret)"
    r"|do[-_ ]?not|testing|unused|^anonymous"
    r"|^\$(2[aby]|argon2\w*|scrypt|pbkdf2[\w-]*)\$"  # a hash opens nothing
    r"|16C7e42F292c6912E7710c838347Ae178B4a",  # the one of GitHub's documentation
    re.IGNORECASE,
)
_SAID_WORDS = frozenset(("test", "demo", "mock", "none", "null", "undefined", "foo", "bar", "dev"))
_WORDS_OF_SECRETS = pattern(
    r"pass|secret|token|key|default|local|admin|root|1234|abcd|qwerty|keyboard|hash|field|user",
    re.IGNORECASE,
)
_LOCAL = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal"))


def provider_format(text: str) -> str:
    """What a text is by a provider's own format (`GitHub token`), empty when it is none."""
    if len(text) < _SHORTEST or not (_LONG.search(text) or _IN_LINES in text):
        return ""
    found = _ANY.search(text)
    if found is None:
        return ""
    if is_placeholder(found[0]) or _entropy(found[0]) < 3 or "devstoreaccount1" in text:
        return ""  # that account is the one of every emulator
    return _FORMATS[(found.lastindex or 1) - 1][0]


def formatted(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has words in a provider's own format."""
    return (found.span() for found in _ANY.finditer(text))


def is_placeholder(text: str) -> bool:
    """Whether a text says itself that the real one belongs there."""
    return bool(_SAID.search(text)) or not _SAID_WORDS.isdisjoint(words(text))


def is_random(text: str) -> bool:
    """Whether a text is one that only a machine makes up, long enough to be a key."""
    if not 16 <= len(text) <= 400 or any(c.isspace() for c in text):
        return False
    if not any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return False
    if _UUID.fullmatch(text) or is_placeholder(text) or "://" in text or _PUBLIC.match(text):
        return False
    if _HEX.fullmatch(text):
        return _entropy(text) >= 3
    runs = re.findall(r"[A-Z]?[a-z]{3,}|[A-Z]{5,}", text)
    is_wordy = sum(map(len, runs)) > 0.6 * len(text)
    return not is_wordy and _entropy(text) >= 3.4


def is_password(text: str) -> bool:
    """Whether a text is a password that a person made up, and not the name of a field."""
    if not 6 <= len(text) <= 64 or any(c.isspace() for c in text) or is_placeholder(text):
        return False
    if _WORDS_OF_SECRETS.search(text) or "/" in text or _UUID.fullmatch(text):
        return False
    has_letter = any(c.isalpha() for c in text)
    has_digit = any(c.isdigit() for c in text)
    has_sign = any(c in "!@#$^&*?~" for c in text)
    return has_letter and (has_digit or has_sign)


def password_in_address(text: str) -> bool:
    """Whether a connection string holds a password for a host that is not this machine."""
    found = _DSN.match(text)
    if found is None:
        return False
    password, host = found.groups()
    if host in _LOCAL or "." not in host or host.endswith((".local", ".test", ".invalid")):
        return False
    return not is_placeholder(host) and (is_password(password) or is_random(password))


def _entropy(text: str) -> float:
    """Bits per character."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values())
