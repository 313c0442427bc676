"""Platforms push over HTTP: signed events are on disk before they are acknowledged."""

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Settings, live_records, open_library, open_service
from assistant.domain.live import Room, RoomState
from assistant.live.platforms.webhook import sign
from assistant.web.app import create_app
from assistant.web.services import WebOptions

pytestmark = pytest.mark.integration
SECRET = "a long enough secret of the office"
PATH = "/api/v1/rooms/hall/platforms/webhook"
EVENT = {
    "event_id": "e1",
    "platform": "webhook",
    "room_id": "elsewhere",
    "type": "comment",
    "at": 0.0,
    "user": {"id": "u1", "name": "王"},
    "text": "居住证要带什么材料，我电话13800138000",
}


@pytest.fixture
async def client(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service with one room on air, fed by a webhook."""
    monkeypatch.setenv("HALL_SECRET", SECRET)
    rooms = {"hall": {"platforms": {"webhook": {"secret_env": "HALL_SECRET"}}}}
    settings = Settings(data_dir=data_dir, rooms=rooms)
    async with open_library(settings) as library:
        await live_records(library).put_room(Room("hall", "一号厅"))
    app = create_app(lambda: _opened(settings), WebOptions())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://desk.test") as opened,
    ):
        yield opened


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[object]:
    async with open_service(settings) as assistant:
        assert assistant.live is not None
        await assistant.live.desk.open("hall")
        yield assistant


def signed(body: bytes, stamp: str) -> dict[str, str]:
    return {"X-Assistant-Timestamp": stamp, "X-Assistant-Signature": sign(SECRET, stamp, body)}


def now() -> str:
    import time

    return str(int(time.time()))


async def test_a_signed_batch_is_taken_and_its_repeat_is_known(client: httpx.AsyncClient) -> None:
    body = json.dumps([EVENT, EVENT | {"event_id": "e2", "text": "几天办好"}]).encode()

    first = await client.post(PATH, content=body, headers=signed(body, now()))
    again = await client.post(PATH, content=body, headers=signed(body, now()))

    assert first.status_code == 200, first.text
    assert first.json()["accepted"] == ["e1", "e2"]
    assert again.json()["duplicate"] == ["e1", "e2"]


async def test_the_journal_holds_no_personal_data(
    client: httpx.AsyncClient, data_dir: Path
) -> None:
    body = json.dumps(EVENT).encode()
    await client.post(PATH, content=body, headers=signed(body, now()))

    files = [path for path in (data_dir / "journal").rglob("*") if path.is_file()]
    stored = b"".join(path.read_bytes() for path in files)
    assert "居住证".encode() in stored or b"\\u5c45" in stored
    assert b"13800138000" not in stored


@pytest.mark.parametrize("change", ["signature", "body", "old"])
async def test_what_is_not_signed_is_refused(client: httpx.AsyncClient, change: str) -> None:
    body = json.dumps(EVENT).encode()
    headers = signed(body, now() if change != "old" else str(int(now()) - 4000))
    if change == "signature":
        headers["X-Assistant-Signature"] = "v1=" + "0" * 64
    sent = body + b" " if change == "body" else body

    answer = await client.post(PATH, content=sent, headers=headers)

    assert answer.status_code in {401, 403}
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_rooms_and_platforms_that_are_not_there(client: httpx.AsyncClient) -> None:
    for path in (PATH.replace("hall", "lobby"), PATH.replace("webhook", "douyin")):
        assert (await client.post(path, content=b"{}")).status_code == 404


async def test_a_room_between_two_processes_asks_for_a_repeat(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir)
    async with open_library(settings) as library:
        records = live_records(library)
        await records.put_room(Room("hall", "一号厅", state=RoomState.OPEN, session_id="s1"))
        assert await records.lease("hall", "killed", 60.0) is not None
    app = create_app(lambda: open_service(settings), WebOptions())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://desk.test") as opened,
    ):
        answer = await opened.post(PATH, content=b"{}")
    assert answer.status_code == 503
