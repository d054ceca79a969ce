"""A time without a zone means whatever its reader takes it for.

`utcnow()` and `now()` give no zone. The database stores it as if it were in the session's zone, a
comparison with an aware time raises, and a token expires an hour early in winter. Take the time in
UTC with its zone, and turn it into local time only where a person reads it.

Leave it off for civil time, where the wall clock itself is meant (opening hours, birthdays).
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Assign,
    Call,
    Collection,
    Entry,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

# Names of what holds an instant.
_INSTANT = pattern(
    r"_at$|_on$|^at$|expir|deadline|created|updated|modified|deleted|timestamp|^exp$|^iat$|^nbf$|valid|"
    r"last_|next_|since|until|_date$|_time$|^when|start|end|due|cutoff|threshold|scheduled|seen|logged",
    re.IGNORECASE,
)
_PLANNED = pattern(r"^(start|end|begin|due|from|until|since|when)|_(start|end)s?(_|$)|scheduled")
_DEFAULTS = frozenset(("default", "default_factory", "onupdate"))
# Claims of a token, which its libraries take for UTC when they have no zone.
_CLAIMS = frozenset(("exp", "iat", "nbf"))
_QUIET = ("log", "print", "span", "metric.label")


# Where a measurement began, which nobody keeps.
_MEASURES = pattern(r"profil|elapsed|interval|duration|benchmark", re.IGNORECASE)


@rule(
    title="Naive local time stored as an instant",
    severity=Severity.INFORMATION,
    languages=("python",),
    sources=("ruff DTZ003", "ruff DTZ005"),
    twins=("ruff DTZ003", "ruff DTZ005"),
    peers=("DTZ001", "DTZ002", "DTZ003", "DTZ004", "DTZ005"),
    in_scripts=False,
    beside=("clock.naive",),
    words=_DEFAULTS,
    examples=[
        Example(
            bad="""
                from datetime import datetime, timedelta

                def issue(customer):
                    expires_at = datetime.utcnow() + timedelta(hours=1)
                                 ^^^^^^^^^^^^^^^^^ UTC without its zone is kept as an instant
                    return store(customer, expires_at)
            """,
            good="""
                from datetime import datetime, timedelta, timezone

                def issue(customer):
                    expires_at = datetime.now(timezone.utc) + timedelta(hours=1)
                    return store(customer, expires_at)
            """,
        ),
        Example(
            bad="""
                import datetime

                def ship(order):
                    order.shipped_at = datetime.datetime.now()
                                       ^^^^^^^^^^^^^^^^^^^^^^^ local time without its zone is kept as an instant
                    order.save()
            """,
            good="""
                import datetime

                def ship(order):
                    order.shipped_at = datetime.datetime.now(datetime.timezone.utc)
                    order.save()
            """,
        ),
        Example(
            bad="""
                from datetime import datetime
                from sqlalchemy import Column, DateTime

                created_at = Column(DateTime, default=datetime.utcnow)
                                                      ^^^^^^^^^^^^^^^ `utcnow` gives a time without its zone
            """,
        ),
        Example(
            good="""
                import logging
                from datetime import datetime, timezone

                log = logging.getLogger(__name__)

                def run(job):
                    started = datetime.now()
                    job()
                    log.info("took %s, done at %s", datetime.now() - started, datetime.utcnow())
                    job.finished_at = datetime.now(timezone.utc)
                    job.other_at = datetime.now(tz=job.zone)
            """,
        ),
        Example(
            bad="""
                from datetime import datetime

                def is_over(offer):
                    return datetime.now() > offer.expires_at
                           ^^^^^^^^^^^^^^ local time without its zone is kept as an instant
            """,
        ),
        Example(
            good="""
                import jwt
                from datetime import datetime, timedelta

                def is_over(offer):
                    return datetime.utcnow() > offer.expires_at

                def ticket(guest, key):
                    claims = {"sub": guest, "iat": datetime.utcnow(), "exp": datetime.utcnow() + timedelta(hours=1)}
                    return jwt.encode(claims, key)
            """,
        ),
        Example(
            good="""
                from datetime import datetime

                def name(folder):
                    stamp = datetime.now().strftime("%Y-%m-%d")
                    year = datetime.now().year
                    seconds = datetime.now().timestamp()
                    return folder / f"{stamp}-{year}-{seconds}.csv"
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "clock.naive")
    if meaning is None:
        yield from _given_as_default(call, ctx)
        return
    zone = ctx.option(call, meaning, "tz")
    if zone.hidden or (zone.value is not None and not ctx.is_constant(zone.value, None)):
        return
    if not _is_kept(call, meaning, ctx):
        return
    what = "UTC" if _is_utc(call) else "local time"
    yield Finding(call.span, f"{what} without its zone is kept as an instant", _fix(call, ctx))


def _is_utc(call: Call) -> bool:
    return "utc" in call.method.lower()


