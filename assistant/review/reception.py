"""New cases get their region, their deadline and their group; deadlines move on with the stream."""

from datetime import datetime

from assistant.domain.clock import Clock
from assistant.domain.review import DeskCase
from assistant.domain.workdays import OfficeHours
from assistant.records.reception import Arrival, Deadline, ReceptionRecords
from assistant.review.calendar import OfficeCalendar
from assistant.review.chores import Chore
from assistant.review.deadlines import EMERGENCY, STREAM, URGENT, Deadlines, Due
from assistant.review.likeness import OpenCases

PAUSE = 0.5
"""Seconds until new cases are looked for; until then they stand last in the queue."""
MOVE_EVERY = 2.0


class Reception:
    """Two chores; any number of processes may keep them."""

    def __init__(
        self,
        records: ReceptionRecords,
        calendar: OfficeCalendar,
        deadlines: Deadlines,
        open_cases: OpenCases,
        clock: Clock,
    ) -> None:
        self._records = records
        self._calendar = calendar
        self._deadlines = deadlines
        self._open = open_cases
        self._clock = clock
        self.chores = (
            Chore("review.reception", self.receive, PAUSE),
            Chore("review.moving", self.move, MOVE_EVERY),
        )

    async def receive(self) -> bool:
        """Receive what is new; whether there was anything."""
        arrivals = await self._records.arrivals()
        if not arrivals:
            return False
        hours = await self._hours()
        if any(not one.case.due_class for one in arrivals):
            await self._open.refresh()
        for one in arrivals:
            if not await self._received(one, hours):
                break  # another process is at it: look again, and know what it received
        return True

    async def move(self) -> bool:
        """Let the next deadline count where a session has ended or a case became more urgent."""
        hours, moved = await self._hours(), False
        for one in await self._records.to_move(STREAM, URGENT, EMERGENCY):
            due = self._moved(one, hours)
            if due.name != one.case.due_class:
                moved = await self._records.move(one.case, written(due)) or moved
        return moved

    async def _received(self, one: Arrival, hours: OfficeHours) -> bool:
        """Store what reception says of a case; False where another process did."""
        case = one.case
        since = self._since(case)
        if case.due_class:
            due = self._deadlines.counted(case.due_class, since, hours)
            return await self._records.recount(case.id, written(due))
        on_air = one.on_air and not case.token
        due = self._deadlines.first(case, since, hours, on_air=on_air)
        like = await self._open.like(one) if case.group_id is None else None
        if not await self._records.receive(case.id, one.region, written(due), like):
            return False
        await self._open.add(one)
        return True

    def _since(self, case: DeskCase) -> datetime:
        """From when a deadline counts.

        A new case that somebody has held already came back from a department, just now.
        """
        if case.due_class:
            return case.due_from or case.made_at
        return self._clock() if case.token else case.made_at

    def _moved(self, one: Arrival, hours: OfficeHours) -> Due:
        """The deadline that counts now; being urgent makes a case due sooner, never later."""
        case, since = one.case, one.case.due_from or one.case.made_at
        name = self._deadlines.class_of(case)
        if case.due_class == STREAM or name not in {URGENT, EMERGENCY}:
            since = since if case.due_class == STREAM else case.made_at
            return self._deadlines.counted(name, since, hours)
        due = self._deadlines.counted(name, self._clock(), hours)
        sooner = case.due_at if case.due_at and case.due_at < due.at else due.at
        return Due(sooner, due.name, due.since)

    async def _hours(self) -> OfficeHours:
        return self._deadlines.hours(await self._calendar.current())


def written(due: Due) -> Deadline:
    """A deadline as it is stored."""
    return Deadline(due.at, due.name, due.since)
