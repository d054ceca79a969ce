"""Names and texts that are secrets, and those that only look like it."""

import pytest
from backend_expert.lint.secrets import (
    is_password,
    is_placeholder,
    is_random,
    password_in_address,
    provider_format,
)
from backend_expert.lint.sensitive import kind_of, words


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("password", "password"),
        ("DB_PASS", "password"),
        ("newPassword", "password"),
        ("clientSecret", "secret"),
        ("X-Api-Key", "key"),
        ("apikey", "key"),
        ("accessToken", "token"),
        ("token", "bare token"),
        ("cardNumber", "card number"),
        ("otp", "code"),
        ("card_number", "card number"),
        ("cvv", "card number"),
        ("accesstoken", "token"),
        ("refresh_token", "token"),
        ("mysecretkey", ""),
        ("secretkey", "key"),
        ("credentials", "credentials"),
        ("shop_credentials", "credentials"),
        ("admin_pass", "password"),
    ],
)
def test_names_of_secrets(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    "name",
    [
        "compass", "passed", "has_password", "password_hash", "password_field", "reset_password",
        "csrf_token", "next_token", "token_count", "primary_key", "sort_key", "secretary", "keyboard",
        "public_key", "token_type", "passthrough", "bypass", "first_pass", "get_secret",
        "create_api_key", "get_access_token", "page_token", "load_shop_credentials", "_", "",
        "what_" * 15 + "password",
    ],
)  # fmt: skip
def test_names_of_other_things(name: str) -> None:
    assert kind_of(name) == ""


def test_words_of_any_spelling() -> None:
    assert words("APIKey") == words("api_key") == words("Api-Key") == ("api", "key")


@pytest.mark.parametrize(
    "text",
    [
        "hG7vQ2-xk9Zt4LmR8wPb3NcY6sDf1JaE",
        "9f86d081884c7d659a2feaa0c55ad015",
        "x8!kq0ZpV2mD4_sQ",
        "a1b2c3d4a1b2c3d4",
    ],
)
def test_texts_that_a_machine_made(text: str) -> None:
    assert is_random(text)


@pytest.mark.parametrize(
    "text",
    [
        "django_auth_user_session_v2_key", "3f0c1de2-8a4b-4c7d-9f3a-5f0b7f2f7a11", "your-api-key-4kTz81Qm",
        "https://example.com/a1b2c3d4", "application/vnd.api+json;v=1", "resetPasswordToken2Header",
        "0000000000000000", "{{ secrets.API_KEY_1 }}", "hG7vQ2 xk9Zt4LmR8wPb3NcY6sDf1JaE",
        "hGvQ-xkZtLmRwPbNcYsDfJaE", "7294-5831-9046-2715", "ssh://4kTz81QmWc7yRb0X", "aaaabbbb1111cccc",
        "d1e1a1d1b1e1e1f1a1", "ab1" * 10,
        "z1" * 8,
    ],
)  # fmt: skip
def test_texts_that_a_person_wrote(text: str) -> None:
    assert not is_random(text)


def test_passwords() -> None:
    assert is_password("hunter2hunter3")
    assert not is_password("password123")
    assert not is_password("Enter it again")
    assert not is_password("********")
    assert not is_password("anonymous@")
    assert is_password("Tr4vel!ng") and is_password("travel!ng")
    assert not is_password("48151623") and not is_password("a1!") and not is_password("x1" * 40)
    assert (
        not is_password("travel l1ght")
        and not is_password("ssh://travel1")
        and not is_password("a/b1c2d3")
    )
    assert not is_password("3f0c1de2-8a4b-4c7d-9f3a-5f0b7f2f7a11")


def test_passwords_in_addresses() -> None:
    assert password_in_address("postgres://shop:hunter2hunter3@db.shop.example.org/shop") is False
    assert password_in_address("postgres://shop:hunter2hunter3@db.shop.de/shop")
    assert not password_in_address("postgres://shop:hunter2hunter3@localhost/shop")
    assert not password_in_address("redis://:hunter2hunter3@redis:6379/0")
    assert not password_in_address("redis://:hunter2hunter3@127.0.0.1:6379/0")
    assert not password_in_address("redis://:hunter2hunter3@cache.shop.local:6379/0")
    assert not password_in_address("redis://:password@cache.shop.de:6379/0")
    assert password_in_address("redis://:hG7vQ2-xk9Zt4LmR8wPb3Npass1JaE@cache.shop.de:6379/0")


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("AKIAQ3ZTUWB7VX5OMD2R", "AWS access key"),
        ("ghp_k3Jd92LsQp0xZvB7nMw4Rt8YcF1hGu6EaTi5", "GitHub token"),
        ("AKIAAAAAAAAAAAAAAAAA", ""),
        ("sk_live_your4kTz81QmWc7yRb", ""),
        ("-----BEGIN PRIVATE KEY-----\n" + "MIGHAgEAMBMGByqG\n" * 5, "private key"),
        ("a sentence of many words that are all of them short", ""),
    ],
)
def test_formats_of_providers(text: str, format: str) -> None:
    assert provider_format(text) == format


def test_what_says_that_it_is_no_secret() -> None:
    assert is_placeholder("change-me") and is_placeholder("api_key_for_test")
    assert not is_placeholder("greatest-travel")
