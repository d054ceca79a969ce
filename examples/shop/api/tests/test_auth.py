"""Accounts, tokens and forgotten passwords."""

import pytest

from shop.security import hash_password, new_reset_token, read_token, verify_password
from shop.worker.relay import relay

ACCOUNT = {"email": "eve@example.com", "password": "correct horse battery"}


@pytest.fixture
def eve(api):
    """A customer who has registered; her address."""
    answer = api.post("/auth/register", json=ACCOUNT | {"display_name": "Eve"})
    assert answer.status_code == 201
    return ACCOUNT["email"]


def test_password_is_kept_as_a_salted_hash():
    stored = hash_password("correct horse battery")
    assert "correct" not in stored
    assert verify_password(stored, "correct horse battery")
    assert not verify_password(stored, "wrong horse battery")
    assert stored != hash_password("correct horse battery")


def test_reset_tokens_differ():
    assert len({new_reset_token() for _ in range(50)}) == 50


def test_profile_of_the_caller(api, ada):
    answer = api.get("/customers/me", headers=ada)
    assert answer.json()["email"] == "ada@example.com"


def test_wrong_password_is_refused(api, eve):
    answer = api.post("/auth/login", json={"email": eve, "password": "guess"})
    assert answer.status_code == 401


def test_guessing_is_slowed_down(api, eve):
    guess = {"email": eve, "password": "guess"}
    answers = [api.post("/auth/login", json=guess).status_code for _ in range(12)]
    assert answers[-1] == 429


def test_address_can_be_registered_once(api, eve):
    account = {"email": eve.upper(), "password": "another password", "display_name": "E"}
    assert api.post("/auth/register", json=account).status_code == 409


def test_refresh_gives_new_tokens(api, eve):
    tokens = api.post("/auth/login", json=ACCOUNT).json()
    answer = api.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert answer.status_code == 200
    assert read_token(answer.json()["access_token"], kind="access").customer_id == 1


def test_access_token_of_another_kind_is_refused(api, eve):
    refresh_token = api.post("/auth/login", json=ACCOUNT).json()["refresh_token"]
    with pytest.raises(Exception):
        read_token(refresh_token, kind="access")


def test_password_can_be_reset_once(api, eve, recorder):
    api.post("/auth/password-reset", json={"email": eve})
    relay(recorder)
    [(topic, _, payload)] = recorder.messages
    assert topic == "customer.reset"

    change = {"token": payload["reset_token"], "password": "a brand new password"}
    assert api.post("/auth/password-reset/confirm", json=change).status_code == 204
    assert api.post("/auth/password-reset/confirm", json=change).status_code == 400
    account = {"email": eve, "password": "a brand new password"}
    assert api.post("/auth/login", json=account).status_code == 200


def test_reset_does_not_tell_who_has_an_account(api):
    api.post("/auth/password-reset", json={"email": "nobody@example.com"})
