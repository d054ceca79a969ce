"""What is no secret and yet not everyone's business: private hosts and e-mail addresses."""

import re
from collections.abc import Iterator

from backend_expert.persona.gate.found import Found, windows

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_ADDRESS = re.compile(
    rf"(?<![\w.])(?:10\.{_OCTET}|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d"
    rf"|12[0-7])|169\.254)(?:\.{_OCTET}){{2}}(?![\w.]*\w)"
    r"|(?<![\w:])f[cd][0-9a-f]{2}:[0-9a-f:]{2,34}(?![\w:])",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}"
    r"(?:internal|local|corp|lan|intranet|private|home\.arpa|svc)(?![\w-]|\.\w+\()",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")


def hosts(text: str) -> Iterator[Found]:
    """Addresses of private networks, and names that only such a network knows."""
    for start, part in windows(text):
        for expression in (_ADDRESS, _NAME):
            for found in expression.finditer(part):
                yield Found(start + found.start(), start + found.end(), "HOST")


def emails(text: str) -> Iterator[Found]:
    """E-mail addresses."""
    for start, part in windows(text):
        for found in _EMAIL.finditer(part):
            yield Found(start + found.start(), start + found.end(), "EMAIL")
