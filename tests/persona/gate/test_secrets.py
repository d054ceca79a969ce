"""Secrets are found by format, by name, by chance of their letters; ordinary code is not."""

import hashlib
import time
from pathlib import Path

import pytest
from backend_expert.lint.secrets import provider_format
from backend_expert.persona.gate import formats
from backend_expert.persona.gate.cleared import sent_text
from backend_expert.persona.gate_settings import GateSettings

from tests.persona.gate.conftest import Place

# Put together here, so that no one who looks through this repository takes them for real.
RANDOM = "x7Qm2Zt9LrVb4NcYs6Df1Jae8PwGhK3u"
KEYS = [
    "AKIA" + "IOSFODNN7Q4XWPLE",
    "ghp_" + RANDOM + "AbC1",
    "github_pat_" + "11ABCDEFG0abcdefghijkl" + "_" + RANDOM + RANDOM[:27],
    "glpat-" + RANDOM[:20],
    "xoxb-" + "123456789012-" + RANDOM,
    "sk_" + "live_" + RANDOM[:24],
    "sk-" + "ant-api03-" + RANDOM * 3,
    "sk-" + "proj-" + RANDOM,
    "AIza" + RANDOM + "abc",
    "SG." + RANDOM[:22] + "." + (RANDOM * 2)[:43],
    "npm_" + RANDOM + "AbC1",
    "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + RANDOM,
    "123456789:AA" + (RANDOM * 2)[:33],
    "AC" + "0123456789abcdef" * 2,
    "9f86d081884c7d659a2feaa0c55ad015",
    RANDOM,
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "place", ['x = "{}"', "X={}\n", "# see {} there", "curl -H 'k: {}'", "`{}`", "({})", "{}"]
)
def test_keys_are_found_wherever_they_stand(at: Place, key: str, place: str) -> None:
    assert key not in at.sent("a = 1\n" + place.format(key) + "\nb = 2")


@pytest.mark.parametrize(
    "line",
    [
        'PASSWORD = "hunter7x"',
        "password = 'hunter'",
        'db_password: str = "hunter7"',
        'const apiSecret = "hunter7x";',
        '{"client_secret": "hunter7x"}',
        "password => 'hunter7x'",
        'password := "hunter7x"',
        'os.environ.setdefault("SECRET_KEY", "hunter7x")',
        'if (token === "hunter7x") {',
        'if "hunter7x" == password:',
        "DB_PASSWORD=hunter7",
        "export API_TOKEN=hunter7x",
        "  password: hunter7x",
        'connect(password="hunter7x")',
        '"postgres://shop:hunter7@db.example.com/shop"',
        "amqp://guest:hunter7@queue",
        "Authorization: Bearer hunter7hunter7",
        'a = {"name": "x", "password": "hunter7", "secret": "hunter7"}',
        'PASSWORD = (\n    "hunter7x"\n)',
    ],
)
def test_what_is_given_to_the_name_of_a_secret_is_found(at: Place, line: str) -> None:
    assert "hunter" not in at.sent(line)


def test_a_private_key_is_taken_whole(at: Place) -> None:
    body = "\n".join(RANDOM + RANDOM for _ in range(6))
    kind = "PRIVATE KEY"
    whole = f'KEY = """-----BEGIN RSA {kind}-----\n{body}\n-----END RSA {kind}-----"""\nx = 1'
    cut = f"-----BEGIN {kind}-----\n{body}"
    for text in (whole, cut):
        sent = at.sent(text)
        assert RANDOM not in sent and "BEGIN" not in sent
    assert at.sent(whole).endswith('"""\nx = 1')
    spoken = f'if "-----BEGIN {kind}-----" in text:\n    raise ValueError\n'
    assert spoken in at.sent(spoken)


@pytest.mark.parametrize(
    "line",
    [
        "def login(password: str, token: str | None = None) -> Token: ...",
        'password = request.form["password"]',
        'token = os.environ["API_TOKEN"]',
        "secret = settings.webhook_secret",
        'TOKEN_TYPE = "bearer"',
        'PASSWORD = "<your password>"',
        'url = f"postgres://{user}:{password}@{host}/shop"',
        'DATABASE_URL = "postgresql://shop@localhost/shop"',
        'raise ValueError("the password is too short for this account")',
        'revision = "3f2a9c1b7d4e"',
        'path = "migrations/20260301_orders_by_status"',
        "from backend_expert.persona.offline.definitions import a_rather_long_name_for_a_function",
        "SELECT id, email, password_hash FROM accounts WHERE token_id = $1 AND created_at > now()",
        '"integrity": "sha512-' + RANDOM * 2 + '=="',
        "http://localhost:8000/api/v1/orders/by-status/open?page=2&size=50",
        'letters = "abcdefghijklmnopqrstuvwxyz0123456789"[:26]',
    ],
)
def test_ordinary_code_is_sent_as_it_is(at: Place, line: str) -> None:
    assert line in at.sent(line)


