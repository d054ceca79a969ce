r"""The outline that a statement of each verb has, by which SQL is told from prose.

In these forms a blank stands for `\s+`, `~` for `\s*`, `<n>` for a name (a table, say, perhaps
with holes in it) and `<hole>` for a hole or a placeholder. They match what follows the verb, in a
text whose strings are empty and whose comments are gone.
"""

import re
from functools import cache

from backend_expert.languages.sql.lexing import HOLE

_OBJECTS = (
    "(?:FOREIGN )?TABLE|INDEX|(?:MATERIALIZED )?VIEW|SEQUENCE|TYPE|SCHEMA|DATABASE|FUNCTION"
    "|PROCEDURE|ROLE|USER|DOMAIN|EXTENSION|POLICY|TRIGGER|EVENT|RULE|PUBLICATION|SUBSCRIPTION"
    "|AGGREGATE|DEFAULT PRIVILEGES|SYSTEM|SERVER"
)
_CREATED = (
    "(?:OR REPLACE|TEMP|TEMPORARY|UNIQUE|UNLOGGED|GLOBAL|LOCAL|MATERIALIZED|VIRTUAL|RECURSIVE"
    r"|FULLTEXT|SPATIAL|CONSTRAINT|DEFINER~=~\S+|ALGORITHM~=~\w+|SQL SECURITY \w+)"
)
_ABSENT = "(?:IF NOT EXISTS )?"
_END = "~(?:$|;|<hole>)"

