"""Digits in every dress: full width, circled, Chinese numerals, look-alike letters, split apart.

A `Run` is a stretch of digits with anything between them that is no word: spaces, punctuation,
emoji, line breaks, zero-width characters. It is read once; the finders look at its plain digits.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_RANGES = (
    (0x30, 0x3400),  # ASCII, superscripts, other scripts, circled, parenthesised, 〡〢〣
    (0xA620, 0xABFA),
    (0xFF10, 0xFF1A),
    (0x1D7CE, 0x1D800),
    (0x1F100, 0x1F10B),
    (0x1FBF0, 0x1FBFA),
)
_PICTURED = {"🔟": "10", "🎱": "8", "💯": "100"}
_PICTURES = (  # what shows 1, 2, 3 …: dice, tiles, cards, braille
    "⚀⚁⚂⚃⚄⚅",
    "🀇🀈🀉🀊🀋🀌🀍🀎🀏",
    "🀐🀑🀒🀓🀔🀕🀖🀗🀘",
    "🀙🀚🀛🀜🀝🀞🀟🀠🀡",
    *("".join(map(chr, range(first, first + 9))) for first in (0x1F0A1, 0x1F0B1, 0x1F0C1, 0x1F0D1)),
    "⠁⠃⠉⠙⠑⠋⠛⠓⠊",
)
_CHINESE = (
    "〇零",
    "一幺壹弌弋",
    "二两贰貳弍兩貮",
    "三叁參弎叄",
    "四肆",
    "五伍",
    "六陆陸",
    "七柒",
    "八捌",
    "九玖",
)
_ALIKE = {"0": "OoΟοОо○◯⭕洞", "1": "lIi丨么Ⅰ", "7": "拐", "9": "勾", "X": "Xx×✕ХхⅩＸｘ叉"}

SURE, NUMERAL, ALIKE = "D", "N", "C"


def _sure() -> Iterator[tuple[str, str]]:
    for first, last in _RANGES:
        for code in range(first, last):
            value = unicodedata.numeric(chr(code), -1)
            if unicodedata.category(chr(code)) in {"Nd", "No", "Nl"} and value in range(21):
                yield chr(code), str(int(value))


_NUMERALS = {sign: str(value) for value, signs in enumerate(_CHINESE) for sign in signs}
_ALIKES = {sign: value for value, signs in _ALIKE.items() for sign in signs}
_PICTURED |= {sign: str(i) for signs in _PICTURES for i, sign in enumerate(signs, 1)} | {"⠚": "0"}
_VALUES = (
    dict(_sure()) | _PICTURED | _NUMERALS | _ALIKES | {"Ｏ": "0", "ｏ": "0", "Ｉ": "1", "ｌ": "1"}
)
_MARKS = dict.fromkeys(_VALUES, SURE) | dict.fromkeys(_NUMERALS, NUMERAL)
_MARKS |= dict.fromkeys((*_ALIKES, *"ＯｏＩｌ"), ALIKE) | dict.fromkeys("XxＸｘ", SURE)

NUMBERED = re.compile(
    "[" + "".join(re.escape(sign) for sign in _VALUES if sign not in "OolIXxi") + "]"
)
"""Whether there is any digit or numeral at all."""
SIGN = "[" + "".join(map(re.escape, _VALUES)) + "]"
"""One digit, numeral or look-alike, as a regular expression."""
_OTHER = "".join(re.escape(sign) for sign in _VALUES if not sign.isalnum())
_GAP = rf"(?:[^\w{_OTHER}]|_|杠|横){{0,8}}"
_RUN = re.compile(rf"{SIGN}(?:{_GAP}{SIGN}){{4,}}")

_HALF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"　": " "}
_FOLD = _HALF | {
    sign: value
    for sign, value in _VALUES.items()
    if len(value) == 1 and _MARKS[sign] != ALIKE and not sign.isascii() and value != "X"
}
_ALIKE_NUMBER = re.compile(r"[0-9OolI]+(?:[-#][0-9OolI]+)*")
_LETTER_ALIKE = re.compile("[OolI]")
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_FOLDED = re.compile("[" + "".join(map(re.escape, _FOLD)) + "]")


def value_of(sign: str) -> str:
    """The digits that a sign shows; "" for what is none (see SIGN)."""
    return _VALUES.get(sign, "")


def half(text: str) -> str:
    """The text of the same length with half-width letters, digits and marks: words stay words."""
    return _WIDE.sub(lambda match: _HALF[match[0]], text)


def fold(text: str) -> str:
    """The text of the same length with digits and numerals as ASCII, also l2O4 as 1204."""
    folded = _FOLDED.sub(lambda match: _FOLD[match[0]], text)
    return _ALIKE_NUMBER.sub(_digits, folded) if _LETTER_ALIKE.search(folded) else folded


_COUNTED = frozenset("组号栋幢单室楼座队社")
_COUNTING = frozenset("楼栋幢座元")
_READ_ALIKE = str.maketrans("OolI", "0011")


def _digits(match: re.Match[str]) -> str:
    """A number as digits; look-alikes alone are letters, but beside 栋, 楼 and the like."""
    words = match[0]
    counts = match.string[match.end() : match.end() + 1] in _COUNTED
    counts |= len(words) > 2 and match.string[: match.start()][-1:] in _COUNTING
    has_letters, has_digit = not words.isdecimal(), not words.isalpha() or counts
    return words.translate(_READ_ALIKE) if has_letters and has_digit else words


@dataclass(frozen=True)
class Run:
    """Digits that stand together. `places[i]` is where digit i stands in the text.

    `marks[i]` tells a sure digit (D), a Chinese numeral (N) or a look-alike (C); `gaps` are the
    digits before which something was left out.
    """

    text: str
    digits: str
    marks: str
    places: tuple[int, ...]

    @cached_property
    def gaps(self) -> frozenset[int]:
        """Digits that do not stand directly after the one before."""
        near = zip(self.places, self.places[1:], strict=False)
        return frozenset(i for i, (a, b) in enumerate(near, start=1) if b - a > 1)

    def opens(self, at: int) -> bool:
        """Whether a number may begin at this digit: it does not go on from the one before.

        A Chinese numeral before it may belong to a word: 张三13800138000, 赵六六一三八….
        """
        return at == 0 or at in self.gaps or self._turns(at)

    def closes(self, at: int) -> bool:
        """Whether a number may end before this digit."""
        return at == len(self.digits) or at in self.gaps or self._turns(at)

    def _turns(self, at: int) -> bool:
        before, here = self.marks[at - 1], self.marks[at]
        return before != here or here == NUMERAL

    def bounded(self, start: int, end: int) -> bool:
        """Whether the digits from start up to end may be a number of their own."""
        return self.opens(start) and self.closes(end) and self.is_sure(start, end)

    def is_sure(self, start: int, end: int) -> bool:
        """Whether not all of the digits are mere look-alikes (lllOOO…)."""
        return self.marks.count(ALIKE, start, end) < end - start

    def is_whole(self, start: int, end: int) -> bool:
        """Whether nothing stands between the digits from start up to end."""
        return self.places[end - 1] - self.places[start] == end - 1 - start

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where digits start … end stand in the text."""
        return self.places[start], self.places[end - 1] + 1


def runs(text: str) -> Iterator[Run]:
    """Every stretch of five or more digits."""
    for match in _RUN.finditer(text):
        words, start = match[0], match.start()
        if words.isascii() and words.isdecimal():  # most of them
            places = tuple(range(start, match.end()))
            yield Run(text, words, SURE * len(words), places)
        else:
            yield _dressed(text, words, start)


def _dressed(text: str, words: str, start: int) -> Run:
    """A run with other signs than plain digits; ⑩ is two digits at one place."""
    signs = [
        (digit, _MARKS[sign], place)
        for place, sign in enumerate(words, start)
        if sign in _VALUES
        for digit in _VALUES[sign]
    ]
    digits, marks, places = zip(*signs, strict=True)
    return Run(text, "".join(digits), "".join(marks), places)
