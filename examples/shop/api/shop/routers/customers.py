"""A customer's own profile, and the customer list of the back office."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from sqlalchemy import text

from shop.database import DbSession
from shop.models import Customer
from shop.paging import MAX_PAGE_SIZE, PAGE_SIZE
from shop.schemas import CustomerOut, ProfileChange
from shop.security import CurrentIdentity, require_staff

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("/me")
def my_profile(identity: CurrentIdentity, session: DbSession) -> CustomerOut:
    """The caller's profile."""
    customer = session.get(Customer, identity.customer_id)
    if customer is None:
        raise HTTPException(404, "this account does not exist any more")
    return CustomerOut.model_validate(customer)


@router.patch("/me")
def change_profile(
    payload: ProfileChange, identity: CurrentIdentity, session: DbSession, request: Request
) -> CustomerOut:
    """Change the caller's name."""
    with session.begin():
        customer = session.get(Customer, identity.customer_id)
        if customer is None:
            raise HTTPException(404, "this account does not exist any more")
        customer.display_name = payload.display_name
    request.app.state.audit.record("customer.renamed", customer.id)
    return CustomerOut.model_validate(customer)


@router.get("", dependencies=[Depends(require_staff)])
def list_customers(
    session: DbSession,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)] = PAGE_SIZE,
    after: Annotated[int, Query(ge=0)] = 0,
) -> list[CustomerOut]:
    """A page of customers, for staff."""
    rows = session.execute(
        text("SELECT id, email, display_name FROM customers WHERE id > :after LIMIT :limit"),
        {"limit": limit, "after": after},
    )
    return [CustomerOut.model_validate(row) for row in rows]
