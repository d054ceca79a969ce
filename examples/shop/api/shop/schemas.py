"""What the HTTP service accepts and answers."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl


class Registration(BaseModel):
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
    password: str = Field(min_length=10, max_length=200)
    display_name: str = Field(min_length=1, max_length=80)


class Credentials(BaseModel):
    email: str = Field(max_length=254)
    password: str = Field(max_length=200)


class RefreshRequest(BaseModel):
    refresh_token: str


class TokenPair(BaseModel):
    access_token: str
    refresh_token: str


class ResetRequest(BaseModel):
    email: str = Field(max_length=254)


class ResetConfirmation(BaseModel):
    token: str
    password: str = Field(min_length=10, max_length=200)


class Readable(BaseModel):
    """An answer that can be built straight from an ORM object or a row."""

    model_config = ConfigDict(from_attributes=True)


class CustomerOut(Readable):
    id: int
    email: str
    display_name: str


class ProfileChange(BaseModel):
    display_name: str = Field(min_length=1, max_length=80)


class NewProduct(BaseModel):
    sku: str = Field(pattern=r"^[A-Z0-9-]{3,32}$")
    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=4000)
    price: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    stock: int = Field(default=0, ge=0, le=1_000_000)
    featured: bool = False


class ProductOut(Readable):
    sku: str
    name: str
    price: Decimal
    stock: int
    image_url: str | None = None


class ProductPage(BaseModel):
    products: list[ProductOut]
    next_cursor: str | None


class ImageImport(BaseModel):
    url: HttpUrl


class NewReview(BaseModel):
    stars: int = Field(ge=1, le=5)
    body: str = Field(min_length=1, max_length=4000)


class ReviewOut(Readable):
    stars: int
    body: str
    created_at: datetime


class OrderLine(BaseModel):
    sku: str
    quantity: int = Field(gt=0, le=100)


class NewOrder(BaseModel):
    lines: list[OrderLine] = Field(min_length=1, max_length=50)


class ItemOut(Readable):
    product_id: int
    quantity: int
    unit_price: Decimal


class OrderOut(Readable):
    id: int
    status: str
    total: Decimal
    placed_at: datetime
    items: list[ItemOut] = Field(default_factory=list)


class PaymentRequest(BaseModel):
    card_token: str = Field(min_length=4, max_length=100)


class RefundRequest(BaseModel):
    reason: str = Field(min_length=1, max_length=500)


class NewCoupon(BaseModel):
    code: str = Field(pattern=r"^[A-Z0-9]{4,20}$")
    amount_off: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    max_uses: int = Field(gt=0, le=1_000_000)


class CouponOut(Readable):
    code: str
    amount_off: Decimal
    uses: int


class PaymentEvent(BaseModel):
    id: str = Field(max_length=100)
    kind: str = Field(max_length=50)
    order_id: int
    provider_ref: str = Field(max_length=100)
    amount: Decimal
