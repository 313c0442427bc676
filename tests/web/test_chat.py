"""Clients that speak OpenAI's protocol can ask; shown with OpenAI's own client."""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest

from assistant.web.app import create_app
from tests.support.served import served
from tests.web.fake_desk import CLAUSE_QUOTE, COUNTY, FakeDesk

pytestmark = pytest.mark.integration

CHAT = "/v1/chat/completions"


@pytest.fixture
def url(desk: FakeDesk) -> Iterator[str]:
    with served(create_app(desk.open)) as url:
        yield url


@pytest.fixture
def openai_client(url: str):
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client


def messages(*texts: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text} for text in texts]


def test_the_answer_comes_whole_with_citations(openai_client) -> None:
    reply = openai_client.chat.completions.create(
        model="assistant", messages=messages("公积金贷款要缴多久")
    )
    message = reply.choices[0].message
    assert message.content == f"{CLAUSE_QUOTE}。"
    assert message.citations[0]["quote"] == CLAUSE_QUOTE
    assert message.ai_label == "内容由人工智能生成"
    assert reply.choices[0].finish_reason == "stop"


def test_the_answer_comes_in_pieces_with_citations_at_the_end(openai_client) -> None:
    stream = openai_client.chat.completions.create(
        model="assistant",
        messages=messages("公积金贷款要缴多久"),
        stream=True,
        stream_options={"include_usage": True},
    )
    *chunks, last = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == f"{CLAUSE_QUOTE}。"
    assert chunks[-1].choices[0].delta.citations[0]["quote"] == CLAUSE_QUOTE
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert last.usage.total_tokens > 0


def test_earlier_user_messages_are_the_history(openai_client, desk: FakeDesk) -> None:
    said = [
        {"role": "system", "content": "你是助手"},
        {"role": "user", "content": "设立登记怎么办"},
        {"role": "assistant", "content": "……"},
        {"role": "user", "content": [{"type": "text", "text": "那要多少钱"}]},
    ]
    openai_client.chat.completions.create(
        model="assistant", messages=said, temperature=0, extra_body={"region": COUNTY}
    )
    (asked,) = desk.asked
    assert (asked.text, asked.history) == ("那要多少钱", ("设立登记怎么办",))
    assert asked.region == COUNTY


def test_an_error_is_understood_by_the_client(openai_client) -> None:
    import openai

    with pytest.raises(openai.UnprocessableEntityError, match="没有用户的问题"):
        openai_client.chat.completions.create(
            model="assistant", messages=[{"role": "system", "content": "x"}]
        )


def test_the_model_is_listed(openai_client) -> None:
    assert [model.id for model in openai_client.models.list()] == ["assistant"]


async def test_a_stream_ends_with_done(client: httpx.AsyncClient) -> None:
    body = {"messages": messages("设立登记"), "stream": True}
    reply = await client.post(CHAT, json=body)
    events = [line.removeprefix("data: ") for line in reply.text.split("\n\n") if line]
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert events[-1] == "[DONE]"
    assert all(json.loads(event)["id"].startswith("chatcmpl-") for event in events[:-1])


@pytest.mark.parametrize(
    "said",
    [
        [],
        [{"role": "user"}],
        [{"role": "user", "content": ""}],
        [{"role": "user", "content": "问" * 501}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
        [{"role": "nobody", "content": "x"}],
        "设立登记",
    ],
)
async def test_what_holds_no_question_is_refused(client: httpx.AsyncClient, said: object) -> None:
    reply = await client.post(CHAT, json={"messages": said})
    assert reply.status_code == 422
    assert reply.json()["error"]["message"]


async def test_twenty_ask_at_once(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    sent = [client.post(CHAT, json={"messages": messages(f"设立登记{n}")}) for n in range(20)]
    assert all(reply.status_code == 200 for reply in await asyncio.gather(*sent))
    assert len(desk.outcomes.kept) == 20
