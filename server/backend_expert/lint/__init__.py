"""The machine: what a rule is, and how findings come of facts. Knows no rule by name."""

from backend_expert.lint.context import CodeFile, Context
from backend_expert.lint.finding import Finding, Fix, Related
from backend_expert.lint.rule import Example, Rule, Severity, rule

__all__ = [
    "CodeFile",
    "Context",
    "Example",
    "Finding",
    "Fix",
    "Related",
    "Rule",
    "Severity",
    "rule",
]
