"""The models that the server has, with what `/v1/models` says of them."""

from typing import Any


def info(
    name: str, *, adaptive: bool = True, enabled: bool = False, strict: bool = True
) -> dict[str, Any]:
    """One model as `/v1/models/{id}` describes it."""
    thinking = {"adaptive": adaptive, "between_tools": False, "disabled": True, "enabled": enabled}
    plain = ("batch", "citations", "code_execution", "image_input", "pdf_input")
    efforts = ("low", "medium", "high", "max", "xhigh")
    return {
        "type": "model",
        "id": name,
        "display_name": name.replace("-", " ").title(),
        "created_at": "2026-09-01T00:00:00Z",
        "lifecycle": "active",
        "line": None,
        "deprecated_at": None,
        "retires_at": None,
        "max_input_tokens": 1_000_000,
        "max_tokens": 128_000,
        "capabilities": {
            **{key: _supported(True) for key in plain},
            "structured_outputs": _supported(strict),
            "context_management": _supported(True),
            "server_tools": _supported(True)
            | {"code_execution": _supported(True), "web_search": _supported(True)},
            "effort": _supported(True) | {key: _supported(True) for key in efforts},
            "thinking": _supported(adaptive or enabled)
            | {"types": {key: _supported(value) for key, value in thinking.items()}},
        },
    }


def _supported(value: bool) -> dict[str, Any]:
    return {"supported": value}


MODELS = {
    model["id"]: model
    for model in (
        info("claude-opus-5-5"),
        info("claude-sonnet-5-5"),
        info("claude-haiku-5-5"),
        info("claude-haiku-4-5", adaptive=False, enabled=True),
        info("claude-plain-1", adaptive=False, strict=False),
    )
}


def listed(models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """All models as `/v1/models` lists them."""
    names = list(models)
    return {
        "data": list(models.values()),
        "has_more": False,
        "first_id": names[0] if names else None,
        "last_id": names[-1] if names else None,
    }


def adapts(models: dict[str, dict[str, Any]], name: str) -> bool:
    """Whether a model accepts adaptive thinking."""
    return models[name]["capabilities"]["thinking"]["types"]["adaptive"]["supported"]


def strict(models: dict[str, dict[str, Any]], name: str) -> bool:
    """Whether a model accepts strict tools."""
    return models[name]["capabilities"]["structured_outputs"]["supported"]