def _given_as_default(call: Call, ctx: Context) -> Iterator[Finding]:
    """`default=datetime.utcnow`: the function itself, called for each row."""
    for argument in call.arguments:
        if argument.name in _DEFAULTS:
            value = argument.value
            if isinstance(value, Member) and ctx.has_role(value, "clock.naive"):
                yield Finding(value.span, f"`{value.name}` gives a time without its zone")


def _is_kept(call: Call, meaning: Meaning, ctx: Context) -> bool:
    """Whether the time goes where instants are kept: a field, a value with such a name."""
    for above in ctx.ancestors(call):
        if isinstance(above, Operation):
            if above.operator == "-" and _is_elapsed(above):
                return False
            if above.operator in ("<", "<=", ">", ">="):
                if _is_utc(call):
                    return False  # against what was kept in UTC as well
                # A planned start or end is mostly kept as the clock on the wall shows it.
                return any(
                    _names_instant(operand) and not _PLANNED.search(_word(operand))
                    for operand in above.operands
                )
            if above.operator not in ("+", "-"):
                return False
        elif isinstance(above, Member):
            if above.name not in ("replace", "isoformat"):
                return False
            outer = ctx.parent(above)
            if isinstance(outer, Call) and any(a.name == "tzinfo" for a in outer.arguments):
                return False
        elif isinstance(above, Assign):
            if _is_utc(call) and _is_for_claims(above, ctx):
                return False
            return _names_instant(above.targets[0]) and _is_durable(above)
        elif isinstance(above, Entry):
            key = above.key
            if _is_utc(call) and isinstance(key, Text) and key.value in _CLAIMS:
                return False
            return above.key is not None and _names_instant(above.key)
        elif isinstance(above, Argument):
            outer = ctx.parent(above)
            if isinstance(outer, Call) and ctx.meaning(outer, *_QUIET):
                return False
            if above.name:
                return bool(_INSTANT.search(above.name))
            return False
        elif not isinstance(above, Call | Collection):
            return False
    return False


def _is_elapsed(node: Operation) -> bool:
    """`now() - started`: a difference, not `now() - timedelta(days=1)`."""
    other = node.operands[1] if len(node.operands) > 1 else None
    if isinstance(other, Call):
        return other.method != "timedelta"
    word = other.id if isinstance(other, Name) else getattr(other, "name", "")
    return not str(word).isupper() and "delta" not in str(word).lower()


def _is_for_claims(assign: Assign, ctx: Context) -> bool:
    """Whether a variable is only used for a claim of a token, which is read as UTC."""
    function = ctx.function(assign)
    names = {target.id for target in assign.targets if isinstance(target, Name)}
    if function is None or not names:
        return False
    uses = [
        ctx.parent(node)
        for node in walk(function)
        if isinstance(node, Name) and node.id in names and not _is_set(node, ctx)
    ]
    return bool(uses) and all(_is_claim(use) for use in uses)


def _is_set(node: Name, ctx: Context) -> bool:
    above = ctx.parent(node)
    return isinstance(above, Assign) and any(target is node for target in above.targets)


def _is_claim(use: Node | None) -> bool:
    if isinstance(use, Argument):
        return use.name in _CLAIMS
    return isinstance(use, Entry) and isinstance(use.key, Text) and use.key.value in _CLAIMS


def _is_durable(assign: Assign) -> bool:
    """Whether a target's name says an instant that outlives the function, not a start to measure from."""
    for target in assign.targets:
        if isinstance(target, Member | Index):
            return not _MEASURES.search(getattr(target, "name", ""))
        if isinstance(target, Name):
            word = target.id.lower()
            return bool(
                re.search(r"_at$|expir|deadline|valid|created|updated|cutoff|until|since", word)
            )
    return False


def _word(node: Node) -> str:
    return node.name if isinstance(node, Member) else getattr(node, "id", "")


def _names_instant(node: Node) -> bool:
    if isinstance(node, Member):
        return bool(_INSTANT.search(node.name))
    if isinstance(node, Index):
        return _names_instant(node.key)
    if isinstance(node, Text):
        return bool(node.value and _INSTANT.search(node.value))
    return isinstance(node, Name) and bool(_INSTANT.search(node.id))


def _fix(call: Call, ctx: Context) -> Fix | None:
    """The same moment with its zone, in the way that the module is imported here."""
    callee = call.callee
    if not isinstance(callee, Member) or callee.name not in ("utcnow", "now") or call.arguments:
        return None
    written = ctx.source(callee.object)
    if written.endswith(".datetime"):
        zone, imports = f"{written.removesuffix('.datetime')}.timezone.utc", ()
    elif written == "datetime":
        zone, imports = "timezone.utc", ("from datetime import timezone",)
    else:
        return None
    edit = ctx.replace(call, f"{written}.now({zone})")
    return Fix("Take it with its zone", (edit,), imports, is_sure=False)
