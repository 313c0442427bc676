"""Health, readiness, metrics, and the loop that follows the index outbox."""

import asyncio

import httpx
import pytest

from assistant.web.app import create_app
from assistant.web.services import WebOptions
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - nothing tells of a background loop
            await asyncio.sleep(0.01)


async def test_health_names_the_parts(client: httpx.AsyncClient) -> None:
    health = (await client.get("/health")).json()
    assert (health["status"], health["degraded"]) == ("ok", [])
    assert health["index"]["generation"] == 1


async def test_health_shows_each_voice_engine(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    class Voice:
        def states(self) -> list[dict[str, object]]:
            return [{"engine": "edge", "state": "resting"}, {"engine": "offline", "state": "ok"}]

    desk.voice = Voice()
    health = (await client.get("/health")).json()
    assert health["degraded"] == ["voice_edge"]
    assert [one["engine"] for one in health["voice"]] == ["edge", "offline"]


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_service_is_warm_before_it_is_asked(desk: FakeDesk, *, wanted: bool) -> None:
    app = create_app(desk.open, WebOptions(warm_up=wanted))
    async with app.router.lifespan_context(app):
        assert desk.is_warm is wanted


async def test_a_failing_refresh_shows_and_heals(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.index.failure = RuntimeError("disk")
    before = desk.index.refreshed
    await until(lambda: desk.index.refreshed > before + 2)
    health = (await client.get("/health")).json()
    assert health["degraded"] == ["index_refresh"]
    assert "disk" not in str(health)
    desk.index.failure = None
    before = desk.index.refreshed
    await until(lambda: desk.index.refreshed > before + 2)
    assert (await client.get("/health")).json()["status"] == "ok"


async def test_an_empty_knowledge_base_is_not_ready(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    assert (await client.get("/ready")).status_code == 200
    desk.index.headers = {}
    reply = await client.get("/ready")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert (await client.get("/health")).json()["degraded"] == ["knowledge"]


async def test_questions_are_counted_by_what_came_of_them(client: httpx.AsyncClient) -> None:
    for text in ("设立登记", "公积金", "滚"):
        await client.post("/api/v1/questions", json={"question": text})
    text = (await client.get("/metrics")).text
    assert 'assistant_questions_total{action="answer",face="api",route="guide"} 1.0' in text
    assert 'assistant_questions_total{action="refuse",face="api",route="none"} 1.0' in text
    assert "assistant_question_seconds_count 3.0" in text


async def test_the_address_is_announced_to_other_processes(desk: FakeDesk) -> None:
    app = create_app(desk.open, WebOptions(url="http://127.0.0.1:8000"))
    async with app.router.lifespan_context(app):
        assert desk.index.announced == "http://127.0.0.1:8000"
