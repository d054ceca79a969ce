"""The model over real HTTP: what is sent, what comes of it, and each way in which it fails."""

import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator

import msgspec
import pytest
from backend_expert.persona.access import ModelSettings
from backend_expert.persona.events import Failed, Proposed, Text, Usage
from backend_expert.persona.gate import Cleared, Placeholders
from backend_expert.persona.gate.cleared import Destination, Estimate
from backend_expert.persona.model import Claude
from backend_expert.persona.outgoing import Block, Outgoing, Turn
from backend_expert.persona.request import THINKING
from backend_expert.persona.secret import Secret

from tests.support.messages_api import (
    MessagesApi,
    answer,
    breaks,
    calls,
    cuts,
    fails,
    holds,
    pings,
    sends,
    thinks,
    waits,
)

KEY = "sk-ant-a-very-secret-key"
SENT = Outgoing(
    "explain",
    "/work",
    (Block("You are an expert.", is_seam=True),),
    (Turn("user", (Block("The schema.", is_seam=True), Block("Explain this."))),),
    500,
)
EDITS = msgspec.structs.replace(SENT, task="rewrite", wants_edits=True)
MANY = (Block("a", is_seam=True), Block("b", is_seam=True), Block("c", is_seam=True))


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(keys=(KEY,)) as api:
        yield api


@pytest.fixture
async def claude(api):
    claude = Claude(settings(api))
    yield claude
    await claude.close()


def settings(api: MessagesApi, **changed) -> ModelSettings:
    plain = {"base_url": api.url, "api_key": Secret(KEY), "retries": 0}
    return ModelSettings(**plain | changed)


def cleared(claude: Claude, sent: Outgoing = SENT) -> Cleared:
    """A request as the gate gives it out."""
    model, size = claude.model_for(sent.task), Estimate(100, False, None)
    to = Destination("anthropic")
    return Cleared(sent, to, model, False, Placeholders.apart_from(()), size, (), {}, 0.0)


async def told(claude: Claude, sent: Outgoing = SENT) -> list:
    return [event async for event in claude.stream(cleared(claude, sent))]


async def last(claude: Claude, sent: Outgoing = SENT) -> Failed:
    """The failure that ends an answer, after which nothing comes."""
    events = await told(claude, sent)
    assert [isinstance(event, Failed) for event in events] == [False] * (len(events) - 1) + [True]
    return events[-1]


def texts(events: list) -> list[str]:
    return [event.text for event in events if isinstance(event, Text)]


async def test_text_comes_in_the_pieces_in_which_it_was_said(api, claude):
    api.script(answer(thinks("hm"), "Hel", "lo", pings(), " you", answered=9))

    events = await told(claude)

    assert texts(events) == ["Hel", "lo", " you"]
    assert [event for event in events if not isinstance(event, Text | Usage)] == []


async def test_usage_is_read_from_the_stream_and_from_the_cache(api, claude):
    api.script(answer("a", answered=9), times=2)

    first = [event for event in await told(claude) if isinstance(event, Usage)]
    second = [event for event in await told(claude) if isinstance(event, Usage)]

    assert (first[0].answered, first[-1].answered) == (1, 9)
    assert first[-1].model == "claude-sonnet-5-5"
    assert first[-1].stored > 0
    assert second[-1] == Usage("claude-sonnet-5-5", first[-1].fresh, first[-1].stored, 0, 9)


async def test_texts_of_several_blocks_stand_apart(api, claude):
    api.script(answer("one", thinks("hm"), "two"))

    assert "".join(texts(await told(claude))) == "one\n\ntwo"


async def test_edits_come_whole_and_after_the_text(api, claude):
    given = {"title": "Bound it", "edits": [{"file": "a.py", "new": "é" * 50}]}
    api.script(answer("Like ", "this.", calls("propose_edits", given, width=3)))

    events = await told(claude, EDITS)

    kinds = [type(event) for event in events if not isinstance(event, Usage)]
    assert kinds == [Text, Text, Proposed]
    assert json.loads(events[-1].json) == given


