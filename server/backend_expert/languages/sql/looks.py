"""Is this string SQL, or does it only begin like it? "Select a file to update" is not."""

import re
from functools import lru_cache

from backend_expert.languages.patterns import compiled
from backend_expert.languages.sql.lexing import HOLE, bare, words
from backend_expert.languages.sql.shapes import VERBS, shape_of

# Blanks, comments, opening brackets, holes; then a word that a statement begins with.
FIRST = compiled(
    rf"(?:[\s({HOLE}]++|--[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/|\#[^\n]*+\n)*+({'|'.join(VERBS)})\b",
    re.IGNORECASE,
)
# Verbs that English has too, or that stand alone: only in capitals are they taken for SQL.
_IN_CAPITALS = words(
    "SET BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE LOCK GRANT REVOKE CALL COPY SHOW DO LISTEN NOTIFY "
    "UNLISTEN DECLARE VACUUM ANALYZE EXECUTE DEALLOCATE VALUES RENAME OPTIMIZE"
)
# Words that prose can hardly do without and SQL never has outside quotes.
_PROSE = compiled(
    r"(?<![.\w])(?:the|an|your|my|our|their|these|those|please|you|we|are|was|were|should|must"
    r"|will|could|would|been|its|it|here)(?![\w.(])",
    re.IGNORECASE,
)
_ENDS_AS_PROSE = compiled(r"(?:[^\W\d_]|\))(?: ?[!…]|\.|\?|:)\s*$")
_PUNCTUATION = compiled(rf"[=<>*(),;'\"`{HOLE}?:$@%{{\[]")
_RUN = compiled(r"\b[^\W\d]\w*(?:[ \t]+[^\W\d]\w*){1,}")
_KEYWORDS = words(
    "select from where and or not in is null like ilike between on using join left right inner "
    "outer full cross natural lateral group order by having limit offset fetch next rows row "
    "only union all except intersect distinct as case when then else end exists any some asc "
    "desc nulls last first over partition range window for update share of nowait skip locked "
    "returning values set into default with recursive interval cast at time zone collate escape "
    "true false filter within unnest table insert delete conflict do nothing constraint "
    "duplicate key ignore replace materialized separator regexp rlike similar to both leading "
    "trailing if merge matched ordinality unbounded preceding following current user low_priority "
    "straight_join force use index glob match sets rollup cube div mod xor binary against mode "
    "boolean language temporary symmetric isnull notnull"
)
_RUNLESS = frozenset(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "REPLACE", "MERGE"))


@lru_cache(maxsize=256)
def verb_of(raw: str, dialect: str) -> str | None:
    """The verb of the statement that `raw` (holes as NUL) begins with; None when it is no SQL."""
    found = FIRST.match(raw)
    if found is None:
        return None
    written, verb = found[1], found[1].upper()
    if verb in _IN_CAPITALS and written != verb:
        return None
    text = bare(raw[found.start(1) :], dialect).strip()
    rest = text[len(verb) :]
    if not shape_of(verb).match(rest) or _PROSE.search(rest) or _ENDS_AS_PROSE.search(text):
        return None
    if HOLE in raw[: found.start(1)] and written != verb:
        return None
    if verb in _RUNLESS and _is_sentence(written, rest, verb == "SELECT"):
        return None
    return verb


def _is_sentence(written: str, rest: str, is_select: bool) -> bool:
    """Whether names stand side by side as words of a sentence do."""
    is_capital = written.isupper()
    if not is_capital and not written.islower() and not _PUNCTUATION.search(rest):
        return True  # "Select items from cart": only prose begins with one capital letter.
    if is_select and not is_capital and re.match(r"\s+(?:all|any|from)\b", rest, re.IGNORECASE):
        return True
    for run in _RUN.finditer(rest):
        names = 0
        for found in re.finditer(r"\S+", run[0]):
            word = found[0]
            is_name = word.lower() not in _KEYWORDS and not (is_capital and word.isupper())
            names = names + 1 if is_name else 0
            if names > 2:
                return True
            is_pair = names == 2 and is_select and not is_capital
            if is_pair and _is_list(rest, run.start() + found.start()):
                return True
    return False


def _is_list(rest: str, at: int) -> bool:
    """Whether `at` lies in the SELECT list, where people write AS (or at least a bracket)."""
    return not re.search(r"\bfrom\b", rest[:at], re.IGNORECASE)
