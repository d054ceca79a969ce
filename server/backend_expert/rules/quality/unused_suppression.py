"""A comment that silences nothing hides the next fault: it was written for code that has changed.

Remove it; what it silenced is gone, or has moved to another line. Peers' comments are left alone,
since they may silence something of theirs.

Leave the rule off while you bring several branches together whose comments belong to each other.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile


@rule(
    title="Suppression that silences nothing",
    severity=Severity.INFORMATION,
    languages=("python", "javascript", "sql"),
    sources=("ruff RUF100", "eslint --report-unused-disable-directives"),
    in_tests=True,
    in_migrations=True,
    examples=[
        Example(
            bad="""
                total = 1 + 1  # backend-expert: ignore[quality/unused-suppression] it was slow
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this comment silences nothing
            """,
            good="""
                total = 1 + 1
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const total = 1 + 1; // backend-expert: ignore[quality/unused-suppression]
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this comment silences nothing
            """,
            good="""
                const total = 1 + 1;
            """,
        ),
        Example(
            language="sql",
            bad="""
                SELECT 1; -- backend-expert: ignore[quality/unused-suppression]
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this comment silences nothing
            """,
            good="""
                SELECT 1;
            """,
        ),
        Example(good="total = 1 + 1  # noqa: S113"),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    """The machine itself reports these, once it knows what every comment has silenced."""
    yield from ()
