"""`backendExpert.explainRule`: the page of a rule."""

from typing import TYPE_CHECKING, Any

from backend_expert.ide.pages import page_of
from backend_expert.lsp.beyond.shapes import RuleName
from backend_expert.lsp.commands.arguments import argument
from backend_expert.rules import all_rules

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    name = argument(arguments, RuleName).rule
    for rule in all_rules():
        if name in (rule.id, *rule.formerly):
            return {"markdown": page_of(rule)}
    raise ValueError(f"there is no rule {name}")
