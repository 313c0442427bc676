"""Dates, years and times of day."""

import re

from assistant.voice.reading.numbers import by_digit, cardinal
from assistant.voice.reading.pieces import Rule, rule

_YEAR = r"(?:1[89]|20|21)\d{2}"
_MONTH, _DAY = r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"


def _date(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{by_digit(year)}年{cardinal(str(int(month)))}月{cardinal(str(int(day)))}日"


def _month(found: re.Match[str]) -> str:
    return f"{by_digit(found[1])}年{cardinal(str(int(found[2])))}月"


def _time(found: re.Match[str]) -> str:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    said = ("两" if hour == 2 else cardinal(str(hour))) + "点"
    if minute:
        said += ("零" if minute < 10 else "") + cardinal(str(minute)) + "分"
    return said + (cardinal(str(second)) + "秒" if second else "")


def _digits(found: re.Match[str]) -> str:
    return by_digit(found.group())


RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\d.])({_YEAR})-{_MONTH}-{_DAY}(?!\d)", _date),
    rule(rf"(?<![\d.])({_YEAR})/{_MONTH}/{_DAY}(?!\d)", _date),
    rule(rf"(?<![\d.])({_YEAR})\.{_MONTH}\.{_DAY}(?![\d.])", _date),
    rule(r"(?<![\d.])((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)", _date),
    rule(r"(?<![\d.])((?:19|20)\d{2})[-.](0[1-9]|1[0-2])(?![\d.万亿元%])", _month),
    rule(rf"(?<![\d.]){_YEAR}(?=年|[-~]+{_YEAR}(?:年|学年|财年|年度|版|$))", _digits),
    rule(rf"(?<![\d.]){_YEAR}(?=/{_YEAR}(?!\d))|(?<=\d{{4}}/){_YEAR}(?!\d)", _digits),
    rule(rf"(?<![\d.]){_YEAR}(?=\s?(?:版|届|级|财年|学年|财政年度))", _digits),
    rule(r"(?<![\d.])[5-9]\d(?=年(?:\d{1,2}月|出生|生人|毕业|入学|参加|退休))", _digits),
    rule(
        r"(?<!\d:)(?<![\d.])(?<!比例)(?<!比例为)(?<!比)([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])",
        _time,
    ),
)