async def test_edits_that_are_cut_short_are_not_proposed(api, claude):
    api.script(answer("So:", calls("propose_edits", '{"title": "hal'), stop="max_tokens"))

    events = await told(claude, EDITS)

    assert not [event for event in events if isinstance(event, Proposed)]
    assert events[-1].kind == "max tokens"


async def test_blocks_go_in_order_with_marks_at_the_seams(api, claude):
    api.script(answer("a"))

    await told(claude)

    mark = {"cache_control": {"type": "ephemeral"}}
    body = api.messages()[0].json
    assert body["system"] == [{"type": "text", "text": "You are an expert.", **mark}]
    assert body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "The schema.", **mark},
                {"type": "text", "text": "Explain this."},
            ],
        }
    ]
    assert body["stream"] is True
    assert "tools" not in body


async def test_of_many_seams_the_first_and_the_last_three_are_marked(api, claude):
    api.script(answer("a"))
    turns = (Turn("user", MANY), Turn("assistant", (Block("d"),)), Turn("user", MANY))

    await told(claude, msgspec.structs.replace(SENT, turns=turns))

    body = api.messages()[0].json
    marked = [
        (number, block["text"])
        for number, message in enumerate(body["messages"])
        for block in message["content"]
        if "cache_control" in block
    ]
    assert "cache_control" in body["system"][0]
    assert marked == [(2, "a"), (2, "b"), (2, "c")]


async def test_blank_blocks_are_left_out_and_their_seam_is_kept(api, claude):
    api.script(answer("a"))
    blocks = (Block("a"), Block(" \n", is_seam=True), Block("b"))

    await told(claude, msgspec.structs.replace(SENT, turns=(Turn("user", blocks),)))

    content = api.messages()[0].json["messages"][0]["content"]
    assert [(block["text"], "cache_control" in block) for block in content] == [
        ("a", True),
        ("b", False),
    ]


async def test_a_follow_up_repeats_the_prefix_byte_for_byte(api, claude):
    api.script(answer("a"), times=2)
    more = (
        *SENT.turns,
        Turn("assistant", (Block("a"),)),
        Turn("user", (Block("Why?", is_seam=True),)),
    )

    await told(claude)
    await told(claude, msgspec.structs.replace(SENT, turns=more))

    first, second = (request.body for request in api.messages())
    seam = b'"The schema.","cache_control":{"type":"ephemeral"}}'
    assert first.count(seam) == 1
    assert second.startswith(first[: first.index(b'{"type":"text","text":"Explain this."}')])


async def test_a_model_that_adapts_thinks_and_has_room_for_it(api, claude):
    api.script(answer("a"), times=2)

    await told(claude)
    await told(claude)

    bodies = [request.json for request in api.messages()]
    assert [body["thinking"] for body in bodies] == [{"type": "adaptive"}] * 2
    assert bodies[0]["max_tokens"] == 500 + THINKING
    asked = [request.path for request in api.requests if request.method == "GET"]
    assert asked == ["/v1/models/claude-sonnet-5-5"], "asked once"


@pytest.mark.parametrize(
    "changed", [{"model": "claude-haiku-4-5"}, {"model": "claude-plain-1"}, {"thinking": "off"}]
)
async def test_others_are_not_asked_to_think(api, changed):
    api.script(answer("a"))
    claude = Claude(settings(api, **changed))

    await told(claude)
    await claude.close()

    body = api.messages()[0].json
    assert "thinking" not in body
    assert body["max_tokens"] == 500


async def test_a_gateway_that_knows_no_models_gets_the_plain_question(api, claude):
    api.script(answer("a"), times=2)
    claude.settings = settings(api, model="claude-opus-5-5")
    api.models = {"claude-opus-5-5": api.models["claude-plain-1"]}

    await told(claude)

    assert "thinking" not in api.messages()[0].json


