"""The office's calendar: arrangements of past years and this one, and what the office set itself.

`chinesecalendar` knows the years from 2004 to the one whose arrangement was public when it was
released. For the others an administrator sets the days of the 国务院办公厅 notice, by `set_year`
or day by day; until 1 January of such a year is set, the year is a guess and called so.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from assistant.domain.audit import AuditEvent
from assistant.domain.workdays import FIXED, Calendar, CalendarDay
from assistant.errors import BadInput
from assistant.records.calendar import CalendarRecords

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
GUESSED = "{year}年的放假安排还没有录入：按周一至周五扣除元旦、劳动节、国庆节推算，可能不准"
_YEARS = range(2000, 2101)


class OfficeCalendar:
    """The calendar of an organisation. `recount` names the deadline classes that count workdays."""

    def __init__(self, records: CalendarRecords, recount: Sequence[str] = ()) -> None:
        self._records = records
        self._recount = tuple(recount)

    async def current(self) -> Calendar:
        """The calendar as it is set now, by any process."""
        return combined(await self._records.days())

    async def days(self, year: int) -> list[CalendarDay]:
        """The days of a year that are not as their weekday says, or that the office set."""
        calendar = await self.current()
        listed = dict(calendar.days)
        if not calendar.certain(year):
            guessed = {date(year, *day): name for day, name in FIXED.items()}
            listed = {d: CalendarDay(d, False, name) for d, name in guessed.items()} | listed
        return [one for day, one in sorted(listed.items()) if day.year == year]

    async def warning(self, today: date) -> str:
        """In plain words, where this year's or the next months' arrangement is a guess; else ""."""
        calendar = await self.current()
        years = {today.year, (today + timedelta(days=31)).year}
        unknown = sorted(year for year in years if not calendar.certain(year))
        return "；".join(GUESSED.format(year=year) for year in unknown)

    async def set_day(self, actor: str, day: CalendarDay) -> None:
        """Set one day. Raises BadInput. Open cases get their deadlines anew."""
        _check((day,))
        details = {"is_workday": day.is_workday, "name": day.name}
        event = AuditEvent(actor, "calendar.set", day.day.isoformat(), details)
        await self._records.put((day,), event, self._recount)

    async def set_year(self, actor: str, year: int, days: Sequence[CalendarDay]) -> None:
        """Set what a year's notice says. Raises BadInput where 1 January or another year is off."""
        _check(days)
        if any(one.day.year != year for one in days):
            raise BadInput(f"有日期不在{year}年")
        if not any(one.day == date(year, 1, 1) for one in days):
            raise BadInput("缺少元旦（1月1日）", hint="录入了1月1日的年份才算已设置")
        told = {one.day.isoformat(): "班" if one.is_workday else "休" for one in days}
        event = AuditEvent(actor, "calendar.set_year", str(year), told)
        await self._records.put(days, event, self._recount)

    async def clear_day(self, actor: str, day: date) -> None:
        """Let a day be as it was before the office set it. Raises NotFound."""
        event = AuditEvent(actor, "calendar.clear", day.isoformat())
        await self._records.remove(day, event, self._recount)


def combined(own: Sequence[CalendarDay]) -> Calendar:
    """The shipped arrangements with the office's own days before them."""
    set_years = {one.day.year for one in own if (one.day.month, one.day.day) == (1, 1)}
    shipped = _shipped()
    days = dict(shipped) | {one.day: one for one in own}
    return Calendar(MappingProxyType(days), _shipped_years() | set_years)


def _check(days: Sequence[CalendarDay]) -> None:
    for one in days:
        if one.day.year not in _YEARS:
            raise BadInput(f"年份不对：{one.day}")
        if len(one.name) > 40:
            raise BadInput("名称最多40个字")


@cache
def _shipped() -> Mapping[date, CalendarDay]:
    """Holidays, and the weekend days worked for them (调休上班)."""
    from chinese_calendar import constants

    free = {d: CalendarDay(d, False, _named(n)) for d, n in constants.holidays.items()}
    worked = {d: CalendarDay(d, True, _named(n)) for d, n in constants.workdays.items()}
    return MappingProxyType(free | worked)


def _named(name: str) -> str:
    return _NAMES.get(name, name)


@cache
def _shipped_years() -> frozenset[int]:
    return frozenset(day.year for day in _shipped())
