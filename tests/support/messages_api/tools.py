"""The checks on tools and their schemas, strict ones included."""

import re
from typing import Any

from tests.support.messages_api.blocks import check_mark
from tests.support.messages_api.wrong import Wrong, wants

NAME = re.compile(r"^[a-zA-Z0-9_-]{1,128}$")
FIELDS = {
    "name", "description", "input_schema", "type", "cache_control", "strict",
    "eager_input_streaming", "input_examples", "defer_loading", "allowed_callers",
}  # fmt: skip
TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
STRICT = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf",
    "allOf", "$ref", "$defs", "description", "title", "format", "minItems", "default",
}  # fmt: skip


def check(body: Any, can_strict: bool) -> None:
    """The tools of a request, and which it must use."""
    given = body.get("tools")
    if given is None:
        wants(
            "tool_choice" not in body,
            "tool_choice",
            "tool_choice may only be specified while providing tools",
        )
        return
    wants(isinstance(given, list), "tools", "Input should be a valid list")
    names = [_tool(tool, f"tools.{number}", can_strict) for number, tool in enumerate(given)]
    wants(len(set(names)) == len(names), "tools", "Tool names must be unique.")
    choice = body.get("tool_choice")
    if choice is not None:
        kind = choice.get("type")
        wants(kind in ("auto", "any", "tool", "none"), "tool_choice.type", "unknown type")
        wants(
            kind != "tool" or choice.get("name") in names,
            "tool_choice",
            f"Tool '{choice.get('name')}' not found in provided tools",
        )


def _tool(tool: Any, where: str, can_strict: bool) -> str:
    wants(isinstance(tool, dict), where, "Input should be a valid dictionary")
    for key in tool:
        wants(key in FIELDS, f"{where}.custom.{key}", "Extra inputs are not permitted")
    for key in ("name", "input_schema"):
        wants(key in tool, f"{where}.custom.{key}", "Field required")
    wants(
        bool(NAME.match(str(tool["name"]))),
        f"{where}.custom.name",
        f"String should match pattern '{NAME.pattern}'",
    )
    schema = tool["input_schema"]
    wants(
        isinstance(schema, dict),
        f"{where}.custom.input_schema",
        "Input should be a valid dictionary",
    )
    wants(schema.get("type") == "object", f"{where}.custom.input_schema.type", "Field required")
    check_mark(tool.get("cache_control"), where)
    is_strict = tool.get("strict", False)
    if is_strict and not can_strict:
        raise Wrong(400, "invalid_request_error", "Strict tools are not supported on this model.")
    _schema(schema, f"{where}.custom.input_schema", is_strict)
    return tool["name"]


def _schema(schema: Any, where: str, is_strict: bool) -> None:
    wants(isinstance(schema, dict), where, "Input should be a valid dictionary")
    kind = schema.get("type")
    wants(
        kind is None or kind in TYPES,
        where,
        "JSON schema is invalid. It must match JSON Schema draft 2020-12",
    )
    if is_strict:
        for key in schema:
            wants(key in STRICT, where, f"For '{kind}' type, property '{key}' is not supported")
        closed = kind != "object" or schema.get("additionalProperties") is False
        wants(
            closed,
            where,
            "For 'object' type, 'additionalProperties' must be explicitly set to false",
        )
        wants(
            schema.get("minItems", 0) in (0, 1),
            where,
            "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
        )
    for name in schema.get("required", []):
        wants(
            name in schema.get("properties", {}),
            where,
            f"required property '{name}' is not defined",
        )
    for name, inner in schema.get("properties", {}).items():
        _schema(inner, f"{where}.properties.{name}", is_strict)
    if "items" in schema:
        _schema(schema["items"], f"{where}.items", is_strict)
    for number, inner in enumerate(schema.get("anyOf", [])):
        _schema(inner, f"{where}.anyOf.{number}", is_strict)
