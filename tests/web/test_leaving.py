"""A process that is about to end: not ready, and its streams are over."""

import asyncio

import httpx
import pytest
from starlette.requests import Request

from assistant.web.app import create_app
from assistant.web.leaving import leave
from assistant.web.live.sse import event_stream
from assistant.web.services import WebOptions
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration


class House:
    """Says how it was asked to leave."""

    def __init__(self) -> None:
        self.left: list[float] = []

    async def leave(self, limit: float) -> None:
        self.left.append(limit)


async def test_it_is_not_ready_and_gives_its_rooms_away(desk: FakeDesk) -> None:
    app = create_app(desk.open, WebOptions())
    desk.live = house = House()
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            assert (await client.get("/ready")).status_code == 200
            await leave(app, 7.0)
            assert (await client.get("/ready")).status_code == 503
            health = (await client.get("/health")).json()
    assert house.left == [7.0]
    assert "leaving" in health["degraded"]


async def test_a_stream_of_events_ends_with_the_process(desk: FakeDesk) -> None:
    app = create_app(desk.open, WebOptions())

    async def never():
        await asyncio.Event().wait()
        yield "event", {}

    async with app.router.lifespan_context(app), asyncio.timeout(10):
        request = Request({"type": "http", "app": app, "headers": []})
        body = event_stream(request, never()).body_iterator
        assert await anext(body) == ": begin\n\n"
        app.state.running.leaving.set()
        assert [line async for line in body] == []
