"""The knowledge: one file a rule, ten folders, ten areas. A new file is a new rule."""

import pkgutil
from functools import cache
from importlib import import_module

from backend_expert.lint.rule import Rule

AREAS = {
    "api": "API design",
    "database": "Database design",
    "performance": "Performance",
    "security": "Security",
    "errors": "Error handling",
    "testing": "Testing",
    "quality": "Code quality",
    "scalability": "Scalability",
    "consistency": "Data consistency",
    "observability": "Monitoring and observability",
}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by area (in the order of `AREAS`) and id."""
    found: list[Rule] = []
    for area in AREAS:
        room = import_module(f"backend_expert.rules.{area}")
        for module in sorted(info.name for info in pkgutil.iter_modules(room.__path__)):
            if not module.startswith("_"):
                found.append(import_module(f"{room.__name__}.{module}").check)
    return tuple(found)


def rule_named(id: str) -> Rule | None:
    """The rule with this id, or that once had it."""
    return next((r for r in all_rules() if r.id == id or id in r.formerly), None)
