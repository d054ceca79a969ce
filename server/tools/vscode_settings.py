"""The server's settings as the VS Code extension's manifest has them, for `generate.py`."""

import json
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
from backend_expert.lint.settings import Settings

SECTION = "Checks"


def manifest(path: Path) -> str:
    """The manifest at `path` with the settings that the server has now."""
    plain = json.loads(path.read_text("utf-8"))
    sections = plain["contributes"]["configuration"]
    mine = next(section for section in sections if section["title"] == SECTION)
    mine["properties"] = {
        f"backendExpert.{field.encode_name}": _property(field)
        for field in msgspec.structs.fields(Settings)
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _property(field: msgspec.structs.FieldInfo) -> dict[str, Any]:
    meta: msgspec.Meta = field.type.__metadata__[0]
    default: Any = field.default
    if default is msgspec.NODEFAULT:
        default = field.default_factory()  # pyright: ignore[reportCallIssue]
    plain: Any = json.loads(msgspec.json.encode(default))
    return {
        **_schema(get_args(field.type)[0], meta),
        "default": plain,
        "scope": "resource",
        "markdownDescription": meta.description or "",
    }


def _schema(type_: Any, meta: msgspec.Meta | None = None) -> dict[str, Any]:
    """JSON schema as VS Code's settings editor understands it: whole, without references."""
    if type_ is str:
        return {"type": "string", **({"pattern": meta.pattern} if meta and meta.pattern else {})}
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        fields = msgspec.structs.fields(type_)
        inner = {f.encode_name: _schema(get_args(f.type)[0]) for f in fields}
        return {"type": "object", "properties": inner, "additionalProperties": False}
    arguments = get_args(type_)
    if get_origin(type_) is tuple:
        return {"type": "array", "items": _schema(arguments[0])}
    if get_origin(type_) is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1])}
    return {"type": "string", "enum": list(arguments)}
