"""Who answers: the model that the user has set up, or why there is none."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from backend_expert.lint.reading import Elsewhere
from backend_expert.persona.access import DEFAULTS, ModelSettings
from backend_expert.persona.borrowed import Borrowed, Complete
from backend_expert.persona.events import Failed
from backend_expert.persona.model import Claude
from backend_expert.persona.own_settings import Filled, OwnSettings, filled
from backend_expert.persona.secret import Secret
from backend_expert.workspace.settings_file import Complaint

PREFIX = "BACKEND_EXPERT_"
ENVIRONMENT = (
    *("provider", "base_url", "api_key", "model", "thinking"),
    *("region", "project", "resource", "profile"),
)
CREDENTIALS = ("api_key", "auth_token", "key_command")
NO_KEY_IN_FILES = "set ANTHROPIC_API_KEY, or let `key-command` print it"
NO_COMMAND_FROM_CLIENTS = "set it in your own settings file"
NO_MODEL = "this editor has no model to lend; choose another `provider`"
CLOUDS = ("bedrock", "vertex")  # they have credentials of their own
UNUSED = Secret("no-key-is-needed-here")
# Where the SDK finds credentials by itself.
CHAIN = ("ANTHROPIC_PROFILE", "ANTHROPIC_CONFIG_DIR", "ANTHROPIC_FEDERATION_RULE_ID")


class Setup(msgspec.Struct, frozen=True):
    """The settings of the model from all sources, and what is wrong with them."""

    settings: ModelSettings = DEFAULTS
    complaints: tuple[Complaint, ...] = ()


def setup(
    own: OwnSettings,
    options: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Setup:
    """The settings of the model. A later source wins: the user's file, the environment, and
    `options`, the table `model` of the editor's start options. No workspace is among them.
    """
    client = Elsewhere("the editor's start options")
    layers = [
        own.filled(
            ModelSettings, "model", {"api-key": NO_KEY_IN_FILES, "auth-token": NO_KEY_IN_FILES}
        ),
        _environment(environment),
        filled(
            ModelSettings,
            options or {},
            client,
            refused=dict.fromkeys(
                ("key-command", "key-command-timeout", "auth-token"), NO_COMMAND_FROM_CLIENTS
            ),
        ),
    ]
    said = [layer.values["provider"] for layer in layers if "provider" in layer.values]
    provider = said[-1] if said else DEFAULTS.provider
    if provider in CLOUDS and "provider" not in layers[-1].values:
        layers[-1].values.pop("api_key", None)  # it is another provider's
    if provider == "anthropic":
        layers.insert(1, _anthropic(environment))
    values: dict[str, Any] = {}
    for layer in layers:
        if any(layer.values.get(name) for name in CREDENTIALS):
            values = {k: v for k, v in values.items() if k not in CREDENTIALS}
        models = {**values.get("models", DEFAULTS.models), **layer.values.get("models", {})}
        values |= {**layer.values, "models": models}
    complaints = [c for layer in layers for c in layer.complaints]
    wrong = _wrong_url(values.get("base_url", ""))
    if wrong:
        del values["base_url"]
        complaints.append(Complaint("the settings of the model", 0, wrong))
    return Setup(ModelSettings(**values), (*own.complaints, *complaints))


def answering(
    settings: ModelSettings,
    environment: Mapping[str, str] = os.environ,
    complete: Complete | None = None,
) -> Claude | Borrowed | Failed:
    """The model that answers; else why none does. Nothing is sent, run or imported by this."""
    if settings.provider == "offline":
        return Failed("offline")
    if settings.provider == "editor":
        return Failed("setup", NO_MODEL) if complete is None else Borrowed(complete)
    if settings.api_key or settings.auth_token or settings.key_command:
        return Claude(settings)
    match settings.provider:
        case "anthropic":
            if _is_local(settings.base_url):
                return Claude(msgspec.structs.replace(settings, api_key=UNUSED))
            found = any(environment.get(name) for name in CHAIN) or _has_profile(environment)
        case "foundry":
            found = bool(environment.get("ANTHROPIC_FOUNDRY_API_KEY"))
        case _:
            found = True  # the cloud's own chain is tried with the first question
    return Claude(settings) if found else Failed("no key")


def _environment(environment: Mapping[str, str]) -> Filled:
    named = {name: environment.get(PREFIX + name.upper()) for name in ENVIRONMENT}
    given = {name: value for name, value in named.items() if value}
    return filled(ModelSettings, given, Elsewhere(f"the environment ({PREFIX}…)"))


def _anthropic(environment: Mapping[str, str]) -> Filled:
    """What the SDK's own variables say; they are about its own provider alone."""
    given = {
        "api_key": environment.get("ANTHROPIC_API_KEY"),
        "auth_token": environment.get("ANTHROPIC_AUTH_TOKEN"),
        "base_url": environment.get("ANTHROPIC_BASE_URL"),
    }
    found = {name: value for name, value in given.items() if value}
    return filled(ModelSettings, found, Elsewhere("the environment"))


def _wrong_url(url: str) -> str:
    """What is wrong with a base URL, without repeating it: people write passwords into URLs."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, scheme = parts.hostname, parts.scheme
    except ValueError:
        return "`base-url` is no URL"
    if scheme not in ("http", "https") or not host:
        return "`base-url` must begin with https:// (or http://) and a host"
    if parts.username or parts.password:
        return "`base-url` must have no user or password in it; set a key instead"
    return ""


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _has_profile(environment: Mapping[str, str]) -> bool:
    """Whether the SDK's own folder has a profile."""
    roots = [Path.home() / ".config" / "anthropic"]
    if environment.get("APPDATA"):
        roots.append(Path(environment["APPDATA"], "Anthropic"))
    return any((root / "configs").is_dir() for root in roots)
