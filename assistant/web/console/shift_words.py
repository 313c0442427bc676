"""Hours as people write them: `工作日 18:00-次日09:00；周六 周日 08:00-20:00`, and back."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time

from assistant.domain.duty import EVERY, FREE, WORK, Shift
from assistant.errors import BadInput

_NAMES: Mapping[str, str] = {EVERY: "每天", WORK: "工作日", FREE: "休息日"} | {
    str(number): f"周{name}" for number, name in enumerate("一二三四五六日", 1)
}
_CODES = {name: code for code, name in _NAMES.items()} | {"周天": "7", "节假日": FREE}
_HOURS = re.compile(r"(\d{1,2}):(\d{2})[-—~至到]+(次日)?(\d{1,2}):(\d{2})")
HINT = "应写作：工作日 18:00-次日09:00；周六 周日 08:00-20:00"
MOST = 20


def read_shifts(text: str) -> tuple[Shift, ...]:
    """The shifts of a text. Raises BadInput that quotes what cannot be read."""
    parts = [part.strip() for part in re.split(r"[;；\n]+", text.replace("：", ":"))]
    if len(parts) > MOST:
        raise BadInput(f"时段最多 {MOST} 个")
    return tuple(_shift(part) for part in parts if part)


def shift_words(shifts: Iterable[Shift]) -> str:
    """The text of some shifts; `read_shifts` gives them back."""
    return "；".join(f"{_days(one)} {_hours(one)}" for one in shifts)


def _shift(part: str) -> Shift:
    *days, hours = re.split(r"[\s,，、]+", part)
    found = _HOURS.fullmatch(hours)
    if not found:
        raise BadInput(f"时段读不懂：{part}", hint=HINT)
    start, end = _time(found[1], found[2], part), _time(found[4], found[5], part)
    if found[3] and end > start:
        raise BadInput(f"一个时段不能超过一天：{part}", hint=HINT)
    return Shift(tuple(_day(day, part) for day in days) or (EVERY,), start, end)


def _day(word: str, part: str) -> str:
    if word in _CODES:
        return _CODES[word]
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        raise BadInput(f"日子读不懂：{part}", hint=HINT) from None


def _time(hour: str, minute: str, part: str) -> time:
    try:
        return time(0) if (hour, minute) == ("24", "00") else time(int(hour), int(minute))
    except ValueError:
        raise BadInput(f"时间不对：{part}", hint=HINT) from None


def _days(one: Shift) -> str:
    return " ".join(_NAMES.get(day, day) for day in one.days)


def _hours(one: Shift) -> str:
    if one.end == time(0):
        last = "24:00" if one.start == time(0) else "次日00:00"
    else:
        last = f"{'次日' if one.end <= one.start else ''}{one.end:%H:%M}"
    return f"{one.start:%H:%M}-{last}"