async def test_the_tool_is_strict_where_the_model_knows_strictness(api, claude):
    api.script(answer("a"), times=2)

    await told(claude, EDITS)
    claude.settings = settings(api, model="claude-plain-1")
    await told(claude, EDITS)

    strict, loose = (request.json for request in api.messages())
    assert strict["tools"][0]["strict"] is True
    assert strict["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
    assert "strict" not in loose["tools"][0]


async def test_each_task_may_have_a_model_of_its_own(api):
    api.script(answer("a"), times=2)
    claude = Claude(settings(api, models={"rewrite": "claude-opus-5-5"}))

    await told(claude)
    await told(claude, EDITS)
    await claude.close()

    assert [request.json["model"] for request in api.messages()] == [
        "claude-sonnet-5-5",
        "claude-opus-5-5",
    ]


async def test_tokens_are_counted_before_sending(api, claude):
    assert (
        await claude.count(cleared(claude))
        == api.cache.count(api.requests[-1].json, remember=False).all
    )
    assert api.messages() == []


async def test_a_cloud_counts_on_its_own_path(api):
    claude = Claude(settings(api, provider="vertex", region="global", project="shop"))

    assert await claude.count(cleared(claude)) is not None
    await claude.close()

    (request,) = api.requests
    assert request.path.endswith("/models/count-tokens:rawPredict")


async def test_tokens_are_unknown_where_nobody_counts(api, claude):
    claude.settings = settings(api, model="nothing-like-it")

    assert await claude.count(cleared(claude)) is None


async def test_the_connection_is_kept_for_the_next_question(api, claude):
    api.script(answer("a"), times=3)

    for _ in range(3):
        await told(claude)

    assert len({request.connection for request in api.requests}) == 1


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (fails(400, "messages: nonsense"), "bad request"),
        (fails(400, "Your credit balance is too low"), "no credit"),
        (fails(400, "Output blocked by content filtering policy"), "filtered"),
        (fails(400, "prompt is too long: 300000 tokens > 200000 maximum"), "too large"),
        (fails(400, "no", details={"error_code": "enforced_spend_limit_reached"}), "no credit"),
        (fails(401), "bad key"),
        (fails(402), "no credit"),
        (fails(403), "forbidden"),
        (fails(404, "model: nothing"), "no model"),
        (fails(404, body=b"<html>no such page</html>"), "setup"),
        (fails(408), "timeout"),
        (fails(409), "server"),
        (fails(413), "too large"),
        (fails(422), "bad request"),
        (fails(429), "rate limit"),
        (fails(500), "server"),
        (fails(502, body=b"<html>bad gateway</html>"), "server"),
        (fails(503), "overload"),
        (fails(504), "timeout"),
        (fails(529), "overload"),
        (fails(307, headers={"location": "http://127.0.0.1:1/v1/messages"}), "setup"),
        (answer("Hel", breaks("overloaded_error", "Overloaded")), "overload"),
        (answer("Hel", breaks("api_error", "Internal")), "server"),
        (answer("Hel", breaks("rate_limit_error")), "rate limit"),
        (answer("Hel", breaks("authentication_error")), "bad key"),
        (answer("Hel", stop="max_tokens"), "max tokens"),
        (answer("Hel", stop="refusal", details={"type": "refusal", "explanation": "No."}), "refusal"),
        (answer("Hel", stop="model_context_window_exceeded"), "too large"),
        (answer("Hel", stop="content_filter"), "filtered"),
        (answer("Hel", stop="pause_turn"), "server"),
        (answer("Hel", cuts(), "lo"), "cut"),
        (answer("Hel", ends=False), "cut"),
        (answer("Hel", sends(b"event: content_block_delta\ndata: {oops\n\n")), "malformed"),
        (answer("Hel", sends(b"event: content_block_delta\ndata: [1]\n\n")), "malformed"),
        (answer("Hel", sends(b'event: content_block_delta\ndata: {"type":"content_block_delta"}\n\n')), "malformed"),
        (
            answer(sends(b'event: content_block_delta\ndata: {"type":"content_block_delta","index":7,"delta":{"type":"text_delta","text":"x"}}\n\n')),
            "malformed",
        ),
        (answer("Hel", sends(b"event: content_block_delta\ndata: \xff\xfe\n\n")), "malformed"),
        (answer("Hel", sends(b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":3}}\n\n')), "malformed"),
        (answer(headers={"content-type": "text/html"}, ends=False), "cut"),
    ],
)  # fmt: skip
async def test_each_failure_is_told_by_its_kind(api, claude, script, kind):
    api.script(script)

    failed = await last(claude)

    assert failed.kind == kind
    assert failed.request_id == f"req_{len(api.requests):06}"
    assert "\n" not in failed.detail


async def test_an_unknown_event_is_passed_over(api, claude):
    api.script(answer("Hel", sends(b'event: novelty\ndata: {"type": "novelty"}\n\n'), "lo"))

    assert texts(await told(claude)) == ["Hel", "lo"]


async def test_what_was_said_before_a_failure_is_kept(api, claude):
    api.script(answer("Hel", "lo", cuts()))

    assert texts(await told(claude)) == ["Hel", "lo"]


async def test_why_a_model_declined_is_told(api, claude):
    api.script(
        answer(
            stop="refusal", details={"type": "refusal", "category": "cyber", "explanation": None}
        )
    )

    assert (await last(claude)).detail == "cyber"


async def test_nobody_at_the_other_end_is_no_network(api):
    with MessagesApi() as closed:
        pass
    claude = Claude(settings(api, base_url=closed.url))

    assert (await last(claude)).kind == "no network"


async def test_a_failed_request_is_sent_again_and_then_answered(api):
    api.script(fails(529, headers={"retry-after-ms": "30"}), times=2)
    api.script(answer("at last"))
    claude = Claude(settings(api, retries=2))

    assert texts(await told(claude)) == ["at last"]
    await claude.close()

    assert len(api.messages()) == 3


async def test_retry_after_is_waited_for(api):
    api.script(fails(429, retry_after=0.3))
    api.script(answer("at last"))
    claude = Claude(settings(api, retries=1))

    assert texts(await told(claude)) == ["at last"]
    await claude.close()

    first, second = api.messages()
    assert second.arrived - first.arrived >= 0.3


async def test_a_long_retry_after_is_told_and_not_waited_for(api):
    api.script(fails(429, retry_after=3600), times=None)
    claude = Claude(settings(api, retries=2))

    failed = await last(claude)
    await claude.close()

    assert failed == Failed("rate limit", "scripted rate_limit_error", failed.request_id, 3600)
    assert len(api.messages()) == 1


async def test_nothing_is_sent_again_once_the_answer_has_begun(api):
    api.script(answer("Hel", breaks("overloaded_error")), times=None)
    claude = Claude(settings(api, retries=2))

    assert (await last(claude)).kind == "overload"
    await claude.close()

    assert len(api.messages()) == 1


@pytest.mark.parametrize(
    ("script", "changed"),
    [
        (answer("late", headers_after=60), {"first_token_timeout": 0.5}),
        (answer(waits(60), "late"), {"first_token_timeout": 0.5}),
        (answer("Hel", waits(60), "lo"), {"silence_timeout": 0.3}),
    ],
    ids=["headers", "first word", "between words"],
)
async def test_what_takes_too_long_is_given_up(api, script, changed):
    api.script(script)
    claude = Claude(settings(api))
    await claude.count(cleared(claude))  # so that nothing but the answer takes its time
    claude.settings = settings(api, **changed)
    if "silence_timeout" in changed:
        await claude.close()  # this one is the client's own

    failed = await asyncio.wait_for(last(claude), 10)
    await claude.close()

    assert failed.kind == "timeout"
    assert api.messages()[0].wait().left_at is not None


async def test_pings_do_not_count_as_a_first_word(api):
    api.script(answer(*(step for _ in range(40) for step in (pings(), waits(0.05))), "late"))
    claude = Claude(settings(api))
    await claude.count(cleared(claude))
    claude.settings = settings(api, first_token_timeout=0.5)

    assert (await asyncio.wait_for(last(claude), 10)).kind == "timeout"
    assert api.messages()[0].wait().left_at is not None
    await claude.close()


async def test_pings_keep_a_slow_answer_alive(api):
    api.script(answer("Hel", *(step for _ in range(8) for step in (pings(), waits(0.1))), "lo"))
    claude = Claude(settings(api, silence_timeout=0.5))

    assert texts(await told(claude)) == ["Hel", "lo"]
    await claude.close()


async def test_cancelling_the_reader_stops_reading_at_once(api, claude):
    api.script(answer("Hel", holds()))
    heard = asyncio.Event()

    async def read() -> None:
        async for event in claude.stream(cleared(claude)):
            if isinstance(event, Text):
                heard.set()

    task = asyncio.create_task(read())
    await asyncio.wait_for(heard.wait(), 5)
    cancelled = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    recorded = await asyncio.to_thread(api.messages()[0].wait)
    assert recorded.left_at is not None
    assert recorded.left_at - cancelled < 0.2


async def test_cancelling_before_the_first_byte_stops_at_once(api, claude):
    api.script(answer("Hel", headers_after=60))

    task = asyncio.create_task(told(claude))
    (recorded,) = await asyncio.to_thread(api.wait_for)
    cancelled = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await asyncio.to_thread(recorded.wait)
    assert recorded.left_at is not None
    assert recorded.left_at - cancelled < 0.2


async def test_closing_the_answer_stops_reading_at_once(api, claude):
    api.script(answer("Hel", holds()))
    stream = claude.stream(cleared(claude))

    async for event in stream:
        if isinstance(event, Text):
            break
    closed = time.monotonic()
    await stream.aclose()

    # The loop is held up meanwhile, so that nothing that runs later can have closed it.
    recorded = api.messages()[0].wait()
    assert recorded.left_at is not None
    assert recorded.left_at - closed < 0.2


async def test_two_questions_at_once_do_not_mix(api, claude):
    api.script(answer("one ", waits(0.05), "one"), times=2)

    both = await asyncio.gather(told(claude), told(claude))

    assert [texts(events) for events in both] == [["one ", "one"]] * 2


async def test_after_closing_it_can_be_asked_again(api, claude):
    api.script(answer("a"), times=2)

    await told(claude)
    await claude.close()

    assert texts(await told(claude)) == ["a"]


@pytest.mark.parametrize(
    "script",
    [
        fails(401, f"invalid x-api-key {KEY}"),
        fails(400, f"your key {KEY} is odd"),
        answer("Hel", breaks("api_error", f"with {KEY}")),
        answer(stop="refusal", details={"type": "refusal", "explanation": f"with {KEY}"}),
        answer("Hel", sends(f"event: content_block_delta\ndata: {KEY}\n\n".encode())),
        answer("Hel", sends(f'event: message_delta\ndata: {{"type":"message_delta","delta":"{KEY}"}}\n\n'.encode())),
    ],
)  # fmt: skip
async def test_the_key_is_in_nothing_that_it_tells_or_logs(api, claude, script, caplog):
    caplog.set_level(logging.DEBUG)
    api.script(script)

    events = await told(claude)

    assert isinstance(events[-1], Failed)
    assert KEY not in repr(events)
    assert KEY not in caplog.text
    assert KEY not in repr(claude.__dict__)
    assert any(KEY in str(request.headers) for request in api.messages()), "it was sent"


async def test_a_key_is_not_taken_along_to_where_a_server_points(api, claude):
    with MessagesApi() as elsewhere:
        api.script(fails(307, headers={"location": f"{elsewhere.url}/v1/messages"}))

        assert (await last(claude)).kind == "setup"
        assert elsewhere.requests == []


async def test_a_key_command_gives_the_key(api):
    api.script(answer("a"), times=2)
    command = (sys.executable, "-c", f"print('{KEY}')")
    claude = Claude(settings(api, api_key=None, key_command=command))

    assert texts(await told(claude)) == ["a"]
    assert texts(await told(claude)) == ["a"]
    await claude.close()


async def test_a_key_command_is_asked_again_after_its_key_ran_out(api, tmp_path):
    api.script(answer("a"))
    path = tmp_path / "key"
    path.write_text("run-out")
    read = f"print(open({str(path)!r}).read())"
    claude = Claude(settings(api, api_key=None, key_command=(sys.executable, "-c", read)))

    assert (await last(claude)).kind == "bad key"
    path.write_text(KEY)
    assert texts(await told(claude)) == ["a"]
    await claude.close()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; print('sk-secret'); sys.exit(3)", "ended with 3"),
        ("print()", "printed nothing"),
        ("import time; time.sleep(60)", "took longer than 0.5 seconds"),
    ],
)
async def test_a_key_command_that_gives_none_is_told(api, code, message):
    command = (sys.executable, "-c", code)
    claude = Claude(settings(api, api_key=None, key_command=command, key_command_timeout=0.5))

    failed = await asyncio.wait_for(last(claude), 10)

    assert failed.kind == "setup"
    assert message in failed.detail
    assert "sk-secret" not in failed.detail
    assert api.requests == []


