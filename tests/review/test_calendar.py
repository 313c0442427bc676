"""The office's calendar is kept, audited, and lets open cases be counted anew."""

from datetime import date

import pytest
from chinese_calendar import is_workday
from hypothesis import given
from hypothesis import strategies as st

from assistant.access.audit import Audit
from assistant.domain.workdays import CalendarDay
from assistant.errors import BadInput, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.calendar import CalendarRecords
from assistant.records.database import Database
from assistant.review.calendar import OfficeCalendar, combined

pytestmark = pytest.mark.contract

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def chain(database: Database, clock) -> AuditRecords:
    return AuditRecords(database, "office", clock)


@pytest.fixture
def calendar(database: Database, clock, chain: AuditRecords) -> OfficeCalendar:
    return OfficeCalendar(CalendarRecords(database, "office", clock, chain))


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_the_shipped_years_are_the_library_s(day: date) -> None:
    assert combined(()).is_workday(day) == is_workday(day)


def test_the_library_ends_where_we_say_that_we_guess() -> None:
    last = max(combined(()).known)
    assert not combined(()).certain(last + 1)
    with pytest.raises(NotImplementedError):
        is_workday(date(last + 1, 1, 4))


async def test_a_day_is_set_and_cleared(calendar: OfficeCalendar, chain: AuditRecords) -> None:
    day = date(2026, 3, 4)
    await calendar.set_day("王芳", CalendarDay(day, False, "系统升级"))
    await calendar.set_day("王芳", CalendarDay(day, False, "停电"))
    assert not (await calendar.current()).is_workday(day)
    assert CalendarDay(day, False, "停电", own=True) in await calendar.days(2026)
    await calendar.clear_day("王芳", day)
    assert (await calendar.current()).is_workday(day)
    with pytest.raises(NotFound):
        await calendar.clear_day("王芳", day)
    done = [entry.action for entry, _ in await Audit(chain).recent()]
    assert done == ["calendar.clear", "calendar.set", "calendar.set"]


async def test_a_year_is_set_by_its_notice(calendar: OfficeCalendar) -> None:
    assert "2027年" in await calendar.warning(date(2026, 12, 5))
    assert await calendar.warning(date(2026, 11, 5)) == ""
    assert [one.name for one in await calendar.days(2027)].count("国庆节") == 3
    notice = [CalendarDay(NEW_YEAR, False, "元旦"), CalendarDay(date(2027, 1, 3), True, "元旦")]
    await calendar.set_year("王芳", 2027, notice)
    current = await calendar.current()
    assert current.certain(2027)
    assert current.is_workday(date(2027, 1, 3))  # a Sunday
    assert len(await calendar.days(2027)) == 2
    assert await calendar.warning(date(2026, 12, 5)) == ""


async def test_a_year_needs_its_new_year(calendar: OfficeCalendar) -> None:
    for days in ([], [CalendarDay(date(2028, 1, 1), False, "")]):
        with pytest.raises(BadInput):
            await calendar.set_year("王芳", 2027, days)
    with pytest.raises(BadInput):
        await calendar.set_day("王芳", CalendarDay(NEW_YEAR, False, "长" * 41))


async def test_each_office_has_its_own(database: Database, clock, calendar, chain) -> None:
    await calendar.set_day("王芳", CalendarDay(NEW_YEAR, True, ""))
    other = OfficeCalendar(CalendarRecords(database, "other", clock, chain))
    assert not (await other.current()).certain(2027)
