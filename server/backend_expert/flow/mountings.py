"""Routers, what is mounted on them, and the walls that stand before their endpoints."""

import re

import msgspec

from backend_expert.facts.code import (
    Call,
    Class,
    Collection,
    Expression,
    Function,
    Import,
    Loop,
    Member,
    Name,
    Text,
    walk,
)
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Site
from backend_expert.flow.route_guards import declared, word, words
from backend_expert.flow.route_part import Part
from backend_expert.flow.route_paths import neutral
from backend_expert.flow.routes import Mount, Router, Wall, join_paths
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_ROUTER = pattern(r"rout(?:er|e)s?$", re.IGNORECASE)
_PATH = pattern(r"path$|prefix$|url$|^base$|_base$", re.IGNORECASE)

# A middleware by its name, where it might also be a router from another file.
_MIDDLEWARE = pattern(
    r"auth|limit|guard|protect|require|ensure|verify|check|valid|middleware|handler|logger|parser"
    r"|session|csrf|cors|permission|admin(?!.*rout)|error|convert",
    re.IGNORECASE,
)


def router(part: Part, site: Site, meaning: Meaning) -> None:
    holder = part.reading.parent(site.call)
    guards = tuple(declared(part.reading, site.call))
    if isinstance(holder, Class):  # @Controller("orders")
        name = "@" + holder.name
        others = (d for d in holder.decorators if d is not site.call)
        guards += tuple(g for d in others if (g := word(part.reading, d)))
    else:
        targets: tuple[Expression, ...] = getattr(holder, "targets", ())
        name = path_of(targets[0]) if targets else ""
    if name:
        prefix = part.text(site.call, meaning.subject)
        is_root = not isinstance(holder, Class) and _is_root(site.name)
        is_literal = part.is_literal(site.call, meaning.subject)
        part.routers.append(Router(name, neutral(prefix), is_root, guards, is_literal))


def mount(part: Part, site: Site, meaning: Meaning) -> None:
    call = site.call
    outer = part.endpoint_around(call)
    if outer is not None:  # path("api/", include("shop.urls"))
        _include(part, call, outer, meaning)
        return
    parent = path_of(call.callee.object) if isinstance(call.callee, Member) else ""
    slot = meaning.entry.options.get("prefix")
    prefix, is_literal = part.text(call, slot), part.is_literal(call, slot)
    children = [part.argument(call, meaning.subject)]
    if not prefix and children[0] is not None:
        text = part.reading.value(children[0]).text
        first = part.reading.sites.get(id(children[0]))
        if text is not None and not (first and any(m.role == "import" for m in first.meanings)):
            # Express: the path comes first, what is mounted after it.
            prefix, children = text, [a.value for a in call.arguments[1:]]
        elif not slot:
            children = [a.value for a in call.arguments]
            is_literal = len(children) < 2 or not _is_path(children[0])
    known = [child for child in children if child is not None and not _is_path(child)]
    if known and parent:
        guards = tuple(declared(part.reading, call))
        plan = Mount(parent, "", neutral(prefix), guards, is_literal=is_literal)
        _put(part, plan, known, meaning)


def _put(part: Part, plan: Mount, children: list[Expression], meaning: Meaning) -> None:
    """Mounts the last of `children` as planned, the others stand before it; or all are walls."""
    last = _known_as(part, children[-1])
    before = tuple(g for c in children[:-1] for g in words(part.reading, c) if g)
    explicit = "prefix" in meaning.entry.options
    if last and (explicit or not _is_middleware(part, children[-1], last)):
        guards, overrides = plan.guards + before, meaning.has("prefix-overrides")
        for child in _each(part, children[-1], last):
            part.mounts.append(
                msgspec.structs.replace(plan, child=child, guards=guards, overrides=overrides)
            )
        return
    before += tuple(g for g in words(part.reading, children[-1]) if g)
    if before:
        counts = len(part.endpoints), len(part.mounts)
        part.walls.append(Wall(plan.parent, before, plan.prefix, *counts))


