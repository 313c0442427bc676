"""How 一 and 不 change their tone in speech (普通话变调): for engines that are fed with pinyin.

不 rises before a fourth tone. 一 does too, and falls before any other; it keeps its first tone
where it counts in a row or in order (十一, 第一, 一月), ends a word (统一), or ends a clause. Third
tones before each other are left to the engine.
"""

from itertools import pairwise

from assistant.domain.speech import SpokenText

DIGITS = "零〇一二三四五六七八九十两幺"
GREAT = "百千万亿"
BEFORE = frozenset(DIGITS + "第初期周万点统唯专单之划归逐")
"""After these 一 is a number in a row or in order, or the end of a word."""
AFTER = frozenset(DIGITS + "月日号点")
"""Before these it is one: a row of digits, a date, a number with decimals."""


def changed(text: SpokenText) -> list[str]:
    """The syllables of a sentence with the tones that are spoken."""
    sounds = list(text.pinyin)
    places = range(len(sounds) - 1)
    for place, (one, following) in zip(places, pairwise(text.pinyin), strict=True):
        if one == "bu4" and following.endswith("4"):
            sounds[place] = "bu2"
        elif one == "yi1" and text.spoken[place] == "一" and _changes(text.spoken, place):
            sounds[place] = _before(following)
    return sounds


def _changes(spoken: str, place: int) -> bool:
    before, after = spoken[place - 1 : place], spoken[place + 1]
    if after in GREAT:
        return before != "第"
    return before not in BEFORE and after not in AFTER


def _before(following: str) -> str:
    """个 without a tone once had the fourth."""
    if not following:
        return "yi1"
    return "yi2" if following.endswith(("4", "5")) else "yi4"
