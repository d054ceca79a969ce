"""Which branch of a migration is for which database."""

import re

from backend_expert.facts.code import Branch, Call
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_DATABASE = pattern(r"postgres(?:ql)?|psycopg|\bpg\b|mysql|mariadb|sqlite|mssql|oracle", re.I)
_NAMES = {"postgresql": "postgres", "psycopg": "postgres", "pg": "postgres", "mariadb": "mysql"}
_NOT = pattern(r"!=|\bnot\b|!")


def is_for_another(call: Call, ctx: Context, dialect: str) -> bool:
    """Whether a test around `call` asks for the database, and it is not `dialect` there."""
    below = call
    for above in ctx.ancestors(call):
        if isinstance(above, Branch):
            test = ctx.source(above.test)
            asked = {_NAMES.get(w.lower(), w.lower()) for w in _DATABASE.findall(test)}
            is_then = any(below is statement for statement in above.then)
            is_other = any(below is statement for statement in above.other)
            if asked and (is_then or is_other):
                is_named = is_then is (_NOT.search(test) is None)
                if is_named is (dialect not in asked):
                    return True
        below = above
    return False
