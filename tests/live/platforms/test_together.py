"""Five platforms into one room at once, each with its own faults: nothing is lost."""

import asyncio
import random
from contextlib import AsyncExitStack

import pytest

from assistant.domain.live import LiveEvent
from assistant.live.platforms.building import Platforms
from tests.live.platforms.contract import Rig, running
from tests.live.platforms.rigs import RIGS
from tests.support.platforms import Recorder

pytestmark = pytest.mark.integration

COUNT = 60


async def one_side(rig: Rig, order: random.Random) -> None:
    """Comments in several batches, out of order, each at least twice, with drops between."""
    names = [str(number) for number in range(COUNT)]
    order.shuffle(names)
    for start in range(0, COUNT, 10):
        batch = names[start : start + 10]
        await rig.send(*batch)
        if start == 30:
            await rig.drop()
            await rig.ready()
        await rig.send(*reversed(batch), *names[max(0, start - 5) : start])


def keys(events: list[LiveEvent]) -> list[tuple[str, str]]:
    return [(event.platform, event.text) for event in events]


async def test_five_platforms_at_once_lose_nothing_and_repeat_nothing() -> None:
    receive = Recorder(refuse=7)
    async with AsyncExitStack() as stack:
        rigs = [await stack.enter_async_context(make()) for make in RIGS.values()]
        for rig in rigs:
            await stack.enter_async_context(running(rig, receive))
        await asyncio.gather(*(one_side(rig, random.Random(n)) for n, rig in enumerate(rigs)))
        await receive.has(5 * COUNT)
        assert all(rig.platform.state.connected for rig in rigs)
    expected = {(name, f"问题{number}") for name in RIGS for number in range(COUNT)}
    assert set(keys(receive.events)) == expected
    assert len(receive.events) == len(expected)


async def test_all_platforms_of_a_room_run_and_stop_together() -> None:
    receive, before = Recorder(), asyncio.all_tasks()
    async with AsyncExitStack() as stack:
        rigs = {name: await stack.enter_async_context(make()) for name, make in RIGS.items()}
        platforms = Platforms(**{name: rig.platform for name, rig in rigs.items()})
        task = asyncio.create_task(platforms.run(receive))
        for rig in rigs.values():
            await rig.ready()
            await rig.send("1")
        await receive.has(5)
        assert [state.connected for state in platforms.states] == [True] * 5
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert [state.connected for state in platforms.states] == [False] * 5
        assert [left for rig in rigs.values() for left in rig.left()] == []
    assert asyncio.all_tasks() == before