_SHAPES: dict[str, tuple[str, ...]] = {
    "SELECT": (
        r"(?=[^\w])[^;]*?[^\w.]FROM~(?:<n>|\(|['\"@])",
        r"~(?:DISTINCT )?(?:[-+(]*\d|['(@:?$%]|<hole>|[\w.]+\()",
        r" (?:NOT|CASE|NULL|TRUE|FALSE|EXISTS|CURRENT_\w+)\b",
    ),
    "INSERT": (
        r" (?:\w+ ){0,3}INTO <n>~(?:\(|\b(?:VALUES?|SELECT|SET|DEFAULT|WITH|AS|OVERRIDING)\b)",
        r" (?:\w+ ){0,3}INTO <n>" + _END,
    ),
    "UPDATE": (
        r" (?:(?:ONLY|IGNORE|LOW_PRIORITY|OR \w+) )?<n>(?: (?:AS )?\w+)?"
        r"(?:~,[^;=]*?| (?:\w+ )?JOIN\s[^;]*?)? SET (?:<n>~=|\(|<n>~<hole>|<hole>)",
        r" <n> SET" + _END,
    ),
    "DELETE": (
        r" FROM (?:ONLY )?<n>" + _END,
        r" FROM (?:ONLY )?<n>(?: (?:AS )?\w+)?"
        r" (?:WHERE|USING|RETURNING|ORDER|LIMIT|JOIN|INNER|LEFT|CROSS)\b",
        r" [\w.*,]+(?:~,~[\w.*]+)* FROM <n>(?: (?:AS )?\w+)?"
        r" (?:INNER |LEFT )?(?:JOIN|WHERE|USING)\b",
    ),
    "WITH": (r" (?:RECURSIVE )?<n>~(?:\([^)]*\)~)?AS~(?:(?:NOT )?MATERIALIZED~)?(?:\(|<hole>)",),
    "MERGE": (r" (?:INTO )?<n>.*\sUSING\s.*\sON\s.*\sWHEN\s",),
    "REPLACE": (r" INTO <n>~(?:\(|\b(?:VALUES?|SELECT|SET)\b)", " INTO <n>" + _END),
    "CREATE": (
        rf" (?:{_CREATED} )*(?:FOREIGN )?TABLE {_ABSENT}<n>~"
        r"(?:\(|<hole>|\b(?:AS|LIKE|PARTITION|USING|OF|INHERITS|SELECT)\b)",
        rf" (?:{_CREATED} )*INDEX (?:CONCURRENTLY )?{_ABSENT}(?:<n> )?(?:USING \w+ )?ON (?:ONLY )?"
        r"<n>~(?:\(|USING\b)",
        rf" (?:{_CREATED} )*VIEW\s.*?\sAS[\s(]",
        rf" (?:{_CREATED} )*TRIGGER\s.*?\s(?:BEFORE|AFTER|INSTEAD)\s",
        rf" (?:{_CREATED} )*(?:FUNCTION|PROCEDURE|AGGREGATE) {_ABSENT}<n>~\(",
        rf" (?:{_CREATED} )*(?:TYPE|DOMAIN) <n> AS\b",
        rf" (?:{_CREATED} )*(?:SCHEMA|DATABASE|EXTENSION|SEQUENCE) {_ABSENT}<n>~(?:$|;|(?:WITH"
        r"|START|INCREMENT|AS|OWNED|AUTHORIZATION|CHARACTER|DEFAULT|COLLATE|OWNER|ENCODING|SCHEMA)\b)",
        rf" (?:USER|ROLE) {_ABSENT}(?:<n>|''(?:@'')?)~(?:WITH|LOGIN|PASSWORD|IDENTIFIED|IN ROLE)\b",
        r" (?:POLICY|RULE|EVENT|PUBLICATION|SUBSCRIPTION|SERVER|STATISTICS) <n>"
        r" (?:ON|AS|FOR|FOREIGN)\b",
    ),
    "ALTER": (
        rf" (?:{_OBJECTS})\s.*?\b(?:ADD|DROP|ALTER|RENAME|SET|RESET|OWNER|ENABLE|DISABLE|MODIFY"
        r"|CHANGE|ATTACH|DETACH|VALIDATE|ENGINE|CONVERT|CLUSTER|INHERIT|RESTART|GRANT|REVOKE"
        r"|AUTO_INCREMENT|COMMENT|REPLICA|FORCE|WITH|IDENTIFIED|REFRESH|DEFAULT)\b",
        r" TABLE <n> <hole>",
    ),
    "DROP": (
        rf" (?:TEMPORARY )?(?:{_OBJECTS}) (?:CONCURRENTLY )?(?:IF EXISTS )?<n>~(?:\([^)]*\)~)?"
        rf"(?:,[^;]*)?(?:ON <n>~)?(?:CASCADE|RESTRICT)?{_END}",
    ),
    "TRUNCATE": (
        r" (?:TABLE )?(?:ONLY )?<n>~(?:,[^;]*|(?:RESTART|CONTINUE) IDENTITY)?~(?:CASCADE|RESTRICT)?"
        + _END,
    ),
    "EXPLAIN": (
        r"(?:~\([^)]*\)| (?:ANALYZE|VERBOSE|EXTENDED|QUERY PLAN|FORMAT\s*=\s*\w+))*"
        r"~(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\s",
    ),
    "PRAGMA": (r" [\w.]+~(?:=|\(|;|$)",),
    "SET": (
        r" (?:(?:LOCAL|SESSION|GLOBAL) )?(?:[@\w.]+~=|[\w.]+ TO\s)",
        r" (?:(?:LOCAL|SESSION) )?(?:TRANSACTION|NAMES|ROLE|TIME ZONE|CONSTRAINTS)\s",
    ),
    "BEGIN": (r"~(?:$|;|\b(?:WORK|TRANSACTION|IMMEDIATE|EXCLUSIVE|DEFERRED|ISOLATION|READ)\b)",),
    "START": (r" TRANSACTION\b",),
    "COMMIT": (r"~(?:$|;|\b(?:WORK|TRANSACTION|PREPARED|AND)\b)",),
    "ROLLBACK": (r"~(?:$|;|\b(?:WORK|TRANSACTION|PREPARED|TO|AND)\b)",),
    "SAVEPOINT": (" <n>" + _END,),
    "RELEASE": (" SAVEPOINT <n>" + _END,),
    "LOCK": (" TABLES? <n>",),
    "GRANT": (r" .+\sTO\s",),
    "REVOKE": (r" .+\sFROM\s",),
    "CALL": (r" <n>~\(",),
    "COPY": (r" (?:<n>~(?:\([^)]*\)~)?|\(.*\)~)(?:FROM|TO) (?:STDIN|STDOUT|PROGRAM|''|<hole>)",),
    "REINDEX": (r" (?:\([^)]*\)~)?(?:TABLE|INDEX|SCHEMA|DATABASE) (?:CONCURRENTLY )?<n>" + _END,),
    "REFRESH": (" MATERIALIZED VIEW (?:CONCURRENTLY )?<n>",),
    "COMMENT": (rf" ON (?:{_OBJECTS}|COLUMN|CONSTRAINT)\s.*\sIS\s",),
    "LISTEN": (" <n>" + _END,),
    "NOTIFY": ("(?: <n>)~(?:$|;|,)",),
    "UNLISTEN": (r" (?:<n>|\*)" + _END,),
    "VALUES": (r"~\(.*\)",),
    "SHOW": (
        " (?:FULL )?(?:TABLES|DATABASES|COLUMNS|INDEX|CREATE TABLE|VARIABLES|STATUS|KEYS)\b",
        " [a-z_]+" + _END,
    ),
    "DECLARE": (r" <n> (?:\w+ )*CURSOR\b",),
    "DO": (r" (?:LANGUAGE \w+ )?''",),
    "RENAME": (r" TABLE <n> TO\s",),
    "ATTACH": (r" (?:DATABASE )?(?:''|<hole>)~AS\s",),
    "DETACH": (" DATABASE <n>" + _END,),
    "OPTIMIZE": (" TABLE <n>" + _END,),
    "PREPARE": (r" <n>~(?:\([^)]*\)~)?(?:AS|FROM)\s",),
    "EXECUTE": (r" <n>~\(",),
    "DEALLOCATE": (" (?:PREPARE )?<n>" + _END,),
    "VACUUM": (r"(?: \([^)]*\))?(?: (?:FULL|FREEZE|VERBOSE|ANALYZE))*(?: [\w.\"]+)?" + _END,),
    "ANALYZE": (r"(?: (?:TABLE|VERBOSE))?(?: [\w.\"]+)?~(?:\([^)]*\))?" + _END,),
}
VERBS = tuple(_SHAPES)

_NAME = rf"(?:[\w.$%{{}}\-\[\]{HOLE}]|\"named\")+"
_FILLED = rf"[{HOLE}%{{?:$@]"


@cache
def shape_of(verb: str) -> re.Pattern[str]:
    """The outline of what follows `verb`."""
    form = "|".join(f"(?:{shape})" for shape in _SHAPES[verb])
    form = form.replace(" ", r"\s+").replace("~", r"\s*")
    form = form.replace("<n>", _NAME).replace("<hole>", _FILLED)
    return re.compile(form, re.IGNORECASE | re.DOTALL)
