"""What an error status means, whichever way it came: as a status or as an event in the stream."""

from backend_expert.persona.events import Failed, Kind

_STATUSES: dict[int, Kind] = {
    400: "bad request",
    401: "bad key",
    402: "no credit",
    403: "forbidden",
    408: "timeout",
    409: "server",
    413: "too large",
    422: "bad request",
    429: "rate limit",
    499: "cut",
    503: "overload",
    504: "timeout",
    529: "overload",
}
_TYPES: dict[str, Kind] = {
    "authentication_error": "bad key",
    "billing_error": "no credit",
    "permission_error": "forbidden",
    "request_too_large": "too large",
    "rate_limit_error": "rate limit",
    "timeout_error": "timeout",
    "api_error": "server",
    "overloaded_error": "overload",
}
# The API says these with a status that means something else too; its codes come first.
_CODES: dict[str, Kind] = {
    "contract_spend_limit_reached": "no credit",
    "enforced_spend_limit_reached": "no credit",
    "linked_organization_spend_limit_reached": "no credit",
    "linked_organization_billing_unavailable": "no credit",
}
_WORDS: dict[str, Kind] = {
    "credit balance": "no credit",
    "content filter": "filtered",
    "prompt is too long": "too large",
    "exceed context limit": "too large",
}


def blame(
    status: int,
    *,
    type: str = "",
    code: str = "",
    message: str = "",
    request_id: str = "",
    retry_after: float | None = None,
) -> Failed:
    """The failure that a status, with what the body says of it, stands for.

    status: 200 for an error that came as an event. type, code, message: as in the API's error
    body, where there was one.
    """
    kind: Kind | None = _CODES.get(code)
    if kind is None and status in (200, 400, 403, 422, 429):
        said = message.lower()
        kind = next((known for words, known in _WORDS.items() if words in said), None)
    if kind is None and (status == 404 or type == "not_found_error"):
        # What is not a model that is missing is a URL that is not the API's.
        kind = "no model" if "model" in message.lower() else "setup"
    if kind is None:
        kind = _STATUSES.get(status)
    if kind is None and status < 300:
        kind = _TYPES.get(type)
    return Failed(kind or _other(status), message, request_id, retry_after)


def _other(status: int) -> Kind:
    if 300 <= status < 400:
        return "setup"  # a base URL that only points elsewhere
    return "bad request" if 400 <= status < 500 else "server"
