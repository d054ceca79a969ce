"""The knowledge: one file a rule, ten folders, ten areas. A new file is a new rule."""

import logging
import pkgutil
from functools import cache
from importlib import import_module

from backend_expert.lint.rule import Rule

log = logging.getLogger(__name__)

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
    """Every rule, sorted by area (in the order of `AREAS`) and id.

    A file that cannot be imported is left out, said once in the log, and told by `broken_rules`.
    """
    _broken.clear()
    found: list[Rule] = []
    for area in AREAS:
        room = import_module(f"backend_expert.rules.{area}")
        for name in sorted(info.name for info in pkgutil.iter_modules(room.__path__)):
            if not name.startswith("_"):
                found += _rule_in(f"{room.__name__}.{name}")
    return tuple(found)


_broken: dict[str, str] = {}


def _rule_in(module: str) -> list[Rule]:
    try:
        check = import_module(module).check
        if not isinstance(check, Rule):
            raise TypeError("its `check` is no rule")
    except Exception as error:  # one broken rule never takes another down
        name = "/".join(module.split(".")[-2:]).replace("_", "-")
        _broken[name] = f"{type(error).__name__}: {error}"
        log.error("rule %s is left out, its file cannot be imported: %r", name, error)
        return []
    return [check]


def broken_rules() -> dict[str, str]:
    """The rules whose files cannot be imported, each with the error."""
    all_rules()
    return dict(_broken)


def rule_named(id: str) -> Rule | None:
    """The rule with this id, or that once had it."""
    return next((r for r in all_rules() if r.id == id or id in r.formerly), None)
