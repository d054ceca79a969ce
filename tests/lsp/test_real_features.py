"""The real server's hovers, light bulb, outline and lenses, in VS Code's and in Emacs's words."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.editor import SHOP, Editor

PRODUCTS = SHOP / "api" / "shop" / "routers" / "products.py"
INJECTION, TIMEOUT = "security/sql-injection", "errors/http-call-no-timeout"
CALLS = """import requests


def both(url):
    requests.get(f"{url}/a")
    requests.get(f"{url}/b")
    requests.get("https://example.org/ü", verify=False, timeout=5)
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["vscode", "emacs"])
async def editor(request: pytest.FixtureRequest) -> AsyncIterator[Editor]:
    async with Editor.start(request.param, SHOP) as started:
        yield started
        assert await started.session.shutdown() == 0


@pytest.fixture
def products(editor: Editor):
    uri = editor.open_file(PRODUCTS)
    yield uri
    editor.close(uri)


@pytest.fixture
def calls(editor: Editor):
    uri = editor.open("untitled:calls.py", CALLS)
    yield uri
    editor.close(uri)


def titled(actions: list[dict], title: str) -> dict:
    (found,) = [action for action in actions if action["title"].startswith(title)]
    return found


# -- hover ----------------------------------------------------------------------------------------


async def test_hover_on_a_query(editor: Editor, products: str) -> None:
    answer = await editor.hover(products, "SELECT sku")
    assert answer
    words = answer["contents"]["value"]
    assert answer["contents"]["kind"] == "markdown"
    assert "`products`" in words or "products" in words.split("\n")[0]
    for part in ("**Keeps**", "**Returns**", "**Sorts**", "`:limit`", "`archived_at` is NULL"):
        assert part in words
    assert answer["range"]["start"] == editor.range(products, "SELECT sku")["start"]


async def test_hover_on_a_finding_shows_its_page(editor: Editor, products: str) -> None:
    answer = await editor.hover(products, "{q}")
    assert answer and answer["range"] == editor.range(products, "{q}")
    page, _, query = answer["contents"]["value"].partition("\n\n---\n\n")
    assert "untrusted parameter `q` spliced into this SELECT" in page
    assert f"`{INJECTION}` · error" in page and "CWE-89" in page
    assert "**Sorts**" in query


async def test_hover_on_an_endpoint(editor: Editor, products: str) -> None:
    answer = await editor.hover(products, "/search")
    assert answer and answer["range"] == editor.range(products, '"/search"')
    words = answer["contents"]["value"]
    assert words.startswith("**GET `/products/search`**")
    assert "Answered by `search_products`" in words and "runs SQL" in words
    assert await editor.hover(products, "from typing") is None


# -- the light bulb -------------------------------------------------------------------------------


async def test_a_sure_fix_is_preferred_and_mends_it(editor: Editor, products: str) -> None:
    told = await editor.findings(products, INJECTION)
    actions = await editor.actions(products, told[0]["range"], "quickfix", told=told)
    fix = titled(actions, "Bind the value as a parameter")
    assert fix["isPreferred"] and fix["diagnostics"] == told and fix["kind"] == "quickfix"
    assert ("edit" in fix) == (editor.name == "emacs")  # which cannot ask for it later
    await editor.choose(fix)
    assert "'{q}'" not in editor.texts[products] and '"limit": limit' in editor.texts[products]
    assert not await editor.findings(products, INJECTION)


async def test_all_of_one_rule(editor: Editor, calls: str) -> None:
    assert len(await editor.findings(calls, TIMEOUT)) == 2
    actions = await editor.actions(calls, editor.range(calls, "requests.get"), "quickfix")
    await editor.choose(titled(actions, "Wait at most 5 seconds — all 2 in this file"))
    assert editor.texts[calls].count("timeout=5") == 3
    assert not await editor.findings(calls, TIMEOUT)
    assert await editor.findings(calls, "security/tls-verification-off")


