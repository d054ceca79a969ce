"""Who answers: the user's settings from each source, later ones above, and none from a workspace."""

import pickle
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from anthropic._data import DEPRECATED_MODELS
from anthropic.types import Model
from backend_expert.lint.reading import Elsewhere, Reading
from backend_expert.persona.access import DEFAULTS, ModelSettings
from backend_expert.persona.events import Failed
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.model import Claude
from backend_expert.persona.own_settings import own_settings
from backend_expert.persona.secret import Secret, hidden
from backend_expert.persona.setup import answering, setup
from backend_expert.workspace.personal import own_file
from backend_expert.workspace.settings_file import read

KEY = "sk-ant-very-secret"


def own(tmp_path: Path, text: str):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return own_settings(path)


def chosen(tmp_path: Path, text: str = "", options=None, **environment: str) -> ModelSettings:
    """The settings, when nothing is wrong with them."""
    made = setup(own(tmp_path, text), options, environment)
    assert made.complaints == ()
    return made.settings


def complaints(tmp_path: Path, text: str = "", options=None, **environment: str) -> list[str]:
    made = setup(own(tmp_path, text), options, environment)
    return [str(complaint).removeprefix(f"{tmp_path}/") for complaint in made.complaints]


# -- the models that are asked by default ----------------------------------------------------------


@pytest.mark.parametrize("model", {DEFAULTS.model, *DEFAULTS.models.values()})
def test_a_default_model_is_known_to_the_sdk_and_not_on_its_way_out(model):
    known = {name for kind in get_args(Model) for name in get_args(kind)}

    assert model in known
    assert model not in DEPRECATED_MODELS, f"it ends on {DEPRECATED_MODELS.get(model)}"


def test_bedrock_knows_the_defaults_by_another_name():
    bedrock = msgspec.structs.replace(DEFAULTS, provider="bedrock")

    assert bedrock.model_for("explain") == f"anthropic.{DEFAULTS.model}"
    assert msgspec.structs.replace(bedrock, model="mine").model_for("explain") == "mine"


# -- sources ---------------------------------------------------------------------------------------


def test_the_users_file_says_who_is_asked(tmp_path):
    text = """
        [model]
        provider = "vertex"
        model = "claude-opus-5-5"
        region = "global"
        project = "shop"
        key-command = ["gcloud", "auth", "print-access-token"]
        retries = 5
        [model.models]
        review = "claude-fable-5-2"
    """

    found = chosen(tmp_path, text)

    assert found.provider == "vertex"
    assert (found.region, found.project, found.retries) == ("global", "shop", 5)
    assert found.key_command == ("gcloud", "auth", "print-access-token")
    assert found.model_for("review") == "claude-fable-5-2"
    assert found.model_for("explain") == "claude-opus-5-5"
    assert found.model_for("hover") == DEFAULTS.models["hover"]


def test_no_file_is_no_fault(tmp_path):
    assert setup(own_settings(tmp_path / "none.toml"), None, {}).settings == DEFAULTS


def test_a_later_source_is_above_an_earlier_one(tmp_path):
    file = '[model]\nmodel = "file"\nbase-url = "https://file.example"\nregion = "file"\n'
    environment = {
        "ANTHROPIC_API_KEY": "key of the environment",
        "ANTHROPIC_BASE_URL": "https://sdk.example",
        "BACKEND_EXPERT_MODEL": "environment",
    }

    first = chosen(tmp_path, file)
    second = chosen(tmp_path, file, **environment)
    third = chosen(
        tmp_path,
        file,
        {"model": "options", "apiKey": KEY, "baseUrl": "https://o.example"},
        **environment,
    )

    assert (first.model, first.base_url, first.api_key) == ("file", "https://file.example", None)
    assert (second.model, second.base_url) == ("environment", "https://sdk.example")
    assert second.api_key == Secret("key of the environment")
    assert (third.model, third.base_url, third.api_key) == (
        "options",
        "https://o.example",
        Secret(KEY),
    )
    assert third.region == "file"


def test_our_own_variables_are_above_the_sdks(tmp_path):
    found = chosen(
        tmp_path,
        ANTHROPIC_BASE_URL="https://sdk.example",
        BACKEND_EXPERT_BASE_URL="https://ours.example",
        ANTHROPIC_API_KEY="sdk",
        BACKEND_EXPERT_API_KEY="ours",
    )

    assert (found.base_url, found.api_key) == ("https://ours.example", Secret("ours"))


