"""A connector goes on for ever: it waits, comes back, notices silence, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from assistant.domain.live import EventType, LiveEvent
from assistant.live.platforms.supervise import LinkFailed, Patience, Supervisor
from tests.support.platforms import ManualClock, Recorder, settled

pytestmark = pytest.mark.unit


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def event(name: str, clock: ManualClock) -> LiveEvent:
    return LiveEvent(name, "bilibili", EventType.COMMENT, clock.now(), text=name)


@asynccontextmanager
async def running(supervisor: Supervisor, connect, receive) -> AsyncIterator[None]:
    task = asyncio.create_task(supervisor.run(connect, receive))
    await settled()
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def refused() -> None:
    raise ConnectionRefusedError("token=secret")


async def test_the_wait_doubles_up_to_its_cap_and_the_tries_never_end(clock: ManualClock) -> None:
    patience = Patience(first=1, cap=8, dead_after=None, silent_after=None)
    supervisor = Supervisor("x", clock, patience, lambda: 1.0)
    async with running(supervisor, refused, Recorder()):
        for _ in range(40):
            await clock.advance(8)
        assert clock.slept[:5] == [2.0, 4.0, 8.0, 8.0, 8.0]
        assert supervisor.state.reconnects >= 40


async def test_the_jitter_takes_any_part_of_the_wait(clock: ManualClock) -> None:
    parts = iter([0.0, 0.25, 0.5, *[1.0] * 50])
    patience = Patience(first=1, cap=100, dead_after=None, silent_after=None)
    supervisor = Supervisor("x", clock, patience, lambda: next(parts))
    async with running(supervisor, refused, Recorder()):
        await clock.advance(20)
        assert clock.slept[:4] == [0.0, 1.0, 4.0, 16.0]


async def test_a_good_spell_forgets_failures_and_a_short_one_does_not(clock: ManualClock) -> None:
    spells = iter([0, 0, 5, 60, 0])
    patience = Patience(first=1, cap=100, good_spell=30, dead_after=None, silent_after=None)
    supervisor = Supervisor("x", clock, patience, lambda: 1.0)

    async def connect() -> None:
        spell = next(spells, None)
        if spell:
            supervisor.connected()
            await clock.sleep(spell)
        raise OSError

    async with running(supervisor, connect, Recorder()):
        await clock.advance(200)
        assert clock.slept[:7] == [2.0, 4.0, 5, 8.0, 60, 1.0, 2.0]


async def test_a_failure_can_ask_for_a_longer_rest(clock: ManualClock) -> None:
    supervisor = Supervisor("x", clock, Patience(dead_after=None, silent_after=None), lambda: 0.0)

    async def connect() -> None:
        raise LinkFailed("身份码错误（7007）", rest=300)

    async with running(supervisor, connect, Recorder()):
        assert clock.slept == [300]
        assert supervisor.state.last_error == "身份码错误（7007）"


async def test_an_error_shows_nothing_of_anothers_words(clock: ManualClock) -> None:
    supervisor = Supervisor("x", clock)
    async with running(supervisor, refused, Recorder()):
        assert supervisor.state.last_error == "网络连接失败（ConnectionRefusedError）"


async def test_a_connection_without_any_sign_of_life_is_made_anew(clock: ManualClock) -> None:
    patience = Patience(dead_after=90, silent_after=None)
    supervisor = Supervisor("x", clock, patience, lambda: 0.0)
    opened: list[float] = []

    async def connect() -> None:
        opened.append(clock.now().timestamp())
        supervisor.connected()
        for _ in range(3):
            await clock.sleep(60)
            supervisor.beat()
        await asyncio.Event().wait()

    async with running(supervisor, connect, Recorder()):
        await clock.advance(269)
        assert len(opened) == 1
        await clock.advance(2)
        assert len(opened) == 2


async def test_heartbeats_alone_do_not_hide_silence(clock: ManualClock) -> None:
    patience = Patience(dead_after=90, silent_after=600)
    supervisor = Supervisor("x", clock, patience, lambda: 0.0)
    opened: list[float] = []

    async def connect() -> None:
        opened.append(clock.now().timestamp())
        supervisor.connected()
        while True:
            await clock.sleep(30)
            supervisor.beat()

    receive = Recorder()
    async with running(supervisor, connect, receive):
        await clock.advance(599)
        assert not supervisor.state.is_silent
        await clock.advance(2)
        assert supervisor.state.is_silent
        assert len(opened) == 2
        await supervisor.deliver([event("a", clock)])
        await settled()
        assert not supervisor.state.is_silent
        assert supervisor.state.last_event_at == clock.now()
    assert receive.texts == ["a"]


async def test_events_outlive_their_connection_and_a_failing_journal(clock: ManualClock) -> None:
    patience = Patience(dead_after=None, silent_after=None)
    supervisor = Supervisor("x", clock, patience, lambda: 1.0)

    async def connect() -> None:
        supervisor.connected()
        await supervisor.deliver([event("a", clock), event("b", clock), event("a", clock)])
        raise OSError

    receive = Recorder(refuse=3)
    async with running(supervisor, connect, receive):
        assert receive.events == []
        await clock.advance(60)
        assert receive.texts == ["a", "b"]
        assert supervisor.repeats > 0


async def test_what_waits_is_handed_over_when_the_connector_stops(clock: ManualClock) -> None:
    supervisor = Supervisor("x", clock, None, lambda: 1.0)
    receive = Recorder(refuse=1)
    async with running(supervisor, asyncio.Event().wait, receive):
        await supervisor.deliver([event("a", clock)])
        await settled()
        assert receive.events == []
    assert receive.texts == ["a"]


async def test_stopping_leaves_no_task(clock: ManualClock) -> None:
    before = asyncio.all_tasks()
    supervisor = Supervisor("x", clock)
    async with running(supervisor, asyncio.Event().wait, Recorder()):
        assert len(asyncio.all_tasks()) > len(before)
    assert asyncio.all_tasks() == before
    assert not supervisor.state.connected
    assert not supervisor.state.is_silent
