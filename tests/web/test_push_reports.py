"""Reports of `assistant push`: taken by the room's key, shown to staff, told to who is on duty."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Assistant, Settings, live_records, open_service
from assistant.domain.ids import new_ulid
from assistant.stage.keys import stage_key
from assistant.web.app import create_app
from assistant.web.leaving import leave
from tests.support.live_office import ROOM, hall

pytestmark = pytest.mark.integration
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
TARGET = {"name": "kuai", "host": "push.example.com", "state": "live", "bits": 2_000_000}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    """The service with a room on air."""
    app = create_app(lambda: open_service(Settings(data_dir=tmp_path)))
    async with app.router.lifespan_context(app):
        assistant = app.state.running.assistant
        await live_records(assistant).put_room(hall())
        await assistant.live.desk.open(ROOM)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            yield assistant, client


def report(**changes: object) -> dict[str, object]:
    picture = base64.b64encode(JPEG).decode()
    told = {"mode": "browser", "rate": 25.0, "bits": 2_100_000, "targets": [TARGET]}
    return told | {"preview": picture, "happenings": []} | changes


def happening(code: str, level: str | None, **changes: object) -> dict[str, object]:
    told = {"id": new_ulid(), "at": "2026-12-01T03:00:00+00:00", "code": code, "text": "画面不动了"}
    return told | {"level": level} | changes


async def send(
    assistant: Assistant, client: httpx.AsyncClient, told: dict[str, object], key: str = ""
) -> httpx.Response:
    key = key or stage_key(assistant.live.stage_secret, ROOM)
    return await client.post(f"/stage/{ROOM}/push", json=told, headers={"x-stage-key": key})


async def test_only_the_rooms_own_key_may_report(office) -> None:
    assistant, client = office
    assert (await send(assistant, client, report(), "0" * 32)).status_code == 403
    assert (await client.post("/stage/nowhere/push", json=report())).status_code == 404
    answer = await send(assistant, client, report())
    assert answer.json() == {"speaks": False, "untold": [], "leaving": False}
    assert assistant.pushes.preview(ROOM) == JPEG


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "other"},
        {"preview": "x" * 200_000},
        {"happenings": [happening("UPPER", None)]},
        {"targets": [{"name": "x" * 200, "state": "live"}]},
        {"rate": -1},
    ],
)
async def test_what_is_of_no_known_form_is_refused(office, wrong: dict[str, object]) -> None:
    assistant, client = office
    assert (await send(assistant, client, report(**wrong))).status_code == 422
    assert assistant.pushes.rooms == []


async def test_what_is_no_picture_is_none(office) -> None:
    assistant, client = office
    text = base64.b64encode(b"<svg onload=alert(1)>").decode()
    for odd in (text, "not base64!"):
        await send(assistant, client, report(preview=odd))
        assert assistant.pushes.preview(ROOM) == b""


async def test_what_befell_is_stored_once_and_told_to_who_is_on_duty(office) -> None:
    assistant, client = office
    step, note = happening("restart_frozen", "urgent"), happening("target_back", None)
    told = happening("safe", "urgent", alarmed=True)
    for _ in range(2):
        await send(assistant, client, report(happenings=[step, note, told]))
    stored = await assistant.happenings.latest(ROOM)
    assert {one.id for one in stored} == {step["id"], note["id"], told["id"]}
    alerts = assistant.live.desk.snapshot(ROOM).alerts
    assert [one.code for one in alerts] == ["push_restart_frozen"]


async def test_a_room_off_the_air_leaves_the_alarm_to_the_stream(office) -> None:
    assistant, client = office
    await assistant.live.desk.close(ROOM, "王芳")
    step = happening("safe", "urgent")
    answer = await send(assistant, client, report(happenings=[step]))
    assert answer.json()["untold"] == [step["id"]]
    assert len(await assistant.happenings.latest(ROOM)) == 1


async def test_health_and_metrics_name_a_stream_that_is_not_well(office) -> None:
    assistant, client = office
    await send(assistant, client, report())
    health = (await client.get("/health")).json()
    assert health["push"] == {ROOM: {"mode": "browser", "rate": 25.0, "targets": {"kuai": "live"}}}
    assert not [one for one in health["degraded"] if one.startswith("push")]
    away = TARGET | {"state": "waiting", "why": "服务器没有响应"}
    await send(assistant, client, report(mode="safe", targets=[away]))
    degraded = (await client.get("/health")).json()["degraded"]
    assert {f"push_{ROOM}_safe", f"push_{ROOM}_target_kuai"} <= set(degraded)
    text = (await client.get("/metrics")).text
    assert f'assistant_push_mode{{mode="safe",room="{ROOM}"}} 1.0' in text
    assert f'assistant_push_target_live{{room="{ROOM}",target="kuai"}} 0.0' in text


async def test_a_stream_that_says_nothing_more_is_missed_and_one_that_ends_is_not(office) -> None:
    assistant, client = office
    await send(assistant, client, report())
    now = assistant.pushes.now()
    assistant.pushes.now = lambda: now + 60
    assert assistant.pushes.report(ROOM) is None
    assert assistant.pushes.degraded() == [f"push_{ROOM}_gone"]
    await send(assistant, client, report(ends=True))
    assert assistant.pushes.rooms == []


async def test_a_stream_hears_that_the_service_ends_before_it_ends(office) -> None:
    assistant, client = office
    await send(assistant, client, report())
    leaving = asyncio.create_task(leave(client._transport.app, 0.0))
    async with asyncio.timeout(30):
        while not assistant.pushes.is_leaving:  # noqa: ASYNC110 - another task sets it
            await asyncio.sleep(0)
    assert not leaving.done()
    assert (await send(assistant, client, report())).json()["leaving"]
    await leaving
