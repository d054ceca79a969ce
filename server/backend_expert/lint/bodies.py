"""Request bodies that are stored whole: who stores them, and whether somebody looked at them."""

import re
from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import (
    Call,
    Class,
    Collection,
    Expression,
    Function,
    Import,
    Member,
    Name,
    Text,
)
from backend_expert.flow.value import Origin
from backend_expert.lint.context import Context
from backend_expert.lint.routes import registered_in
from backend_expert.lint.writes import WRITES, target_of
from backend_expert.text.pattern import pattern

# Methods that store what they are given, on models whose type is not known.
_STORES = frozenset(
    ("create", "insertMany", "bulkCreate", "update", "findByIdAndUpdate", "findOneAndUpdate",
     "updateOne", "updateMany", "upsert", "findOneAndReplace", "replaceOne", "insert", "insertOne")
)  # fmt: skip
_HOLDERS = frozenset(("data", "create", "update", "$set", "values", "defaults"))
_CHECKS = pattern(
    r"valid|schema|celebrate|joi|zod|yup|dto|sanit|check|ajv|openapi|expects|parse_?body|use_args",
    re.IGNORECASE,
)
_PRIVILEGED = pattern(
    r"\b(?:role|roles|is_?admin|is_?staff|is_?superuser|balance|credits?|is_?verified|verified"
    r"|permissions?|tenant_?id|owner_?id|account_?type|is_?active)\b['\"]?\s*[:=]",
    re.IGNORECASE,
)
_ACCOUNTS = pattern(
    r"^(?:User|Account|Member|Admin|Employee|Staff|Customer|Profile)s?(?:Model)?$", re.IGNORECASE
)


class Stored(msgspec.Struct, frozen=True, eq=False):
    """A whole request body that a call stores into `model`."""

    argument: Expression
    origin: Origin
    model: str
    is_privileged: bool


def stored_body(call: Call, ctx: Context) -> Stored | None:
    """The request body that a handler of this file stores as it came, if it does."""
    if not call.arguments:
        return None
    meaning = ctx.meaning(call, *WRITES)
    if meaning is not None and meaning.has("delete"):
        return None
    model = _model(call, meaning is not None, ctx)
    if not model:
        return None
    given = next(_bodies(call, ctx), None)
    if given is None or not _is_unchecked(call, ctx):
        return None
    argument, origin = given
    return Stored(argument, origin, model, _is_privileged(model, ctx))


def _model(call: Call, is_write: bool, ctx: Context) -> str:
    """What is written: a model by its name, an instance that is made of the body."""
    if is_write:
        return target_of(call, ctx.reading) or "the row"
    callee = call.callee
    if isinstance(callee, Member) and isinstance(callee.object, Name):
        name = callee.object.id
        is_model = name[:1].isupper() and not name.isupper() and not ctx.is_python
        return name if is_model and callee.name in _STORES else ""
    if isinstance(callee, Name) and ctx.is_python and any(a.spread for a in call.arguments):
        return callee.id if _is_mapped(callee.id, ctx) else ""
    return ""


def _is_mapped(name: str, ctx: Context) -> bool:
    """Whether a class is a mapped model: of this file, or imported from where models live."""
    binding = ctx.file.flow.outline.names.get(name)
    if binding is None or not name[:1].isupper():
        return False
    if isinstance(binding.node, Import):
        return "models" in binding.node.module.split(".")
    if not isinstance(binding.node, Class):
        return False
    reading = ctx.file.flow.reading(binding.item)
    catalogue = ctx.file.flow.catalogue
    names = [reading.value(base.value).name for base in binding.node.bases]
    return any(
        m.role == "orm.model" for base in names if base for m in catalogue.calls(base)
    ) or any((e := catalogue.value(base)) and e.role == "orm.model" for base in names if base)


def _bodies(call: Call, ctx: Context) -> Iterator[tuple[Expression, Origin]]:
    for argument in call.arguments:
        yield from _whole(argument.value, ctx)


def _whole(node: Expression, ctx: Context, depth: int = 0) -> Iterator[tuple[Expression, Origin]]:
    """The request body itself in an argument, spread into a map, or under `data`."""
    if isinstance(node, Collection):
        if node.kind == "map" and depth < 2:
            for entry in node.entries:
                key = entry.key.value if isinstance(entry.key, Text) else None
                if entry.spread or key in _HOLDERS:
                    yield from _whole(entry.value, ctx, depth + 1)
        return
    value = ctx.value(node)
    origin = value.untrusted()
    if origin is not None and origin.label == "request body" and value.name:
        catalogue = ctx.file.flow.catalogue
        known = catalogue.value(value.name)
        made = catalogue.calls(value.name.removesuffix("()")) if value.name.endswith("()") else ()
        if (known and known.role == "input") or any(m.role == "input" for m in made):
            yield node, origin


def _is_unchecked(call: Call, ctx: Context) -> bool:
    """Whether the handler is registered in this file and nothing on its way looks at the body."""
    if any("openapi" in name for name in ctx.file.project.dependencies):
        return False
    if any(ctx.effects(site.call, "validate") for site in ctx.sites):
        return False
    if _CHECKS.search(" ".join(ctx.item.names)):
        return False
    function = ctx.function(call)
    outermost = function
    while outermost is not None and (outer := ctx.function(outermost)) is not None:
        outermost = outer
    if function is None or outermost is None:
        return False
    own = [e for e in registered_in(ctx) if _answers(e.handler_span, function, outermost)]
    named = [e for e in ctx.file.endpoints if e.handler and e.handler == outermost.name]
    found = [*own, *named]
    return bool(found) and not any(_CHECKS.search(" ".join(e.guards)) for e in found)


def _answers(span: object, function: Function, outermost: Function) -> bool:
    return span is not None and span in (function.name_span, outermost.name_span)


def _is_privileged(model: str, ctx: Context) -> bool:
    """Whether the model has fields that its owner must not set: seen here, or told by its name."""
    if _ACCOUNTS.match(model):
        return True
    binding = ctx.file.flow.outline.names.get(model)
    if binding is None or isinstance(binding.node, Import):
        return False
    if isinstance(binding.node, Class):
        return bool(_PRIVILEGED.search(binding.item.text))
    return any(_PRIVILEGED.search(item.text) for item in ctx.file.items)
