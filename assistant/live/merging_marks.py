"""Years and numbers of a question, in one spelling: two questions that differ in one differ."""

import re
from dataclasses import dataclass

_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "两": "2",
}
_SPELT_YEAR = re.compile("[零〇○一二三四五六七八九]{2,4}(?=年)")
_YEAR = re.compile(
    r"(?:19|20)\d{2}(?!\d)|(?<!\d)[0-3]\d(?=年(?:度|版|毕业|买|出生|的|前|后|底|初|[买毕入退]))"
)
_CHINESE = re.compile("[一二三四五六七八九十百两]+")
_UNIT = "(?:年|个?月|日|号|岁|天|周|季度|座|万|元|块|平|级|类|版|次|%|小时|人|床|亩|吨|公里|米)"
_COUNT = re.compile(rf"(\d+(?:\.\d+)?|第?[一二三四五六七八九十百]+)({_UNIT})")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_LETTERS = re.compile(r"(?<![a-z])[a-z]\d{0,3}(?![a-z0-9])")
_TEN = 10


@dataclass(frozen=True, slots=True)
class Marks:
    """`years`: four digits each. `numbers`: the other numbers. `letters`: single ones (C1, A)."""

    years: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()

    def differ(self, other: "Marks") -> bool:
        """Whether the two are of different years, or name different numbers or letters."""
        return self.years != other.years or any(
            mine and its and mine != its
            for mine, its in ((self.numbers, other.numbers), (self.letters, other.letters))
        )


def in_digits(folded: str) -> str:
    """The text with its years in digits: 二〇二四年 as 2024年."""
    return _SPELT_YEAR.sub(lambda found: _as_digits(found[0]), folded)


def find_marks(folded: str) -> Marks:
    """The marks of a folded text whose years are in digits; 一个 and 一下 are no numbers."""
    years = [_full(found[0]) for found in _YEAR.finditer(folded)]
    rest = _YEAR.sub(" ", folded)
    counts = [_number(found[1]) + found[2][-1] for found in _COUNT.finditer(rest)]
    plain = _PLAIN.findall(_COUNT.sub(" ", rest))
    return Marks(
        frozenset(years), frozenset([*counts, *plain]), frozenset(_LETTERS.findall(folded))
    )


def _as_digits(spelt: str) -> str:
    return "".join(_DIGITS[char] for char in spelt)


def _full(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _number(spelt: str) -> str:
    """十五 and 15 alike; what is no plain number stays as it is spelt."""
    bare = spelt.removeprefix("第")
    if not _CHINESE.fullmatch(bare) or "百" in bare:
        return bare
    if "十" not in bare:
        return _as_digits(bare)
    tens, ones = bare.split("十", 1)
    value = int(_as_digits(tens or "一")) * _TEN + int(_as_digits(ones or "零"))
    return str(value)
