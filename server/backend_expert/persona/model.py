"""The model: what the gate has cleared goes to the provider; the answer comes back as events."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.persona.access import ModelSettings
from backend_expert.persona.blame import blame
from backend_expert.persona.events import Event, Failed
from backend_expert.persona.gate import Cleared
from backend_expert.persona.keys import KeyCommandError, key_from
from backend_expert.persona.listening import Listener
from backend_expert.persona.request import UNKNOWN, Abilities, counted, parameters
from backend_expert.persona.secret import Secret, hidden

if TYPE_CHECKING:
    import anthropic
    from anthropic import AsyncStream
    from anthropic.lib.bedrock import AsyncAnthropicBedrockMantle
    from anthropic.lib.vertex import AsyncAnthropicVertex
    from anthropic.types import RawMessageStreamEvent

    Client = (
        anthropic.AsyncAnthropic
        | AsyncAnthropicBedrockMantle
        | AsyncAnthropicVertex
        | anthropic.AsyncAnthropicFoundry
    )

log = logging.getLogger(__name__)

LONGEST_WAIT = 20.0  # seconds to wait before a retry; a longer `retry-after` is told to the user
LOOK_UP = 3.0  # seconds that asking what a model can do may take
COUNTING = 10.0  # the same for counting the tokens of a request
TO_THE_END = 0.5  # seconds that the end of the stream may come after its last event
DETAIL = 300  # characters of what the other side said


class Claude:
    """Asks a model through the SDK, which is imported with the first question.

    The connection is kept for the next question, until `close`.
    """

    name = "claude"

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self._client: Client | None = None
        self._opening = asyncio.Lock()
        self._key: Secret | None = None
        self._abilities: dict[str, Abilities] = {}

    def model_for(self, task: str) -> str:
        """The model that is asked for a task."""
        return self.settings.model_for(task)

    async def prepare(self) -> None:
        """Loads the SDK ahead of a question, while its brief is still being made. Sends nothing."""
        await asyncio.to_thread(_sdk)
        if not self.settings.key_command:
            with contextlib.suppress(Exception):  # the question will tell
                await self._opened()

    async def stream(self, cleared: Cleared) -> AsyncGenerator[Event]:
        """The answer as it comes. It never raises: what goes wrong is the last event, `Failed`.

        Closing the generator, or cancelling who reads it, closes the connection at once.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.settings.first_token_timeout
        listener = Listener()
        stream: AsyncStream[RawMessageStreamEvent] | None = None
        is_open = False
        try:
            async with asyncio.timeout_at(deadline):
                client = await self._opened()
                able = await self._able(client, cleared.model)
                asked = parameters(cleared.outgoing, cleared.model, able)
                stream = await client.messages.create(**asked, stream=True)
            is_open = True
            events = aiter(stream)
            while not listener.is_over:
                async with asyncio.timeout_at(None if listener.has_begun else deadline):
                    raw = await anext(events, None)
                if raw is None:
                    yield Failed("cut", request_id=_request_id(stream))
                    return
                for event in listener.hear(raw.to_dict(mode="json", warnings=False)):
                    yield self._clean(event, _request_id(stream))
            with contextlib.suppress(Exception):  # read to its end, the connection can be kept
                async with asyncio.timeout(TO_THE_END):
                    await anext(events, None)
        except Exception as error:
            failed = self._failed(error, is_open)
            if failed.kind == "bad key" and self.settings.key_command:
                self._key = None  # its key may have run out, so the command is asked again
                await self.close()
            yield self._clean(failed, _request_id(stream))
        finally:
            if stream is not None:
                await stream.close()

    async def count(self, cleared: Cleared) -> int | None:
        """How many tokens the request has; None where the provider does not say."""
        try:
            client = await self._opened()
            able = await self._able(client, cleared.model)
            asked = counted(cleared.outgoing, cleared.model, able)
            async with asyncio.timeout(COUNTING):
                return (await client.messages.count_tokens(**asked)).input_tokens
        except Exception as error:
            log.info("tokens could not be counted: %s", type(error).__name__)
            return None

    async def close(self) -> None:
        """Lets the connection go. A later question opens another."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _opened(self) -> "Client":
        async with self._opening:
            if self._client is None:
                if self.settings.key_command and self._key is None:
                    command, patience = self.settings.key_command, self.settings.key_command_timeout
                    self._key = await key_from(command, patience)
                key = self._key or self.settings.api_key
                # It reads the certificates of the machine, so it is kept off the loop too.
                self._client = await asyncio.to_thread(_client, self.settings, key)
            return self._client

    async def _able(self, client: "Client", model: str) -> Abilities:
        """What the model can do, as its provider says; asked once."""
        wanted = self.settings.thinking
        known = self._abilities.get(model)
        if known is None:
            known = await _look_up(client, model)
            if known is not None:
                self._abilities[model] = known
        known = known or UNKNOWN
        if wanted == "auto":
            return known
        return msgspec.structs.replace(known, adapts=wanted == "adaptive")

    def _clean(self, event: Event, request_id: str) -> Event:
        """A failure without keys in it, on one line, with the request's id."""
        if not isinstance(event, Failed):
            return event
        secrets = (self._key, self.settings.api_key, self.settings.auth_token)
        detail = " ".join(hidden(event.detail, *secrets).split())[:DETAIL]
        request_id = event.request_id or request_id
        return msgspec.structs.replace(event, detail=detail, request_id=request_id)

    def _failed(self, error: Exception, is_open: bool) -> Failed:
        if isinstance(error, TimeoutError):
            return Failed("timeout")
        if isinstance(error, KeyCommandError):
            return Failed("setup", str(error))
        known = _known(error, is_open)
        if known is None:
            # An event that is not as specified, or a client that cannot be made. Only the kind of
            # the error is logged: its message may hold anything.
            log.warning("the model could not be asked: %s", type(error).__name__)
            first = (str(error).strip().splitlines() or [""])[0]
            return Failed("malformed" if is_open else "setup", first or type(error).__name__)
        return known


