import logging
from collections.abc import Sequence
from contextlib import asynccontextmanager

import pytest

from assistant.domain.breaker import Breaker
from assistant.errors import ModelFailed
from assistant.models.chat import ChatModel, Message, OpenAIChat, strip_thoughts
from tests.models.openai_server import completion, fails, http, openai_server, says, sends, stalls

pytestmark = pytest.mark.integration

ASK = [Message("system", "规则"), Message("user", "问题")]
KEY = "sk-very-secret-key"


@asynccontextmanager
async def chat_with(*script, breaker: Breaker | None = None):
    async with openai_server(*script) as server:
        model = OpenAIChat("m", base_url=server.url, api_key=KEY, breaker=breaker)
        await model.warm()
        try:
            yield model, server
        finally:
            await model.close()


class Fake:
    """The smallest chat model."""

    def __init__(self, reply: str | None) -> None:
        self._reply = reply

    async def complete(self, messages: Sequence[Message], seconds: float = 2.0) -> str:
        if self._reply is None:
            raise ModelFailed("坏了")
        return self._reply


@asynccontextmanager
async def fake_model(reply: str | None):
    yield Fake(reply)


@asynccontextmanager
async def real_model(reply: str | None):
    async with chat_with(says(reply) if reply else fails()) as (model, _):
        yield model


@pytest.mark.parametrize("make", [fake_model, real_model])
class TestContract:
    """What every ChatModel holds."""

    async def test_gives_the_text(self, make) -> None:
        async with make("你好") as model:
            chat: ChatModel = model
            assert await chat.complete(ASK) == "你好"

    async def test_fails_with_one_error(self, make) -> None:
        async with make(None) as model:
            with pytest.raises(ModelFailed):
                await model.complete(ASK, 2.0)


async def test_sends_the_messages_and_the_key() -> None:
    async with chat_with(says("好")) as (model, server):
        await model.complete(ASK)
    assert [m["content"] for m in server.requests[0]["messages"]] == ["规则", "问题"]
    assert server.requests[0]["model"] == "m"
    assert f"Bearer {KEY}" in server.headers[0]


@pytest.mark.parametrize(
    "broken",
    [
        says(""),
        says(None),
        says("<think>只有思考"),
        says("写到一半", finish="length"),
        says("不许说", finish="content_filter"),
        sends(http(completion("x", choices=[]))),
        sends(http(b"not json at all", kind="text/plain")),
        sends(http(b'{"choices": "?"}')),
        sends(http(b"{}")),
        sends(http(b'{"choices": [')),
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
        sends(b""),
        fails(),
        fails("401 Unauthorized"),
    ],
)
async def test_a_broken_reply_is_model_failed(broken) -> None:
    async with chat_with(broken) as (model, _):
        with pytest.raises(ModelFailed):
            await model.complete(ASK, 2.0)


async def test_a_stalled_model_is_given_up() -> None:
    async with chat_with(stalls()) as (model, _):
        with pytest.raises(ModelFailed, match=r"超时|不可用"):
            await model.complete(ASK, 0.2)


async def test_one_retry_after_a_server_error_none_after_a_refusal() -> None:
    async with chat_with(fails("503 Service Unavailable"), says("好")) as (model, server):
        assert await model.complete(ASK, 3.0) == "好"
        assert len(server.requests) == 2
    async with chat_with(fails("400 Bad Request"), says("好")) as (model, server):
        with pytest.raises(ModelFailed, match="400"):
            await model.complete(ASK, 3.0)
        assert len(server.requests) == 1


async def test_retries_are_bounded() -> None:
    async with chat_with(fails()) as (model, server):
        with pytest.raises(ModelFailed):
            await model.complete(ASK, 3.0)
        assert len(server.requests) == 2


async def test_the_breaker_leaves_a_failing_model_alone_and_tries_again() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, rest=30.0, now=lambda: now[0])
    refused = fails("400 Bad Request")
    async with chat_with(refused, refused, says("好"), breaker=breaker) as (model, server):
        for _ in range(4):
            with pytest.raises(ModelFailed):
                await model.complete(ASK)
        assert len(server.requests) == 2
        assert breaker.is_open
        now[0] = 31.0
        assert await model.complete(ASK) == "好"
        assert not breaker.is_open


async def test_the_key_is_nowhere_in_logs_or_errors(caplog, capsys) -> None:
    caplog.set_level(logging.DEBUG)
    async with chat_with(fails("401 Unauthorized")) as (model, _):
        with pytest.raises(ModelFailed) as error:
            await model.complete(ASK)
        shown = f"{caplog.text}{capsys.readouterr()}{error.value!r}{model!r}"
    assert KEY not in shown


def test_thoughts_are_stripped() -> None:
    assert strip_thoughts("<think>想\n想</think>\n答复") == "答复"
    assert strip_thoughts("答复<THINK>没想完") == "答复"
