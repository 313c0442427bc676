"""Who is on duty when, in which hours a room answers by itself, and whether somebody is there.

Hours are China's. A shift that ends at or before its beginning ends on the next day, and belongs
to the day on which it begins: 工作日 18:00-09:00 covers Saturday's small hours, not Monday's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from assistant.domain.workdays import CHINA, Calendar, OfficeHours

EVERY, WORK, FREE = "every", "work", "free"
WEEKDAYS = frozenset("1234567")
"""Monday is 1."""
BEAT = timedelta(seconds=45)
"""A page that has not beaten for so long is gone: within 60 s no new answer is voiced."""
SKEW = timedelta(seconds=5)
"""Two machines' clocks may be so far apart."""
QUIET = range(31)
"""Minutes for which 我在 may count without a page."""
CONFIRM = range(5, 481)
"""Minutes after which an open page alone may no longer count."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours on some days: `every`, `work`, `free`, weekdays `1` to `7`, or dates."""

    days: tuple[str, ...]
    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.days:
            raise ValueError("a shift has days")
        for day in self.days:
            if day not in {EVERY, WORK, FREE} | WEEKDAYS:
                date.fromisoformat(day)

    def covers(self, at: datetime, calendar: Calendar) -> bool:
        """Whether a moment lies in it; the end no longer does."""
        local = at.astimezone(CHINA)
        day, now = local.date(), local.time()
        overnight = self.end <= self.start
        if self.start <= now and (overnight or now < self.end) and self._has(day, calendar):
            return True
        return overnight and now < self.end and self._has(day - timedelta(days=1), calendar)

    def _has(self, day: date, calendar: Calendar) -> bool:
        works = WORK if calendar.is_workday(day) else FREE
        names = {EVERY, works, str(day.isoweekday()), day.isoformat()}
        return not names.isdisjoint(self.days)


@dataclass(frozen=True, slots=True)
class Officer:
    """One line of a rota. Without shifts at all hours; `robot` names one of the settings'."""

    name: str
    account_id: str = ""
    mail: str = ""
    robot: str = ""
    shifts: tuple[Shift, ...] = ()

    def is_on(self, at: datetime, calendar: Calendar) -> bool:
        """Whether it is their hour."""
        return not self.shifts or any(one.covers(at, calendar) for one in self.shifts)


ALL_DAY = (Shift((EVERY,), time(0), time(0)),)


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """The duty of a room; of the whole organisation where `room_id` is empty.

    `hours` are those in which answers may be given without a person. For `quiet_minutes` after
    somebody said 我在 no page need be open; after `confirm_minutes` an open page alone counts no
    more (0: it counts for ever).
    """

    room_id: str = ""
    officers: tuple[Officer, ...] = ()
    hours: tuple[Shift, ...] = ALL_DAY
    quiet_minutes: int = 10
    confirm_minutes: int = 60
    changed_by: str = ""
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.quiet_minutes not in QUIET:
            raise ValueError(f"quiet for {QUIET[0]} to {QUIET[-1]} minutes")
        if self.confirm_minutes and self.confirm_minutes not in CONFIRM:
            raise ValueError(f"confirmed every {CONFIRM[0]} to {CONFIRM[-1]} minutes")

    def is_there(
        self, now: datetime, beat: datetime | None, said: datetime | None, page: timedelta = BEAT
    ) -> bool:
        """Whether somebody is: an open page that beat, or a person who said so, lately."""
        if _lately(said, now, timedelta(minutes=self.quiet_minutes)):
            return True
        if not _lately(beat, now, page):
            return False
        return not self.confirm_minutes or _lately(
            said, now, timedelta(minutes=self.confirm_minutes)
        )


def _lately(moment: datetime | None, now: datetime, within: timedelta) -> bool:
    """What lies in the future does not count: the clock was set back, and who knows since when."""
    return moment is not None and -SKEW <= now - moment <= within


class Hold(StrEnum):
    """Why a room in automatic mode gives no answer by itself now."""

    NONE = ""
    HOURS = "hours"
    DUTY = "duty"


UNLIMITED = DutyPlan(hours=ALL_DAY, quiet_minutes=0, confirm_minutes=0)
"""For rooms that no office runs: replays and tests."""


@dataclass(frozen=True, slots=True)
class DutyBook:
    """All duty plans of an organisation, the calendar, the office's hours, as they are now.

    Without `office` it is never closed.
    """

    plans: Mapping[str, DutyPlan] = field(default_factory=lambda: MappingProxyType({}))
    office: OfficeHours | None = None
    otherwise: DutyPlan = UNLIMITED

    @property
    def calendar(self) -> Calendar:
        """Which days are workdays."""
        return self.office.calendar if self.office else Calendar()

    def plan(self, room_id: str) -> DutyPlan:
        """The room's own plan, else the organisation's."""
        return self.plans.get(room_id) or self.plans.get("") or self.otherwise

    def officers(self, room_id: str, at: datetime) -> tuple[Officer, ...]:
        """Who is on duty, in the order in which they are told."""
        calendar = self.calendar
        return tuple(one for one in self.plan(room_id).officers if one.is_on(at, calendar))

    def answers_by_itself(self, room_id: str, at: datetime) -> bool:
        """Whether it is an hour for automatic answers."""
        calendar = self.calendar
        return any(one.covers(at, calendar) for one in self.plan(room_id).hours)

    def opens_at(self, now: datetime) -> datetime | None:
        """When the office opens next; None where it is open."""
        if self.office is None or self.office.is_open(now):
            return None
        return self.office.next_opening(now)
