"""Deadlines in workdays, against a recount day by day and against the notices' own words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.workdays import CHINA, Calendar, CalendarDay, OfficeHours
from assistant.review.calendar import combined

pytestmark = pytest.mark.unit

SHIPPED = combined(())
HOURS = OfficeHours(SHIPPED)
DAYS = st.dates(date(2005, 1, 1), date(2028, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times(), st.just(UTC))
MADE_UP = st.dictionaries(st.dates(date(2031, 1, 1), date(2031, 3, 1)), st.booleans(), max_size=40)


def at(text: str) -> datetime:
    """A moment in China's time."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def recount(calendar: Calendar, start: date, count: int) -> date:
    """The same by listing the workdays."""
    after = (start + timedelta(days=n) for n in range(1, 400))
    return [day for day in after if calendar.is_workday(day)][count - 1]


@given(DAYS, st.integers(1, 60))
def test_workdays_are_those_of_a_recount(start: date, count: int) -> None:
    assert SHIPPED.add_workdays(start, count) == recount(SHIPPED, start, count)


@given(MADE_UP, st.dates(date(2030, 12, 20), date(2031, 3, 10)), st.integers(1, 30))
def test_so_they_are_in_any_arrangement(made_up: dict[date, bool], start: date, count: int) -> None:
    days = {day: CalendarDay(day, works, "") for day, works in made_up.items()}
    calendar = Calendar(days, frozenset({2031}))
    assert calendar.add_workdays(start, count) == recount(calendar, start, count)


@given(MOMENTS, st.integers(0, 15))
def test_a_deadline_is_the_end_of_an_office_day_not_yet_over(opened: datetime, count: int) -> None:
    due = HOURS.after_workdays(opened, count)
    local = due.astimezone(CHINA)
    assert due > opened
    assert local.time() == time(17, 30)
    assert SHIPPED.is_workday(local.date())


@given(MOMENTS, MOMENTS, st.integers(0, 15))
def test_who_asks_earlier_is_never_due_later(first: datetime, second: datetime, count: int) -> None:
    first, second = sorted((first, second))
    assert HOURS.after_workdays(first, count) <= HOURS.after_workdays(second, count)
    later = HOURS.after_workdays(first, count + 1)
    assert HOURS.after_workdays(first, count) <= later  # equal only on a day off: 0 and 1
    assert count == 0 or HOURS.after_workdays(first, count) < later


@pytest.mark.parametrize(
    ("opened", "count", "due"),
    [
        # 国办发明电〔2025〕7号: 2026年春节2月15日至23日放假, 2月14日、2月28日上班
        ("2026-02-13 10:00", 2, "2026-02-24 17:30"),  # Friday; Saturday the 14th is worked
        ("2026-02-14 10:00", 1, "2026-02-24 17:30"),
        ("2026-02-14 10:00", 0, "2026-02-14 17:30"),
        ("2026-02-17 10:00", 0, "2026-02-24 17:30"),
        ("2026-02-27 09:00", 1, "2026-02-28 17:30"),
        # 国庆节10月1日至7日放假, 9月20日、10月10日上班; 中秋节9月25日至27日
        ("2026-09-30 17:29", 0, "2026-09-30 17:30"),
        ("2026-09-30 17:30", 0, "2026-10-08 17:30"),
        ("2026-09-30 10:00", 2, "2026-10-09 17:30"),
        ("2026-09-30 10:00", 3, "2026-10-10 17:30"),  # a Saturday that is worked
        ("2026-09-18 23:00", 1, "2026-09-20 17:30"),  # a Sunday that is worked
        ("2026-09-24 10:00", 5, "2026-10-09 17:30"),
        # 元旦 1月1日至3日, 1月4日上班
        ("2025-12-31 09:00", 1, "2026-01-04 17:30"),
        # an ordinary week; 07:59 in China is still the day before in UTC
        ("2026-03-02 07:59", 0, "2026-03-02 17:30"),
        ("2026-03-06 16:00", 2, "2026-03-10 17:30"),
    ],
)
def test_by_the_notices(opened: str, count: int, due: str) -> None:
    assert HOURS.after_workdays(at(opened), count) == at(due)


def test_a_year_that_nobody_has_set_is_a_guess() -> None:
    assert SHIPPED.certain(2026)
    assert not SHIPPED.certain(2027)
    free = [date(2027, 1, 1), date(2027, 5, 1), date(2027, 10, 1), date(2027, 10, 4)]
    assert [SHIPPED.is_workday(day) for day in free] == [False, False, False, True]


def test_days_that_the_office_set_go_first() -> None:
    own = [
        CalendarDay(date(2026, 10, 8), False, "停电", own=True),
        CalendarDay(date(2027, 1, 1), False, "元旦", own=True),
    ]
    calendar = combined(own)
    assert not calendar.is_workday(date(2026, 10, 8))
    assert calendar.certain(2027)
    assert not calendar.certain(2028)


def test_counting_ends() -> None:
    never = Calendar({date(2030, 1, 1) + timedelta(n): CalendarDay(date.min, False, "")
                      for n in range(4000)})  # fmt: skip
    with pytest.raises(ValueError, match="no workday"):
        never.add_workdays(date(2030, 1, 1), 1)
    with pytest.raises(ValueError, match="past"):
        SHIPPED.add_workdays(date(2030, 1, 1), -1)
