"""What a user may choose: which rules run, how severe they are, and where."""

from functools import cached_property
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from pathspec import GitIgnoreSpec

from backend_expert.lint.rule import Rule, Severity

Word = Literal["error", "warning", "information", "hint"]

_SELECT = Meta(
    description="Rules to run: ids, areas (`security`) or `*` for all.",
    examples=[["*"], ["security", "database/select-star"]],
)
_IGNORE = Meta(
    description="Rules not to run, written as in `select`. The more exact word wins: an ignored "
    "area with a selected rule of it runs that rule; of two words alike, `ignore` wins.",
    examples=[["testing"], ["performance/query-in-loop"]],
)
_SEVERITY = Meta(
    description="Another severity for a rule or an area: `error`, `warning`, `information` or "
    "`hint`.",
    examples=[{"security": "error", "errors/http-call-no-timeout": "hint"}],
)
_PER_PATH = Meta(
    description="Choices for the files that match a pattern (as in `.gitignore`, from the "
    "settings file's folder): `select`, `ignore` and `severity` as above. A later pattern wins.",
    examples=[{"legacy/**": {"ignore": ["performance"]}}],
)
_EXCLUDE = Meta(
    description="Paths that are not checked, as patterns like those of `.gitignore`. What "
    "`.gitignore` and `.backendexpertignore` name, and vendored and generated files, are left "
    "out anyway.",
    examples=[["legacy/", "*_old.py"]],
)
_DIALECT = Meta(
    description="The SQL dialect: `postgres`, `mysql` or `sqlite`. Empty: told from the project's "
    "dependencies, connection URLs and migrations.",
    pattern="^(postgres|mysql|sqlite)?$",
    examples=["postgres"],
)


_MIGRATIONS = Meta(
    description="Which migrations are checked. `changed`: those that are new, or differ from the "
    "repository's default branch; what is merged is history and cannot be changed. `all`: every "
    "one. Without a repository, or when it cannot be read, every one is checked.",
    examples=["changed", "all"],
)


class PerPath(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Choices for some files, made above those for all."""

    select: Annotated[tuple[str, ...], _SELECT] = ()
    ignore: Annotated[tuple[str, ...], _IGNORE] = ()
    severity: Annotated[dict[str, Word], _SEVERITY] = {}


class Settings(msgspec.Struct, frozen=True, dict=True, rename="kebab", forbid_unknown_fields=True):
    """The settings of one workspace folder. Each field's description is its documentation."""

    select: Annotated[tuple[str, ...], _SELECT] = ("*",)
    ignore: Annotated[tuple[str, ...], _IGNORE] = ()
    severity: Annotated[dict[str, Word], _SEVERITY] = {}
    per_path: Annotated[dict[str, PerPath], _PER_PATH] = {}
    exclude: Annotated[tuple[str, ...], _EXCLUDE] = ()
    dialect: Annotated[str, _DIALECT] = ""
    migrations: Annotated[Literal["changed", "all"], _MIGRATIONS] = "changed"

    def runs(self, rule: Rule) -> bool:
        """Whether a rule is switched on, per-path choices aside."""
        return chosen(rule, self.select, self.ignore)

    def names(self, rule: Rule) -> bool:
        """Whether a rule is selected by its own id."""
        return any(id in self.select for id in (rule.id, *rule.formerly))

    def severity_of(self, rule: Rule) -> Severity:
        """A rule's severity as the user wants it."""
        word = self.severity.get(rule.id) or self.severity.get(rule.area)
        return Severity[word.upper()] if word else rule.severity

    def patterns_for(self, path: str) -> tuple[str, ...]:
        """The patterns of `per_path` that match a path, relative to the settings' folder."""
        return tuple(pattern for pattern, spec in self._specs if spec.match_file(path))

    def excludes(self, path: str) -> bool:
        """Whether a path, relative to the settings' folder, is not checked; folders end in `/`."""
        return self._excluded.match_file(path)

    def at(self, patterns: tuple[str, ...]) -> "Settings":
        """The settings of files that match these patterns of `per_path`.

        A pattern's word stands above one as exact for all files: what it ignores is no longer
        selected, and the other way round.
        """
        select, ignore, severity = self.select, self.ignore, self.severity
        for pattern in patterns:
            more = self.per_path[pattern]
            select = (*(w for w in select if w not in more.ignore), *more.select)
            ignore = (*(w for w in ignore if w not in more.select), *more.ignore)
            severity = severity | more.severity
        if not patterns:
            return self
        return msgspec.structs.replace(
            self, select=select, ignore=ignore, severity=severity, per_path={}
        )

    @cached_property
    def _excluded(self) -> GitIgnoreSpec:
        return GitIgnoreSpec.from_lines(self.exclude)

    @cached_property
    def _specs(self) -> list[tuple[str, GitIgnoreSpec]]:
        return [(pattern, GitIgnoreSpec.from_lines([pattern])) for pattern in self.per_path]


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
