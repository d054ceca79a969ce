"""The test server speaks the Messages API: byte for byte, and to the real SDK."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import anthropic
import pytest

from tests.support.messages_api import (
    MessagesApi,
    answer,
    breaks,
    calls,
    contains,
    cuts,
    fails,
    holds,
    sends,
    thinks,
    waits,
)
from tests.support.tools import ROOT

HEADERS = {
    "x-api-key": "sk-test",
    "anthropic-version": "2023-06-01",
    "content-type": "application/json",
}
ASKED = {
    "model": "claude-opus-5-5",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "Hi"}],
}
TOOL = {
    "name": "propose_edits",
    "strict": True,
    "input_schema": {
        "type": "object",
        "properties": {"title": {"type": "string"}},
        "required": ["title"],
        "additionalProperties": False,
    },
}


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi() as api:
        yield api


def send(api: MessagesApi, body, headers=HEADERS, path="/v1/messages", method="POST"):
    """The status, the headers and the body that a plain HTTP client gets."""
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=5)
    try:
        given = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, given, headers)
        with closing(connection.getresponse()) as response:
            return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


CLIENTS: list[anthropic.Anthropic] = []


def sdk(api: MessagesApi, **options) -> anthropic.Anthropic:
    CLIENTS.append(
        anthropic.Anthropic(api_key="sk-test", base_url=api.url, max_retries=0, **options)
    )
    return CLIENTS[-1]


@pytest.fixture(autouse=True)
def no_client_stays() -> Iterator[None]:
    yield
    while CLIENTS:
        CLIENTS.pop().close()


def test_a_stream_is_byte_for_byte_as_specified(api):
    api.script(answer(thinks("hm"), "Hel", "lo", calls("propose_edits", '{"title": "t"}', width=8)))

    status, headers, body = send(api, ASKED | {"stream": True, "tools": [TOOL]})

    assert status == 200
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["request-id"] == "req_000001"
    fresh = api.cache.count(ASKED | {"tools": [TOOL]}, remember=False).all
    used = (
        f'"input_tokens": {fresh}, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0'
    )
    assert body.decode() == (
        'event: message_start\ndata: {"type": "message_start", "message": {"id": "msg_000001", '
        '"type": "message", "role": "assistant", "content": [], "model": "claude-opus-5-5", '
        f'"stop_reason": null, "stop_sequence": null, "usage": {{{used}, "output_tokens": 1}}}}}}\n\n'
        'event: content_block_start\ndata: {"type": "content_block_start", "index": 0, '
        '"content_block": {"type": "thinking", "thinking": "", "signature": ""}}\n\n'
        'event: ping\ndata: {"type": "ping"}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, '
        '"delta": {"type": "thinking_delta", "thinking": "hm"}}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, '
        '"delta": {"type": "signature_delta", "signature": "c2lnbmF0dXJl"}}\n\n'
        'event: content_block_stop\ndata: {"type": "content_block_stop", "index": 0}\n\n'
        'event: content_block_start\ndata: {"type": "content_block_start", "index": 1, '
        '"content_block": {"type": "text", "text": ""}}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 1, '
        '"delta": {"type": "text_delta", "text": "Hel"}}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 1, '
        '"delta": {"type": "text_delta", "text": "lo"}}\n\n'
        'event: content_block_stop\ndata: {"type": "content_block_stop", "index": 1}\n\n'
        'event: content_block_start\ndata: {"type": "content_block_start", "index": 2, '
        '"content_block": {"type": "tool_use", "id": "toolu_000102", "name": "propose_edits", "input": {}}}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 2, '
        '"delta": {"type": "input_json_delta", "partial_json": ""}}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 2, '
        '"delta": {"type": "input_json_delta", "partial_json": "{\\"title\\""}}\n\n'
        'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 2, '
        '"delta": {"type": "input_json_delta", "partial_json": ": \\"t\\"}"}}\n\n'
        'event: content_block_stop\ndata: {"type": "content_block_stop", "index": 2}\n\n'
        'event: message_delta\ndata: {"type": "message_delta", "delta": {"stop_reason": "tool_use", '
        f'"stop_sequence": null}}, "usage": {{{used}, "output_tokens": 4}}}}\n\n'
        'event: message_stop\ndata: {"type": "message_stop"}\n\n'
    )
    assert api.requests[0].wait().answered
    assert api.requests[0].sent == body


def test_the_sdk_reads_the_stream(api):
    api.script(
        answer(thinks("hm"), "Hel", "lo", calls("propose_edits", {"title": "t"}), answered=7)
    )

    with sdk(api).messages.stream(**ASKED, tools=[TOOL]) as stream:
        message = stream.get_final_message()

    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.content[1].text == "Hello"
    assert message.content[2].input == {"title": "t"}
    assert message.stop_reason == "tool_use"
    assert message.usage.output_tokens == 7


def test_the_sdk_reads_a_whole_message(api):
    api.script(answer("Hel", "lo", calls("propose_edits", {"title": "t"}), answered=7))

    message = sdk(api).messages.create(**ASKED)

    assert message.content[0].text == "Hello"
    assert message.content[1].input == {"title": "t"}
    assert message.usage.output_tokens == 7
    assert message._request_id == "req_000001"


def test_tokens_are_counted_and_nothing_is_used_up(api):
    api.script(answer("Hello"))

    counted = sdk(api).messages.count_tokens(model=ASKED["model"], messages=ASKED["messages"])

    assert counted.input_tokens == api.cache.count(ASKED, remember=False).all
    assert sdk(api).messages.create(**ASKED).content[0].text == "Hello"


def test_models_are_listed_and_described(api):
    models = sdk(api).models

    assert [model.id for model in models.list()] == list(api.models)
    assert models.retrieve("claude-opus-5-5").capabilities.thinking.types.adaptive.supported
    assert not models.retrieve("claude-haiku-4-5").capabilities.thinking.types.adaptive.supported
    with pytest.raises(anthropic.NotFoundError, match="model: nothing"):
        models.retrieve("nothing")


def test_a_marked_prefix_is_read_from_the_cache_the_second_time(api):
    api.script(answer("a"), times=2)
    stable = {"type": "text", "text": "stable " * 100, "cache_control": {"type": "ephemeral"}}
    asked = ASKED | {"system": [stable]}

    first = sdk(api).messages.create(**asked).usage
    second = (
        sdk(api)
        .messages.create(**asked | {"messages": [{"role": "user", "content": "More"}]})
        .usage
    )

    assert first.cache_creation_input_tokens > 150
    assert first.cache_read_input_tokens == 0
    assert second.cache_read_input_tokens == first.cache_creation_input_tokens
    assert second.cache_creation_input_tokens == 0


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, anthropic.BadRequestError),
        (401, anthropic.AuthenticationError),
        (402, anthropic.PaymentRequiredError),
        (403, anthropic.PermissionDeniedError),
        (404, anthropic.NotFoundError),
        (413, anthropic.ContentTooLargeError),
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (503, anthropic.ServiceUnavailableError),
        (529, anthropic.OverloadedError),
    ],
)
def test_each_error_status_is_the_sdks_own_error(api, status, error):
    api.script(fails(status, "no", retry_after=3))

    with pytest.raises(error, match="no") as raised:
        sdk(api).messages.create(**ASKED)

    assert raised.value.status_code == status
    assert raised.value.request_id == "req_000001"
    assert raised.value.response.headers["retry-after"] == "3"
    assert raised.value.body["type"] == "error"


def test_an_error_event_ends_the_stream(api):
    api.script(answer("Hel", breaks("overloaded_error", "Overloaded")))
    told = []

    with (
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
        sdk(api).messages.stream(**ASKED) as stream,
    ):
        told.extend(stream.text_stream)

    assert api.requests[0].sent.endswith(
        b'event: error\ndata: {"type": "error", "error": {"type": "overloaded_error", '
        b'"message": "Overloaded"}}\n\n'
    )


def test_a_cut_stream_is_no_whole_body(api):
    api.script(answer("Hel", cuts(), "lo"))

    with pytest.raises(http.client.IncompleteRead) as raised:
        send(api, ASKED | {"stream": True})

    assert b'"text": "Hel"' in raised.value.partial
    assert b'"text": "lo"' not in raised.value.partial
    assert not api.requests[0].wait().answered
    assert api.requests[0].left_at is None


def test_malformed_bytes_are_sent_as_they_are(api):
    api.script(answer("Hel", sends(b"event: content_block_delta\ndata: {oops\n\n")))

    assert b"data: {oops\n\n" in send(api, ASKED | {"stream": True})[2]


def test_it_sees_when_the_client_leaves(api):
    api.script(answer("Hel", holds()))

    with sdk(api).messages.stream(**ASKED) as stream:
        assert next(iter(stream.text_stream)) == "Hel"
        assert api.requests[0].left_at is None

    assert api.requests[0].wait().left_at is not None
    assert not api.requests[0].answered


@pytest.mark.parametrize(
    "script",
    [answer(waits(60), "late"), answer("late", headers_after=60)],
    ids=["stream", "headers"],
)
def test_a_slow_answer_outlasts_a_clients_patience(api, script):
    api.script(script)
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=0.2)

    with pytest.raises(TimeoutError):
        connection.request("POST", "/v1/messages", json.dumps(ASKED | {"stream": True}), HEADERS)
        with closing(connection.getresponse()) as response:
            response.read()
    connection.close()

    assert b"late" not in api.requests[0].wait().sent


def test_scripts_are_a_queue_and_go_by_what_they_fit(api):
    api.script(answer("for rewriting"), when=contains("rewrite"))
    api.script(answer("first"))
    api.script(answer("always"), times=None)

    said = [
        sdk(api)
        .messages.create(**ASKED | {"messages": [{"role": "user", "content": words}]})
        .content[0]
        .text
        for words in ("explain", "explain", "please rewrite", "please rewrite")
    ]

    assert said == ["first", "always", "for rewriting", "always"]


def test_a_request_without_a_script_is_told_so(api):
    with pytest.raises(anthropic.InternalServerError, match="no script for this request"):
        sdk(api).messages.create(**ASKED)


def test_bytes_headers_and_connection_are_recorded(api):
    api.script(answer("a"), times=2)
    client = sdk(api)

    for _ in range(2):
        client.messages.create(**ASKED)

    first, second = api.messages()
    assert json.loads(first.body) == ASKED
    assert first.header("Authorization") == "Bearer sk-test"
    assert first.connection == second.connection


def with_mark(number: int) -> dict:
    mark = {"type": "ephemeral"}
    return {"system": [{"type": "text", "text": "s", "cache_control": mark} for _ in range(number)]}


def tool(**changed) -> dict:
    return {"tools": [TOOL | changed]}


OPEN = {"type": "object", "properties": {}}
LONG = {
    "type": "object",
    "properties": {"a": {"type": "string", "maxLength": 3}},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"max_tokens": None}, "max_tokens: Input should be greater than or equal to 1"),
        ({"max_tokens": 0}, "max_tokens: Input should be greater than or equal to 1"),
        ({"max_tokens": 1_000_000}, "the maximum allowed number of output tokens"),
        ({"messages": []}, "messages: at least one message is required"),
        (
            {"messages": [{"role": "assistant", "content": "a"}]},
            'first message must use the "user" role',
        ),
        (
            {"messages": [*ASKED["messages"], {"role": "assistant", "content": "a"}]},
            "must end with a user message",
        ),
        ({"messages": [{"role": "robot", "content": "a"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": ""}]}, "non-empty content"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]},
            "non-whitespace",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "text.text: Field required",
        ),
        ({"messages": [{"role": "user"}]}, "messages.0.content: Field required"),
        ({"system": 3}, "system: Input should be a valid list"),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted"),
        (with_mark(5), "A maximum of 4 blocks with cache_control may be provided. Found 5."),
        ({"thinking": {"type": "deep"}}, "thinking.type"),
        ({"thinking": {"type": "adaptive", "budget_tokens": 1}}, "budget_tokens: Extra inputs"),
        (
            {"thinking": {"type": "adaptive"}, **tool(), "tool_choice": {"type": "any"}},
            "forces tool use",
        ),
        (
            {"model": "claude-haiku-4-5", "thinking": {"type": "adaptive"}},
            "not supported on this model",
        ),
        ({"model": "claude-plain-1", **tool()}, "Strict tools are not supported"),
        (tool(name="no spaces please"), "String should match pattern"),
        (tool(input_schema={"type": "array"}), "input_schema.type"),
        (tool(input_schema=OPEN), "'additionalProperties' must be explicitly set to false"),
        (tool(input_schema=LONG), "property 'maxLength' is not supported"),
        ({"tool_choice": {"type": "auto"}}, "only be specified while providing tools"),
        ({**tool(), "tool_choice": {"type": "tool", "name": "other"}}, "'other' not found"),
    ],
)
def test_what_the_specification_forbids_is_refused(api, changed, message):
    status, _, body = send(api, ASKED | changed)

    error = json.loads(body)
    assert status == 400
    assert error["type"] == "error"
    assert error["error"]["type"] == "invalid_request_error"
    assert message in error["error"]["message"]
    assert error["request_id"] == "req_000001"


@pytest.mark.parametrize("field", ["model", "max_tokens", "messages"])
def test_what_is_required_is_asked_for(api, field):
    status, _, body = send(api, {k: v for k, v in ASKED.items() if k != field})

    assert status == 400
    assert json.loads(body)["error"]["message"] == f"{field}: Field required"


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({"anthropic-version": "2023-06-01"}, 401, "x-api-key header is required"),
        ({"x-api-key": "k"}, 400, "anthropic-version: header is required"),
        ({"x-api-key": "k", "anthropic-version": "1"}, 400, "not a valid version"),
    ],
)
def test_headers_are_required(api, headers, status, message):
    answered, _, body = send(api, ASKED, headers)

    assert answered == status
    assert message in json.loads(body)["error"]["message"]


def test_four_marks_are_allowed_and_turns_of_one_role_too(api):
    api.script(answer("a"))
    turns = {"messages": [*ASKED["messages"], *ASKED["messages"]]}

    assert send(api, ASKED | with_mark(4) | turns)[0] == 200


def test_only_its_keys_are_let_in():
    with MessagesApi(keys=("right",)) as api:
        api.script(answer("a"))

        assert send(api, ASKED, HEADERS | {"x-api-key": "wrong"})[0] == 401
        assert send(api, ASKED, HEADERS | {"x-api-key": "right"})[0] == 200


def test_no_json_no_model_no_path_and_too_much(api):
    assert send(api, b"{")[0] == 400
    assert send(api, ASKED | {"model": "nothing"})[0] == 404
    assert send(api, ASKED, path="/v1/elsewhere")[0] == 404
    assert send(api, None, HEADERS | {"content-length": str(33 * 1024 * 1024)})[0] == 413


def test_it_is_a_process_too(tmp_path):
    script, record = tmp_path / "script.json", tmp_path / "record.jsonl"
    script.write_text(
        json.dumps(
            [
                {"when": "fail", "fails": 429, "retry_after": 2},
                {
                    "says": [
                        "Hel",
                        {"waits": 0.01},
                        "lo",
                        {"calls": {"tool": "t", "given": {"a": 1}}},
                    ]
                },
            ]
        )
    )
    command = [
        sys.executable,
        "-m",
        "tests.support.messages_api",
        "--script",
        script,
        "--record",
        record,
    ]
    with subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True) as process:
        url = process.stdout.readline().strip()
        client = anthropic.Anthropic(api_key="k", base_url=url, max_retries=0)
        with client.messages.stream(**ASKED) as stream:
            message = stream.get_final_message()
        with pytest.raises(anthropic.RateLimitError):
            client.messages.create(**ASKED | {"messages": [{"role": "user", "content": "fail"}]})
        client.close()
        process.stdin.close()
        assert process.wait(10) == 0

    assert [block.type for block in message.content] == ["text", "tool_use"]
    assert json.loads(record.read_text().splitlines()[0])["path"] == "/v1/messages"
