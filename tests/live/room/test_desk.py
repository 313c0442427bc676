"""All rooms of a process: real intake, real journal, real records; taken up after a crash."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.domain.live import EventType, LiveEvent, LiveUser, Room, RoomState
from assistant.domain.live_commit import Commit
from assistant.errors import Conflict, LostLease, NotFound
from assistant.live.clocks import SystemClock
from assistant.live.delivery import REFUSED
from assistant.live.desk import DeskParts, LiveDesk
from assistant.live.hub import LONGEST, Hub, RoomEvent, Subscription
from assistant.live.incoming import Incoming
from assistant.live.intake import Intake
from assistant.live.journal import Journal
from assistant.live.orders import Automatic
from assistant.live.pace import STALLED
from assistant.live.running import TICK, Lease, Running
from assistant.live.seams import Batch, PlatformState, Receive
from assistant.live.simulated import SimulatedStage
from assistant.records.database import Database
from tests.live.fakes import ROOM, Vault, World, mask

pytestmark = pytest.mark.integration


@dataclass
class Wire:
    """A platform that sends what it is told to."""

    name: str = "page"
    silent: bool = False
    receive: "asyncio.Future[Receive]" = field(default_factory=asyncio.Future)

    @property
    def state(self) -> PlatformState:
        return PlatformState(self.name, connected=True, is_silent=self.silent)

    async def run(self, receive: Receive) -> None:
        self.receive.set_result(receive)
        await asyncio.Event().wait()

    async def send(self, *texts: str, first: int = 0) -> None:
        await (await self.receive)([event(first + n, text) for n, text in enumerate(texts)])


def event(number: int, text: str) -> LiveEvent:
    user = LiveUser(f"u{number}", "王小明")
    at = datetime.now(UTC)
    return LiveEvent(
        f"e{number}", "page", EventType.COMMENT, at, user, text, reply_to=f"to-{number}"
    )


class House:
    """The desk of one process after another, over the same database and journal."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = SystemClock()
        room = Room(ROOM, "一号", officers=("甲",))
        self.world = World(database, room, clock=self.clock)
        self.folder = folder
        self.wire = Wire()

    def parts(self) -> DeskParts:
        self.wire = Wire()
        wires: Sequence[Wire] = [self.wire]
        return DeskParts(
            records=self.world.records,
            clock=self.clock,
            new_id=self.world.new_id,
            services=lambda room, stage: replace(self.world.services(), stage=stage),
            stage=lambda room: SimulatedStage(self.clock),
            inlet=self.inlet,
            platforms=lambda room: wires,
            lease_seconds=1.0,
        )

    async def inlet(self, room: Room, session_id: str) -> Intake:
        incoming = Incoming(
            mask=mask,
            pseudonyms=lambda platform, user: f"{platform}-{user}",
            shown_name=lambda name: name[:1],
            vault=Vault(),
            clock=self.clock,
            new_id=self.world.new_id,
        )
        journal = await Journal.open(self.folder, self.clock.now)
        return await Intake.open(
            room.id,
            session_id,
            incoming=incoming,
            journal=journal,
            records=self.world.records,
        )

    @asynccontextmanager
    async def process(self) -> AsyncIterator[LiveDesk]:
        if await self.world.records.room(ROOM) is None:
            await self.world.records.put_room(self.world.room)
        desk = LiveDesk(self.parts())
        yield desk
        await desk.stop()


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    folder = tmp_path / "journal"
    folder.mkdir()
    return House(sqlite_database, folder)


async def until_decided(desk: LiveDesk, count: int) -> list[str]:
    """The outcomes once so many comments are decided: events wake it, no clock."""
    watching = desk.subscribe(ROOM)
    done = desk.snapshot(ROOM).counts
    if sum(done.values()) - done["received"] < count:
        async for _ in watching:
            counts = desk.snapshot(ROOM).counts
            if sum(counts.values()) - counts["received"] >= count:
                break
    desk.live(ROOM).unsubscribe(watching)
    return [str(one.decision.kind) for one in desk.snapshot(ROOM).entries if one.decision]


