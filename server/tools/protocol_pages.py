"""The messages beyond LSP as a page and as TypeScript, for `generate.py`."""

import inspect
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from backend_expert.lsp.beyond import shapes
from backend_expert.lsp.beyond.messages import MESSAGES, Message
from backend_expert.lsp.beyond.shapes import Shape

_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}
_SENDERS = {"client": "to the server", "server": "to the client"}


def all_shapes() -> list[type[Shape]]:
    """Every shape, in the order in which they are written."""
    found = (value for value in vars(shapes).values() if inspect.isclass(value))
    return [value for value in found if issubclass(value, Shape) and value is not Shape]


def page() -> str:
    """The document for people who write a client."""
    lines = [
        "# Messages beyond LSP",
        "",
        "Everything else that server and clients say is the Language Server Protocol. A command"
        " goes over `workspace/executeCommand` with the shape as its one argument. A client may"
        " ignore all of this: answers are then shown with LSP's own means.",
        "",
    ]
    for kind in ("command", "notification", "request"):
        lines += [f"## {kind.capitalize()}s", "", "| message | goes | carries | gives | what for |"]
        lines += ["| --- | --- | --- | --- | --- |"]
        lines += [_row(message) for message in MESSAGES if message.kind == kind]
        lines.append("")
    lines += ["## Shapes", "", "A `?` marks what may be missing.", ""]
    for shape in all_shapes():
        about = " ".join((inspect.getdoc(shape) or "").split())
        fields = (f"`{_declared(field)}`" for field in msgspec.structs.fields(shape))
        lines += [f"### {shape.__name__}", "", about, "", *(f"- {field}" for field in fields), ""]
    return "\n".join(lines).rstrip() + "\n"


def typescript(note: str) -> str:
    """The same as types for a client written in TypeScript."""
    lines = [f"// {note}", ""]
    for shape in all_shapes():
        lines.append(f"/** {' '.join((inspect.getdoc(shape) or '').split())} */")
        lines.append(f"export interface {shape.__name__} {{")
        lines += [f"  {_declared(field)};" for field in msgspec.structs.fields(shape)]
        lines += ["}", ""]
    lines += [
        "/** Each command with what it carries and what it gives. */",
        "export interface Commands {",
    ]
    for message in MESSAGES:
        has_shape = message.params is not None or message.result is not None
        if message.kind == "command" and has_shape:
            params, result = _typed(message.params), _typed(message.result)
            lines.append(f'  "{message.method}": {{ params: {params}; result: {result} }};')
    lines += ["}", "", "/** The names of all commands. */", "export const COMMANDS = ["]
    lines += [f'  "{message.method}",' for message in MESSAGES if message.kind == "command"]
    lines += ["] as const;", ""]
    for message in MESSAGES:
        if message.kind != "command":
            name = message.method.rpartition("/")[2].upper()
            lines.append(f'export const {name} = "{message.method}";')
    return "\n".join(lines) + "\n"


def _row(message: Message) -> str:
    params = _typed(message.params, of=_linked) if message.params is not None else ""
    result = _typed(message.result, of=_linked) if message.result is not None else ""
    goes = _SENDERS[message.sender]
    return f"| `{message.method}` | {goes} | {params} | {result} | {message.about} |"


def _linked(shape: type) -> str:
    return f"[{shape.__name__}](#{shape.__name__.lower()})"


def _bare(shape: type) -> str:
    return shape.__name__


def _declared(field: msgspec.structs.FieldInfo) -> str:
    return f"{field.encode_name}{'' if field.required else '?'}: {_typed(field.type)}"


def _typed(type_: Any, of: Callable[[type], str] = _bare) -> str:
    """A type of Python in the words of TypeScript; a value that is None is left out there."""
    if type_ is None:
        return "null"
    if type_ in _PLAIN:
        return _PLAIN[type_]
    if type_ is Any:
        return "unknown"
    if inspect.isclass(type_) and issubclass(type_, Shape):
        return of(type_)
    arguments = get_args(type_)
    origin = get_origin(type_)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin is dict:
        return f"Record<string, {_typed(arguments[1], of)}>"
    if origin is tuple and arguments[-1] is Ellipsis:
        inner = _typed(arguments[0], of)
        return f"{inner}[]" if inner.replace("]", "").isidentifier() or of is _linked else inner
    if origin is tuple:
        return f"[{', '.join(_typed(one, of) for one in arguments)}]"
    if origin is Union or hasattr(type_, "__or__"):
        return " | ".join(_typed(one, of) for one in arguments if one is not type(None))
    raise TypeError(f"no word for {type_!r}")
