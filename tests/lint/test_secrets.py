"""Names and texts that are secrets, and those that only look like it."""

import pytest
from backend_expert.lint.secrets import is_password, is_random, password_in_address
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
    ],
)
def test_names_of_secrets(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    "name",
    [
        "compass", "passed", "has_password", "password_hash", "password_field", "reset_password",
        "csrf_token", "next_token", "token_count", "primary_key", "sort_key", "secretary", "keyboard",
        "public_key", "token_type", "passthrough", "bypass",
    ],
)  # fmt: skip
def test_names_of_other_things(name: str) -> None:
    assert kind_of(name) == ""


def test_words_of_any_spelling() -> None:
    assert words("APIKey") == words("api_key") == words("Api-Key") == ("api", "key")


@pytest.mark.parametrize(
    "text",
    ["hG7vQ2-xk9Zt4LmR8wPb3NcY6sDf1JaE", "9f86d081884c7d659a2feaa0c55ad015", "x8!kq0ZpV2mD4_sQ"],
)
def test_texts_that_a_machine_made(text: str) -> None:
    assert is_random(text)


@pytest.mark.parametrize(
    "text",
    [
        "django_auth_user_session_v2_key", "3f0c1de2-8a4b-4c7d-9f3a-5f0b7f2f7a11", "your-api-key-4kTz81Qm",
        "https://example.com/a1b2c3d4", "application/vnd.api+json;v=1", "resetPasswordToken2Header",
        "0000000000000000", "{{ secrets.API_KEY_1 }}",
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


def test_passwords_in_addresses() -> None:
    assert password_in_address("postgres://shop:hunter2hunter3@db.shop.example.org/shop") is False
    assert password_in_address("postgres://shop:hunter2hunter3@db.shop.de/shop")
    assert not password_in_address("postgres://shop:hunter2hunter3@localhost/shop")
    assert not password_in_address("redis://:hunter2hunter3@redis:6379/0")
