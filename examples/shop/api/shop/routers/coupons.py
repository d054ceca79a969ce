"""Coupons: the staff makes them, customers redeem them."""

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import text

from shop.database import DbSession
from shop.schemas import CouponOut, NewCoupon
from shop.security import current_identity, require_staff

router = APIRouter(prefix="/coupons", tags=["coupons"])


@router.post("", status_code=201, dependencies=[Depends(require_staff)])
def add_coupon(payload: NewCoupon, session: DbSession) -> CouponOut:
    """Make a coupon."""
    with session.begin():
        row = session.execute(
            text(
                "INSERT INTO coupons (code, amount_off, max_uses)"
                " VALUES (:code, :amount_off, :max_uses)"
                " ON CONFLICT (code) DO NOTHING RETURNING code, amount_off, uses"
            ),
            payload.model_dump(),
        ).one_or_none()
    if row is None:
        raise HTTPException(409, "this code is taken")
    return CouponOut.model_validate(row)


@router.get("/{code}", dependencies=[Depends(require_staff)])
def get_coupon(code: str, session: DbSession) -> CouponOut | dict[str, str]:
    """A coupon and how often it was used."""
    row = session.execute(
        text("SELECT code, amount_off, uses FROM coupons WHERE code = :code"), {"code": code}
    ).one_or_none()
    if row is None:
        return {"error": "no such coupon"}
    return CouponOut.model_validate(row)


@router.get("/{code}/redeem", dependencies=[Depends(current_identity)])
def redeem_coupon(code: str, session: DbSession) -> CouponOut:
    """Use a coupon once."""
    with session.begin():
        row = session.execute(
            text(
                "UPDATE coupons SET uses = uses + 1 WHERE code = :code AND uses < max_uses"
                " RETURNING code, amount_off, uses"
            ),
            {"code": code},
        ).one_or_none()
    if row is None:
        raise HTTPException(404, "this coupon is not valid")
    return CouponOut.model_validate(row)


@router.post("/{code}/reset", status_code=204, dependencies=[Depends(require_staff)])
def reset_coupon(code: str, session: DbSession) -> None:
    """Make a coupon as good as new."""
    with session.begin():
        session.execute(text("UPDATE coupons SET uses = 0"))


@router.delete("/{code}", status_code=204, dependencies=[Depends(require_staff)])
def withdraw_coupon(coupon_code: str, session: DbSession) -> None:
    """Withdraw a coupon."""
    with session.begin():
        session.execute(text("DELETE FROM coupons WHERE code = :code"), {"code": coupon_code})
