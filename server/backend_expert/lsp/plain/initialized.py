"""Ready: watched files and settings are asked for."""

import contextlib
from typing import TYPE_CHECKING, Any

from backend_expert.lsp import settings
from backend_expert.lsp.calls import Unanswered
from backend_expert.lsp.capabilities import registrations

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

# Files beside the open ones whose change may change findings.
WATCHED = (
    "**/*.{py,pyi,js,cjs,mjs,jsx,ts,mts,cts,tsx,sql}",
    "**/{pyproject.toml,requirements*.txt,package.json,.backend-expert.toml,.backendexpertignore}",
    "**/{compose,docker-compose,application}*.{yml,yaml}",
    "**/{alembic.ini,schema.prisma,application*.properties,Makefile}",
    "**/{ruff,.ruff,.squawk}.toml",
    "**/{eslint.config,.eslintrc}*",
    "**/.git/{HEAD,packed-refs}",
    "**/.git/refs/{heads,remotes}/**",
    "**/{.env,env}*{.,-}{example,sample,template,dist,defaults}",
)


def handle(door: "Door", params: Any) -> None:
    door.tasks.start(_get_ready(door))


async def _get_ready(door: "Door") -> None:
    await settings.fetch(door)
    wanted = registrations(door.client, WATCHED)
    if wanted:
        with contextlib.suppress(Unanswered):
            await door.ask("client/registerCapability", {"registrations": wanted})
