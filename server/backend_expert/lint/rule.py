"""What a rule is: a check with its page, its metadata and its executable examples."""

import enum
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from backend_expert.lint.finding import Finding


class Severity(enum.IntEnum):
    """How bad it is, in LSP's numbers. Error only where the program is wrong or exploitable."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4

    @property
    def word(self) -> str:
        """`error`, `warning`, `information` or `hint`."""
        return self.name.lower()


class Example(msgspec.Struct, frozen=True):
    """Code that must be found (`bad`, with caret marks) or must not (`good`).

    A mark is a line of carets under the code and the finding's message, after an optional comment
    leader; marks and findings must agree exactly. When the finding has a fix, `good` is `bad`
    after it. An example with only `good` is a near miss. `path` matters to rules that look at it,
    `dialect`, `dependencies` (name to version) and `environment` (the variables that its
    `.env.example` declares) to those that ask the project, `files` (text by path) to those that
    look into other files. With `related`, the places that a finding points to are marked as well.
    """

    good: str = ""
    bad: str = ""
    language: str = "python"
    path: str = ""
    dialect: str = ""
    dependencies: dict[str, str] = {}
    environment: tuple[str, ...] = ()
    files: dict[str, str] = {}
    related: bool = False

    @property
    def good_text(self) -> str:
        """The good code without the indentation of the file it is written in."""
        return _dedented(self.good)

    @property
    def bad_text(self) -> str:
        """The bad code with its marks, without the indentation of the file it is written in."""
        return _dedented(self.bad)

    @property
    def other_files(self) -> dict[str, str]:
        """The other files without the indentation of the file they are written in."""
        return {path: _dedented(text) for path, text in self.files.items()}


def _dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n" if text else ""


Check = Callable[..., Iterable[Finding]]


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A rule. Its id is its path: `rules/security/sql_injection.py` is `security/sql-injection`.

    shape: the fact that `check` takes, by class, or several (`Call | Assign`).
    page: the module's docstring.
    languages: language families it speaks of; in others it never runs.
    in_tests, in_migrations, in_scripts: whether it looks at such files too.
    only_in_tests: whether it looks at tests and nothing else.
    in_merged: whether it looks at migrations that are on the default branch as they stand. They
        are history, so only what can still be mended elsewhere is worth saying there.
    needs, beside, words, target: what must be there for it to have anything to say. They change no
        finding: they spare the asking, so each must follow from what `check` asks first.
        needs: roles of which one must be there: the call's own, or of what it calls, for a call;
        those of any call in the file for a file. Other facts are not held to it.
        beside: roles of which one must be among those of the item's calls, for any fact of it.
        Both may hold the words that `flow.reading` adds to the roles, `beside` also `query`, for
        an item with SQL. words: the same of the item's identifiers, in place of such a role.
        target: shapes of which an assignment's first target must be.
    twins: those of its sources that report the very same (`ruff S113`). Where a project has all of
        a linter's switched on, it has it said already, and this rule is off unless selected by id.
    peers: comments of other linters that silence it, as `noqa` codes or `nosec` ids.
    """

    id: str
    title: str
    severity: Severity
    page: str
    check: Check
    shape: type[Any]
    languages: frozenset[str]
    examples: tuple[Example, ...]
    cwe: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    in_tests: bool = False
    in_migrations: bool = False
    in_scripts: bool = True
    only_in_tests: bool = False
    in_merged: bool = False
    needs: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    target: frozenset[type[Any]] = frozenset()

    @property
    def area(self) -> str:
        """The folder it lies in, one of the ten areas."""
        return self.id.partition("/")[0]


def rule(
    *,
    title: str,
    severity: Severity,
    languages: Iterable[str],
    examples: Iterable[Example],
    cwe: Iterable[int] = (),
    sources: Iterable[str] = (),
    twins: Iterable[str] = (),
    tags: Iterable[str] = (),
    peers: Iterable[str] = (),
    formerly: Iterable[str] = (),
    in_tests: bool = False,
    in_migrations: bool = False,
    in_scripts: bool = True,
    only_in_tests: bool = False,
    in_merged: bool = False,
    needs: Iterable[str] = (),
    beside: Iterable[str] = (),
    words: Iterable[str] = (),
    target: Iterable[type[Any]] = (),
) -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
    """Makes a rule of a check function: `check(fact, ctx) -> Iterator[Finding]`.

    The annotation of the first parameter is the shape that the rule subscribes to; the module's
    path gives the id and its docstring the page.
    """

    def make(check: Callable[..., Iterator[Finding]]) -> Rule:
        module = inspect.getmodule(check)
        area, name = check.__module__.split(".")[-2:]
        shape = next(iter(check.__annotations__.values()))
        return Rule(
            id=f"{area}/{name.replace('_', '-')}",
            title=title,
            severity=severity,
            page=inspect.cleandoc((module.__doc__ if module else None) or ""),
            check=check,
            shape=shape,
            languages=frozenset(languages),
            examples=tuple(examples),
            cwe=tuple(cwe),
            sources=tuple(sources),
            twins=tuple(twins),
            tags=tuple(tags),
            peers=tuple(peers),
            formerly=tuple(formerly),
            in_tests=in_tests,
            in_migrations=in_migrations,
            in_scripts=in_scripts,
            only_in_tests=only_in_tests,
            in_merged=in_merged,
            needs=frozenset(needs),
            beside=frozenset(beside),
            words=frozenset(words),
            target=frozenset(target),
        )

    return make