async def test_a_comment_goes_from_platform_to_reply(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        room = await desk.open(ROOM)
        await desk.command(ROOM, Automatic(on=True), "甲")
        await house.wire.send("社保怎么办", "哈哈")
        assert sorted(await until_decided(desk, 2)) == ["set_aside", "spoken"]
        await room.settle()
        assert "社保" in house.world.replier.texts("to-0")[0]
        assert room.room.automatic_by == "甲"


async def test_an_event_that_comes_again_is_one_comment(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        await desk.open(ROOM)
        await house.wire.send("社保怎么办")
        await house.wire.send("社保怎么办")
        await house.wire.send("哈哈", first=1)
        await until_decided(desk, 2)
        assert desk.snapshot(ROOM).counts["received"] == 2


async def test_the_next_process_goes_on_with_the_session(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        session = (await desk.open(ROOM)).session_id
        await house.wire.send("社保怎么办")
        await until_decided(desk, 1)
    async with house.process() as desk, asyncio.timeout(30):
        assert await desk.start() == [ROOM]
        assert desk.live(ROOM).session_id == session
        await house.wire.send("社保怎么办")
        await house.wire.send("哈哈", first=1)
        await until_decided(desk, 1)
        stored = await house.world.records.entries(session)
        assert len(stored) == 2


async def test_closing_decides_what_came_in_and_ends_the_session(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        await desk.open(ROOM)
        await house.wire.send(*(f"怎么办{n}" for n in range(20)))
        session = await desk.close(ROOM, "甲")
        stored = await house.world.records.entries(session)
        assert len([one for one in stored if one.decision]) == 20
        room = await house.world.records.room(ROOM)
        assert room is not None
        assert (room.state, room.session_id) == (RoomState.CLOSED, None)
        row = await house.world.reads.session(session)
        assert row is not None
        assert len(await desk.outcomes(row)) == 20
        again = await desk.open(ROOM)
        assert again.session_id != session


async def test_a_room_is_held_by_one_process(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        await desk.open(ROOM)
        with pytest.raises(Conflict):
            await LiveDesk(house.parts()).open(ROOM)
        with pytest.raises(Conflict):
            await desk.put(Room(ROOM, "二号"))


async def test_a_room_of_a_killed_process_is_taken_up_when_its_lease_has_run_out(
    house: House,
) -> None:
    killed = await house.world.records.lease(ROOM, "killed", 1.5)
    async with house.process() as desk, asyncio.timeout(30):
        on_air = replace(house.world.room, state=RoomState.OPEN, session_id="s1")
        await house.world.records.put_room(on_air)
        assert await desk.start() == []
        await desk.reopened()
        assert [alert.code for alert in desk.snapshot(ROOM).alerts] == ["taken_up"]
        assert desk.live(ROOM).session_id == "s1"
        await house.wire.send("社保怎么办")
        await until_decided(desk, 1)
        assert killed is not None
        with pytest.raises(LostLease):
            await house.world.records.commit(ROOM, killed, Commit())


@pytest.mark.parametrize(("gives_back", "told"), [(True, []), (False, ["taken_up"])])
async def test_a_process_that_did_not_let_go_is_told_of_however_long_ago_it_ended(
    house: House, *, gives_back: bool, told: list[str]
) -> None:
    ended = await house.world.records.lease(ROOM, "ended", 0.0)
    assert ended is not None
    if gives_back:
        await house.world.records.release(ROOM, ended)
    on_air = replace(house.world.room, state=RoomState.OPEN, session_id="s1")
    await house.world.records.put_room(on_air)
    async with house.process() as desk, asyncio.timeout(30):
        assert await desk.start() == [ROOM]
        assert [alert.code for alert in desk.snapshot(ROOM).alerts] == told


async def test_a_room_that_another_process_closes_is_not_taken_up(house: House) -> None:
    async with house.process() as other, asyncio.timeout(30):
        await other.open(ROOM)
        desk = LiveDesk(house.parts())
        assert await desk.start() == []
        await other.close(ROOM, "甲")
        await desk.reopened()
        assert not desk.open_rooms


async def test_a_room_that_breaks_is_taken_up_again(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(60):
        room = await desk.open(ROOM)
        commit = house.world.records.commit
        broken = asyncio.Event()

        async def fails(room_id: str, token: int, step: Commit) -> None:
            if step.comments and not broken.is_set():
                raise OSError("disk")
            await commit(room_id, token, step)

        house.world.records.commit = fails
        old, wire = room, house.wire
        await wire.send("社保怎么办")
        async for _ in old.subscribe():
            pass
        broken.set()
        await desk.reopened()
        assert desk.live(ROOM) is not old
        assert [alert.code for alert in desk.snapshot(ROOM).alerts] == ["reopened"]
        await until_decided(desk, 1)
        stored = await house.world.records.entries(desk.live(ROOM).session_id)
        assert [one.comment.text for one in stored] == ["社保怎么办"]


async def test_what_is_not_there_is_said(house: House) -> None:
    async with house.process() as desk:
        with pytest.raises(NotFound):
            await desk.open("nowhere")
        with pytest.raises(NotFound):
            desk.snapshot(ROOM)
        assert [room.id for room in await desk.rooms()] == [ROOM]


async def test_a_silent_platform_raises_an_alarm_once(house: House) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        room = await desk.open(ROOM)
        watching = room.subscribe()
        house.wire.silent = True
        async for told in watching:
            if any(alert.code == "silence" for alert in told.changed.alerts):
                break
        assert [alert.code for alert in desk.snapshot(ROOM).alerts] == ["silence"]


async def test_a_platform_that_takes_no_replies_raises_an_alarm_until_it_takes_them(
    house: House,
) -> None:
    async with house.process() as desk, asyncio.timeout(30):
        room = await desk.open(ROOM)
        watching = room.subscribe()
        room._delivery._failed["page"] = REFUSED
        told: list[tuple[str, bool]] = []
        async for each in watching:
            told += [(one.code, bool(one.acknowledged_at)) for one in each.changed.alerts]
            room._delivery._failed.clear()
            if told and told[-1][1]:
                break
        assert {code for code, _ in told} == {"replies_refused"}
        assert desk.snapshot(ROOM).alerts == ()


async def test_a_room_that_stood_still_tells_people_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a process does that hung, or one whose database was locked."""
    shift = 0.0
    real = time.monotonic
    monkeypatch.setattr("assistant.live.pace.time.monotonic", lambda: real() + shift)
    wall = time.time
    monkeypatch.setattr("assistant.live.pace.time.time", lambda: wall() + shift)
    async with house.process() as desk, asyncio.timeout(30):
        room = await desk.open(ROOM)
        watching = room.subscribe()
        for _ in range(2):
            shift += STALLED + 1
            await asyncio.sleep(2 * TICK)
        async for told in watching:
            if any(alert.code == "stalled" for alert in told.changed.alerts):
                break
        assert [alert.code for alert in desk.snapshot(ROOM).alerts] == ["stalled"]


@pytest.mark.parametrize(("seconds", "told"), [(STALLED + 1, ["stalled"]), (STALLED - 1, [])])
async def test_a_batch_that_is_stored_late_tells_people(
    monkeypatch: pytest.MonkeyPatch, seconds: float, told: list[str]
) -> None:
    """As behind a locked database, while nothing else of the room had to wait."""
    now, alarms = [0.0], list[str]()

    class Late:
        async def take(self, *_: object) -> None:
            now[0] += seconds

        async def alarm(self, code: str, *_: object) -> None:
            alarms.append(code)

        def confirm(self, *_: object) -> None:
            pass

    monkeypatch.setattr("assistant.live.pace.time.monotonic", lambda: now[0])
    late: Any = Late()
    running = Running(late, late, late, late, SystemClock(), Lease("p", 1.0, 1))
    comment: Any = SimpleNamespace(received_at=datetime.now(UTC))
    await running._take(Batch([comment], {}))
    assert alarms == told


async def test_a_slow_subscriber_is_dropped_and_holds_up_nobody() -> None:
    hub = Hub()
    slow, quick = hub.subscribe(), hub.subscribe()
    seen = 0
    for number in range(LONGEST + 50):
        hub.tell(RoomEvent(ROOM, number, datetime.now(UTC), Commit()))
        if number % 100 == 0:
            seen += await drain(quick)
    assert slow.dropped
    assert not quick.dropped
    assert len(hub) == 1
    hub.end()
    assert seen + len([one async for one in quick]) == LONGEST + 50
    assert len([one async for one in slow]) < LONGEST + 50


async def drain(subscription: Subscription) -> int:
    """What waits for a subscriber now."""
    count = 0
    while subscription._queue.qsize():
        await subscription._queue.get()
        count += 1
    return count
