"""Whether a secret can still be read in a masked text, whatever it was dressed in.

Digits first: numerals, other scripts, English and pinyin words are read as digits. A secret of four
digits or more survives where four of them in a row are left; a shorter one, or words, where half of
it (two signs at least) stands there in one piece. What the rest of the text says anyway is no leak.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_WORDS = {
    digit: f"({english}|{pinyin})"
    for digit, english, pinyin in (
        ("0", "zero", "ling|dong"),
        ("1", "one", "yao|yi"),
        ("2", "two", "er|liang"),
        ("3", "three", "san"),
        ("4", "four", "si"),
        ("5", "five", "wu"),
        ("6", "six", "liu"),
        ("7", "seven", "qi|guai"),
        ("8", "eight", "ba"),
        ("9", "nine", "jiu|gou"),
    )
}
_WORD = re.compile("|".join(rf"\b{said}\b" for said in _WORDS.values()), re.IGNORECASE)
_NUMERALS = {
    "0": "〇零洞Oo",
    "1": "一幺壹lI",
    "2": "二两贰",
    "3": "三叁",
    "4": "四肆",
    "5": "五伍",
    "6": "六陆",
    "7": "七柒拐",
    "8": "八捌",
    "9": "九玖勾",
}
_SIGNS = str.maketrans({sign: digit for digit, signs in _NUMERALS.items() for sign in signs})
_HIDDEN = re.compile(r"〔已隐去[^〕]*〕")
_ROW = 4


def survivors(text: str, masked: str, secrets: Sequence[str]) -> list[str]:
    """The secrets of `text` that can still be read in `masked`."""
    rest = _without(text, secrets)
    return [secret for secret in secrets if _left(secret, _HIDDEN.sub("＃", masked), rest)]


def _left(secret: str, masked: str, rest: str) -> bool:
    row = digits(secret)
    if len(row) >= _ROW:
        pieces = {row[at : at + _ROW] for at in range(len(row) - _ROW + 1)}
        return any(piece in digits(masked) and piece not in digits(rest) for piece in pieces)
    words, where = _squeezed(secret), _squeezed(masked)
    match = SequenceMatcher(None, words, where, autojunk=False).find_longest_match()
    piece = words[match.a : match.a + match.size]
    return match.size >= max(2, len(words) / 2) and piece not in _squeezed(rest)


def digits(text: str) -> str:
    """All digits of a text in their order, in ASCII; everything between them is dropped."""
    plain = _WORD.sub(_said, text).translate(_SIGNS)
    return "".join(_digit(sign) for sign in plain)


def _said(match: re.Match[str]) -> str:
    return next(
        digit for digit, said in _WORDS.items() if re.fullmatch(said, match[0], re.IGNORECASE)
    )


def _digit(sign: str) -> str:
    value = unicodedata.numeric(sign, -1)
    return str(int(value)) if value in range(10) else ""


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "＃")
    return text
