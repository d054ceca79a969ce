"""Absence: whether a file is known not to have a name, told only where that is certain."""

import builtins
import os
import re
from collections.abc import Callable

from backend_expert.facts.code import Assign, Class, Collection, Function, Import, Name
from backend_expert.flow.elsewhere import Absent
from backend_expert.flow.file import FileFlow
from backend_expert.flow.outline import Binding
from backend_expert.text.pattern import pattern

_DYNAMIC = pattern(r"\bglobals\(\)|\bsys\.modules\b|\bsetattr\(|\bexec\(|\bimport_module\(")
_OPEN_SCRIPT = pattern(
    r"export\s*\*|\.\.\.|\bextends\b|Object\.(?:assign|define)|Proxy|module\.exports\s*=\s*require"
    r"|\bexports\[|__exportStar"
)


def lacking(flow: FileFlow, chain: list[str], path: str) -> Absent | str | None:
    """What a Python file lacks of `Order.save` or `send`; None when it has it or may have it.

    A name that the file imports is answered with the dotted name to look for there.
    """
    first, *rest = chain
    outline = flow.outline
    if first.startswith("__") or "__getattr__" in outline.names or outline.stars:
        return None
    binding = outline.names.get(first)
    if binding is None:
        if rest and first not in outline.names and os.path.basename(path) != "__init__.py":
            return None
        if hasattr(builtins, first) or _may_be_bound(flow, first):
            return None
        return Absent(first, path, "", tuple(outline.names))
    if not rest:
        return None
    if isinstance(binding.node, Import):
        return ".".join((binding.node.dotted, *rest)) if binding.node.name else None
    if isinstance(binding.node, Class) and len(rest) == 1:
        return _lacking_member(flow, binding, rest[0], path)
    return None


def _may_be_bound(flow: FileFlow, name: str) -> bool:
    """Whether a statement that the outline has no words for may bind a name of the module."""
    for item in flow.items:
        if _DYNAMIC.search(item.text):
            return True
        if name not in item.names:
            continue
        if all(isinstance(s, Function | Class) for s in item.body) and item.body:
            if re.search(rf"\bglobal\b[^\n]*\b{name}\b", item.text):
                return True
        elif not all(isinstance(s, Import | Assign) for s in item.body):
            return True
    return False


def _lacking_member(flow: FileFlow, binding: Binding, name: str, path: str) -> Absent | None:
    names: dict[str, None] = {}
    waiting, seen = [binding], set[str]()
    while waiting:
        current = waiting.pop()
        node = current.node
        if not isinstance(node, Class) or node.decorators or node.name in seen:
            return None
        seen.add(node.name)
        if any(
            not isinstance(s, Function | Assign | Class) and not _is_plain(s) for s in node.body
        ):
            return None
        methods = flow.outline.methods.get(node.name, {})
        attributes = flow.outline.attributes.get(node.name, {})
        if name in methods or name in attributes or name.startswith("__"):
            return None
        if "__getattr__" in methods or _is_made_here(flow, node.name):
            return None
        names.update(dict.fromkeys((*methods, *attributes)))
        for base in node.bases:
            if isinstance(base.value, Name) and base.value.id == "object":
                continue
            known = flow.outline.names.get(base.value.id) if isinstance(base.value, Name) else None
            if base.name or known is None:
                return None
            waiting.append(known)
    owner = binding.node.name if isinstance(binding.node, Class) else ""
    return Absent(name, path, owner, tuple(names))


def _is_plain(statement: object) -> bool:
    """A docstring, `pass`, `...`."""
    return type(statement).__name__ in ("Text", "Jump", "Constant", "Opaque")


def _is_made_here(flow: FileFlow, owner: str) -> bool:
    """Whether attributes are put on a class from outside it."""
    return any(
        re.search(rf"\b{owner}\.\w+\s*=[^=]|setattr\(\s*{owner}\b", item.text)
        for item in flow.items
    )


def is_part_of_package(path: str, name: str, names: Callable[[str], frozenset[str]]) -> bool:
    """Whether a name is a module or folder beside a package's `__init__.py`."""
    folder, file = os.path.split(path)
    here = names(folder) if file == "__init__.py" else frozenset[str]()
    return any(known.partition(".")[0] == name for known in here)


def lacking_export(flow: FileFlow, name: str, path: str) -> Absent | None:
    """What a JavaScript module lacks; certain only where the word stands nowhere in it."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    for item in flow.items:
        if word.search(item.text) or _OPEN_SCRIPT.search(item.text):
            return None
    outline = flow.outline
    default = outline.names.get("default")
    if default is not None and not isinstance(default.value, Collection):
        return None
    names = [n.removeprefix("exports.") for n in outline.names if n != "default"]
    for entry in getattr(default.value, "entries", ()) if default is not None else ():
        key = getattr(entry.key, "value", None)
        if isinstance(key, str):
            names.append(key)
    return Absent(name, path, "", tuple(dict.fromkeys(names))) if names else None
