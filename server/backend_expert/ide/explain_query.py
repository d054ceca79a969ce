"""A query in plain words: what it does, clause by clause, and what may be slow."""

from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.ide.query_words.clauses import clause_lines
from backend_expert.ide.query_words.parameters import parameter_lines
from backend_expert.ide.query_words.phrases import code, sentence
from backend_expert.ide.query_words.reads import reading
from backend_expert.ide.query_words.schema import altering, creating, dropping
from backend_expert.ide.query_words.smells import smells_of
from backend_expert.ide.query_words.wording import Wording
from backend_expert.ide.query_words.writes import (
    deleting,
    emptying,
    inserting,
    merging,
    updating,
)

_MOST_LINES = 14
_OTHERS = {
    "ANALYZE": "Collects statistics, by which the database plans its queries",
    "BEGIN": "Begins a transaction",
    "CALL": "Calls a stored procedure",
    "COMMENT": "Writes a comment into the schema",
    "COMMIT": "Makes the changes of the transaction final",
    "COPY": "Copies rows between a table and a file or stream",
    "DO": "Runs a block of procedural code",
    "EXPLAIN": "Shows how the database would run a query",
    "GRANT": "Gives rights on a part of the database",
    "LISTEN": "Waits for notifications on a channel",
    "LOCK": "Locks a table until the transaction ends",
    "NOTIFY": "Sends a notification to a channel",
    "PRAGMA": "Reads or changes a setting of SQLite",
    "REFRESH": "Computes a materialized view anew",
    "REINDEX": "Builds indexes anew",
    "RELEASE": "Gives up a savepoint",
    "RENAME": "Renames a table",
    "REVOKE": "Takes rights away",
    "ROLLBACK": "Undoes the changes of the transaction",
    "SAVEPOINT": "Marks a point in the transaction to which one can return",
    "SET": "Changes a setting",
    "SHOW": "Shows a setting, or what is in the database",
    "START": "Begins a transaction",
    "VACUUM": "Frees the space of deleted rows",
}


def explain_query(query: Query) -> str:
    """Markdown for a hover: a sentence, the clauses, the parameters and what to look out for."""
    tree = query.expression
    if tree is None:
        return f"SQL that could not be read: {query.error or 'no reason known'}."
    wording = Wording(query)
    head, lines = _explained(tree, wording)
    if len(lines) > _MOST_LINES:
        left = len(lines) - _MOST_LINES + 1
        lines = [*lines[: _MOST_LINES - 1], f"… and {left} more clauses."]
    lines += parameter_lines(query, wording)
    if query.grows:
        lines.append("**May go on**: the code can add more to this query.")
    text = [f"**{sentence(head.replace('**', ''))}**"]
    if lines:
        text.append("\n".join(f"- {line}" for line in lines))
    smells = smells_of(tree, wording)
    if smells:
        text.append("Look out:\n" + "\n".join(f"- {smell}" for smell in smells))
    return "\n\n".join(text)


def _explained(tree: exp.Expr, wording: Wording) -> tuple[str, list[str]]:
    """The first sentence, and the lines below it."""
    if isinstance(tree, exp.Subquery):
        tree = tree.unnest()
    if isinstance(tree, exp.Insert):
        return inserting(tree, wording)
    if isinstance(tree, exp.Update):
        return updating(tree, wording)
    if isinstance(tree, exp.Delete):
        return deleting(tree, wording)
    if isinstance(tree, exp.Merge):
        return merging(tree, wording)
    if isinstance(tree, exp.TruncateTable):
        return emptying(tree, wording)
    if isinstance(tree, exp.Create):
        return creating(tree, wording)
    if isinstance(tree, exp.Alter):
        return altering(tree, wording)
    if isinstance(tree, exp.Drop):
        return dropping(tree, wording)
    if isinstance(tree, exp.Query | exp.Values):
        return reading(tree, wording), clause_lines(tree, wording)
    verb = wording.query.verb
    words = _OTHERS.get(verb)
    shown = code(
        wording.query.text if len(wording.query.text) < 80 else f"{wording.query.text[:78]} …"
    )
    return (f"{words}: {shown}" if words else f"Runs {shown}, which is not explained here"), []
