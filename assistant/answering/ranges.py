"""Rows of a table by a range (80至89周岁, 100周岁及以上): whether a number lies in it."""

import re

from assistant.answering.asked import fold
from assistant.answering.figures import arabic

_HAN = "〇零一二三四五六七八九十百千两"
_NUMBER = rf"\d+(?:\.\d+)?|[{_HAN}]+"
_UNIT = r"周?岁|年|个?月|天|日|人|平方米|万?元|公里"
_PEOPLE = "的?(?:老人|老太|老头|老爷|老大爷|老奶奶|高龄|老年人|老汉|老伯|爷爷|奶奶)"
_SAID = re.compile(rf"({_NUMBER})多?(?:({_UNIT})|(?={_PEOPLE}))")
_BETWEEN = re.compile(rf"({_NUMBER})(?:{_UNIT})?(?:至|到|[-~])({_NUMBER})({_UNIT})")
_FROM = re.compile(rf"({_NUMBER})({_UNIT})(?:[(（]含[)）])?(?:及|或者?|含)?以上")
_UNDER = re.compile(rf"(?:不满|不足|未满)({_NUMBER})({_UNIT})|({_NUMBER})({_UNIT})以下")
_AGE = "岁"


def numbers_said(question: str) -> list[tuple[float, str]]:
    """The numbers of a question with their units; those before a word for old people are ages."""
    found = _SAID.finditer(fold(question))
    return [(_value(one[1]), _unit(one[2] or _AGE)) for one in found if _value(one[1]) > 0]


def is_range(cell: str) -> bool:
    """Whether a cell names a range."""
    text = fold(cell)
    return any(pattern.search(text) for pattern in (_BETWEEN, _FROM, _UNDER))


def holds_number(cell: str, said: list[tuple[float, str]]) -> bool:
    """Whether a cell is a range in which a number of its unit lies."""
    text = fold(cell)
    if one := _BETWEEN.search(text):
        low, high, unit = _value(one[1]), _value(one[2]), _unit(one[3])
    elif one := _FROM.search(text):
        low, high, unit = _value(one[1]), float("inf"), _unit(one[2])
    elif one := _UNDER.search(text):
        low, high, unit = 0.0, _value(one[1] or one[3]), _unit(one[2] or one[4])
    else:
        return False
    return any(low <= number <= high and of == unit for number, of in said)


def _value(number: str) -> float:
    try:
        return float(arabic(number))
    except ValueError:
        return 0.0


def _unit(word: str) -> str:
    return _AGE if word.endswith("岁") else word.removeprefix("个")
