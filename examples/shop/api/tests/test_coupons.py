"""Coupons, made, used and reset."""

COUPON = {"code": "SPRING", "amount_off": "5.00", "max_uses": 1}


def test_coupon_is_made_once(api, staff):
    assert api.post("/coupons", json=COUPON, headers=staff).status_code == 201
    assert api.post("/coupons", json=COUPON, headers=staff).status_code == 409


def test_coupon_is_used_up(api, ada, staff):
    api.post("/coupons", json=COUPON, headers=staff)
    assert api.get("/coupons/SPRING/redeem", headers=ada).json()["uses"] == 1
    assert api.get("/coupons/SPRING/redeem", headers=ada).status_code == 404


def test_coupon_can_be_reset(api, ada, staff):
    api.post("/coupons", json=COUPON, headers=staff)
    api.get("/coupons/SPRING/redeem", headers=ada)
    assert api.post("/coupons/SPRING/reset", headers=staff).status_code == 204
    assert api.get("/coupons/SPRING", headers=staff).json()["uses"] == 0
