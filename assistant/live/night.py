"""Honest words while the office is closed: when people will be back, from the calendar."""

from datetime import datetime

from assistant.domain.live import RoomState
from assistant.domain.workdays import CHINA, Calendar
from assistant.live import lines
from assistant.live.core import Core

_DAYS = ("今天", "明天", "后天")
_WEEK = "一二三四五六日"
_DIGITS = "零一二三四五六七八九"


def back_at(core: Core) -> str:
    """When people are back at work, as it is said; "" while somebody may answer soon.

    A person who runs the room by hand answers at any hour.
    """
    now, book = core.now, core.duty
    by_hand = not core.room.automatic and core.officer_is_there
    if by_hand or core.room.state is RoomState.TAKEN_OVER:
        return ""
    opening = book.opens_at(now)
    return when_said(now, opening, book.calendar) if opening else ""


def when_said(now: datetime, opening: datetime, calendar: Calendar) -> str:
    """The opening from here: 明天上午九点; no date where the year's holidays are a guess."""
    here, there = now.astimezone(CHINA), opening.astimezone(CHINA)
    days = (there.date() - here.date()).days
    if days and not calendar.certain(there.year):
        return f"下一个工作日{_clock(there)}"
    if days < len(_DAYS):
        return f"{_DAYS[days]}{_clock(there)}"
    return f"{there.month}月{there.day}日星期{_WEEK[there.weekday()]}{_clock(there)}"


def holding(core: Core) -> str:
    """That a person must look at a question, and when they will."""
    when = back_at(core)
    return lines.holding_until(when) if when else lines.HOLDING


def manual(core: Core) -> str:
    """That a question waits for a person to confirm its answer, and until when."""
    when = back_at(core)
    return lines.holding_until(when) if when else lines.MANUAL


def complaint(core: Core) -> str:
    """That a complaint is registered."""
    when = back_at(core)
    return lines.complaint_until(when) if when else lines.COMPLAINT


def held(core: Core) -> str:
    """What the stage shows while no answer is given by itself; "" where answers are."""
    return lines.held_until(back_at(core)) if core.hold else ""


def _clock(at: datetime) -> str:
    half = "上午" if at.hour < 12 else "下午"
    hour = "两" if at.hour % 12 == 2 else _number(at.hour if at.hour <= 12 else at.hour - 12)
    if at.minute == 30:
        return f"{half}{hour}点半"
    if at.minute == 0:
        return f"{half}{hour}点"
    return f"{half}{hour}点{'零' if at.minute < 10 else ''}{_number(at.minute)}分"


def _number(value: int) -> str:
    """0 to 59 as they are read."""
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    before = "" if tens == 1 else _DIGITS[tens]
    return f"{before}十{_DIGITS[ones] if ones else ''}"
