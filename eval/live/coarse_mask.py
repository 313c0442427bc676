"""The product's mask before 0013, as the baseline: runs of digits beside a personal number."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import partial

_CHINESE = "〇零一二三四五六七八九幺两"
_NUMERALS = str.maketrans("〇零一二三四五六七八九幺两", "00123456789" + "12")
_SPELLED = re.compile(
    r"[〇零一二三四五六七八九幺两\d](?:[\s-]*[〇零一二三四五六七八九幺两\d]){6,}[xX]?"
)
_JOINED = re.compile(r"(?<=\d)[\s\-.·]+(?=[\dxX])")
_IDENTITY = re.compile(r"(?<![\d.])[1-9]\d{16}[\dxX](?![\d])")
_OLD_IDENTITY = re.compile(r"(?<![\d.])[1-9]\d{14}(?!\d)")
_MOBILE = re.compile(r"(?<![\d.])(?:\+?86)?(1[3-9]\d{9})(?!\d)")
_CARD = re.compile(r"(?<![\d.])[3-6]\d{14,18}(?!\d)")
_CARD_WORD = re.compile(r"卡号|银行卡|信用卡|储蓄卡|账号|帐号")
_PASSPORT = re.compile(
    r"(?:护照|通行证)号?码?(?:是|为|:|：)?\s*([a-z]{1,2}\d{7,8})(?!\d)", re.IGNORECASE
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def personal_data(text: str) -> list[str]:
    """Kinds of personal numbers in a text: identity, mobile, card, passport; [] for none."""
    found = (kind for plain in _readings(text) for kind in _kinds(plain))
    return list(dict.fromkeys(found))


def _readings(text: str) -> list[str]:
    """Digits as plain runs: half width, numerals read, separators between digits gone.

    A numeral at either end of a run may belong to a word (张三13800138000, …8000一共), so the text
    is also read without it.
    """
    folded = unicodedata.normalize("NFKC", text)
    ends = ((lead, tail) for lead in range(3) for tail in range(2))
    spelled = {_SPELLED.sub(partial(_read, lead=lead, tail=tail), folded) for lead, tail in ends}
    return [_JOINED.sub("", plain) for plain in (folded, *sorted(spelled - {folded}))]


def _read(run: re.Match[str], *, lead: int, tail: int) -> str:
    """A run of numerals as digits, but for so many Chinese ones at its ends."""
    words = run[0]
    begin = len(words) - len(words[:lead].lstrip(_CHINESE) + words[lead:])
    end = len(words) - tail if tail and words[-1] in _CHINESE else len(words)
    return words[:begin] + words[begin:end].translate(_NUMERALS) + words[end:]


def _kinds(plain: str) -> Iterator[str]:
    if any(is_identity(match[0]) for match in _IDENTITY.finditer(plain)):
        yield "identity"
    if any(_birthday("19" + match[0][6:12]) for match in _OLD_IDENTITY.finditer(plain)):
        yield "identity"
    if _MOBILE.search(plain):
        yield "mobile"
    if any(_is_card(match[0], plain) for match in _CARD.finditer(plain)):
        yield "card"
    if _PASSPORT.search(plain):
        yield "passport"


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: its checksum fits, or birthday and place do.

    A mistyped last digit still shows who is meant, so a plausible birthday is enough.
    """
    return _checksum(number) or (11 <= int(number[:2]) <= 82 and _birthday(number[6:14]))


def _checksum(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper() and _birthday(number[6:14])


def _birthday(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2100


def _is_card(number: str, around: str) -> bool:
    return _luhn(number) or (number.startswith("62") and _CARD_WORD.search(around) is not None)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


HIDDEN = "〔已隐去〕"
_RUN = re.compile(
    r"[〇零一二三四五六七八九幺两\d０-９]"
    r"(?:[\s\-－—.·]*[〇零一二三四五六七八九幺两\d０-９xXｘＸ]){5,}"
)


def mask(text: str) -> str:
    """The text without its personal numbers; unchanged where it holds none."""
    return _RUN.sub(HIDDEN, text) if personal_data(text) else text
