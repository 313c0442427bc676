"""What the stage shows while nothing is said follows the room."""

import asyncio

import pytest

from assistant.domain.live import Room, RoomState
from assistant.live.notices import keep_noticed, line_of
from assistant.live.orders import Change, SetTopic
from assistant.live.states import Move
from assistant.stage.hub import StageHub
from tests.live.fakes import World

pytestmark = pytest.mark.integration


def test_every_state_has_a_line() -> None:
    lines = {state: line_of(Room("a", "一号", state=state)) for state in RoomState}
    assert all(lines.values())
    assert len(set(lines.values())) == len(RoomState)
    assert "社保月" in line_of(Room("a", "一号", state=RoomState.OPEN, topic="社保月"))


async def test_the_stage_is_told_until_the_room_ends(world: World) -> None:
    hub = StageHub(world.stage, world.clock.now)
    line = hub.join(may_speak=False)
    messages = (message async for message in line if message["type"] == "notice")
    assert (await anext(messages))["state"] == "idle"
    keeping = asyncio.create_task(keep_noticed(world.live, hub))
    assert (await anext(messages))["state"] == "open"
    await world.live.command(Change(Move.TAKE_OVER), "甲")
    assert (await anext(messages))["line"] == "现在由工作人员为您解答。"
    await world.live.command(Change(Move.GIVE_BACK), "甲")
    assert (await anext(messages))["state"] == "open"
    await world.live.command(SetTopic("社保月"), "甲")
    told = await anext(messages)
    assert "社保月" in told["line"]
    assert told["topic"] == "社保月"
    await world.live.close()
    states = [(await anext(messages))["state"] for _ in range(2)]
    assert states == ["closing", "closed"]
    await keeping
