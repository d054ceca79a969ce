"""A value is read, changed in the program and written back; what others wrote meanwhile is lost.

Two orders read a stock of 5, each writes 4, and two pieces left the shelf. A transaction alone does
not help at the usual isolation level. Let the database compute (`SET stock = stock - 1`), lock the
row when it is read, or check a version when it is written.

Leave it off where a single worker writes the row, or the isolation level is serializable and the
transaction is tried again.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Collection,
    Expression,
    Function,
    Member,
    Name,
    Node,
    Operation,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.lint.read_back import read_by
from backend_expert.text.pattern import pattern

_WRITES = ("orm.write", "document.write")
_ENDS = ("transaction.commit", "orm.flush")
_VERSION = pattern(r"version|revision|attempt|retr|etag|page|index|offset|position", re.IGNORECASE)


@rule(
    title="Read, changed and written back without a lock",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(362, 367),
    sources=("SlowQL REL-RACE (SQL text)",),
    tags=("transactions", "concurrency"),
    needs=_WRITES,
    target=(Member,),
    examples=[
        Example(
            bad="""
                from django.db import models

                class Product(models.Model): ...

                def take(sku, quantity):
                    product = Product.objects.get(sku=sku)
                    product.stock = product.stock - quantity
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ another writer's change of `stock` is lost between read and write
                    product.save()
            """,
        ),
        Example(
            bad="""
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                def place(session: Session, wanted):
                    with session.begin():
                        products = session.scalars(select(Product).where(Product.sku.in_(wanted))).all()
                        for product in products:
                            product.stock -= wanted[product.sku]
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ another writer's change of `stock` is lost between read and write
            """,
        ),
        Example(
            language="typescript",
            bad="""
                import { PrismaClient } from '@prisma/client';

                const prisma = new PrismaClient();

                export async function take(sku: string, quantity: number) {
                  const product = await prisma.product.findUnique({ where: { sku } });
                  await prisma.product.update({
                    where: { sku },
                    data: { stock: product.stock - quantity },
                                   ^^^^^^^^^^^^^^^^^^^^^^^^ another writer's change of `stock` is lost between read and write
                  });
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Sequelize, DataTypes } = require('sequelize');
                const sequelize = new Sequelize('postgres://localhost/shop');
                const Account = sequelize.define('Account', { balance: DataTypes.INTEGER });

                async function pay(id, amount) {
                  const account = await Account.findByPk(id);
                  account.balance -= amount;
                  ^^^^^^^^^^^^^^^^^^^^^^^^^ another writer's change of `balance` is lost between read and write
                  await account.save();
                }
            """,
        ),
        Example(
            good="""
                from django.db import models, transaction
                from django.db.models import F

                class Product(models.Model): ...

                def locked(sku, quantity):
                    with transaction.atomic():
                        product = Product.objects.select_for_update().get(sku=sku)
                        product.stock = product.stock - quantity
                        product.save()

                def computed(sku, quantity):
                    product = Product.objects.get(sku=sku)
                    product.stock = F("stock") - quantity
                    product.save()

                def replaced(sku, stock):
                    product = Product.objects.get(sku=sku)
                    product.stock = stock
                    product.save()

                def only_shown(sku):
                    product = Product.objects.get(sku=sku)
                    product.stock -= 1
                    return product

                def named(sku):
                    product = Product.objects.get(sku=sku)
                    product.name = product.name + " (old)"
                    product.save()
            """,
        ),
        Example(
            good="""
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                def place(session: Session, sku, quantity):
                    with session.begin():
                        product = session.scalar(select(Product).where(Product.sku == sku).with_for_update())
                        product.stock = product.stock - quantity
            """,
        ),
        Example(
            language="typescript",
            good="""
                import { PrismaClient } from '@prisma/client';

                const prisma = new PrismaClient();

                export async function take(sku: string, quantity: number) {
                  await prisma.product.update({ where: { sku }, data: { stock: { decrement: quantity } } });
                  const cart = { total: 1 };
                  await prisma.cart.update({ where: { sku }, data: { total: cart.total + 1 } });
                }
            """,
        ),
    ],
)
def check(fact: Assign | Call, ctx: Context) -> Iterator[Finding]:
    for place, target in _changes(fact, ctx):
        if _VERSION.search(target.name):
            continue
        function = ctx.function(fact)
        holder = target.object
        if function is None or not isinstance(holder, Name):
            continue
        read = read_by(holder.id, function, fact, ctx)
        if read is None or _is_guarded(function, read, fact, ctx):
            continue
        if isinstance(fact, Assign) and not _is_written(holder.id, fact, ctx):
            continue
        yield Finding(
            place.span,
            f"another writer's change of `{target.name}` is lost between read and write",
            related=(Related(read.span, f"`{holder.id}` is read here, without a lock"),),
        )


def _changes(fact: Assign | Call, ctx: Context) -> Iterator[tuple[Node, Member]]:
    """What is written back with a value that is made from the same field of what was read."""
    if isinstance(fact, Assign):
        target = fact.targets[0] if len(fact.targets) == 1 else None
        if not isinstance(target, Member) or fact.value is None:
            return
        if fact.operator in ("+", "-"):
            if _is_number(fact.value, ctx):
                yield fact, target
        elif _from_itself(fact.value, target, ctx):
            yield fact, target
        return
    meaning = ctx.meaning(fact, *_WRITES)
    if meaning is None or meaning.has("insert"):
        return
    for name, value in _given(fact, ctx):
        if isinstance(value, Operation):
            member = next((o for o in value.operands if isinstance(o, Member)), None)
            if member is not None and member.name == name and _from_itself(value, member, ctx):
                yield value, member


def _given(call: Call, ctx: Context) -> Iterator[tuple[str, Expression]]:
    """The fields that an update sets: named arguments, and members of its maps."""
    for argument in call.arguments:
        if argument.name:
            yield argument.name, argument.value
        elif isinstance(argument.value, Collection):
            yield from _members(argument.value)


def _members(node: Collection) -> Iterator[tuple[str, Expression]]:
    for entry in node.entries:
        if isinstance(entry.key, Text) and entry.key.value:
            yield entry.key.value, entry.value
            if isinstance(entry.value, Collection) and entry.key.value in ("data", "$set"):
                yield from _members(entry.value)


def _from_itself(value: Expression, target: Member, ctx: Context) -> bool:
    """`x.stock - n`, where `x.stock` is what is assigned to."""
    if not isinstance(value, Operation) or value.operator not in ("+", "-"):
        return False
    words = ctx.source(target)
    own = [o for o in value.operands if ctx.source(o) == words]
    return len(own) == 1 and all(_is_number(operand, ctx) for operand in value.operands)


def _is_number(node: Expression, ctx: Context) -> bool:
    """Whether it may be a number: no text, list or expression of the database's own."""
    if isinstance(node, Text | Collection) or ctx.is_text(node):
        return False
    for inner in walk(node):
        if isinstance(inner, Call) and (inner.method[:1].isupper() or inner.method == "timedelta"):
            return False  # F("stock"), Decimal("1"): the first is the database's, leave it
    return True


