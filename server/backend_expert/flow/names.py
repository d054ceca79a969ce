"""Names, members and elements: what a path stands for."""

from typing import TYPE_CHECKING

from backend_expert.facts.code import (
    Collection,
    Fragment,
    Hole,
    Index,
    Member,
    Name,
    Node,
)
from backend_expert.flow import constants
from backend_expert.flow.paths import path_of
from backend_expert.flow.types import is_harmless
from backend_expert.flow.value import INPUT, UNKNOWN, Env, Origin, Value, merge
from backend_expert.technologies.catalogue import root_of

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator


def name(e: "Evaluator", node: Name, env: Env) -> Value:
    known = env.get(node.id)
    if known is not None:
        return known
    if node.id == "self" and e.owner:
        return Value("@" + e.owner)
    found = e.around.name(node.id)
    if found is not None:
        return shown_here(found, node)
    name = e.catalogue.member(node.id)
    return _meant(e, name, Value(name), node)


def member(e: "Evaluator", node: Member, env: Env) -> Value:
    base = e.value(node.object, env)
    if e.has_paths:
        known = env.get(path_of(node))
        if known is not None:
            return known
    return member_of(e, base, node.name, node)


def member_of(e: "Evaluator", base: Value, name: str, node: Node) -> Value:
    """The member `name` of a value."""
    if isinstance(base.node, Collection) and base.node.kind == "map":
        inner = base.node.get(name)
        if inner is not None:
            return e.values.get(id(inner), UNKNOWN)
    if base.name.startswith("@"):
        own = _class_member(e, base, name, node)
        if own is not None:
            return own
    full = f"{base.name}.{name}" if base.name else ""
    if full:
        if _may_be_elsewhere(e, full, base):
            found = e.around.elsewhere(full)
            if found is not None:
                return shown_here(found, node)
        full = e.catalogue.member(full)
    return _meant(e, full, Value(full, base.origins), node)


def _may_be_elsewhere(e: "Evaluator", full: str, base: Value) -> bool:
    """Whether a path begins with a module of the project, as `reports.monthly` may."""
    return (
        full[0] not in "?@"
        and base.node is None
        and not base.origins
        and root_of(full) not in e.catalogue.roots
        and "(" not in full
        and "[" not in full
    )


def shown_here(value: Value, node: Node) -> Value:
    """A value of another file: its text is shown where it is used."""
    if value.parts is None or not value.home.startswith("→"):
        return value
    parts = tuple(
        Fragment(node.span, part.value)
        if isinstance(part, Fragment)
        else Hole(node.span, part.value)
        for part in value.parts
    )
    return Value(value.name, value.origins, parts, "", value.grows, value.node)


def _class_member(e: "Evaluator", base: Value, name: str, node: Node) -> Value | None:
    owner = base.name[1:]
    if "." in owner:
        return None
    found = e.around.member(owner, name)
    if found is not None:
        if not base.origins or is_harmless(found.name):
            return found
        return Value(found.name, merge(base.origins, found.origins), node=found.node)
    for inherited in e.around.bases(owner):
        if inherited and not inherited.startswith("@"):
            full = e.catalogue.member(f"{inherited}.{name}")
            if e.catalogue.knows(full):
                return _meant(e, full, Value(full, base.origins), node)
    return None


def _meant(e: "Evaluator", name: str, value: Value, node: Node) -> Value:
    """`value` with the origin that the catalogue gives to its name."""
    entry = e.catalogue.value(name) if name else None
    if entry is None or entry.role != "input":
        return value
    label = entry.label or name.rpartition(".")[2]
    safe = frozenset(t.removeprefix("safe ") for t in entry.traits if t.startswith("safe "))
    return Value(name, (Origin(INPUT, label, node.span, safe),), value.parts)


def index(e: "Evaluator", node: Index, env: Env) -> Value:
    base = e.value(node.object, env)
    key = e.value(node.key, env)
    if e.has_paths:
        known = env.get(path_of(node))
        if known is not None:
            return known
    if isinstance(base.node, Collection):
        inner = constants.entry(base.node, key)
        if inner is not None:
            return e.values.get(id(inner), UNKNOWN)
    return element(e, base)


def element(e: "Evaluator", base: Value) -> Value:
    """One element of a collection."""
    if not base.name:
        return Value("", base.origins)
    name = base.name + "[]"
    return Value(e.catalogue.types.get(name, name), base.origins)
