"""One route of a router has no guard, while its siblings all do.

Most open endpoints were meant to be closed: somebody copied a route and lost a line. Give it the
guard of its siblings, or put the guard on the router, so that the next route has it too.

Leave it off for a route that is open on purpose; a comment that says so helps the next reader.
"""

import re
from collections import Counter
from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Member, Name, Return, walk
from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.finding import Related
from backend_expert.lint.routes import AUTH, LIMITS, Route, compared, same_router
from backend_expert.text.pattern import pattern

_OPEN = pattern(
    r"(?<![a-z])(?:log_?in|sign_?in|sign_?up|register|registration|health|healthz|live|livez|ready"
    r"|readyz|ping|web_?hooks?|call_?back|public|forgot|reset|recover|refresh|token|verif|confirm"
    r"|activat|unsubscribe|docs|openapi|swagger|metrics|status|version|oauth|sso|saml|log_?out|csrf"
    r"|captcha|invite|share|shared|embed|feed|rss|sitemap|robots|static|assets|password|by_token|otp"
    r"|unlock|resend|anonymous|guest|contact|search|check|exists|available|sessions?(?![a-z_/{])|all_?access)"
)
_CALLER = pattern(
    r"user|identity|principal|auth|token|account|member|caller|admin|staff|session_?id|api_?key|me$",
    re.IGNORECASE,
)
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))

_ACCESS = ("access", "write", "read", "owner", "readwrite", "allowed")


@rule(
    title="Route without the guard of its siblings",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(306, 862),
    sources=("Brakeman SkipBeforeFilter", "Zalando guideline 104"),
    tags=("authorisation", "routing"),
    examples=[
        Example(
            bad="""
                from fastapi import APIRouter, Depends
                from shop.security import require_staff

                router = APIRouter(prefix="/coupons")

                @router.post("", dependencies=[Depends(require_staff)])
                def add(): ...

                @router.put("/{code}", dependencies=[Depends(require_staff)])
                def change(code: str): ...

                @router.delete("/{code}", dependencies=[Depends(require_staff)])
                def remove(code: str): ...

                @router.post("/{code}/archive")
                             ^^^^^^^^^^^^^^^^^ no guard: 3 of the 4 routes here have `require_staff`
                def archive(code: str): ...
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const router = express.Router();

                router.get('/orders', requireUser, list);
                router.get('/orders/:id', requireUser, one);
                router.post('/orders', requireUser, add);
                router.delete('/orders/:id', remove);
                              ^^^^^^^^^^^^^ no guard: 3 of the 4 routes here have `requireUser`
            """,
        ),
        Example(
            good="""
                from fastapi import APIRouter, Depends
                from shop.security import CurrentUser, require_staff

                router = APIRouter(prefix="/products")
                account = APIRouter(prefix="/account")

                @router.get("")
                def everything(): ...

                @router.post("", dependencies=[Depends(require_staff)])
                def add(): ...

                @router.put("/{sku}", dependencies=[Depends(require_staff)])
                def change(sku: str): ...

                @router.delete("/{sku}", dependencies=[Depends(require_staff)])
                def remove(sku: str): ...

                @account.get("/orders")
                def orders(user: CurrentUser): ...

                @account.post("/orders")
                def order(user: CurrentUser): ...

                @account.delete("/orders")
                def drop(user: CurrentUser): ...

                @account.post("/login")
                def enter(): ...

                @account.post("/cards")
                def card(identity: Annotated[Identity, Security(identified)]): ...
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const router = express.Router();
                const guarded = express.Router();

                router.post('/login', login);
                router.post('/reset-password', reset);
                router.get('/me', requireUser, me);
                router.put('/me', requireUser, change);
                router.delete('/me', requireUser, remove);

                guarded.use(requireUser);
                guarded.get('/a', list);
                guarded.post('/a', add);
                guarded.put('/a', requireAdmin, change);
                guarded.delete('/a', remove);

                router.put('/cart', (req, res) => {
                  if (!req.user) return res.sendStatus(401);
                  res.json({});
                });
            """,
        ),
        Example(
            language="javascript",
            path="orders.js",
            files={
                "app.js": """
                    import express from 'express';
                    import { requireUser } from './security.js';
                    import orders from './orders.js';

                    const app = express();
                    app.use('/orders', requireUser, orders);
                """
            },
            good="""
                import express from 'express';
                const router = express.Router();

                router.get('/', requireAdmin, list);
                router.get('/:id', requireAdmin, one);
                router.post('/', requireAdmin, add);
                router.delete('/:id', remove);

                export default router;
            """,
        ),
        Example(
            path="shop/orders.py",
            files={
                "shop/app.py": """
                    from fastapi import Depends, FastAPI
                    from shop import orders
                    from shop.security import current_user

                    app = FastAPI()
                    app.include_router(orders.router, dependencies=[Depends(current_user)])
                """
            },
            good="""
                from fastapi import APIRouter, Depends
                from shop.security import require_staff

                router = APIRouter(prefix="/orders")

                @router.post("", dependencies=[Depends(require_staff)])
                def add(): ...

                @router.put("/{code}", dependencies=[Depends(require_staff)])
                def change(code: str): ...

                @router.delete("/{code}", dependencies=[Depends(require_staff)])
                def remove(code: str): ...

                @router.post("/{code}/archive")
                def archive(code: str): ...
            """,
        ),
    ],
)
def check(file: CodeFile, _: None) -> Iterator[Finding]:
    for route, found in compared(file, "guards", lambda table: _compare(table, file)):
        if not _asks_itself(route):
            yield found


