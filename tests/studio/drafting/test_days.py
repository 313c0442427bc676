"""Days of briefs, as staff write them; 30 November 2026 is a Monday."""

from datetime import date, time

import pytest

from assistant.domain.workdays import Calendar, CalendarDay
from assistant.studio.drafting.days import read_day, read_time

pytestmark = pytest.mark.unit
TODAY = date(2026, 11, 30)
FREE = date(2026, 12, 1)
CALENDAR = Calendar({FREE: CalendarDay(FREE, False, "停电")}, frozenset({2026}))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下周三讲参保", date(2026, 12, 9)),
        ("这周五下午三点", date(2026, 12, 4)),
        ("下下周二", date(2026, 12, 15)),
        ("周一", date(2026, 11, 30)),
        ("周日", date(2026, 12, 6)),
        ("12月5日", date(2026, 12, 5)),
        ("十二月十五号", date(2026, 12, 15)),
        ("1月4日", date(2027, 1, 4)),
        ("2026年12月9日", date(2026, 12, 9)),
        ("明年3月1日", date(2027, 3, 1)),
        ("2027-01-04", date(2027, 1, 4)),
        ("明天", date(2026, 12, 1)),
        ("大后天", date(2026, 12, 3)),
        ("8号讲", date(2026, 12, 8)),
        ("下个月8号", date(2026, 12, 8)),
        ("下个工作日", date(2026, 12, 2)),
        ("3天后", date(2026, 12, 3)),
        ("下个月底", date(2026, 12, 31)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    told = read_day(text, TODAY, CALENDAR)
    assert told is not None
    assert told.day == day


@pytest.mark.parametrize("text", ["讲个体户", "20分钟", "2月30日", "12345热线", "第3号窗口"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text, TODAY, CALENDAR) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("上午9点半", time(9, 30)),
        ("下午三点", time(15, 0)),
        ("15:30", time(15, 30)),
        ("晚上七点一刻前", time(19, 15)),
    ],
)
def test_a_time_is_read(text: str, at: time) -> None:
    told = read_time(text)
    assert told is not None
    assert told.time == at


def test_a_length_is_no_time() -> None:
    assert read_time("讲20分钟") is None
    assert read_time("一个小时") is None
