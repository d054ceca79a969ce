"""The access to a model: which provider, with which key, asked for which model, how patiently."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend_expert.persona.secret import Secret

Provider = Literal["anthropic", "bedrock", "vertex", "foundry", "editor", "offline"]

DEFAULT_MODEL = "claude-sonnet-5-5"
QUICK_MODEL = "claude-haiku-5-5"
MODELS = {"hover": QUICK_MODEL}

_PROVIDER = Meta(
    description="Who serves the model: `anthropic` (also any gateway or local server that speaks "
    "the Messages API, by `base-url`), `bedrock`, `vertex` or `foundry`. `editor`: the "
    "language model that the editor itself has, where it lends it. `offline`: nobody, whatever "
    "key there is.",
    examples=["bedrock"],
)
_BASE_URL = Meta(
    description="The address of a gateway or local server that speaks the Messages API, without "
    "`/v1`. Empty: the provider's own.",
    examples=["http://localhost:11434"],
)
_KEY = Meta(
    description="The key. It is taken from the environment or from the editor's start options; "
    "in a file it is refused.",
)
_TOKEN = Meta(description="A bearer token in place of a key; only from `ANTHROPIC_AUTH_TOKEN`.")
_COMMAND = Meta(
    description="A command that prints the key: the program and its arguments. It runs without a "
    "shell, on the first question. Only from your own settings file.",
    examples=[["pass", "show", "anthropic"]],
)
_PATIENCE = Meta(description="Seconds that the key command may take.", gt=0, le=300)
_MODEL = Meta(
    description="The model that is asked.", min_length=1, examples=[DEFAULT_MODEL, QUICK_MODEL]
)
_MODELS = Meta(
    description="Another model for some tasks, by the task's name; `hover` is the one of hovers.",
    examples=[{"review": "claude-opus-5-5", "hover": QUICK_MODEL}],
)
_THINKING = Meta(
    description="Whether the model thinks before it answers: `auto` where the provider says that "
    "the model decides for itself how much, `adaptive` always, `off` never.",
)
_REGION = Meta(description="The region of Bedrock or Vertex.", examples=["eu-central-1", "global"])
_PROJECT = Meta(description="The project of Vertex.", examples=["my-project"])
_RESOURCE = Meta(description="The resource of Foundry.", examples=["my-resource"])
_PROFILE = Meta(description="The profile of the AWS credentials, for Bedrock.", examples=["dev"])
_CONNECT = Meta(description="Seconds to wait for a connection.", gt=0, le=120)
_FIRST = Meta(description="Seconds to wait for the first word, retries included.", gt=0, le=900)
_SILENCE = Meta(description="Seconds that an answer may stand still.", gt=0, le=900)
_RETRIES = Meta(description="How often a request is sent again when it failed.", ge=0, le=10)


class ModelSettings(
    msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True, kw_only=True
):
    """The table `[model]` of the user's own settings. Each field's description documents it."""

    provider: Annotated[Provider, _PROVIDER] = "anthropic"
    base_url: Annotated[str, _BASE_URL] = ""
    api_key: Annotated[Secret | None, _KEY] = None
    auth_token: Annotated[Secret | None, _TOKEN] = None
    key_command: Annotated[tuple[str, ...], _COMMAND] = ()
    key_command_timeout: Annotated[float, _PATIENCE] = 20.0
    model: Annotated[str, _MODEL] = DEFAULT_MODEL
    models: Annotated[dict[str, str], _MODELS] = msgspec.field(default_factory=lambda: dict(MODELS))
    thinking: Annotated[Literal["auto", "adaptive", "off"], _THINKING] = "auto"
    region: Annotated[str, _REGION] = ""
    project: Annotated[str, _PROJECT] = ""
    resource: Annotated[str, _RESOURCE] = ""
    profile: Annotated[str, _PROFILE] = ""
    connect_timeout: Annotated[float, _CONNECT] = 5.0
    first_token_timeout: Annotated[float, _FIRST] = 120.0
    silence_timeout: Annotated[float, _SILENCE] = 60.0
    retries: Annotated[int, _RETRIES] = 2

    def model_for(self, task: str) -> str:
        """The model of a task. A default of ours has the name that Bedrock knows it by."""
        name = self.models.get(task, self.model)
        ours = name in (DEFAULT_MODEL, QUICK_MODEL)
        return f"anthropic.{name}" if ours and self.provider == "bedrock" else name


DEFAULTS = ModelSettings()
