"""What customers think of a product."""

from fastapi import APIRouter, HTTPException
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shop.database import DbSession
from shop.models import Product, Review
from shop.schemas import NewReview, ReviewOut
from shop.security import CurrentIdentity

router = APIRouter(prefix="/products/{sku}/reviews", tags=["reviews"])


def _product_id(session: DbSession, sku: str) -> int:
    """The id behind a SKU, or a 404."""
    product_id = session.scalar(select(Product.id).where(Product.sku == sku))
    if product_id is None:
        raise HTTPException(404, "no such product")
    return product_id


@router.get("")
def list_reviews(sku: str, session: DbSession) -> list[ReviewOut]:
    """The reviews of a product, the newest first."""
    query = select(Review).where(Review.product_id == _product_id(session, sku))
    found = session.scalars(query.order_by(Review.created_at.desc(), Review.id.desc()))
    return [ReviewOut.model_validate(review) for review in found]


@router.post("", status_code=201)
def write_review(
    sku: str, payload: NewReview, identity: CurrentIdentity, session: DbSession
) -> ReviewOut:
    """Review a product; writing again replaces the earlier text."""
    with session.begin():
        review = session.scalars(
            insert(Review)
            .values(
                product_id=_product_id(session, sku),
                customer_id=identity.customer_id,
                stars=payload.stars,
                body=payload.body,
            )
            .on_conflict_do_update(
                index_elements=["product_id", "customer_id"],
                set_={"stars": payload.stars, "body": payload.body},
            )
            .returning(Review)
        ).one()
    return ReviewOut.model_validate(review)
