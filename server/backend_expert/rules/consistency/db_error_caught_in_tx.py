"""A database error is caught inside the transaction that it broke, and the work goes on.

PostgreSQL answers everything after a failed statement with "current transaction is aborted", and
Django and SQLAlchemy refuse to go on by themselves. The rescue therefore never works, and what was
written before is lost with it. Put the statement that may fail into a savepoint of its own.

Leave it off where the handler ends the transaction in a way that this file does not show.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Expression,
    Function,
    Handler,
    Loop,
    Node,
    Raise,
    Return,
    Try,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.regions import opened_here
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_DATABASE = pattern(
    r"IntegrityError|DatabaseError|OperationalError|DataError|ProgrammingError|InternalError"
    r"|DBAPIError|SQLAlchemyError|UniqueViolation|ForeignKeyViolation|CheckViolation|NotNullViolation"
    r"|psycopg2?\.Error|asyncpg\.\w*Error"
)
_RUNS = ("sql.execute", "orm.write", "orm.flush", "orm.read", "document.write")


@rule(
    title="Database error caught inside its transaction",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(755,),
    tags=("transactions", "errors"),
    examples=[
        Example(
            bad="""
                from django.db import IntegrityError, models, transaction

                class Tag(models.Model): ...

                def attach(post, names):
                    with transaction.atomic():
                        post.save()
                        for name in names:
                            try:
                                Tag.objects.create(post=post, name=name)
                            except IntegrityError:
                                   ^^^^^^^^^^^^^^ the failed statement broke the transaction: later ones fail too
                                continue
            """,
            good="""
                from django.db import IntegrityError, models, transaction

                class Tag(models.Model): ...

                def attach(post, names):
                    with transaction.atomic():
                        post.save()
                        for name in names:
                            try:
                                with transaction.atomic():
                                    Tag.objects.create(post=post, name=name)
                            except IntegrityError:
                                continue
            """,
        ),
        Example(
            bad="""
                from sqlalchemy.exc import IntegrityError
                from sqlalchemy.orm import Session

                def register(session: Session, user):
                    with session.begin():
                        session.add(user)
                        try:
                            session.flush()
                        except IntegrityError:
                               ^^^^^^^^^^^^^^ the failed statement broke the transaction: later ones fail too
                            user.name = user.name + "2"
                        session.add(Welcome(user))
            """,
        ),
        Example(
            language="javascript",
            dialect="postgres",
            bad="""
                const knex = require('knex')({ client: 'pg' });

                async function attach(post, names) {
                  await knex.transaction(async (trx) => {
                    for (const name of names) {
                      try {
                        await trx('tags').insert({ post, name });
                      } catch (error) {
                        ^^^^^^^^^^^^^^^ the failed statement broke the transaction: later ones fail too
                        logger.info('there already');
                      }
                    }
                  });
                }
            """,
        ),
        Example(
            good="""
                from django.db import IntegrityError, models, transaction

                class Tag(models.Model): ...

                def saved(post, name):
                    with transaction.atomic():
                        post.save()
                        try:
                            with transaction.atomic():
                                Tag.objects.create(post=post, name=name)
                        except IntegrityError:
                            pass
                        post.save()

                def outside(post, name):
                    try:
                        with transaction.atomic():
                            Tag.objects.create(post=post, name=name)
                    except IntegrityError:
                        pass
                    post.save()

                def passed_on(post, name):
                    with transaction.atomic():
                        try:
                            Tag.objects.create(post=post, name=name)
                        except IntegrityError as error:
                            raise ValueError("there already") from error
                        post.save()

                def last(post, name):
                    with transaction.atomic():
                        post.save()
                        try:
                            Tag.objects.create(post=post, name=name)
                        except IntegrityError:
                            report(name)

                def other(post, name):
                    with transaction.atomic():
                        try:
                            Tag.objects.create(post=post, name=int(name))
                        except ValueError:
                            pass
                        post.save()
            """,
        ),
        Example(
            language="javascript",
            dialect="mysql",
            good="""
                const knex = require('knex')({ client: 'mysql2' });

                async function attach(post, name) {
                  await knex.transaction(async (trx) => {
                    try {
                      await trx('tags').insert({ post, name });
                    } catch (error) {
                      logger.info('there already');
                    }
                    await trx('posts').insert({ post });
                  });
                }
            """,
        ),
    ],
)
def check(fact: Try, ctx: Context) -> Iterator[Finding]:
    held = ctx.transaction(fact)
    if held is None or not _is_direct(fact, held, ctx):
        return
    calls = [n for s in fact.body for n in walk(s) if isinstance(n, Call)]
    failing = [call for call in calls if ctx.transaction(call) is held and _fails(call, ctx)]
    if not failing or not _breaks(failing[0], ctx):
        return
    for handler in fact.handlers:
        if _catches(handler, ctx) and not _leaves(handler, ctx) and _goes_on(fact, held, ctx):
            place = handler.types[0] if handler.types else None
            yield Finding(
                place.span if place is not None else handler.span,
                "the failed statement broke the transaction: later ones fail too",
                _savepoint(fact, held, ctx),
                (opened_here(held, ctx),),
            )
            return


def _is_direct(fact: Try, held: Node, ctx: Context) -> bool:
    """Whether the block runs where the transaction is open: not in a function defined there."""
    function = ctx.function(fact)
    if function is None or isinstance(held, Function):
        return held is function
    if isinstance(held, Call):
        return ctx.callback_of(function, "transaction") is held
    return not held.span.covers(function.span)


def _fails(call: Call, ctx: Context) -> bool:
    """Whether it reaches the database there and then."""
    meaning = ctx.meaning(call, *_RUNS)
    return meaning is not None and not meaning.has("unit-of-work")


def _breaks(call: Call, ctx: Context) -> bool:
    """Whether an error in one statement ends the transaction: always in some mappers."""
    if ctx.file.dialect == "postgres":
        return True
    meaning = ctx.meaning(call, *_RUNS)
    if meaning is None:
        return False
    known = ctx.file.flow.catalogue.technologies[meaning.technology]
    return any("nested-savepoint" in e.traits or "unit-of-work" in e.traits for e in known.call)


def _catches(handler: Handler, ctx: Context) -> bool:
    if not handler.types:
        return not ctx.is_python
    return any(_DATABASE.search(f"{ctx.name(t)} {ctx.source(t)}") for t in handler.types)


def _leaves(handler: Handler, ctx: Context) -> bool:
    """Whether the handler raises, returns or rolls back."""
    for statement in handler.body:
        for node in walk(statement):
            if isinstance(node, Raise | Return):
                return True
            if isinstance(node, Call) and node.method in ("rollback", "next"):
                return True
    return False


def _goes_on(fact: Try, held: Node, ctx: Context) -> bool:
    """Whether more queries follow in the transaction: below, in the handler, or the next turn."""
    for above in ctx.ancestors(fact):
        if above is held:
            break
        if isinstance(above, Loop):
            return True
    end = held.span.end
    for site in ctx.sites:
        start = site.call.span.start
        is_below = fact.span.end <= start < end
        in_handler = any(h.span.start <= start < h.span.end for h in fact.handlers)
        if (is_below or in_handler) and ctx.effects(site.call, *_RUNS):
            return True
    return False


def _savepoint(fact: Try, held: Node, ctx: Context) -> Fix | None:
    """The statement in a transaction of its own, where nested ones are savepoints."""
    opener = _opener(held, ctx)
    if opener is None or len(fact.body) != 1:
        return None
    statement = fact.body[0]
    source = ctx.source(statement)
    if "\n" in source:
        return None
    column = statement.span.start - (ctx.text.rfind("\n", 0, statement.span.start) + 1)
    text = f"with {ctx.source(opener)}:\n{' ' * (column + 4)}{source}"
    edit = Edit(Span(statement.span.start, statement.span.end), text)
    return Fix("Put the statement into a savepoint", (edit,))


def _opener(held: Node, ctx: Context) -> Expression | None:
    for part in getattr(held, "held", ()):
        meaning = ctx.meaning(part.value, "transaction")
        if meaning is not None and meaning.has("nested-savepoint"):
            return part.value
    return None
