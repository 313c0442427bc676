"""Asking over the API."""

import asyncio
import json
from datetime import date

import httpx
import pytest

from assistant.errors import IndexLocked
from assistant.evaluation.results import ResultLine
from assistant.web.app import create_app
from tests.web.fake_desk import CLAUSE_QUOTE, COUNTY, POLICY, FakeDesk

pytestmark = pytest.mark.integration

ASK = "/api/v1/questions"


async def test_a_reply_holds_the_line_of_a_case_and_its_label(client: httpx.AsyncClient) -> None:
    reply = (await client.post(ASK, json={"question": "公积金贷款要缴多久"})).json()
    keys = set(ResultLine.model_fields) | {"ai_label", "options", "question"}
    assert set(reply) == keys
    assert reply["ai_label"] == "内容由人工智能生成"
    assert reply["citations"][0]["quote"] == CLAUSE_QUOTE
    assert reply["citations"][0]["document_number"] == "示例发〔2025〕8号"


async def test_the_address_of_a_citation_opens_the_quote_marked(client: httpx.AsyncClient) -> None:
    reply = (await client.post(ASK, json={"question": "公积金贷款要缴多久"})).json()
    page = await client.get(reply["citations"][0]["url"])
    assert page.status_code == 200
    assert f"<mark>{CLAUSE_QUOTE}</mark>" in page.text


async def test_a_citation_without_a_key_is_found_by_its_words(client: httpx.AsyncClient) -> None:
    (citation,) = (await client.post(ASK, json={"question": "设立登记"})).json()["citations"]
    assert citation["passage_key"] == 3
    assert citation["url"].endswith("#p-3")


async def test_no_address_of_another_scheme_gets_out(client: httpx.AsyncClient) -> None:
    reply = (await client.post(ASK, json={"question": "公积金贷款要缴多久"})).json()
    assert reply["citations"][0]["source_url"] is None
    assert (await client.get(f"/api/v1/sources/{POLICY}")).json()["source_url"] is None


@pytest.mark.parametrize("text", ["今天天气", "滚", "社保卡丢了怎么办"])
async def test_what_no_machine_composed_bears_no_label(
    client: httpx.AsyncClient, text: str
) -> None:
    assert (await client.post(ASK, json={"question": text})).json()["ai_label"] is None


