"""Digits as people say them: in groups, as words of three languages, as amounts, as repetitions.

A `Piece` is one group as it is said: 138, 一百三十九 (139), three, yaosanba (138), 三个八 (888),
双零 (00), 廿三 (23). Which pieces make a number is not said here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.safety.digits import SIGN, value_of

_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SAID = {word: str(value) for value, word in enumerate(_ENGLISH)} | {"oh": "0", "nought": "0"}
_PINYIN = (
    "ling|dong",
    "yao|yi",
    "er|liang",
    "san",
    "si",
    "wu",
    "liu",
    "qi|guai",
    "ba",
    "jiu|gou",
)
_CANTONESE = (
    "",
    "yat|jat",
    "yee|leung",
    "saam|sam",
    "sei|sey",
    "ng|mm",
    "luk|look",
    "chat|tsat|cat",
    "baat|bat",
    "gau|kau",
)
for _table in (_PINYIN, _CANTONESE):
    _SAID |= {word: str(i) for i, words in enumerate(_table) for word in words.split("|") if word}
_SAID["x"] = "X"
_CANTONESE_SAID = _SAID | {"yi": "2"}
_HEARD = re.compile(r"\b(?:yat|saam|sei|luk|chat|baat|gau)\b", re.IGNORECASE)
_WORD = "|".join(sorted(_SAID.keys() - {"x"}, key=len, reverse=True))
_WORDS = rf"(?<![A-Za-z])(?:{_WORD})+[Xx]?(?![A-Za-z])"
_ONE_WORD = re.compile(_WORD + "|x", re.IGNORECASE)
_GROUPS = re.compile(rf"(?:(?![A-Za-z]){SIGN})+")
_LATIN_LETTER = re.compile("[A-Za-z]")
_REVERSED = re.compile("[倒反逆颠]|[后尾](?:往|向|到)前|backward|revers", re.IGNORECASE)
_TOLD = re.compile(rf"{_WORDS}|{SIGN}", re.IGNORECASE)
_RUN_TOGETHER = re.compile(rf"(?<![A-Za-z])(?:{_WORD}){{6,}}X?(?![A-Za-z])", re.IGNORECASE)

_COUNT = r"(?:[一二两三四五六七八九十]{1,2}|[0-9]{1,2})"
POSITION = (
    rf"(?:(?:最?[前后末]|后面|前面|中间|当中|尾巴?|开?头|结尾|剩下|其余|末尾)的?那?{_COUNT}"
    rf"(?:到{_COUNT})?(?:位数?|个[星数字点]号?字?|[码段])"
    rf"|{_COUNT}位数?(?:是|为)?[\s:：,，]{{0,2}}(?={SIGN})"
    r"|(?<![0-9一二两三四五六七八九])等?一(?:下|共|直|般|些|样|起|定|句|遍)"
    rf"|第{_COUNT}(?:到第?{_COUNT})?(?:[位段组截]|部分)"
    rf"|(?<![0-9一二两三四五六七八九]){_COUNT}(?:个星号?|位数?(?:是|为|[:：])))"
)
"""Where in a number a group stands: 前六位, 中间四个星, 第二段; also 一下. No digit is in them."""

_REPEAT = (
    rf"(?:(?P<times>[两二三四五六七八2-8仨俩])个?(?<=[个仨俩])(?P<repeated>{SIGN})(?![0-9个月人百千十万])"
    rf"|(?P<twice>双|叠|孖|double|triple)\s*(?P<doubled>{SIGN}|{_WORD}))(?!(?![Xx](?![A-Za-z]))[A-Za-z])"
)
_DIGIT = "[0-9一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
_TENS = "[十百千拾佰仟]"
_QUANTITY = (
    rf"(?:(?:{_DIGIT}{_TENS}零?)+{_DIGIT}?|(?:[十廿卅]{_DIGIT}|[廿卅十拾]))(?!{_TENS}|[0-9万亿])"
)
_SAME = rf"(?:[两二三四五六七八2-8仨俩]个|[仨俩双叠孖]){SIGN}"
_LATIN = r"(?<![A-Za-z])[0-9OolI]*[0-9][0-9OolI]*[Xx]?(?![A-Za-z])"
_EDGE = "么丨"
_GROUP = rf"(?:(?!{_SAME}|[A-Za-z×]){SIGN})+(?:[Xx叉](?![A-Za-z]))?"
_PIECE = re.compile(
    rf"(?P<position>{POSITION})|(?P<repeat>{_REPEAT})|(?P<words>{_WORDS})"
    rf"|(?P<quantity>{_QUANTITY})|(?P<latin>{_LATIN}|(?<![A-Za-z])[Xx](?![A-Za-z]))|(?P<group>{_GROUP})",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:元|万|亿|块|岁|人|天|周|个|小时|分钟?|秒|[%％‰°℃]|斤|平|米|级|楼|层|栋|室|单元|路|[余来]|多(?![久少长大高])|条|款|项|折|倍|页|份"
    r"|张|次|期|届|季|度|名|位(?!数?[是为])|点[0-5][0-9]|点(?:钟|半|到|前|后|上班|下班|开|关)|时|毛|角|公里|号(?:[线窗楼文令]|公告)|km|kg|[GMK]B|cm|mm|-\d\d?-\d)",
    re.IGNORECASE,
)
_COUNTED = frozenset("第#¥￥$")
_DATE = re.compile(r"\s?[年月日号]")
_VALUE = {"仨": 3, "俩": 2, "双": 2, "叠": 2, "孖": 2, "double": 2, "triple": 3}
_TENFOLD = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "廿": 20, "卅": 30}


@dataclass(frozen=True, slots=True)
class Piece:
    """One group of digits at start … end; `spoken` is one that plain reading does not know.

    `measured`: a unit stands after it (15年, 300元). `dated`: 年, 月 or 日 does, or nothing ("").
    """

    start: int
    end: int
    digits: str
    spoken: bool
    measured: bool
    dated: str


def may_be_told(text: str) -> bool:
    """The quick look: seven digits or more in several groups, or words that are digits."""
    groups = _GROUPS.findall(text)
    if sum(map(len, groups)) > 6 and (len(groups) > 1 or _REVERSED.search(text)):
        return True
    if not _LATIN_LETTER.search(text):
        return False
    return len(_TOLD.findall(text)) > 6 or _RUN_TOGETHER.search(text) is not None


def pieces(half: str) -> Iterator[Piece]:
    """Every group in a text in half width, in order."""
    for match in _PIECE.finditer(half):
        kind = match.lastgroup if match.lastgroup in _READ else _outer(match)
        if kind != "position" and (digits := _READ[kind](match)):
            start, end = match.span()
            dated = _DATE.match(half, end)
            measured = (
                _UNIT.match(half, end) is not None or half[max(0, start - 1) : start] in _COUNTED
            )
            sign = dated[0].strip() if dated else ""
            yield Piece(start, end, digits, kind in _SPOKEN_KINDS, measured, sign)


_SPOKEN_KINDS = frozenset({"repeat", "words", "quantity"})


def _outer(match: re.Match[str]) -> str:
    return next(kind for kind in (*_READ, "position") if match[kind] is not None)


def _repeat(match: re.Match[str]) -> str:
    if match["repeated"]:
        times = _VALUE.get(match["times"]) or int(value_of(match["times"]))
        return value_of(match["repeated"]) * times
    said = match["doubled"].lower()
    return (
        _SAID.get(said, "" if said in _SAID else value_of(match["doubled"]))
        * _VALUE[match["twice"].lower()]
    )


def _words(match: re.Match[str]) -> str:
    said = _CANTONESE_SAID if _HEARD.search(match.string) else _SAID
    digits = "".join(said[word.lower()] for word in _ONE_WORD.findall(match[0]))
    ends_in_x = len(digits) == 17 and match[0].lower().endswith("six")  # si, X of 18 signs
    return f"{digits[:-1]}4X" if ends_in_x else digits


def _quantity(match: re.Match[str]) -> str:
    """一百三十九 is 139, 一百三 is 130, 一百零三 is 103, 十 is 10."""
    total, last, held, zero = 0, 10, 0, False
    for sign in match[0]:
        if sign in _TENFOLD:
            last = _TENFOLD[sign]
            total += last if last in (20, 30) else (held or 1) * last
            held, zero = 0, False
        elif sign == "零":
            zero = True
        else:
            held = int(value_of(sign))
    small = last in (10, 20, 30) or zero
    return str(total + (held if small else held * last // 10))


def _group(match: re.Match[str]) -> str:
    """Digits of one dress or several; look-alikes at an edge are words (怎么, 一口)."""
    signs = match[0].strip(_EDGE) or match[0]
    return "".join(map(value_of, signs))


_READ = {
    "repeat": _repeat,
    "words": _words,
    "quantity": _quantity,
    "latin": _group,
    "group": _group,
}
