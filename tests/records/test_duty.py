"""Duty plans over both databases, and a room that is another process's."""

from dataclasses import replace
from datetime import time

import pytest

from assistant.domain.audit import AuditEvent
from assistant.domain.duty import DutyPlan, Hold, Officer, Shift
from assistant.domain.live import Room, RoomState
from assistant.errors import LostLease
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.duty import DutyRecords
from assistant.records.live import LiveRepository

pytestmark = pytest.mark.contract

NIGHT = Shift(("work", "6", "2026-12-31"), time(18), time(9))
PLAN = DutyPlan(
    "r1", (Officer("甲", "a1", "jia@example.org", "夜班", (NIGHT,)),), (NIGHT,), 5, 30, "乙"
)


@pytest.fixture
def duty(database: Database, clock) -> DutyRecords:
    return DutyRecords(database, "office", clock, AuditRecords(database, "office", clock))


async def test_a_plan_is_kept_and_replaced(duty: DutyRecords, database: Database, clock) -> None:
    await duty.put(PLAN, AuditEvent("a1", "duty.plan", "r1"))
    assert await duty.plans() == {"r1": replace(PLAN, changed_at=clock.now)}
    await duty.put(replace(PLAN, officers=()), AuditEvent("a1", "duty.plan", "r1"))
    assert (await duty.plans())["r1"].officers == ()
    other = DutyRecords(database, "other", clock, AuditRecords(database, "other", clock))
    assert await other.plans() == {}


async def test_only_who_holds_a_room_changes_it(database: Database, clock) -> None:
    live = LiveRepository(database, "office", clock)
    room = Room("r1", "一号", state=RoomState.OPEN)
    await live.put_room(room)
    mine = await live.lease("r1", "me", 10)
    assert mine is not None
    held = replace(room, held=Hold.DUTY, held_since=clock.now, present_by="甲", silent=True)
    await live.change_room(held, mine, AuditEvent("system", "room.held", "r1"))
    assert await live.room("r1") == held
    clock.advance(seconds=20)
    assert await live.lease("r1", "other", 10) == mine + 1
    with pytest.raises(LostLease):
        await live.change_room(room, mine, AuditEvent("system", "room.freed", "r1"))
    assert await live.room("r1") == held
    entries = await AuditRecords(database, "office", clock).recent(10)
    assert [entry.action for entry, _ in entries] == ["room.held"]