async def test_a_draft_that_is_not_said_is_not_shown(client: httpx.AsyncClient) -> None:
    reply = (await client.post(ASK, json={"question": "不确定的公积金"})).json()
    assert (reply["action"], reply["citations"], reply["ai_label"]) == ("review", [], None)
    page = await client.get(f"/questions/{reply['id']}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert CLAUSE_QUOTE not in page.text


async def test_a_clarification_offers_its_names(client: httpx.AsyncClient) -> None:
    reply = (await client.post(ASK, json={"question": "营业执照要带什么"})).json()
    assert reply["action"] == "clarify"
    assert "个体工商户变更登记" in reply["options"]


async def test_everything_that_is_asked_reaches_the_desk(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    body = {
        "question": " 要多少钱 ",
        "region": COUNTY,
        "as_of": "2025-05-09",
        "history": ["设立登记怎么办"],
        "tags": ["公积金"],
    }
    await client.post(ASK, json=body)
    (asked,) = desk.asked
    assert (asked.text, asked.region) == ("要多少钱", COUNTY)
    assert (asked.as_of, asked.history) == (date(2025, 5, 9), ("设立登记怎么办",))
    assert asked.tags == {"公积金"}


async def test_a_day_begins_at_midnight_in_china(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    await client.post(ASK, json={"question": "设立登记"})
    assert desk.clock().date() == date(2026, 3, 1)
    assert desk.asked[0].as_of == date(2026, 3, 2)


async def test_an_outcome_can_be_looked_up(client: httpx.AsyncClient) -> None:
    first = await client.post(ASK, json={"question": "设立登记收费吗"})
    again = await client.get(first.headers["Content-Location"])
    assert again.json() == first.json()


async def test_the_same_key_asks_once(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    send = [
        client.post(ASK, json={"question": "设立登记"}, headers={"Idempotency-Key": "k-1"})
        for _ in range(5)
    ]
    ids = {reply.json()["id"] for reply in await asyncio.gather(*send)}
    assert len(ids) == len(desk.asked) == len(desk.outcomes.kept) == 1


async def test_a_key_is_known_after_a_restart(desk: FakeDesk) -> None:
    headers = {"Idempotency-Key": "k-1"}
    ids = []
    for _ in range(2):
        app = create_app(desk.open)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://desk") as client,
        ):
            reply = await client.post(ASK, json={"question": "设立登记"}, headers=headers)
            ids.append((reply.json()["id"], reply.headers.get("Idempotent-Replayed")))
    assert len(desk.asked) == 1
    assert ids[0][0] == ids[1][0]
    assert (ids[0][1], ids[1][1]) == (None, "true")


async def test_a_key_is_bound_to_its_question(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    await client.post(ASK, json={"question": "设立登记"}, headers=headers)
    other = await client.post(ASK, json={"question": "公积金"}, headers=headers)
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"


async def test_a_key_whose_request_failed_can_be_used_again(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    headers = {"Idempotency-Key": "k-1"}
    desk.failure = IndexLocked("索引正被使用")
    failed = await client.post(ASK, json={"question": "设立登记"}, headers=headers)
    desk.failure = None
    again = await client.post(ASK, json={"question": "设立登记"}, headers=headers)
    assert (failed.status_code, again.status_code) == (503, 200)


async def test_invisible_and_control_characters_are_cleaned(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    body = json.dumps({"question": "设立\u200b登记\x00收费\u202e吗\x07"})
    reply = await client.post(ASK, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 200
    assert desk.asked[0].text == "设立登记 收费吗"


@pytest.mark.parametrize(
    "body",
    [
        {"question": ""},
        {"question": "   "},
        {"question": "\x00\u200b"},
        {"question": "问" * 501},
        {"question": 5},
        {"question": None},
        {"question": ["设立登记"]},
        {},
        [],
        None,
        "设立登记",
        {"question": "问", "region": "33"},
        {"question": "问", "region": "３３０３８３"},
        {"question": "问", "as_of": "2025-02-30"},
        {"question": "问", "as_of": 20250101},
        {"question": "问", "as_of": "0001-01-01"},
        {"question": "问", "as_of": "2025-05-10T00:00:00Z"},
        {"question": "问", "history": ["问"] * 21},
        {"question": "问", "history": [""]},
        {"question": "问", "tags": ["x" * 41]},
        {"question": "问", "surprise": 1},
    ],
)
async def test_what_is_wrong_is_said(client: httpx.AsyncClient, body: object) -> None:
    reply = await client.post(ASK, json=body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"nan",
        b'{"question": "\\ud800"}',
        b"[" * 100_000,
        b'{"question": ' + b"9" * 10_000 + b"}",
    ],
    ids=["empty", "cut", "not utf-8", "word", "surrogate", "deep", "long number"],
)
async def test_a_body_that_is_no_question_is_refused(
    client: httpx.AsyncClient, content: bytes
) -> None:
    reply = await client.post(ASK, content=content, headers={"content-type": "application/json"})
    assert reply.status_code in {400, 422}
    assert reply.headers["content-type"] == "application/problem+json"


async def test_no_question_is_logged(client: httpx.AsyncClient, logs: list) -> None:
    await client.post(ASK, json={"question": "设立登记，我的电话是13800000000"})
    await client.get("/api/v1/search", params={"q": "我的电话是13800000000"})
    assert [entry["event"] for entry in logs] == ["asked", "request", "request"]
    assert "138" not in str(logs)


async def test_a_question_whose_asker_left_is_recorded_before_the_end(desk: FakeDesk) -> None:
    desk.go_on.clear()
    app = create_app(desk.open)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client,
    ):
        asking = asyncio.create_task(client.post(ASK, json={"question": "设立登记"}))
        while not desk.asked:  # noqa: ASYNC110 - the fake tells of a question only so
            await asyncio.sleep(0)
        asking.cancel()
        asyncio.get_running_loop().call_later(0.05, desk.go_on.set)
    assert len(desk.outcomes.kept) == 1


@pytest.mark.parametrize("code", ["999999", "990199001"])
async def test_an_unknown_region_is_an_error_that_names_the_field(
    client: httpx.AsyncClient, code: str
) -> None:
    asked = await client.post(ASK, json={"question": "公积金贷款要缴多久", "region": code})
    searched = await client.get("/api/v1/search", params={"q": "公积金", "region": code})
    for reply in (asked, searched):
        assert reply.status_code == 422
        assert "region" in reply.json()["detail"]
        assert code in reply.json()["detail"]


async def test_a_village_that_the_table_lacks_may_ask(client: httpx.AsyncClient) -> None:
    body = {"question": "公积金贷款要缴多久", "region": f"{COUNTY}001002"}
    assert (await client.post(ASK, json=body)).status_code == 200