async def test_a_key_command_that_does_not_exist_is_told(api):
    claude = Claude(settings(api, api_key=None, key_command=("/no/such/program",)))

    failed = await last(claude)

    assert failed.kind == "setup"
    assert (
        failed.detail
        == "the key command `/no/such/program` cannot be run: No such file or directory"
    )


async def test_no_key_at_all_is_told(api, monkeypatch):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/nowhere")
    claude = Claude(settings(api, api_key=None))

    assert (await last(claude)).kind == "no key"
    await claude.close()


async def test_a_bearer_token_will_do(api):
    api.script(answer("a"))
    claude = Claude(settings(api, api_key=None, auth_token=Secret(KEY)))

    assert texts(await told(claude)) == ["a"]
    await claude.close()


async def test_vertex_is_asked_on_its_own_path(api):
    api.script(answer("a"))
    claude = Claude(settings(api, provider="vertex", region="global", project="shop"))

    assert texts(await told(claude)) == ["a"]
    await claude.close()

    path = "/projects/shop/locations/global/publishers/anthropic/models/claude-sonnet-5-5:streamRawPredict"
    assert [request.path for request in api.requests] == [path]


async def test_bedrock_is_asked_with_its_own_name_of_the_model(api):
    api.script(answer("a"))
    api.models = {"anthropic.claude-sonnet-5-5": api.models["claude-sonnet-5-5"]}
    claude = Claude(settings(api, provider="bedrock", region="eu-central-1"))

    assert texts(await told(claude)) == ["a"]
    await claude.close()

    assert api.requests[0].json["model"] == "anthropic.claude-sonnet-5-5"


