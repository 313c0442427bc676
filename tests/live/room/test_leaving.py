"""A process that ends gives its room away: one sentence may end, nothing is lost or said twice."""

import asyncio
from pathlib import Path

import pytest

from assistant.domain.live import CueState
from assistant.errors import Conflict
from assistant.live import lines
from assistant.live.orders import Automatic
from assistant.records.database import Database
from tests.live.fakes import ROOM, SESSION, World
from tests.live.room.test_desk import House

pytestmark = pytest.mark.integration


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    folder = tmp_path / "journal"
    folder.mkdir()
    return House(sqlite_database, folder)


async def states(world: World) -> list[CueState]:
    return [cue.state for cue in await world.records.cues(SESSION)]


async def test_what_is_said_may_end_and_nothing_new_begins(world: World) -> None:
    await world.ask("社保怎么办", "v1")
    await world.ask("医保怎么办", "v2")
    await world.pass_(0.5, step=0.5)
    assert await states(world) == [CueState.STARTED, CueState.WAITING]

    leaving = asyncio.create_task(world.live.finish_speaking(60))
    await world.pass_(30)
    await leaving
    assert await states(world) == [CueState.DONE, CueState.WAITING]
    said = list(world.stage.played)

    await world.live.stop()
    await world.open()
    await world.pass_(30)
    assert await states(world) == [CueState.DONE, CueState.DONE]
    assert world.stage.played[: len(said)] == said
    assert len(world.stage.played) == len(set(world.stage.played)) == 2


async def test_a_long_sentence_is_not_waited_for(world: World) -> None:
    await world.ask("社保怎么办")
    await world.pass_(0.5, step=0.5)
    async with asyncio.timeout(5):
        await world.live.finish_speaking(0.05)
    assert await states(world) == [CueState.STARTED]


async def test_a_silent_room_does_not_wait(world: World) -> None:
    async with asyncio.timeout(5):
        await world.live.finish_speaking(60)


async def test_the_next_process_has_the_room_at_once(house: House) -> None:
    async with house.process() as old, asyncio.timeout(30):
        session = (await old.open(ROOM)).session_id
        await old.command(ROOM, Automatic(on=True), "甲")
        await house.wire.send("社保怎么办")
        await old.leave(0.0)
        async with house.process() as new:
            assert await new.start() == [ROOM]
            assert new.live(ROOM).session_id == session
        with pytest.raises(Conflict):
            await old.open(ROOM)
        assert old.open_rooms == {}
        stored = await house.world.records.entries(session)
        assert [bool(one.decision) for one in stored] == [True]


async def test_what_came_in_is_decided_once_by_the_one_or_the_other(house: House) -> None:
    async with house.process() as old, asyncio.timeout(60):
        session = (await old.open(ROOM)).session_id
        await house.wire.send(*(f"怎么办{n}" for n in range(20)))
        await old.leave(0.0)
    async with house.process() as new, asyncio.timeout(60):
        await new.start()
        stored = house.world.records.entries
        for _ in range(600):
            if sum(bool(one.decision) for one in await stored(session)) == 20:
                break
            await asyncio.sleep(0.05)
        assert [bool(one.decision) for one in await stored(session)] == [True] * 20


async def test_what_is_said_seldom_is_not_said_again_by_the_next_process(world: World) -> None:
    await world.ask("补贴怎么办")
    await world.pass_(60)
    said = [cue.text for cue in await world.records.cues(SESSION)]
    assert said.count(lines.CHECKING) == 1

    await world.live.stop()
    await world.open()
    await world.ask("补贴怎么申请", "v2")
    await world.pass_(60)
    again = [cue.text for cue in await world.records.cues(SESSION)]
    assert again.count(lines.CHECKING) == 1
