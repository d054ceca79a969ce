"""What each parameter, and each value put in as text, is for."""

from collections import Counter
from itertools import islice

from sqlglot import exp

from backend_expert.facts.query import Placeholder, Query, QueryHole
from backend_expert.ide.query_words.phrases import code, listed, ordinal
from backend_expert.ide.query_words.wording import Wording, shown

_MOST = 8
_MOST_SEEN = 200
_POSITIONS = {
    "identifier": "a name",
    "keyword": "a keyword",
    "fragment": "a piece of SQL",
    "value": "a value",
    "unknown": "text in a comment",
}


def parameter_lines(query: Query, wording: Wording) -> list[str]:
    """A line for the bound parameters and one for what is put in as text."""
    uses = _uses(query, wording)
    bound: list[Placeholder | QueryHole] = [
        mark for mark in query.placeholders if mark.position == "value" and not mark.is_quoted
    ]
    if query.binds:
        bound = [slot for slot in query.slots if slot.position == "value"]
    lines: list[str] = []
    if bound:
        lines.append(f"**Parameters**: {'; '.join(_named(bound, uses))}.")
    text = [slot for slot in query.slots if slot not in bound]
    if text:
        items = [f"{code(shown(slot))} ({_POSITIONS[slot.position]})" for slot in text]
        lines.append(f"**Put in as text**, not as parameters: {listed(items, most=_MOST)}.")
    return lines


def _named(bound: list[Placeholder | QueryHole], uses: dict[int, str]) -> list[str]:
    """Each parameter with its use; those without a name are counted."""
    items: dict[str, list[str]] = {}
    names = [shown(slot) for slot in bound]
    counts = Counter(names)
    for number, (slot, name) in enumerate(zip(bound, names, strict=True), 1):
        is_alone = counts[name] == 1
        is_nameless = name in ("?", "%s", "{}", "%d") and not is_alone
        key = f"{ordinal(number)} {code(name)}" if is_nameless else code(name)
        items.setdefault(key, []).append(uses.get(slot.start, "a value"))
    words = [f"{key} → {listed(list(dict.fromkeys(use)))}" for key, use in items.items()]
    return words if len(words) <= _MOST else [*words[:_MOST], f"{len(words) - _MOST} more"]


def _uses(query: Query, wording: Wording) -> dict[int, str]:
    """What the placeholder that starts at an offset is for."""
    uses: dict[int, str] = {}
    if query.expression is None:
        return uses
    for node in islice(query.expression.find_all(exp.Placeholder), _MOST_SEEN):
        slot = query.slot(node)
        if slot is not None:
            uses[slot.start] = _use(node, wording)
    return uses


def _use(node: exp.Expr, wording: Wording) -> str:
    """What a value is for: the column it is compared with, fills or sets; a number of rows."""
    below, above = node, node.parent
    while above is not None:
        if isinstance(above, exp.Limit | exp.Fetch):
            return "how many rows"
        if isinstance(above, exp.Offset):
            return "how many rows to skip"
        if isinstance(above, exp.Tuple) and (filled := _filled(above, below, wording)):
            return filled
        if isinstance(above, exp.Between | exp.In) and above.this is not below:
            return wording.code(above.this)
        if isinstance(above, exp.Binary | exp.Like) and not isinstance(above, exp.Connector):
            other = above.expression if above.this is below else above.this
            if other.find(exp.Column) is not None or isinstance(other, exp.AggFunc):
                return wording.code(other)
        if isinstance(above, exp.Where | exp.Having | exp.Query | exp.Values):
            break
        below, above = above, above.parent
    is_told = isinstance(node.parent, exp.Func | exp.Case | exp.Binary)
    return f"a value in {wording.code(node.parent)}" if node.parent and is_told else "a value"


def _filled(row: exp.Tuple, value: exp.Expr, wording: Wording) -> str:
    """The column that a value of an INSERT fills."""
    insert = row.find_ancestor(exp.Insert)
    if insert is None:
        return ""
    target = insert.this
    columns = target.expressions if isinstance(target, exp.Schema | exp.Tuple) else []
    index = next((at for at, item in enumerate(row.expressions) if item is value), None)
    if index is None or index >= len(columns) or len(columns) != len(row.expressions):
        return ""
    return code(wording.name(columns[index]))
