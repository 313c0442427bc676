"""Dates as Chinese documents write them."""

import re
from datetime import date

_DIGIT = "0-9０-９〇○Ｏ零一二三四五六七八九"
_SMALL = "0-9０-９一二三四五六七八九十廿卅"
DATE = re.compile(
    rf"[{_DIGIT}]{{4}}\s*(?:年|-|—|/|\.)\s*[{_SMALL}]{{1,3}}\s*(?:月|-|—|/|\.)\s*[{_SMALL}]{{1,3}}\s*日?"
)
_PARTS = re.compile(rf"([{_DIGIT}]{{4}})\D*?([{_SMALL}]{{1,3}})\s*[月\-—/.]\s*([{_SMALL}]{{1,3}})")
_VALUES = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_VALUES |= {"〇": 0, "○": 0, "Ｏ": 0} | {chr(0xFF10 + digit): digit for digit in range(10)}
_VALUES |= {str(digit): digit for digit in range(10)}


def parse_date(text: str) -> date | None:
    """The date that a text consists of (`2019年1月16日`, `二〇〇四年十一月四日`, `2019-01-16`)."""
    stripped = re.sub(r"\s", "", text).strip("（）()")
    return first_date(stripped) if DATE.fullmatch(stripped) else None


def first_date(text: str) -> date | None:
    """The first date in a text that the calendar has."""
    for match in DATE.finditer(text):
        parts = _PARTS.match(re.sub(r"\s", "", match[0]))
        if parts and (day := _date(parts)):
            return day
    return None


def _date(parts: re.Match[str]) -> date | None:
    year = int("".join(str(_VALUES[digit]) for digit in parts[1]))
    try:
        return date(year, _small(parts[2]), _small(parts[3]))
    except ValueError:
        return None


def _small(text: str) -> int:
    """A month or day: 12, 十二, 二十, 廿一."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int("".join(str(_VALUES[digit]) for digit in text))
    tens, _, ones = text.partition("十")
    return _VALUES.get(tens, 1) * 10 + (_VALUES.get(ones, 0) if ones else 0)
