"""Failure words: why there is no answer, in one plain sentence, with what to do next."""

from collections.abc import Callable

from backend_expert.persona.events import Failed, Kind
from backend_expert.workspace.personal import own_file

SENTENCES: dict[Kind, str] = {
    "offline": "No model is asked, as your settings say or because the editor does not trust this "
    "workspace; set another `provider`, or trust it, to have one",
    "no key": "No key for the model is set up; set ANTHROPIC_API_KEY, or `key-command` in {file}",
    "bad key": "The provider does not accept the key; check that it is whole and not revoked",
    "forbidden": "The key is not allowed to use this model; ask whoever manages your account, or "
    "choose another `model` in {file}",
    "no model": "The provider does not know this model; choose another `model` in {file}",
    "no network": "The provider cannot be reached; check your connection and proxy, then ask again",
    "timeout": "The provider did not answer in time; ask again, or give it longer with "
    "`first-token-timeout` in {file}",
    "rate limit": "The provider takes no more requests from you for now; ask again {when}",
    "overload": "The provider has too much to do right now; ask again {when}",
    "too large": "This is more than the model can take in; select less and ask again",
    "bad request": "The provider does not take the request in this form; choose another `model` "
    "in {file}, and report it if that does not help",
    "server": "Something went wrong at the provider; ask again {when}",
    "refusal": "The model declined to answer this; ask in other words, or about a smaller part",
    "max tokens": "The answer reached its greatest length and stops here; ask about a smaller part",
    "filtered": "The provider's content filter stopped the answer; ask about a smaller part, or "
    "in other words",
    "malformed": "The answer could not be read, so it stops here; ask again, and check `base-url` "
    "in {file} if you have set one",
    "cut": "The connection broke in the middle of the answer; ask again",
    "no credit": "Your account with the provider has no credit left; add some there, then ask "
    "again",
    "setup": "The model's provider is not set up yet; see to `[model]` in {file}",
    "lent": "The editor's own model did not answer; ask again, or choose another model",
    "budget": "Your own limit of cost is reached; ask again tomorrow, or raise it under `[gate]` "
    "in {file}",
}
# What the other side said helps with these; with the others it would only repeat the sentence.
TOLD: frozenset[Kind] = frozenset(
    (
        *("no key", "forbidden", "no model", "too large", "bad request", "server"),
        *("refusal", "malformed", "setup", "lent", "budget"),
    )
)


def sentence(failed: Failed, file: Callable[[], object] = own_file) -> str:
    """Why there is no (more) answer and what to do next, as one sentence in Markdown.

    What the provider said, and the request's id for its support, follow in brackets.
    """
    words = SENTENCES[failed.kind].format(file=f"`{file()}`", when=_when(failed.retry_after))
    more: list[str] = []
    if failed.detail and failed.kind in TOLD:
        more.append(f"reason: {_quoted(failed.detail)}")
    if failed.request_id:
        more.append(f"request {_quoted(failed.request_id)}")
    return f"{words} ({'; '.join(more)})." if more else f"{words}."


def _when(seconds: float | None) -> str:
    if seconds is None:
        return "in a minute"
    if seconds < 90:
        return f"in {max(1, round(seconds))} second{'' if round(seconds) <= 1 else 's'}"
    minutes = round(seconds / 60)
    return f"in {minutes} minutes" if minutes < 90 else f"in {round(minutes / 60)} hours"


def _quoted(text: str) -> str:
    """Text from elsewhere, as code, so that nothing in it is Markdown."""
    return f"`{text.rstrip('.').replace('`', chr(39))}`"