def _is_middleware(part: Part, child: Expression, name: str) -> bool:
    if isinstance(child, Function):
        return True
    if isinstance(child, Call):
        site = part.reading.sites.get(id(child))
        roles = {m.role for m in site.meanings} if site else set[str]()
        return not roles & {"import", "router"}
    value = part.reading.value(child)
    if isinstance(value.node, Function):
        return True
    word = name.rpartition("/")[2].rpartition(".")[2]
    return bool(_MIDDLEWARE.search(word)) and not _ROUTER.search(word)


def _known_as(part: Part, child: Expression) -> str:
    """The variable that holds a router, or the dotted name it is imported by in this very item.

    What the file's imports name is put in later, where the whole file is known.
    """
    if isinstance(child, Call):  # use("/x", require("./x"))
        is_import = part.has_role(child, "import") and bool(child.arguments)
        return (part.reading.value(child.arguments[0].value).text or "") if is_import else ""
    return _imported_here(part, path_of(child))


def _each(part: Part, child: Expression, known: str) -> list[str]:
    """The routers that a loop mounts: `for module in (orders, users): mount(module.router)`."""
    first, dot, rest = path_of(child).partition(".")
    above = part.reading.parent(child)
    while above is not None:
        if isinstance(above, Loop) and isinstance(above.target, Name) and above.target.id == first:
            listed = above.iterable
            if not isinstance(listed, Collection):
                return []
            names = [path_of(entry.value) for entry in listed.entries]
            return [_imported_here(part, name + dot + rest) for name in names if name]
        above = part.reading.parent(above)
    return [known]


def _imported_here(part: Part, name: str) -> str:
    """A name, or the dotted one that this very item imports it by."""
    first, dot, rest = name.partition(".")
    for statement in part.reading.item.body:
        for node in walk(statement):
            if isinstance(node, Import) and node.binds == first:
                return node.dotted + dot + rest
    return name


def _include(part: Part, call: Call, outer: Call, meaning: Meaning) -> None:
    parent = part.holder(outer)
    given = part.argument(call, meaning.subject)
    if isinstance(given, Collection) and given.kind == "tuple" and given.entries:
        given = given.entries[0].value
    if given is None or not parent:
        return
    child = part.reading.value(given).text or _known_as(part, given).removesuffix(".urls")
    slot = next(m.subject for m in part.reading.sites[id(outer)].meanings if m.role == "endpoint")
    if child:
        prefix = join_paths(part.around(outer), neutral(part.text(outer, slot)))
        is_literal = part.is_literal(outer, slot)
        part.mounts.append(Mount(parent, child, prefix, is_literal=is_literal))


def middleware(part: Part, site: Site, meaning: Meaning) -> None:
    """`blueprint.before_request(check)`: it stands before every endpoint."""
    callee = site.call.callee
    if meaning.has("before") and isinstance(callee, Member):
        given = (a.value for a in site.call.arguments)
        _wall(part, path_of(callee.object), [g for v in given for g in words(part.reading, v)])


def decorated(part: Part, function: Function) -> None:
    """`@blueprint.before_request`, and the function's other decorators with it."""
    for decorator in function.decorators:
        if isinstance(decorator, Member):
            name = part.reading.value(decorator).name
            meanings = part.catalogue.calls(name) if name else ()
            if any(m.role == "middleware" and m.has("before") for m in meanings):
                others = [d for d in function.decorators if d is not decorator]
                found = [word(part.reading, d) for d in others] + [function.name]
                _wall(part, path_of(decorator.object), found)


def _wall(part: Part, router: str, guards: list[str]) -> None:
    known = tuple(guard for guard in guards if guard)
    if known:
        part.walls.append(Wall(router, known, in_order=False))


def _is_path(node: Expression) -> bool:
    """Whether an argument is a path that is computed: `use(route.path, route.router)`."""
    if isinstance(node, Name):
        return _PATH.search(node.id) is not None and node.id.isupper()
    return isinstance(node, Text) or (
        isinstance(node, Member) and _PATH.search(node.name) is not None
    )


def _is_root(name: str) -> bool:
    return not name.rpartition(".")[2].endswith(("Router", "Blueprint"))