def _is_guarded(function: Function, read: Expression, fact: Node, ctx: Context) -> bool:
    """Whether a lock is held: on the row, in the function, or as a region around."""
    if ctx.held(fact, "lock") is not None:
        return True
    for site in ctx.sites:
        for meaning in site.meanings:
            if meaning.role in ("row-lock", "lock", "cache.set-if-absent"):
                return True
            if ctx.option(site.call, meaning, "lock").value is not None:
                return True
    return "isolation" in ctx.source(function).lower()


def _is_written(name: str, fact: Assign, ctx: Context) -> bool:
    """Whether the change reaches the database: `x.save()`, or the end of a unit of work."""
    is_open = ctx.transaction(fact) is not None
    for site in ctx.sites:
        call = site.call
        if call.span.start < fact.span.start:
            continue
        holder = call.callee.object if isinstance(call.callee, Member) else None
        if _is_name(holder, name) and call.method in ("save", "asave", "update"):
            return True
        roles = {meaning.role for meaning in site.meanings}
        is_given = any(_is_name(argument.value, name) for argument in call.arguments)
        if not roles.isdisjoint(_ENDS) or (is_given and not roles.isdisjoint(_WRITES)):
            return True
    return is_open and _is_unit_of_work(ctx)


def _is_unit_of_work(ctx: Context) -> bool:
    known = ctx.file.flow.catalogue.technologies
    used = {meaning.technology for site in ctx.sites for meaning in site.meanings}
    return any("unit-of-work" in e.traits for id in used for e in known[id].call)


def _is_name(node: Node | None, name: str) -> bool:
    return isinstance(node, Name) and node.id == name
