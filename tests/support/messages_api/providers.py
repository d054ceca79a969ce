"""The paths under which clouds offer the Messages API, as the plain ones."""

import re
from typing import Any

VERTEX = re.compile(
    r"/projects/[^/]+/locations/[^/]+/publishers/anthropic/models/(?P<model>[^/:]+):"
    r"(?P<verb>rawPredict|streamRawPredict)$"
)
PREFIX = re.compile(r"^/(?:anthropic|v1beta)(?=/v1/)")


def plain(path: str, body: Any) -> tuple[str, Any, str]:
    """The path and the body as the API itself has them, and the version that the body names."""
    vertex = VERTEX.search(path)
    if vertex is None or not isinstance(body, dict):
        return PREFIX.sub("", path), body, ""
    inner = dict(body)
    version = str(inner.pop("anthropic_version", ""))
    if vertex["model"] == "count-tokens":
        return "/v1/messages/count_tokens", inner, version
    return "/v1/messages", {"model": vertex["model"], **inner}, version
