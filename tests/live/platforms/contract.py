"""What every platform must do, whatever brings its events. See `PlatformContract`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from assistant.live.seams import Platform
from tests.support.platforms import Recorder


class Rig(Protocol):
    """A platform and the other side of it."""

    platform: Platform

    async def ready(self) -> None:
        """Until the platform takes events (again)."""

    async def send(self, *names: str) -> None:
        """Viewers comment `问题<name>`; the same name is the same comment. Repeats until taken."""

    async def drop(self) -> None:
        """Break the connection, where there is one."""

    def left(self) -> list[str]:
        """What the other side still holds of us."""


@asynccontextmanager
async def running(rig: Rig, receive: Recorder) -> AsyncIterator[None]:
    """The platform runs and is ready; at the end it is cancelled."""
    task = asyncio.create_task(rig.platform.run(receive))
    try:
        await rig.ready()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()


def asked(*names: str) -> list[str]:
    return [f"问题{name}" for name in names]


class PlatformContract:
    """Subclass it with a fixture `rig`."""

    async def test_every_comment_comes_once_in_spite_of_repeats(self, rig: Rig) -> None:
        receive = Recorder()
        async with running(rig, receive):
            await rig.send("1", "2")
            await rig.send("2", "3", "2", "1")
            await rig.send("4")
            await receive.has(4)
        assert receive.texts == asked("1", "2", "3", "4")
        assert len({event.event_id for event in receive.events}) == 4

    async def test_an_event_says_all_that_the_room_needs(self, rig: Rig) -> None:
        receive = Recorder()
        async with running(rig, receive):
            await rig.send("1")
            await receive.has(1)
        event = receive.events[0]
        assert event.platform == rig.platform.name
        assert event.user is not None
        assert event.user.id
        assert event.at.utcoffset() is not None
        assert bool(event.reply_to) == rig.platform.state.can_reply

    async def test_it_goes_on_after_drops(self, rig: Rig) -> None:
        receive = Recorder()
        async with running(rig, receive):
            for name in ("1", "2", "3"):
                await rig.send(name)
                await rig.drop()
                await rig.ready()
                await rig.send(name)
            await rig.send("4")
            await receive.has(4)
        assert receive.texts == asked("1", "2", "3", "4")

    async def test_no_comment_is_lost_while_the_journal_fails(self, rig: Rig) -> None:
        receive = Recorder(refuse=2)
        async with running(rig, receive):
            await rig.send("1", "2")
            await receive.has(2)
        assert receive.texts == asked("1", "2")

    async def test_it_says_how_it_is_doing(self, rig: Rig) -> None:
        receive = Recorder()
        assert not rig.platform.state.connected
        async with running(rig, receive):
            before = rig.platform.state
            await rig.send("1")
            await receive.has(1)
            assert rig.platform.state.connected
            assert rig.platform.state.name == rig.platform.name
            assert (before.last_event_at, before.last_error) == (None, "")
            assert rig.platform.state.last_event_at is not None
        assert not rig.platform.state.connected

    async def test_cancelled_it_leaves_nothing_behind(self, rig: Rig) -> None:
        before = asyncio.all_tasks()
        async with running(rig, Recorder()):
            await rig.send("1")
        await until_gone(before)
        assert rig.left() == []

    async def test_it_can_be_run_again(self, rig: Rig) -> None:
        receive = Recorder()
        for name in ("1", "2"):
            async with running(rig, receive):
                await rig.send(name)
                await receive.has(int(name))
        assert receive.texts == asked("1", "2")


async def until_gone(before: set["asyncio.Task[object]"]) -> None:
    """Until only these tasks are left; those of the loopback servers end a little later."""
    async with asyncio.timeout(10):
        while extra := asyncio.all_tasks() - before:
            await asyncio.wait(extra)
