"""Words by which a question and an item's name differ: 离婚 for 结婚, 药品 for 食品."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.general_words import GENERAL
from assistant.answering.mention import is_weak
from assistant.answering.words import word_spans

_ASIDE = re.compile(
    "老婆|老公|爱人|妻子|丈夫|对象|爸爸?|妈妈?|父母|父亲|母亲|爷爷|奶奶|外公|外婆|儿子|女儿|孩子|小孩|娃娃?|宝宝|家里人?|家人"
    "|朋友|同事|邻居|亲戚|闺女|媳妇|哥|姐|弟|妹|一家|昨天|今天|明天|上周|下周|去年|今年|明年|之前|以前|最近|刚刚?|马上|快要?"
    "|这次|上次|第一|第二|一年|两年|几年|[一二三四五六七八九十两]+[个岁年月天次张份]|麻烦|问题|东西|地方|时间|情况|结果|信息"
    "|知道|听说|告诉|打算|准备|打听|想问|忘记?|没办|手续|流程|材料|资料|条件|要求|规定|标准|费用|电话|办法|方式|办好|办完|不能|不会|不用|不要"
    "|事儿|一趟|回来|过来|过去|出来|下来|起来|需要|必须|可能|一般|通常|其实|真的|直接|具体|详细|重新|全部|所有|多少|多久"
)
"""Who asks and when, and words of asking: they make no other item."""
_PAIR = 2
_CLOSE = 3

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Strangers:
    """How many stretches a question has that an item's names lack, and the other way round."""

    foreign: int = 0
    unsaid: int = 0

    @property
    def is_exchanged(self) -> bool:
        """One word stands in the other's place."""
        return self.foreign > 0 and self.unsaid > 0


NO_STRANGERS = Strangers()


@lru_cache(maxsize=8192)
def held(part: str, text: str) -> tuple[float, ...]:
    """How far a text holds each character of a part, 0..1.

    A character within dictionary words counts where one of them is in the text; 0.4 where one is
    shortened from what the text has (社保 of 社会保险). Others count by their pairs. Kept, because
    several measures of one item compare the same texts.
    """
    words, singles = _plan(part)
    shares = [0.0] * len(part)
    for start, end, word in words:
        share = 1.0 if word in text else 0.4 if _is_short_for(word, text) else 0.0
        for place in range(start, end) if share else ():
            shares[place] = max(shares[place], share)
    for place, char, left, right in singles:
        if left in text or right in text:
            shares[place] = 1.0
        elif char in text:
            shares[place] = 0.4
    return tuple(shares)


_Words = tuple[tuple[int, int, str], ...]
_Singles = tuple[tuple[int, str, str, str], ...]
_NOWHERE = "\x00"
"""Stands in no text: the pair before the first character, and after the last."""


@lru_cache(maxsize=16384)
def _plan(part: str) -> tuple[_Words, _Singles]:
    """The words of a part with their places, and what stands in none: character and its pairs."""
    words = tuple((a, b, part[a:b]) for a, b in _words(part))
    within = {place for start, end, *_ in words for place in range(start, end)}
    singles = tuple(
        (place, part[place], _pair(part, place - 1), _pair(part, place))
        for place in range(len(part))
        if place not in within
    )
    return words, singles


def _pair(part: str, start: int) -> str:
    return part[start : start + 2] if 0 <= start < len(part) - 1 else _NOWHERE


def _is_short_for(word: str, text: str) -> bool:
    """Whether a text has a word's letters in order, close together."""
    first = text.find(word[0])
    while first >= 0:
        if _goes_on(word, 1, text, first + 1):
            return True
        first = text.find(word[0], first + 1)
    return False


def _goes_on(word: str, letter: int, text: str, start: int) -> bool:
    """Whether the letters from `letter` on follow at `start`, each at most three behind."""
    if letter == len(word):
        return True
    stop = start + _CLOSE + 1
    place = text.find(word[letter], start, stop)
    while place >= 0:
        if _goes_on(word, letter + 1, text, place + 1):
            return True
        place = text.find(word[letter], place + 1, stop)
    return False


def strangers(
    parts: Iterable[str], folded: str, surface: str, text: str, known: Iterable[str]
) -> Strangers:
    """Compare the question's parts with an item's names (`text`) and its best name (`surface`).

    `known` holds words that mean the item though they are not in its names. A part counts where
    the item explains some of it: what stands apart from the item's words is told aside.
    """
    meant = sorted(known, key=len, reverse=True)
    foreign = sum(_foreign(part, text, meant) for part in parts)
    return Strangers(foreign, _unsaid(surface, folded)) if foreign else NO_STRANGERS


def says_other(words: str, text: str, known: Iterable[str]) -> int:
    """How many stretches of words (those that touch a name) a text does not hold."""
    runs = (words[a:b] for a, b in _runs(held(words, text)))
    return sum(_is_foreign(run, known) for run in runs)


def _foreign(part: str, text: str, known: Iterable[str]) -> int:
    if sum(share == 1.0 for share in held(part, text)) < _PAIR:
        return 0
    return says_other(part, text, known)


def _runs(shares: Sequence[float]) -> list[Span]:
    """Where characters follow one another that the item does not hold at all."""
    marks = "".join("x" if share == 0 else "-" for share in shares)
    return [found.span() for found in re.finditer("x+", marks)]


def _is_foreign(run: str, known: Iterable[str]) -> bool:
    """Two characters and more that say something: a single one may be a slip."""
    for word in known:
        run = run.replace(word, "")
    left = _ASIDE.sub("", run)
    return sum(not is_weak(char) for char in left) >= _PAIR


def _unsaid(surface: str, folded: str) -> int:
    shares = held(surface, folded)
    runs = _apart([span for span in _words(surface) if not any(shares[slice(*span)])])
    return sum(bool(GENERAL.sub("", surface[a:b])) for a, b in runs)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, longer ones first."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return kept


@lru_cache(maxsize=16384)
def _words(text: str) -> tuple[Span, ...]:
    """Dictionary words that say something: 的人 and 要不 do not."""
    return tuple(
        (a, b) for a, b in word_spans(text) if not all(is_weak(char) for char in text[a:b])
    )
