"""What rules may know of the project around a file: plain facts, collected beforehand."""

import msgspec


class Project(msgspec.Struct, frozen=True):
    """The project's own facts.

    technologies: ids of technology files that were detected. dependencies: name to version as
    written (`^4.18.2`, `==2.0.1`, empty when unpinned). dialect: of its SQL, or empty.
    has_logger: whether service code logs through a logger somewhere. atomic_requests: whether
    settings put each request into a transaction. autocommit: whether connections are set up to
    commit each statement by itself.
    """

    root: str = ""
    technologies: frozenset[str] = frozenset()
    dependencies: dict[str, str] = {}
    dialect: str = ""
    has_logger: bool = False
    atomic_requests: bool = False
    autocommit: bool = False

    def major(self, dependency: str) -> int | None:
        """The major version of a dependency, None when it is unknown."""
        version = self.dependencies.get(dependency, "")
        digits = "".join(c if c.isdigit() else " " for c in version).split()
        return int(digits[0]) if digits else None


NO_PROJECT = Project()
