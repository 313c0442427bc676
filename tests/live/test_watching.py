"""What the service leans on is watched: one alarm for as long as it is ill, and its end is kept."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from assistant.domain.live import Alert, AlertLevel
from assistant.errors import Unavailable
from assistant.live.watching import Answering, Part, Watched

pytestmark = pytest.mark.unit
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@dataclass
class Hall:
    """A room that keeps what it was asked for."""

    is_reached: bool = True
    done: list[tuple[str, str]] = field(default_factory=list)

    def alert(self, code: str, level: AlertLevel, text: str) -> Alert:
        return Alert("a", "hall", code, level, text, NOW)

    async def alarm(self, code: str, level: AlertLevel, text: str) -> None:
        self.done.append(("alarm", code))

    async def over(self, code: str, how: str) -> None:
        self.done.append(("over", how))

    async def call(self, alert: Alert) -> Alert:
        if not self.is_reached:
            raise Unavailable("提醒没有送达")
        if alert.told_at is None:
            self.done.append(("call", alert.code))
        return replace(alert, told_at=NOW)

    async def keep(self, alert: Alert, how: str) -> None:
        self.done.append(("keep", how))


@dataclass
class World:
    is_ill: bool = False
    time: float = 100.0
    hall: Hall = field(default_factory=Hall)
    is_on_air: bool = True
    watched: Watched = field(init=False)

    def begin(self, *, holds_records: bool) -> None:
        async def is_ill() -> bool:
            return self.is_ill

        part = Part(
            "voice", AlertLevel.WARNING, "坏了", "好了", is_ill, holds_records=holds_records
        )

        def rooms() -> dict[str, Hall]:
            return {"hall": self.hall} if self.is_on_air else {}

        self.watched = Watched(part, rooms, now=lambda: self.time)

    async def look(self, *, is_ill: bool, seconds: float = 1.0, times: int = 1) -> None:
        for _ in range(times):
            self.is_ill, self.time = is_ill, self.time + seconds
            await self.watched.look()


@pytest.fixture
def world() -> World:
    made = World()
    made.begin(holds_records=False)
    return made


@pytest.fixture
def store() -> World:
    made = World()
    made.begin(holds_records=True)
    return made


async def test_what_stays_ill_is_told_once_and_its_end_when_it_has_lasted(world: World) -> None:
    await world.look(is_ill=False, times=3)
    await world.look(is_ill=True, times=5)
    await world.look(is_ill=False, times=10)
    assert world.hall.done == [("alarm", "voice")]
    await world.look(is_ill=True)
    await world.look(is_ill=False, seconds=40.0, times=3)
    assert world.hall.done == [("alarm", "voice"), ("over", "好了")]
    await world.look(is_ill=True)
    assert world.hall.done[2:] == [("alarm", "voice")]


async def test_it_counts_as_ill_until_it_was_well_for_long_enough(world: World) -> None:
    await world.look(is_ill=True)
    await world.look(is_ill=False)
    assert world.watched.is_ill
    await world.look(is_ill=False, seconds=40.0)
    assert not world.watched.is_ill


async def test_a_room_that_goes_on_air_meanwhile_is_told_too(world: World) -> None:
    world.is_on_air = False
    await world.look(is_ill=True)
    assert world.hall.done == []
    world.is_on_air = True
    await world.look(is_ill=True, times=2)
    assert world.hall.done == [("alarm", "voice")]


async def test_people_are_called_without_the_records_even_of_a_room_that_broke(
    store: World,
) -> None:
    await store.look(is_ill=False)
    store.is_on_air = False
    await store.look(is_ill=True, times=3)
    assert store.hall.done == [("call", "voice")]
    await store.look(is_ill=False, seconds=40.0)
    assert store.hall.done == [("call", "voice")]
    store.is_on_air = True
    await store.look(is_ill=False, times=2)
    assert store.hall.done == [("call", "voice"), ("keep", "好了")]


async def test_who_could_not_be_called_is_told_when_it_is_over(store: World) -> None:
    store.hall.is_reached = False
    await store.look(is_ill=True, times=3)
    await store.look(is_ill=False, seconds=40.0)
    assert store.hall.done == [("alarm", "voice"), ("over", "好了")]


async def test_a_server_that_refuses_is_away_and_one_that_is_silent_twice_too() -> None:
    async def refuses() -> None:
        raise ConnectionRefusedError

    async def hangs() -> None:
        await asyncio.Event().wait()

    async def answers() -> None:
        return

    assert await Answering(refuses).is_away()
    server = Answering(hangs, patience=0.0)
    assert [await server.is_away() for _ in range(3)] == [False, True, True]
    server.ask = answers
    server.patience = 60.0
    assert not await server.is_away()
    server.ask, server.patience = hangs, 0.0
    assert not await server.is_away()