def _compare(table: list[Route], file: CodeFile) -> Iterator[tuple[Route, Finding]]:
    """The routes that lack a guard; whether their handlers ask themselves is not looked at."""
    groups: dict[object, list[Route]] = {}
    for route in table:
        groups.setdefault(same_router(route, file), []).append(route)
    for group in groups.values():
        found = list(_in_group(group))
        if found and not _is_behind(file):
            yield from found


def _in_group(group: list[Route]) -> Iterator[tuple[Route, Finding]]:
    bare = [route for route in group if not route.kept("auth guards", _guards)]
    bare = [route for route in bare if not route.kept("is open", _is_open)]
    counted = [route for route in group if not route.kept("is open", _is_open)]
    guards = {id(route): route.kept("auth guards", _guards) for route in counted}
    times = Counter(word for route in counted for word in guards[id(route)])
    common = times.most_common(1)
    if any(guard.lower().endswith(_ACCESS) for route in bare for guard in route.endpoint.guards):
        return  # another guard, of a name of its own
    if not common or common[0][1] < 0.75 * len(counted):
        return
    word = common[0][0]
    for route in bare:
        alike = [r for r in counted if _is_safe(r) == _is_safe(route) and r is not route]
        guarded = [r for r in alike if guards[id(r)]]
        if not guarded or len(guarded) != len(alike):
            continue
        first = guarded[0]
        related = ()
        if first.endpoint.home:
            there = Related(first.endpoint.span, "a sibling that has it", first.endpoint.home)
            related = (there,)
        words = f"no guard: {common[0][1]} of the {len(counted)} routes here have `{word}`"
        yield route, Finding(route.endpoint.span, words, related=related)


def _is_behind(file: CodeFile) -> bool:
    """Whether another file mounts this one's routers behind a guard, so that no route is open."""
    guards = file.flow.elsewhere.guards_above()
    return any(AUTH.search(guard) and not LIMITS.search(guard) for guard in guards)


def _guards(route: Route) -> tuple[str, ...]:
    return tuple(g for g in route.endpoint.guards if AUTH.search(g) and not LIMITS.search(g))


def _is_open(route: Route) -> bool:
    return _OPEN.search(route.words) is not None


def _is_safe(route: Route) -> bool:
    return route.endpoint.method in _SAFE


def _asks_itself(route: Route) -> bool:
    """Whether the handler looks at the caller itself, or is given them in a way not seen here."""
    handler = route.handler
    if not isinstance(handler, Function):
        return False
    if _is_safe(route) and _gives_a_constant(handler):
        return True
    if any(_CALLER.search(p.name) for p in handler.parameters):
        return True
    for statement in handler.body:
        for node in walk(statement):
            if isinstance(node, Member) and _CALLER.search(node.name):
                return True
            if isinstance(node, Name) and _CALLER.search(node.id):
                return True
    for parameter in handler.parameters:
        if parameter.annotation is not None:
            for node in walk(parameter.annotation):
                if isinstance(node, Name) and _CALLER.search(node.id):
                    return True
    return False


def _gives_a_constant(handler: Function) -> bool:
    """Whether a handler is given nothing and answers with what stands in the program."""
    nodes = [node for statement in handler.body for node in walk(statement)]
    answers = [node for node in nodes if isinstance(node, Return) and node.value is not None]
    return (
        not any(parameter.name != "self" for parameter in handler.parameters)
        and bool(answers)
        and all(node.method[:1].isupper() for node in nodes if isinstance(node, Call))
    )
