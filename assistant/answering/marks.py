"""What a question names exactly, and its source must name too: editions, days, model names, titles.

The report on the 15th congress says nothing about the 16th, however many words they share. A
share of 0..1; 1 where the question names no such thing.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from assistant.answering.asked import fold
from assistant.answering.figures import arabic

_HAN = "〇零一二三四五六七八九十百"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[.+-][a-z0-9]+)*|\d+[a-z][a-z0-9]*")
_MODEL = re.compile(r"\d")
_TITLE = re.compile(r"[“\"《「]([^”\"》」]{2,40})[”\"》」]")
_EDITION = re.compile(rf"第([{_HAN}]+|\d+)(?=[届次任批期季集轮代世])")
_DAY = re.compile(r"(\d{1,2})月(?:(\d{1,2})[日号])?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def marks_held(question: str, told: str, source: str, published_on: date | None) -> float:
    """The least share of one kind of mark that the source has.

    `source` is the passage with its heading, `told` what is said of it: a model (RX20) must stand
    there. Both are folded.
    """
    asked = fold(question)
    days = {f"{one[1]}月{one[2]}" if one[2] else one[1] for one in _DAY.finditer(asked)}
    said, close = told.replace(" ", ""), source.replace(" ", "")
    kinds = (
        _share(_names(asked), lambda name: name in (said if _MODEL.search(name) else close)),
        _share(_TITLE.findall(asked), lambda title: title in source),
        _share(_editions(asked), _editions(source).__contains__),
        _share(days, _days(source).__contains__),
        years_held(asked, source, published_on),
    )
    return min(kinds)


def years_held(asked: str, words: str, published_on: date | None) -> float:
    """Share of the years asked that words name, or that the source is of."""
    known = set(_YEAR.findall(words)) | ({str(published_on.year)} if published_on else set())
    return _share(set(_YEAR.findall(asked)), known.__contains__)


def is_of_other(asked: str, words: str, published_on: date | None) -> bool:
    """Whether words name years, editions or names in Latin letters, and none of those asked."""
    years = set(_YEAR.findall(words)), years_held(asked, words, published_on)
    editions = _editions(words), _share(_editions(asked), _editions(words).__contains__)
    close = words.replace(" ", "")
    names = _names(words), _share(_names(asked), close.__contains__)
    return any(named and held == 0.0 for named, held in (years, editions, names))


def _names(asked: str) -> list[str]:
    return [name for name in _NAME.findall(asked) if len(name) > 1]


def _editions(text: str) -> set[str]:
    return {arabic(number) for number in _EDITION.findall(text)}


def _days(text: str) -> set[str]:
    """Each day with its month, and each month alone."""
    found = list(_DAY.finditer(text))
    return {f"{one[1]}月{one[2]}" for one in found if one[2]} | {one[1] for one in found}


def _share(asked: Iterable[str], is_held: Callable[[str], bool]) -> float:
    held = [is_held(one) for one in asked]
    return sum(held) / len(held) if held else 1.0