def _sdk() -> None:
    """Imports the SDK, which takes about a second."""
    import anthropic

    _ = anthropic.AsyncAnthropic


def _client(settings: ModelSettings, key: Secret | None) -> "Client":
    """The SDK's own client of the provider, with its chain of credentials where there is no key."""
    import anthropic

    patience = anthropic.Timeout(settings.silence_timeout, connect=settings.connect_timeout)
    shared: dict[str, Any] = {
        "timeout": patience,
        "max_retries": settings.retries,
        "middleware": [_patient],
        "open_telemetry": False,
        # A key does not follow wherever a server points.
        "http_client": anthropic.DefaultAsyncHttpxClient(follow_redirects=False, timeout=patience),
    }
    if settings.base_url:
        shared["base_url"] = settings.base_url
    text = key.reveal() if key else None
    match settings.provider:
        case "bedrock":
            from anthropic.lib.bedrock import AsyncAnthropicBedrockMantle

            return AsyncAnthropicBedrockMantle(
                api_key=text,
                aws_region=settings.region or None,
                aws_profile=settings.profile or None,
                **shared,
            )
        case "vertex":
            from anthropic.lib.vertex import AsyncAnthropicVertex

            more: dict[str, Any] = {"region": settings.region} if settings.region else {}
            more |= {"project_id": settings.project} if settings.project else {}
            return AsyncAnthropicVertex(access_token=text, **more, **shared)
        case "foundry":
            more = {"resource": settings.resource} if settings.resource else {}
            return anthropic.AsyncAnthropicFoundry(api_key=text, **more, **shared)
        case "anthropic" | "offline" | "editor":
            token = settings.auth_token.reveal() if settings.auth_token and not text else None
            return anthropic.AsyncAnthropic(api_key=text, auth_token=token, **shared)


async def _patient(request: Any, call_next: Any) -> Any:
    """Has no request wait for longer than the user would: the SDK waits as long as it is told."""
    answer = await call_next(request)
    headers = answer.http_response.headers
    wait = _seconds(headers.get("retry-after"))
    if answer.http_response.is_error and wait is not None and wait > LONGEST_WAIT:
        headers["x-should-retry"] = "false"
    return answer


async def _look_up(client: "Client", model: str) -> Abilities | None:
    """What `/v1/models` says of a model; the clouds and many gateways have no such list.

    None: there is no connection, so it is asked again another time.
    """
    import anthropic

    if type(client) is not anthropic.AsyncAnthropic:
        return UNKNOWN
    try:
        quick = client.with_options(timeout=LOOK_UP, max_retries=0)
        info = await quick.models.retrieve(model)
        can = info.capabilities
        if can is None:
            return Abilities(longest=info.max_tokens)
        adapts = can.thinking.types.adaptive.supported
        return Abilities(adapts, can.structured_outputs.supported, info.max_tokens)
    except (anthropic.APIStatusError, anthropic.APITimeoutError, AttributeError, ValueError):
        return UNKNOWN
    except anthropic.APIConnectionError:
        return None


def _known(error: Exception, is_open: bool) -> Failed | None:
    """What an error of the SDK, or of the HTTP library below it, stands for."""
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APIStatusError):
        headers = error.response.headers
        return blame(
            error.status_code,
            type=error.type or "",
            code=error.error_code or "",
            message=error.api_message or "",
            request_id=error.request_id or "",
            retry_after=_seconds(headers.get("retry-after")),
        )
    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException):
        return Failed("timeout")
    if isinstance(error, anthropic.APIConnectionError):
        return Failed("no network", type(error.__cause__ or error).__name__)
    if isinstance(error, httpx2.TransportError):
        return Failed("cut" if is_open else "no network", type(error).__name__)
    if isinstance(error, anthropic.APIResponseValidationError):
        return Failed("malformed")
    if isinstance(error, anthropic.CredentialsError):
        return Failed("no key", str(error))
    if isinstance(error, TypeError) and "authentication method" in str(error):
        return Failed("no key")
    return None


def _request_id(stream: "AsyncStream[RawMessageStreamEvent] | None") -> str:
    return str(stream.response.headers.get("request-id", "")) if stream is not None else ""


def _seconds(header: str | None) -> float | None:
    """The seconds of a `retry-after` header; dates are rare and left out."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
