"""The stream of a room: a snapshot, then each change once; who fell behind begins anew."""

from collections.abc import AsyncIterator

import pytest

from assistant.domain.live import Room, RoomState
from assistant.errors import NotFound
from assistant.live.hub import LONGEST
from assistant.records.database import Database
from assistant.web.console import live
from assistant.web.console.live import room_events
from assistant.web.live.sse import always
from tests.live.fakes import ROOM, World

pytestmark = pytest.mark.integration


class OneRoom:
    """What a stream needs of the desk."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.open_rooms = {ROOM: world.live}

    def live(self, room_id: str):
        if room_id not in self.open_rooms:
            raise NotFound("no")
        return self.open_rooms[room_id]


@pytest.fixture
async def world(sqlite_database: Database, monkeypatch) -> AsyncIterator[World]:
    monkeypatch.setattr(live, "GATHER", 0)
    made = World(sqlite_database, Room(ROOM, "一号", state=RoomState.OPEN, officers=("甲",)))
    await made.open()
    yield made
    await made.live.stop()


async def test_a_snapshot_then_what_changes(world: World) -> None:
    await world.ask("社保怎么办", "v1")
    events = room_events(OneRoom(world), ROOM, always)
    name, first = await anext(events)
    assert name == "snapshot"
    assert [one["text"] for one in first["entries"]] == ["社保怎么办"]
    await world.ask("公积金多少", "v2")
    seen, number = set(), first["number"]
    while "公积金多少" not in seen:
        name, change = await anext(events)
        assert name == "changes"
        assert change["number"] > number
        number = change["number"]
        seen |= {one["text"] for one in change["questions"]}
    await events.aclose()


async def test_harmful_words_are_in_no_event(world: World) -> None:
    events = room_events(OneRoom(world), ROOM, always)
    await anext(events)
    await world.ask("你这个毒舌", "v1")
    name, change = await anext(events)
    assert name == "changes"
    assert "毒舌" not in str(change)
    assert change["entries"][0]["decision"]["code"] == "harmful_abuse"
    assert "毒舌" not in str((await anext(room_events(OneRoom(world), ROOM, always)))[1])
    await events.aclose()


async def test_a_reader_that_fell_behind_begins_anew(world: World) -> None:
    events = room_events(OneRoom(world), ROOM, always)
    await anext(events)
    for number in range(LONGEST // 2 + 20):
        await world.say(world.comment(f"第{number}次怎么办", f"v{number}"), settle=False)
    await world.live.settle()
    name, data = "", {}
    while name != "snapshot":
        name, data = await anext(events)
    assert len(data["entries"]) == min(200, LONGEST // 2 + 20)
    await events.aclose()


async def test_it_ends_with_the_room_or_with_the_right(world: World) -> None:
    desk = OneRoom(world)
    events = room_events(desk, ROOM, always)
    await anext(events)
    desk.open_rooms.clear()
    await world.live.stop()
    names = [name async for name, _ in events]
    assert names[-1] == "closed"
    assert [name async for name, _ in room_events(desk, ROOM, always)] == ["closed"]


async def test_who_may_no_longer_look_is_told_nothing_more(world: World, monkeypatch) -> None:
    monkeypatch.setattr(live, "CHECK", -1)

    async def no() -> bool:
        return False

    events = room_events(OneRoom(world), ROOM, no)
    await anext(events)
    await world.ask("社保怎么办", "v1")
    rest = [name async for name, _ in events]
    assert rest[-1] == "over"
    assert len(rest) <= 2