async def test_all_that_is_sure(editor: Editor, calls: str) -> None:
    kind = "source.fixAll.backendExpert"
    for only in ("source", "source.fixAll", kind):
        offered = await editor.actions(calls, editor.range(calls, "import"), only)
        (action,) = (one for one in offered if one["kind"] == kind)
    await editor.choose(action)
    assert editor.texts[calls].count("timeout=5") == 3
    assert "verify=False" not in editor.texts[calls] and "/ü" in editor.texts[calls]
    assert not await editor.findings(calls, TIMEOUT)
    assert not await editor.actions(calls, editor.range(calls, "import"), kind)


async def test_silencing_with_a_reason(editor: Editor, products: str) -> None:
    (found,) = await editor.findings(products, INJECTION)
    before = await editor.findings(products)
    actions = await editor.actions(products, found["range"], "quickfix")
    await editor.choose(titled(actions, f"Ignore {INJECTION} here, with a reason"))
    assert f"# backend-expert: ignore[{INJECTION}] reason: " in editor.texts[products]
    after = await editor.findings(products)
    assert [item["code"] for item in after] == [i["code"] for i in before if i != found]


async def test_an_offer_for_an_older_text_changes_nothing(editor: Editor, calls: str) -> None:
    actions = await editor.actions(calls, editor.range(calls, "requests.get"), "quickfix")
    editor.rewrite(calls, "# typed meanwhile\n" + CALLS)
    if editor.name == "emacs":  # has the edit already, made for the version it knows
        change = actions[0]["edit"]["documentChanges"][0]
        assert change["textDocument"] == {"uri": calls, "version": 1}
        assert not editor.apply(actions[0]["edit"])
        return
    resolved = await editor.session.request("codeAction/resolve", actions[0])
    assert "edit" not in resolved
    assert "has changed" in editor.session.told["window/showMessage"].pop()["message"]


async def test_the_expert_is_offered_for_each_task(editor: Editor, products: str) -> None:
    place = editor.range(products, "{q}")
    actions = await editor.actions(products, place, "refactor")
    kinds = [action["kind"].rpartition(".")[2] for action in actions]
    assert {"explain", "index", "notes", "production", "review", "rewrite", "tests"} <= {*kinds}
    for action, kind in zip(actions, kinds, strict=True):
        assert action["title"].startswith("Ask backend expert: ")
        assert action["command"]["command"] == "backendExpert.ask"
        (argument,) = action["command"]["arguments"]
        assert (argument["uri"], argument["task"]) == (products, kind)


async def test_a_hover_has_a_link_to_ask_where_the_client_takes_one() -> None:
    more = {"experimental": {"backendExpert": {"links": True}}}
    async with Editor.start("vscode", SHOP, more=more) as editor:
        uri = editor.open_file(SHOP / "api" / "shop" / "routers" / "products.py")
        shown = await editor.hover(uri, "SELECT sku")
        assert shown is not None
        link = shown["contents"]["value"].rpartition("\n\n")[2]
        assert link.startswith("[Ask backend expert](command:backendExpert.ask?%5B%7B%22uri%22")
        assert await editor.session.shutdown() == 0


# -- outline and lenses ---------------------------------------------------------------------------


async def test_the_outline(editor: Editor, products: str) -> None:
    params = {"textDocument": {"uri": products}}
    symbols = await editor.session.request("textDocument/documentSymbol", params)
    by_name = {symbol["name"]: symbol for symbol in symbols}
    search = by_name["GET /products/search"]
    assert {"POST /products/{sku}/image", "DELETE /products/{sku}"} <= by_name.keys()
    assert search["detail"] == "search_products" and search["kind"] == 24
    assert search["selectionRange"] == editor.range(products, '"/search"')
    (query,) = search["children"]
    assert query["name"] == "SELECT products"
    assert query["range"]["start"] == editor.range(products, "SELECT sku")["start"]


async def test_the_lenses(editor: Editor, products: str) -> None:
    assert "GET /products/search · 1 query · 1 finding · ask" in await editor.shown(products)
    params = {"textDocument": {"uri": products}}
    lens = (await editor.session.request("textDocument/codeLens", params))[0]
    assert lens["command"]["arguments"][0]["task"] == "review"
    answer = await editor.session.request("workspace/executeCommand", lens["command"])
    assert answer["text"].startswith("# Review this code")