def test_a_later_key_takes_the_place_of_an_earlier_command(tmp_path):
    file = '[model]\nkey-command = ["pass", "show", "key"]\n'

    assert chosen(tmp_path, file).key_command
    assert not chosen(tmp_path, file, {"apiKey": KEY}).key_command
    assert not chosen(tmp_path, file, ANTHROPIC_AUTH_TOKEN="token").key_command


def test_a_key_of_one_provider_does_not_go_to_another(tmp_path):
    found = chosen(
        tmp_path,
        '[model]\nprovider = "foundry"\n',
        ANTHROPIC_API_KEY=KEY,
        ANTHROPIC_BASE_URL="https://sdk.example",
    )

    assert (found.api_key, found.base_url) == (None, "")


def test_what_is_empty_is_not_set(tmp_path):
    assert (
        chosen(tmp_path, "", {"model": None}, ANTHROPIC_API_KEY="", BACKEND_EXPERT_MODEL="")
        == DEFAULTS
    )


def test_a_key_of_the_editor_counts_where_the_other_sources_say_who_answers(tmp_path):
    options = {"apiKey": KEY}

    assert chosen(tmp_path, options=options).api_key == Secret(KEY)
    assert chosen(tmp_path, '[model]\nprovider = "bedrock"', options).api_key is None
    said = {**options, "provider": "bedrock"}
    assert chosen(tmp_path, '[model]\nprovider = "vertex"', said).api_key == Secret(KEY)


# -- what is wrong with them -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[model]\nmodle = "x"\n',
            "settings.toml:2: unknown setting `modle`; did you mean `model`?",
        ),
        (
            '\n[modell]\nmodel = "x"\n',
            "settings.toml:2: unknown table `modell`; did you mean `model`?",
        ),
        ("model = 3\n", "settings.toml:1: `model` must be a table"),
        (
            '[model]\nprovider = "antropic"\n',
            "settings.toml:2: `provider` must be one of anthropic, bedrock, editor, foundry, offline, "
            "vertex",
        ),
        ("[model]\n\nretries = 99\n", "settings.toml:3: `retries` must be `int` <= 10"),
        ("[model]\nregion = 3\n", "settings.toml:2: `region` must be `str`, got `int`"),
        (
            '[model]\nkey-command = "pass show key"\n',
            "settings.toml:2: `key-command` must be `array`, got `str`",
        ),
        (
            f'[model]\napi-key = "{KEY}"\n',
            "settings.toml:2: `api-key` is not taken from here; set ANTHROPIC_API_KEY, "
            "or let `key-command` print it",
        ),
        (
            "[model\n",
            "settings.toml:1: not valid TOML: expected ']' at the end of a table declaration",
        ),
        (
            f'[model]\nbase-url = "https://user:{KEY}@example.org"\n',
            "the settings of the model: `base-url` must have no user or password in it; set a key instead",
        ),
        (
            '[model]\nbase-url = "ftp://example.org"\n',
            "the settings of the model: `base-url` must begin with https:// (or http://) and a host",
        ),
        ('[model]\nbase-url = "http://[::1"\n', "the settings of the model: `base-url` is no URL"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_nothing_secret(tmp_path, text, complaint):
    assert complaints(tmp_path, text) == [complaint]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"keyCommand": ["rm"]},
            "`keyCommand` is not taken from here; set it in your own settings file",
        ),
        ({"authToken": KEY}, "`authToken` is not taken from here"),
        ({"apiKey": 3}, "`apiKey` must be a text"),
        ({"provder": "x"}, "unknown setting `provder`; did you mean `provider`?"),
    ],
)
def test_so_is_what_is_wrong_with_the_start_options(tmp_path, options, words):
    (complaint,) = complaints(tmp_path, options=options)

    assert complaint.startswith(f"the editor's start options: {words}")
    assert KEY not in complaint


def test_a_wrong_value_leaves_the_others_alone(tmp_path):
    made = setup(own(tmp_path, '[model]\nretries = 99\nmodel = "mine"\n'), None, {})

    assert (made.settings.model, made.settings.retries) == ("mine", DEFAULTS.retries)


def test_the_gates_table_is_read_from_the_same_file(tmp_path):
    file = own(tmp_path, "[model]\n[gate]\ndaily-cost = 3\nmax-cst = 1\n")
    made = file.filled(GateSettings, "gate")

    assert GateSettings(**made.values).daily_cost == 3
    assert [(c.line, c.message) for c in made.complaints] == [
        (4, "unknown setting `max-cst`; did you mean `max-cost`?")
    ]


