"""Workdays in China and the ends of office days: from when and until when a deadline runs.

Which days are free is an arrangement of each year (调休): a `Calendar` knows the days that differ
from Monday to Friday, and for which years it knows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The one time of the whole country, without summer time since 1992."""
FIXED: Mapping[tuple[int, int], str] = MappingProxyType(
    {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"}
    | {(10, day): "国庆节" for day in (1, 2, 3)}
)
"""Holidays by law that fall on the same date each year (全国年节及纪念日放假办法, 2024)."""
_FARTHEST = 3700
"""Days that are looked at for a workday."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is not as its weekday says, or that the office set so (`own`)."""

    day: date
    is_workday: bool
    name: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Workdays by the days that are set; in `known` years those are all that differ.

    In other years Monday to Friday are workdays but for the holidays with a fixed date, which is
    a guess: `certain` says so.
    """

    days: Mapping[date, CalendarDay] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def certain(self, year: int) -> bool:
        """Whether the year's arrangement is known."""
        return year in self.known

    def is_workday(self, day: date) -> bool:
        """Whether offices work on a day of China."""
        if day in self.days:
            return self.days[day].is_workday
        free = day.year not in self.known and (day.month, day.day) in FIXED
        return day.weekday() < 5 and not free

    def add_workdays(self, start: date, count: int) -> date:
        """The `count`-th workday after a day; with 0 the day itself, or else the next workday."""
        if count < 0:
            raise ValueError(f"{count} workdays lie in the past")
        day, left = start, count
        if count == 0 and self.is_workday(day):
            return day
        for _ in range(_FARTHEST):
            day += timedelta(days=1)
            left -= self.is_workday(day)
            if left <= 0 and self.is_workday(day):
                return day
        raise ValueError(f"no workday within {_FARTHEST} days after {start}")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the office day begins and ends, in China's time, on the days of a calendar."""

    calendar: Calendar
    end: time = time(17, 30)
    begin: time = time(9)

    def is_open(self, at: datetime) -> bool:
        """Whether people are at work; at the end of the day no longer."""
        local = at.astimezone(CHINA)
        return self.begin <= local.time() < self.end and self.calendar.is_workday(local.date())

    def next_opening(self, at: datetime) -> datetime:
        """The next beginning of an office day after a moment."""
        local = at.astimezone(CHINA)
        begun = local.time() >= self.begin
        day = self.calendar.add_workdays(local.date(), 1 if begun else 0)
        return datetime.combine(day, self.begin, CHINA).astimezone(UTC)

    def same_day(self, opened: datetime) -> datetime:
        """当日: the end of the office day, or of the next one where that is over."""
        local = opened.astimezone(CHINA)
        day, over = local.date(), local.time() >= self.end
        return self._end_of(self.calendar.add_workdays(day, 1 if over else 0))

    def after_workdays(self, opened: datetime, count: int) -> datetime:
        """The end of the `count`-th workday after the day of a moment; 0 is `same_day`."""
        if count == 0:
            return self.same_day(opened)
        day = opened.astimezone(CHINA).date()
        return self._end_of(self.calendar.add_workdays(day, count))

    def night_before(self, day: date) -> tuple[datetime, datetime]:
        """From the last close of work before a day to the hour at which work begins on it.

        After days off that is more than one night. Raises ValueError as `add_workdays` does.
        """
        worked = day - timedelta(days=1)
        for _ in range(_FARTHEST):
            if self.calendar.is_workday(worked):
                begun = datetime.combine(day, self.begin, CHINA).astimezone(UTC)
                return self._end_of(worked), begun
            worked -= timedelta(days=1)
        raise ValueError(f"no workday within {_FARTHEST} days before {day}")

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, self.end, CHINA).astimezone(UTC)
