"""Scripts go on air by hand and by the schedule; the studio follows what the room has stored."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.broadcast import Broadcast, BroadcastState, Taking
from assistant.domain.live import Room, RoomState
from assistant.domain.studio_flow import Stream, StreamState
from assistant.domain.workdays import Calendar, CalendarDay
from assistant.errors import ConfigurationError, Conflict, Forbidden, NotFound
from assistant.live.broadcast.programme import GRACE, Programme, ProgrammeParts
from assistant.live.broadcast.scripts import Scripts
from assistant.live.broadcast.taking import taking_of
from assistant.live.desk import LiveDesk
from assistant.live.orders import Jump, Mute, StopBroadcast
from assistant.records.database import Database
from assistant.stage.slides import SlideStore
from assistant.studio.standing import Grounds
from tests.live.fakes import ROOM
from tests.live.room.test_desk import House
from tests.studio.conftest import (  # noqa: F401  # the fixture is used by name
    ANN,
    COUNTY,
    OLLY,
    REGIONS,
    Studio,
    guide,
    studio,
)

pytestmark = pytest.mark.integration
AT = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)


@dataclass
class Office:
    """A studio and the rooms of one process."""

    studio: Studio
    house: House
    desk: LiveDesk
    programme: Programme
    days: dict[date, CalendarDay]
    pace: list[float]
    """Seconds that each cue takes."""

    async def scheduled(self, room: str | None = ROOM) -> Stream:
        await self.studio.approved()
        return await self.studio.stepping.schedule(OLLY, "st1", AT, room)

    async def stream(self) -> Stream:
        return await self.studio.records.get("st1")

    async def look(self) -> Stream:
        await self.programme.run()
        return await self.stream()

    async def row(self) -> Broadcast:
        return (await self.house.world.records.broadcasts_of("st1"))[-1]


async def until(office: Office, holds: Callable[[Broadcast], bool]) -> None:
    """Wait until what the room has stored is so."""
    async with asyncio.timeout(20):
        while not holds(await office.row()):  # noqa: ASYNC110  # the rooms tell nobody outside
            await asyncio.sleep(0.05)


@pytest.fixture
async def office(
    studio: Studio,  # noqa: F811
    sqlite_database: Database,
    tmp_path: Path,
    new_id,
) -> AsyncIterator[Office]:
    house = House(sqlite_database, tmp_path / "journal")
    house.world.room = Room(ROOM, "一号", region=COUNTY, officers=("甲",))
    store = SlideStore(tmp_path / "slides")
    scripts = Scripts(studio.records, Grounds(studio.shelf), store)
    parts = house.parts

    def with_scripts():
        made = parts()
        services = made.services
        return replace(
            made,
            services=lambda room, stage: replace(
                services(room, stage), scripts=scripts, seconds=lambda _: pace[0]
            ),
        )

    house.parts = with_scripts
    days: dict[date, CalendarDay] = {}
    pace = [60.0]

    async def calendar() -> Calendar:
        return Calendar(days)

    async with house.process() as desk:
        on = ProgrammeParts(
            desk,
            studio.airing,
            house.world.records,
            calendar,
            REGIONS,
            studio.clock,
            new_id,
            lambda _: Taking.BETWEEN,
        )
        yield Office(studio, house, desk, Programme(on), days, pace)


async def test_at_its_time_it_opens_its_room_and_begins(office: Office) -> None:
    await office.scheduled()
    office.studio.clock.now = AT - timedelta(seconds=1)
    assert (await office.look()).state is StreamState.SCHEDULED
    office.studio.clock.now = AT + timedelta(seconds=1)
    stream = await office.look()
    assert (stream.state, stream.room_id) == (StreamState.ON_AIR, ROOM)
    live = office.desk.live(ROOM)
    assert (live.room.state, live.room.automatic) == (RoomState.OPEN, False)
    assert live.broadcast.taking is Taking.BETWEEN
    assert live.broadcast.actor == "排期"
    assert (await office.look()).state is StreamState.ON_AIR
    await office.desk.command(ROOM, StopBroadcast(), "甲")
    stream = await office.look()
    assert (stream.state, stream.approval is None) == (StreamState.APPROVED, False)


async def test_what_was_said_to_its_end_is_aired(office: Office) -> None:
    await office.studio.approved()
    office.studio.clock.now = AT
    office.pace[0] = 1.0
    await office.desk.open(ROOM)
    assert [one.id for one in await office.programme.ready(OLLY, await _room(office))] == ["st1"]
    await office.programme.begin(OLLY, ROOM, "st1", Taking.AT_ONCE)
    office.pace[0] = 0.01
    with pytest.raises(Conflict, match="正在播"):
        await office.programme.begin(OLLY, ROOM, "st1")
    await until(office, lambda row: row.state is BroadcastState.DONE)
    assert (await office.look()).state is StreamState.AIRED
    assert await office.programme.ready(OLLY, await _room(office)) == []


async def test_a_part_that_fell_sends_it_back_to_review(office: Office) -> None:
    await office.scheduled()
    office.studio.clock.now = AT
    await office.look()
    office.studio.shelf.put(guide(fee="收费20元"))
    await office.desk.command(ROOM, Jump(1), "甲")
    await until(office, lambda row: bool(row.fallen))
    stream = await office.look()
    assert (stream.state, stream.approval) == (StreamState.IN_REVIEW, None)
    assert "有改动" in stream.alarm
    await office.desk.close(ROOM, "甲")
    assert (await office.look()).state is StreamState.IN_REVIEW


@pytest.mark.parametrize(
    ("reason", "prepare"),
    [
        ("没有选直播间", "no room"),
        ("已经没有了", "other room"),
        ("不上班", "holiday"),
        ("错过了播出时间", "late"),
        ("有改动", "source"),
        ("正在播", "busy"),
    ],
)
async def test_where_it_cannot_begin_it_says_why_once(
    office: Office, reason: str, prepare: str
) -> None:
    rooms = {"no room": None, "other room": "none"}
    await office.scheduled(rooms.get(prepare, ROOM))
    office.studio.clock.now = AT
    if prepare == "holiday":
        office.days[AT.date()] = CalendarDay(AT.date(), is_workday=False, name="调休")
    if prepare == "late":
        office.studio.clock.now = AT + GRACE + timedelta(seconds=1)
    if prepare == "source":
        office.studio.shelf.put(guide(fee="收费20元"))
    if prepare == "busy":
        await office.studio.approved("st2")
        await office.desk.open(ROOM)
        await office.programme.begin(OLLY, ROOM, "st2")
    for _ in range(3):
        stream = await office.look()
    assert stream.state is StreamState.SCHEDULED
    assert reason in stream.alarm
    assert len(office.studio.told) == 1
    assert reason in office.studio.told[0]
    assert (ROOM in office.desk.open_rooms) == (prepare == "busy")


async def test_what_was_planned_for_a_free_day_begins_on_it(office: Office) -> None:
    office.days[AT.date()] = CalendarDay(AT.date(), is_workday=False, name="调休")
    office.studio.days.update(office.days)
    assert (await office.scheduled()).on_free_day
    office.studio.clock.now = AT
    assert (await office.look()).state is StreamState.ON_AIR


async def test_a_room_that_may_not_speak_holds_it_and_says_so(office: Office) -> None:
    await office.scheduled()
    await office.desk.open(ROOM)
    await office.desk.command(ROOM, Mute(on=True), "甲")
    office.studio.clock.now = AT
    assert (await office.look()).state is StreamState.ON_AIR
    live = office.desk.live(ROOM)
    assert "恢复后自动开始" in live.snapshot().alerts[0].text
    assert live.snapshot().current is None


async def test_one_that_no_room_has_is_not_on_air_for_ever(office: Office) -> None:
    await office.scheduled()
    office.studio.clock.now = AT
    await office.studio.airing.begin(OLLY, "st1", ROOM)
    assert (await office.look()).state is StreamState.ON_AIR
    office.studio.clock.now = AT + timedelta(minutes=2)
    assert (await office.look()).state is StreamState.APPROVED


async def test_only_who_may(office: Office) -> None:
    await office.studio.approved()
    office.studio.clock.now = AT
    with pytest.raises(NotFound):
        await office.programme.begin(OLLY, ROOM, "st1")
    await office.desk.open(ROOM)
    stranger = replace(ANN, roles=frozenset())
    with pytest.raises((Forbidden, NotFound)):
        await office.programme.begin(stranger, ROOM, "st1")
    office.studio.clock.now = AT - timedelta(days=1)
    with pytest.raises(Conflict, match="播"):
        await office.programme.begin(OLLY, ROOM, "st1")
    assert (await office.stream()).state is StreamState.APPROVED


def test_when_questions_are_taken_is_a_rooms_setting() -> None:
    assert taking_of("hall", None) is Taking.AT_ONCE
    assert taking_of("hall", {"questions": "between"}) is Taking.BETWEEN
    for wrong in ({"questions": "never"}, {"when": "between"}, "between", {}):
        with pytest.raises(ConfigurationError):
            taking_of("hall", wrong)


async def _room(office: Office) -> Room:
    return (await office.desk.rooms())[0]
