"""What befell streams: stored once, of one's own office, and forgotten with the logs."""

from datetime import timedelta

import pytest

from assistant.domain.ids import new_ulid
from assistant.domain.live import AlertLevel
from assistant.domain.streaming import Happening
from assistant.records.database import Database
from assistant.records.retention import RetentionRecords
from assistant.records.retention_limits import Retention
from assistant.records.stream_happenings import StreamHappenings

pytestmark = pytest.mark.contract


def happening(clock, code: str, level: AlertLevel | None = None) -> Happening:
    return Happening(new_ulid(), clock(), code, "画面不动了", level)


async def test_what_comes_twice_is_stored_once(database: Database, clock) -> None:
    ours = StreamHappenings(database, "office")
    first, second = happening(clock, "frozen", AlertLevel.URGENT), happening(clock, "back")
    assert await ours.add("hall", [first]) == [first]
    assert await ours.add("hall", [first, second]) == [second]
    assert await ours.add("hall", []) == []
    assert {one.id for one in await ours.latest("hall")} == {first.id, second.id}


async def test_each_office_and_room_has_its_own(database: Database, clock) -> None:
    ours, theirs = StreamHappenings(database, "office"), StreamHappenings(database, "other")
    one = happening(clock, "frozen", AlertLevel.EMERGENCY)
    await ours.add("hall", [one])
    assert await theirs.latest("hall") == []
    assert await ours.latest("annex") == []
    assert await ours.latest("hall") == [one]


async def test_a_night_is_read_in_its_order(database: Database, clock) -> None:
    ours, began = StreamHappenings(database, "office"), clock()
    for code in ("a", "b", "c"):
        await ours.add("hall", [happening(clock, code)])
        clock.advance(hours=1)
    found = await ours.between("hall", began + timedelta(minutes=30), began + timedelta(hours=2))
    assert [one.code for one in found] == ["b"]
    assert [one.code for one in await ours.latest("hall", 2)] == ["c", "b"]


async def test_it_goes_with_the_logs(database: Database, clock) -> None:
    await StreamHappenings(database, "office").add("hall", [happening(clock, "frozen")])
    old, limits = RetentionRecords(database, "office"), Retention(180, 200)
    kept = await old.purge(limits.at(clock() + timedelta(days=199)))
    assert kept["stream_happenings"] == 0
    gone = await old.purge(limits.at(clock() + timedelta(days=201)))
    assert gone["stream_happenings"] == 1
