"""The catalogue: listing, searching, selling, withdrawing."""

from decimal import Decimal


def test_pages_join_up(api, staff):
    for number in range(5):
        product = {"sku": f"CUP-{number}", "name": f"Cup {number}", "price": "3.00"}
        api.post("/products", json=product, headers=staff)
    first = api.get("/products", params={"limit": 3}).json()
    second = api.get("/products", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    skus = [product["sku"] for page in (first, second) for product in page["products"]]
    assert skus == [f"CUP-{number}" for number in range(5)]
    assert second["next_cursor"] is None


def test_search_finds_words_of_the_description(api, mug):
    found = api.get("/products/search", params={"q": "coffee"}).json()
    assert [product["sku"] for product in found] == [mug]
    assert api.get("/products/search", params={"q": "tea"}).json() == []


def test_price_in_another_currency(api, mug, outside):
    outside.routes["GET", "/latest"] = (200, {"rate": "1.10"})
    for _ in range(2):
        answer = api.get(f"/products/{mug}", params={"currency": "USD"})
        assert Decimal(answer.json()["price"]) == Decimal("13.75")
    assert len(outside.requests) == 1


def test_unknown_product(api):
    assert api.get("/products/NOPE").status_code == 404


def test_picture_of_a_supplier(api, mug, staff, outside):
    outside.routes["HEAD", "/mug.png"] = (200, {})
    picture = {"url": f"{outside.url}/mug.png"}
    answer = api.post(f"/products/{mug}/image", json=picture, headers=staff)
    assert answer.json()["image_url"].endswith("/mug.png")


def test_archived_product_leaves_the_catalogue(api, mug, staff):
    answer = api.delete(f"/products/{mug}", headers=staff)
    assert answer.is_success
    assert api.get("/products").json()["products"] == []


def test_customers_cannot_add_products(api, ada):
    product = {"sku": "CUP-1", "name": "Cup", "price": "3.00"}
    assert api.post("/products", json=product, headers=ada).status_code == 403


def test_second_review_replaces_the_first(api, ada, mug):
    for stars in (2, 5):
        review = {"stars": stars, "body": "It holds coffee"}
        answer = api.post(f"/products/{mug}/reviews", json=review, headers=ada)
        assert answer.status_code == 201
    assert [review["stars"] for review in api.get(f"/products/{mug}/reviews").json()] == [5]
