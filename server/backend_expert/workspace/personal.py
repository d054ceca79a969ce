"""What the user alone decides, never a workspace: who is asked, with which key, what may leave."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from backend_expert.workspace.settings_file import kebab

NAME = "settings.toml"
ENVIRONMENT = ("ANTHROPIC_", *(f"BACKEND_EXPERT_{name}" for name in ("API", "BASE", "PROVIDER")))
TABLES = frozenset(("model", "gate", "hover"))
# The same without their table, as someone may try them.
KEYS = frozenset(
    (
        *("provider", "base-url", "api-key", "auth-token", "key-command", "key-command-timeout"),
        *("models", "region", "project", "resource", "profile"),
    )
)


def own_file() -> Path:
    """The user's own settings file, whether it is there or not."""
    import platformdirs  # no check needs it

    return platformdirs.user_config_path("backend-expert", appauthor=False) / NAME


def may_be_set_up(options: Mapping[str, Any]) -> bool:
    """Whether a model may be set up: in the start options, the environment or the user's file."""
    return (
        bool(options.get("model"))
        or any(name.startswith(ENVIRONMENT) for name in os.environ)
        or own_file().is_file()
    )


def is_personal(key: str) -> bool:
    """Whether a key of a table of settings, or the table it names, is the user's own."""
    name = kebab(key.partition(".")[0])
    return name in TABLES or name in KEYS


def personal(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a workspace's table that are set and that no workspace may set, in order.

    Those that are empty all through do not count: editors send what they know as empty.
    """
    return tuple(key for key, value in table.items() if is_personal(key) and _is_set(value))


def refusal(keys: tuple[str, ...]) -> str:
    """Why those keys are passed over, and where to set them. Their values are never told."""
    named = ", ".join(f"`{key}`" for key in keys)
    verb = "is" if len(keys) == 1 else "are"
    them = "it" if len(keys) == 1 else "them"
    return f"{named} {verb} not taken from a workspace; set {them} in your own {own_file()}"


def _is_set(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_is_set(inner) for inner in cast("Mapping[str, Any]", value).values())
    return value is not None and value not in ("", [], ())