async def test_foundry_is_asked_with_its_own_header(api):
    api.script(answer("a"))
    claude = Claude(settings(api, provider="foundry"))

    assert texts(await told(claude)) == ["a"]
    await claude.close()

    assert api.requests[0].header("x-api-key") == KEY


@pytest.mark.parametrize(
    ("provider", "words"),
    [("vertex", "region"), ("bedrock", "region"), ("foundry", "resource")],
)
async def test_a_cloud_that_is_not_set_up_says_what_is_missing(provider, words, monkeypatch):
    for name in (
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "CLOUD_ML_REGION",
        "ANTHROPIC_FOUNDRY_RESOURCE",
    ):
        monkeypatch.delenv(name, raising=False)
    claude = Claude(ModelSettings(provider=provider, api_key=Secret(KEY)))

    failed = await last(claude)

    assert failed.kind == "setup"
    assert words in failed.detail


def test_the_sdk_is_not_imported_before_the_first_question():
    code = (
        "import sys, backend_expert.lsp.door, backend_expert.lsp.server, backend_expert.persona.expert\n"
        "from backend_expert.persona.setup import *\n"
        "assert isinstance(answering(ModelSettings(api_key=Secret('k'))), Claude)\n"
        "loaded = {'anthropic', 'httpx2', 'pydantic'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
