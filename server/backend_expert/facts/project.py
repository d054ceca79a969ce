"""What rules may know of the project around a file: plain facts, collected beforehand."""

from collections.abc import Callable

import msgspec

from backend_expert.facts.linters import NO_LINTERS, Linters


class Environment(msgspec.Struct, frozen=True):
    """The environment variables that a project's own files tell of.

    files: those that list what a deployment must set, from the root, with `/`; none when there is
    no such list, or when others that are not read may set more. names: all that are named in
    these, in deployment files and in documents.
    """

    files: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


def _no_environment() -> Environment:
    return Environment()


class Project(msgspec.Struct, frozen=True):
    """The project's own facts.

    technologies: ids of technology files that were detected. dependencies: name to version as
    written (`^4.18.2`, `==2.0.1`, empty when unpinned). dialect: of its SQL, or empty.
    has_logger: whether service code logs through a logger somewhere. atomic_requests: whether
    settings put each request into a transaction. autocommit: whether connections are set up to
    commit each statement by itself. linters: what other linters are set to report.
    read_environment: see `environment`; it reads files when first called, and gives the same each
    time.
    """

    root: str = ""
    technologies: frozenset[str] = frozenset()
    dependencies: dict[str, str] = {}
    dialect: str = ""
    has_logger: bool = False
    atomic_requests: bool = False
    autocommit: bool = False
    linters: Linters = NO_LINTERS
    read_environment: Callable[[], Environment] = _no_environment

    @property
    def environment(self) -> Environment:
        """The environment variables that the project declares."""
        return self.read_environment()

    def major(self, dependency: str) -> int | None:
        """The major version of a dependency, None when it is unknown."""
        version = self.dependencies.get(dependency, "")
        digits = "".join(c if c.isdigit() else " " for c in version).split()
        return int(digits[0]) if digits else None


NO_PROJECT = Project()
