"""A service whose parts are not well tells the people of its rooms, and `/health`."""

import asyncio
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Settings, live_records, open_service
from assistant.jobs import disk
from assistant.live.hub import Subscription
from assistant.push.board import FRESH, StreamReport
from assistant.web.app import create_app
from eval.drills.drill_servers import Bell
from tests.support.live_office import ROOM, hall

pytestmark = pytest.mark.integration


async def test_a_stream_that_says_nothing_any_more_is_told_to_its_room_alone(
    tmp_path: Path,
) -> None:
    app = create_app(lambda: open_service(Settings(data_dir=tmp_path)))
    async with app.router.lifespan_context(app), asyncio.timeout(120):
        assistant, shift = app.state.running.assistant, 0.0
        rooms = {}
        for name in (ROOM, "other"):
            await live_records(assistant).put_room(hall(name))
            rooms[name] = await assistant.live.desk.open(name)
        board = assistant.pushes
        real = board.now
        board.now = lambda: real() + shift
        told = rooms[ROOM].subscribe()
        board.put(ROOM, StreamReport("browser"), b"")
        shift = FRESH + 1
        await heard(told, "push_gone")
        board.put(ROOM, StreamReport("browser"), b"")
        await heard(told, "push_gone", over=True)
        assert assistant.live.desk.snapshot("other").alerts == ()


async def heard(told: Subscription, code: str, *, over: bool = False) -> None:
    """Wait until a room's alert is raised, or is over."""
    async for each in told:
        for alert in each.changed.alerts:
            if alert.code == code and bool(alert.acknowledged_at) is over:
                return
    raise AssertionError("the room ended")


async def test_a_room_is_told_when_no_voice_speaks_and_health_names_it(tmp_path: Path) -> None:
    app = create_app(lambda: open_service(Settings(data_dir=tmp_path)))
    async with app.router.lifespan_context(app), asyncio.timeout(120):
        assistant = app.state.running.assistant
        await live_records(assistant).put_room(hall())
        room = await assistant.live.desk.open(ROOM)
        told = room.subscribe()
        assert assistant.unwell() == []
        for one in assistant.voice._parts.engines().members:
            for _ in range(3):
                one.breaker.record(ok=False)
        async for each in told:
            if any(alert.code == "voice_mute" for alert in each.changed.alerts):
                break
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            health = (await client.get("/health")).json()
    assert "voice_mute" in health["degraded"]


async def test_a_disk_that_runs_short_is_told_without_the_records_that_lie_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LEAST", 1 << 60)
    bell = Bell()
    settings = Settings(data_dir=tmp_path, alert_url=await bell.start())
    app = create_app(lambda: open_service(settings))
    async with app.router.lifespan_context(app), asyncio.timeout(120):
        assistant = app.state.running.assistant
        await live_records(assistant).put_room(hall())
        room = await assistant.live.desk.open(ROOM)
        while "disk_short" not in {one.code for one in bell.rung}:  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.05)
        assert assistant.unwell() == ["disk_short"]
        assert room.snapshot().alerts == ()
    await bell.close()
