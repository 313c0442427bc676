"""A recording replayed in real time with a stage open: what its page says counts."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from assistant.bootstrap import Settings, live_records, open_service
from assistant.commands.live_stage import check_quiet, of_a_recording
from assistant.domain.live import Room, RoomState
from assistant.errors import Conflict
from assistant.voice.exporting import SPOKEN_LABEL
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
ROOM = "r1"
FEE, CARD = "个体工商户设立登记收费吗", "社保卡丢了怎么办"
TEXTS = (FEE, "哈哈哈", FEE, CARD)


def recording(path: Path) -> Path:
    rows = [
        {
            "event_id": f"e{number}",
            "platform": "bilibili",
            "room_id": "x",
            "type": "comment",
            "at": number * 0.5,
            "user": {"id": f"u{number}"},
            "text": text,
        }
        for number, text in enumerate(TEXTS)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


async def ingest(folder: Path) -> None:
    from assistant.bootstrap import open_assistant

    async with open_assistant(Settings(data_dir=folder / "data")) as assistant:
        await assistant.ingest([write_knowledge(folder / "files")])
        room = Room(ROOM, "大厅", "990181", officers=("王科长",))
        await live_records(assistant).put_room(room)


async def speak(address: str, said: list[str]) -> None:
    """A page that says each cue in a moment."""
    async with connect(address) as socket:
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "cue" and message["text"] not in said:
                said.append(message["text"])
                for kind in ("started", "ended"):
                    await socket.send(json.dumps({"type": kind, "cue_id": message["id"]}))


async def test_the_page_says_what_is_answered(tmp_path: Path) -> None:
    await ingest(tmp_path)
    stream = str(recording(tmp_path / "stream.jsonl"))
    words = ("live", "replay", stream, "--room", ROOM, "--speed", "1", "--stage", "0")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from assistant.cli import app; app()"),
        *(*words, "--out", str(tmp_path / "out")),
        env=os.environ | {"ASSISTANT_DATA_DIR": str(tmp_path / "data"), "ASSISTANT_VOICE": "off"},
        stdout=PIPE,
    )
    said: list[str] = []
    async with asyncio.timeout(100):
        line = (await process.stdout.readline()).decode()
        address = line.partition("：")[2].strip().replace("http:", "ws:").replace("?", "/line?")
        page = asyncio.create_task(speak(address, said))
        assert await process.wait() == 0
    await asyncio.gather(page, return_exceptions=True)

    found = (tmp_path / "out" / "outcomes.jsonl").read_text("utf-8").splitlines()
    rows = {row["event_id"]: row for row in map(json.loads, found)}
    assert [rows[f"e{n}"]["outcome"] for n in range(4)] == [
        "spoken",
        "set_aside",
        "merged",
        "spoken",
    ]
    assert said == [rows["e0"]["answer"], rows["e3"]["answer"], SPOKEN_LABEL["end"]]
    started = rows["e0"]["speech_started_at"], rows["e3"]["speech_started_at"]
    assert 0 < started[0] < started[1] < 30
    assert rows["e3"]["received_at"] == pytest.approx(1.5, abs=1.0)
    async with open_service(Settings(data_dir=tmp_path / "data", voice="off")) as assistant:
        room = await live_records(assistant).room(ROOM)
    assert (room.automatic, room.officers, room.state) == (False, ("王科长",), RoomState.IDLE)


def test_no_connector_is_run_and_nobody_is_alarmed() -> None:
    table = {"platforms": {"webhook": {}}, "stage": {"theme": "jade"}}
    made = of_a_recording(Settings(rooms={ROOM: table}, alert_url="https://example.gov.cn/alert"))
    assert made.rooms == {ROOM: {"stage": {"theme": "jade"}}}
    assert made.alert_url is None


def test_beside_a_stream_on_air_there_is_none() -> None:
    with pytest.raises(Conflict):
        check_quiet([Room("other", "大厅", state=RoomState.OPEN)])