# -- who answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "environment", "answers"),
    [
        ({}, {}, False),
        ({"api_key": Secret(KEY)}, {}, True),
        ({"auth_token": Secret(KEY)}, {}, True),
        ({"key_command": ("pass",)}, {}, True),
        ({}, {"ANTHROPIC_PROFILE": "work"}, True),
        ({"base_url": "http://localhost:11434"}, {}, True),
        ({"base_url": "http://127.0.0.1:1"}, {}, True),
        ({"base_url": "https://gateway.example"}, {}, False),
        ({"base_url": "https://localhost.example"}, {}, False),
        ({"provider": "bedrock"}, {}, True),
        ({"provider": "vertex"}, {}, True),
        ({"provider": "foundry"}, {}, False),
        ({"provider": "foundry"}, {"ANTHROPIC_FOUNDRY_API_KEY": "k"}, True),
    ],
)
def test_a_model_answers_where_there_is_a_way_to_it(
    settings, environment, answers, monkeypatch, tmp_path
):
    monkeypatch.setenv("HOME", str(tmp_path))
    found = answering(ModelSettings(**settings), environment)

    assert isinstance(found, Claude) if answers else found == Failed("no key")


def test_the_sdks_own_profile_is_a_way(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config/anthropic/configs").mkdir(parents=True)

    assert isinstance(answering(DEFAULTS, {}), Claude)


# -- secrets ---------------------------------------------------------------------------------------


def test_a_secret_shows_nowhere():
    secret = Secret(KEY)
    settings = ModelSettings(api_key=secret)

    assert KEY not in f"{secret} {secret!r} {settings} {settings!r} {Claude(settings).__dict__}"
    with pytest.raises(TypeError):
        msgspec.json.encode(settings)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == KEY


def test_a_text_is_told_without_its_secrets():
    assert hidden(f"with {KEY}.", None, Secret(KEY), Secret("")) == "with [hidden]."


def test_nor_those_of_the_environment_or_what_looks_like_one(monkeypatch):
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "absk-of-the-environment")

    assert hidden("absk-of-the-environment!") == "[hidden]!"
    assert (
        hidden(f"{KEY}, Authorization: Bearer eyJhbGciOi.x")
        == "[hidden], Authorization: Bearer [hidden]"
    )


# -- a workspace cannot steer it -------------------------------------------------------------------

STEERING = f"""
ignore = ["errors"]
[model]
base-url = "https://evil.example"
api-key = "{KEY}"
key-command = ["sh", "-c", "evil"]
[gate]
daily-cost = 1000000
"""


@pytest.mark.parametrize("name", [".backend-expert.toml", "pyproject.toml"])
def test_a_file_of_the_workspace_is_passed_over_with_one_warning(tmp_path, name):
    text = (
        STEERING
        if name.startswith(".")
        else "[tool.backend-expert]"
        + STEERING.replace("[model]", "[tool.backend-expert.model]").replace(
            "[gate]", "[tool.backend-expert.gate]"
        )
    )
    path = tmp_path / name
    path.write_text(text)
    file = read(path)
    assert file is not None

    reading = Reading(["errors"]).add(file.table, file)

    (complaint,) = reading.complaints
    assert complaint.path == str(path)
    assert complaint.line == 3
    assert complaint.message == (
        f"`model`, `gate` are not taken from a workspace; set them in your own {own_file()}"
    )
    assert reading.settings.ignore == ("errors",)


@pytest.mark.parametrize(
    "table",
    [
        {"model": {"baseUrl": "https://evil.example"}},
        {"model.baseUrl": "https://evil.example"},
        {"provider": "foundry"},
        {"baseUrl": "https://evil.example"},
        {"base_url": "https://evil.example"},
        {"api-key": KEY},
        {"keyCommand": ["sh"]},
        {"gate": {"deny": ["x"]}},
    ],
)
def test_so_is_what_an_editor_answers_later(table):
    reading = Reading([]).add(table, Elsewhere("the editor's settings"))

    (complaint,) = reading.complaints
    (key,) = table
    assert str(complaint) == (
        f"the editor's settings: `{key}` is not taken from a workspace; set it in your own {own_file()}"
    )


@pytest.mark.parametrize(
    "empty", [None, "", [], {}, {"apiKey": "", "models": {}, "provider": None}]
)
def test_an_editor_may_send_them_empty(empty):
    assert Reading([]).add({"model": empty}, Elsewhere("the editor")).complaints == []


def test_who_wants_no_model_has_none_whatever_key_there_is(tmp_path: Path) -> None:
    found = setup(
        own_settings(tmp_path / "none"), {"provider": "offline"}, {"ANTHROPIC_API_KEY": KEY}
    )
    assert answering(found.settings, {"ANTHROPIC_API_KEY": KEY}) == Failed("offline")
