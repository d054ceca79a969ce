"""What a user may choose: which rules run, how severe they are, and where."""

import msgspec

from backend_expert.lint.rule import Rule, Severity


class PerPath(msgspec.Struct, frozen=True):
    """Choices for the files that match `pattern` (as in .gitignore)."""

    pattern: str
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True):
    """The settings of one workspace folder.

    select, ignore: rule ids, areas (`security`) or `*`. The more exact word wins: an ignored area
    with a selected rule of it runs that rule. severity: id or area to error, warning, information,
    hint. dialect: postgres, mysql or sqlite. exclude: further paths that are not checked.
    """

    select: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    severity: dict[str, str] = {}
    per_path: tuple[PerPath, ...] = ()
    exclude: tuple[str, ...] = ()
    dialect: str = ""

    def runs(self, rule: Rule) -> bool:
        """Whether a rule is switched on, per-path choices aside."""
        return chosen(rule, self.select, self.ignore)

    def severity_of(self, rule: Rule) -> Severity:
        """A rule's severity as the user wants it."""
        word = self.severity.get(rule.id) or self.severity.get(rule.area)
        return Severity[word.upper()] if word else rule.severity


def chosen(rule: Rule, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    """Whether `select` and `ignore` leave a rule switched on; the more exact word wins."""
    return _weight(rule, select) > _weight(rule, ignore)


def _weight(rule: Rule, words: tuple[str, ...]) -> int:
    best = 0
    for word in words:
        if word == rule.id or word in rule.formerly:
            return 3
        if word == rule.area:
            best = max(best, 2)
        elif word == "*":
            best = max(best, 1)
    return best


DEFAULTS = Settings()
