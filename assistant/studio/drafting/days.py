"""The day that a brief names: 下周三, 12月5日, 明天, 后天, 月底, 下个工作日.

Told relative to a day in China; which days are worked is the office calendar's.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from assistant.answering.figures import arabic
from assistant.domain.workdays import Calendar

_HAN = "[〇零一二三四五六七八九十两]"
_NUMBER = rf"(?:\d{{1,4}}|{_HAN}{{1,4}})"
_WEEKDAYS = "一二三四五六"
_AFTERNOON = frozenset({"下午", "晚上", "傍晚", "晚"})


@dataclass(frozen=True, slots=True)
class Told:
    """A value read from a text, and the words `[start, end)` that said it."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TimeTold:
    """A time of day, and the words that said it."""

    time: time
    start: int
    end: int


def read_day(text: str, today: date, calendar: Calendar) -> Told | None:
    """The first day that a text names; None where it names none, or one that does not exist."""
    for pattern, day_of in _FORMS:
        for match in pattern.finditer(text):
            day = day_of(match, today, calendar)
            if day is not None:
                return Told(day, *match.span())
    return None


def _full(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    del calendar
    year = match["year"]
    number = {"今年": today.year, "明年": today.year + 1}.get(year) or int(arabic(year.strip("年")))
    return _date(number, int(arabic(match["month"])), int(arabic(match["day"])))


def _iso(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    del today, calendar
    return _date(int(match[1]), int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    """Without a year: the next such day."""
    del calendar
    month, day = int(arabic(match["month"])), int(arabic(match["day"]))
    this = _date(today.year, month, day)
    return this if this and this >= today else _date(today.year + 1, month, day)


def _day_of_month(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    """`8号`, `下个月8号`: of this month where it is still to come."""
    del calendar
    day = int(arabic(match["day"]))
    first = today.replace(day=1)
    this = None if match["next"] else _date(first.year, first.month, day)
    after = (first + timedelta(days=32)).replace(day=1)
    return this if this and this >= today else _date(after.year, after.month, day)


def _relative(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    del calendar
    steps = {
        "今天": 0,
        "今日": 0,
        "今晚": 0,
        "明天": 1,
        "明日": 1,
        "明晚": 1,
        "后天": 2,
        "大后天": 3,
    }
    return today + timedelta(days=steps[match[0]])


def _weekday(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    """`下周三` is of the next week, `这周三` of this, a bare `周三` the next to come."""
    del calendar
    wanted = _WEEKDAYS.find(match["day"]) if match["day"] in _WEEKDAYS else 6
    monday = today - timedelta(days=today.weekday())
    which = match["which"] or ""
    if which:
        return monday + timedelta(days=7 * which.count("下") + wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def _in_days(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    count = int(arabic(match["count"]))
    if "工作日" in match["unit"]:
        return calendar.add_workdays(today, count)
    return today + timedelta(days=count * (7 if match["unit"] in {"周", "个星期"} else 1))


def _next_workday(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    del match
    return calendar.add_workdays(today, 1)


def _month_end(match: re.Match[str], today: date, calendar: Calendar) -> date | None:
    first = today.replace(day=1)
    ends = (first + timedelta(days=32)).replace(day=1)
    if match["next"]:
        ends = (ends + timedelta(days=32)).replace(day=1)
    day = ends - timedelta(days=1)
    while match["work"] and not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_Form = tuple[re.Pattern[str], Callable[[re.Match[str], date, Calendar], date | None]]
_FORMS: tuple[_Form, ...] = (
    (
        re.compile(
            rf"(?P<year>\d{{4}}年|{_HAN}{{4}}年|今年|明年)(?P<month>{_NUMBER})月(?P<day>{_NUMBER})[日号]"
        ),
        _full,
    ),
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), _iso),
    (
        re.compile(
            rf"(?P<month>\d{{1,2}}|{_HAN}{{1,2}})月(?P<day>\d{{1,2}}|{_HAN}{{1,3}})[日号]?(?!\d)"
        ),
        _month_day,
    ),
    (re.compile("大后天|今天|今日|今晚|明天|明日|明晚|后天"), _relative),
    (
        re.compile("(?P<which>下下个?|下个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"),
        _weekday,
    ),
    (re.compile("下(?:一)?个?工作日"), _next_workday),
    (re.compile("(?P<next>下)?个?月[底末](?P<work>工作日)?"), _month_end),
    (
        re.compile(rf"(?P<count>{_NUMBER})(?P<unit>个?工作日|天|个星期|周)[后之]后?"),
        _in_days,
    ),
    (
        re.compile(
            rf"(?:(?P<next>下个?月)|(?<![\d月]))(?P<day>\d{{1,2}}|{_HAN}{{1,3}})[号日](?!线|楼|窗)"
        ),
        _day_of_month,
    ),
)


_CLOCK = re.compile(
    rf"(?P<part>上午|下午|早上|晚上|中午|傍晚|晚)?(?P<hour>\d{{1,2}}|{_HAN}{{1,3}})"
    rf"(?:[:：](?P<colon>\d{{2}})|[点时](?!半个?小时)(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{{1,2}}|{_HAN}{{1,3}})分?)?)"
)


def read_time(text: str) -> TimeTold | None:
    """The time at which it begins: 上午9点半, 下午三点, 15:30."""
    for match in _CLOCK.finditer(text):
        hour = int(arabic(match["hour"]))
        minute = int(match["colon"] or (arabic(match["minute"]) if match["minute"] else 0))
        if match["half"]:
            minute = 30
        elif match["quarter"]:
            minute = 15 * int(arabic(match["quarter"]))
        if match["part"] in _AFTERNOON and hour < 12:
            hour += 12
        if hour < 24 and minute < 60:
            return TimeTold(time(hour, minute), *match.span())
    return None