def test_a_secret_is_kept_back_in_every_block_and_has_one_placeholder(at: Place) -> None:
    cleared = at.cleared(f'API_KEY = "{RANDOM}"', f"KEY={RANDOM}", f"see {RANDOM}.")
    first, second, third = (block.text for block in cleared.outgoing.turns[0].blocks)
    word = first.split('"')[1]
    assert (second, third) == (f"KEY={word}", f"see {word}.")
    assert cleared.kept_back == {"SECRET": 1}


def test_a_secret_is_kept_back_inside_other_words_too(at: Place) -> None:
    passphrase = "correct-horse-battery"
    sent = at.sent(f'PASSWORD = "{passphrase}"', f"rotate_{passphrase}_soon")
    assert passphrase not in sent and "rotate_BACKEND_EXPERT_SECRET_1_" in sent


def test_a_short_secret_is_kept_back_where_it_is_quoted_and_stays_a_word_elsewhere(
    at: Place,
) -> None:
    sent = at.sent('password = "shopper"', "login('shopper')", "class shopper:", "'shopper is in'")
    assert "'shopper'" not in sent and '"shopper"' not in sent
    assert "class shopper:" in sent and "'shopper is in'" in sent


def test_private_hosts_and_addresses_are_kept_back_when_asked(at: Place) -> None:
    hosts = ["10.1.2.3", "192.168.0.7", "172.20.1.1", "db.prod.internal", "a.corp", "nas.local"]
    public = ["8.8.8.8", "172.40.1.1", "example.com", "10.1.2", "self.internal_name"]
    emails = ["ann.lee+x@example.com"]
    text = "\n".join(f'x("{word}")' for word in hosts + public + emails)
    asked = GateSettings(redact_hosts=True, redact_emails=True)
    sent = at.sent(text, settings=asked)
    assert [word for word in hosts + emails if word in sent] == []
    assert [word for word in public if f'"{word}"' not in sent] == []
    assert "BACKEND_EXPERT_HOST_" in sent and "BACKEND_EXPERT_EMAIL_" in sent
    assert text in at.sent(text)


def test_every_plugin_of_the_library_is_used_or_left_out_for_a_reason() -> None:
    import detect_secrets.plugins

    folder = Path(detect_secrets.plugins.__file__).parent
    there = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    assert there == {*formats.PLUGINS, *formats.LEFT_OUT, "high_entropy_strings"}
    assert not {*formats.PLUGINS} & {*formats.LEFT_OUT}


@pytest.mark.parametrize(
    "unit",
    ["eyJ", "sk-", "xoxb-1-", "://a:", "//x/:", "-----BEGIN PRIVATE KEY-----", '"password', "a1/",
     "10.", "a.", "a@", "Bearer ", "token=", "glpat-", "AP1"],
)  # fmt: skip
def test_no_text_keeps_the_detectors_busy(at: Place, unit: str) -> None:
    text = (unit * 100_000)[:300_000]
    settings = GateSettings(redact_hosts=True, redact_emails=True)
    gate = at.gate(settings)
    began = time.process_time()
    at.cleared(text, gate=gate)
    assert time.process_time() - began < 5


def test_thousands_of_keys_are_kept_back_within_moments(at: Place) -> None:
    keys = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(4_000)]
    gate = at.gate()
    began = time.process_time()
    sent = sent_text(at.cleared("\n".join(keys), gate=gate).outgoing)
    assert time.process_time() - began < 5
    assert [key for key in keys if key in sent] == []


def test_no_key_of_the_shop_survives(at: Place) -> None:
    shop = Path(__file__).parents[3] / "examples" / "shop"
    texts = [
        path.read_text("utf-8")
        for path in sorted(shop.rglob("*"))
        if path.suffix in (".py", ".js", ".ts", ".sql", ".yaml", ".md", ".example")
        and "node_modules" not in path.parts
    ]
    keys = ("hG7vQ2-xk9Zt4LmR8wPb3NcY6sDf1JaE", "nv-4kTz81QmWc7yRb0XeUu5HsLo29PdGj")
    assert all(any(key in text for text in texts) for key in keys)
    for text in texts:
        sent = at.sent(text)
        assert [key for key in keys if key in sent] == []
        words = sent.replace('"', " ").replace("'", " ").split()
        assert [word for word in words if provider_format(word)] == []
