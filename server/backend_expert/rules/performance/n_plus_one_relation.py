"""A relation is read for each record of a query that does not bring it along.

The query looks like one, and is a hundred and one: each `order.customer` that is touched sends a
query of its own, which no line shows. Have the query bring the relation along: `select_related` for
the one side, `prefetch_related` or `selectinload` for the many, `joinedload` where rows are few.

It is said where the query stands in the same function, gives whole records, and the model declares
the relation as lazy. Leave it off where the records are a handful by construction.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Comprehension,
    Expression,
    Import,
    Loop,
    Member,
    Name,
    walk,
)
from backend_expert.flow.declaration import declaration
from backend_expert.flow.elsewhere import Declared
from backend_expert.flow.paths import path_of
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.lint.loops import Repeat, repeats
from backend_expert.lint.queried import queried
from backend_expert.lint.rounds import goes_in_portions, leaves_early

_MODELS = {
    "shop/models.py": """
        from django.db import models

        class Customer(models.Model):
            name = models.TextField()

        class Order(models.Model):
            customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
            number = models.TextField()
    """
}
_MAPPED = {
    "shop/models.py": """
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from shop.database import Base

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            lines: Mapped[list["Line"]] = relationship(back_populates="order")
            bill: Mapped["Bill"] = relationship(lazy="joined")
    """
}


# What the loops of one statement go over, by their iterables.
Model = tuple[Expression, str]  # the query, and the name of the model that it reads


@rule(
    title="Relation read for each record of a query",
    severity=Severity.WARNING,
    languages=("python",),
    cwe=(1073,),
    sources=("nplusone (at run time)", "django-check"),
    tags=("n-plus-one",),
    in_scripts=False,
    examples=[
        Example(
            path="shop/views.py",
            files=_MODELS,
            bad="""
                from shop.models import Order

                def report():
                    orders = Order.objects.filter(is_open=True).order_by("number")
                    return [(order.number, order.customer.name) for order in orders]
                                           ^^^^^^^^^^^^^^ one query for each `order`: nothing loads its `customer`
            """,
            good="""
                from shop.models import Order

                def report():
                    orders = Order.objects.filter(is_open=True).select_related("customer")
                    return [(order.number, order.customer.name) for order in orders]
            """,
        ),
        Example(
            path="shop/report.py",
            files=_MAPPED,
            bad="""
                from sqlalchemy import select
                from shop.models import Order

                def totals(session):
                    sums = {}
                    for order in session.scalars(select(Order).where(Order.is_open)).all():
                        sums[order.id] = sum(line.price for line in order.lines)
                                                                    ^^^^^^^^^^^ one query for each `order`: nothing loads its `lines`
                    return sums
            """,
        ),
        Example(
            path="shop/views.py",
            files=_MODELS,
            bad="""
                from shop.models import Order

                def report():
                    orders = Order.objects.all()
                    for order in orders:
                        print(order.customer.name)
                              ^^^^^^^^^^^^^^ one query for each `order`: nothing loads its `customer`
                    return [order.customer.name for order in orders]
            """,
        ),
        Example(
            path="shop/views.py",
            files=_MODELS,
            good="""
                from shop.models import Order

                def report(customer, page):
                    for order in Order.objects.all():
                        print(order.number, order.customer_id)
                    for order in Order.objects.filter(customer=customer):
                        print(order.customer.name)
                    for order in Order.objects.all()[:3]:
                        print(order.customer.name)
                    for order in page:
                        print(order.customer.name)
                    for order in Order.objects.select_related("customer").all():
                        print(order.customer.name)
                    for order in Order.objects.all():
                        order.customer = customer
                        print(order.customer.name)
                    for order in Order.objects.all():
                        if order.customer.name:
                            break
                    return Order.objects.first().customer
            """,
        ),
        Example(
            path="shop/report.py",
            files=_MAPPED,
            good="""
                from sqlalchemy import select
                from sqlalchemy.orm import selectinload
                from shop.models import Order

                def totals(session):
                    query = select(Order).options(selectinload(Order.lines))
                    for order in session.scalars(query):
                        print(order.lines)
                    for order in session.scalars(select(Order)):
                        print(order.bill)
            """,
        ),
    ],
)
def check(node: Loop | Comprehension, ctx: Context) -> Iterator[Finding]:
    told: set[str] = set()
    target, model = _target(node), None
    for name, read in _reads(node):
        if name != target or read.name in told:
            continue
        repeat = next((one for one in repeats(read, ctx) if one.node is node), None)
        if repeat is None:
            continue
        if model is None:
            model = queried(repeat.iterable, ctx) if repeat.iterable is not None else None
            if model is None:
                return
        found = _lazy(read, repeat, ctx, model)
        if found is not None:
            told.add(read.name)
            words = f"one query for each `{name}`: nothing loads its `{read.name}`"
            yield Finding(read.span, words, related=found)


def _reads(node: Loop | Comprehension) -> Iterator[tuple[str, Member]]:
    """The attributes of names that the body touches, with those names."""
    body = node.body if isinstance(node, Loop) else (node.element, *filter(None, (node.key,)))
    for statement in body:
        for below in walk(statement):
            if isinstance(below, Member) and isinstance(below.object, Name):
                yield below.object.id, below


def _lazy(read: Member, repeat: Repeat, ctx: Context, model: Model) -> tuple[Related, ...] | None:
    """Why reading a relation sends a query each time; None where it may not."""
    declared = _declared(model, read.name, ctx)
    if declared is None or "relation" not in declared.roles or _is_eager(declared):
        return None
    query, _ = model
    if read.name in ctx.source(query) or _is_set(read, repeat):
        return None
    if leaves_early(repeat) or goes_in_portions(repeat, ctx) or _is_read_before(read, repeat, ctx):
        return None
    there = Related(declared.span, "the relation is declared here", *_home(declared, model))
    return Related(query.span, "this query does not bring it along"), there


def _home(declared: Declared, model: Model) -> tuple[str, str]:
    """Where the span of a declaration counts from: a class of this file, or another file."""
    return ("", declared.path) if declared.path else (model[1].partition(".")[0], "")


def _target(node: Loop | Comprehension) -> str:
    found = node.generators[-1].target if isinstance(node, Comprehension) else node.target
    return found.id if isinstance(found, Name) else ""


def _is_eager(declared: Declared) -> bool:
    return any(
        argument.spread or argument.name in ("lazy", "sa_relationship_kwargs")
        for argument in declared.call.arguments
    )


def _is_set(read: Member, repeat: Repeat) -> bool:
    """Whether the loop gives the relation a value itself."""
    path = path_of(read)
    return any(
        isinstance(node, Assign) and any(path_of(target) == path for target in node.targets)
        for statement in repeat.body
        for node in walk(statement)
    )


def _is_read_before(read: Member, repeat: Repeat, ctx: Context) -> bool:
    """Whether an earlier loop over the same records has read the relation of each already."""
    function = ctx.function(repeat.node)
    if function is None or not isinstance(repeat.iterable, Name):
        return False
    for node in walk(function):
        if not isinstance(node, Loop | Comprehension) or node.span.start >= repeat.node.span.start:
            continue
        before = node.iterable if isinstance(node, Loop) else node.generators[-1].iterable
        is_same = isinstance(before, Name) and before.id == repeat.iterable.id
        if is_same and any(one.name == read.name for _, one in _reads(node)):
            return True
    return False


def _declared(model: Model, relation: str, ctx: Context) -> Declared | None:
    """How the model declares a relation, in this file or where it is imported from."""
    owner, _, manager = model[1].partition(".")
    binding = ctx.file.flow.outline.names.get(owner)
    if binding is not None and isinstance(binding.node, Import):
        found = ctx.file.flow.elsewhere.declared(binding.node.dotted, relation)
    else:
        # The class may be cut into several items, so a change of any one matters.
        is_here = any(owner in item.names for item in ctx.file.items)
        found = declaration(ctx.file.flow, owner, relation) if is_here else None
    # A manager of the model's own may bring relations along.
    return found if found is not None and manager not in found.siblings else None
