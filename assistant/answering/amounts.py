"""Amounts of a text with their unit, so that 一万, 1万元 and 10000元 are one amount of money."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.answering.figures import arabic, fold

_HAN = "〇零一二三四五六七八九十百千两"
_AMOUNT = re.compile(
    rf"(?P<percent>百分之(?P<share>[{_HAN}]+|\d+(?:\.\d+)?))"
    rf"|(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?|[{_HAN}]+)\s*(?P<scale>[万亿千百]?)\s*"
    r"(?P<unit>元|块钱|块|%|个?工作日|个?自然日|天|日(?!期)|个?小时|个月|周年|年(?!度|龄|级)|折|倍)?"
)
_UNITS = {"块钱": "元", "块": "元", "自然日": "天", "日": "天", "周年": "年"}
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DAY = re.compile(
    r"(?:\d{2,4}年)?\d{1,2}月\d{1,2}[日号]|\d{4}年(?:\d{1,2}月)?|[一二三四五六七八九十]{1,2}月份?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a unit; `start` and `end` are its place in the folded text."""

    value: Decimal
    unit: str
    written: str
    start: int
    end: int

    def is_same(self, other: "Amount") -> bool:
        """The same amount; a bare 一万 may be money."""
        return self.value == other.value and self.may_be(other)

    def may_be(self, other: "Amount") -> bool:
        """Amounts of one unit, which can agree or contradict each other."""
        return self.unit == other.unit


def amounts(text: str) -> list[Amount]:
    """All amounts, in order; days of the calendar are none."""
    return list(_found(_DAY.sub(lambda day: "\0" * len(day[0]), fold(text))))


def _found(folded: str) -> Iterator[Amount]:
    for match in _AMOUNT.finditer(folded):
        if match["percent"]:
            yield _amount(match, match["share"], "", "%")
        elif match["unit"] or match["scale"] in {"万", "亿"}:
            unit = (match["unit"] or "元").removeprefix("个") or "元"
            yield _amount(match, match["number"], match["scale"], _UNITS.get(unit, unit))


def _amount(match: re.Match[str], number: str, scale: str, unit: str) -> Amount:
    value = Decimal(arabic(number) or "0") * _SCALES[scale]
    return Amount(value, unit, match[0].strip(), match.start(), match.end())
