"""Digits as words: quantities, years, and numbers that are read out digit by digit."""

import re

DIGITS = "零一二三四五六七八九"
_DIAL = str.maketrans("0123456789", DIGITS.replace("一", "幺"))
_PLAIN = str.maketrans("0123456789", DIGITS)
_SMALL = ("", "十", "百", "千")
_LARGE = ("", "万", "亿", "万亿")

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?"
"""A number in a regular expression: 1,200.50 or 1200.5; groups of thousands only where all are."""


def by_digit(digits: str) -> str:
    """Digit by digit: a year, a postcode, a standard, a code."""
    return digits.translate(_PLAIN)


def dialled(digits: str) -> str:
    """Digit by digit with 幺, which is not taken for 七: phones, rooms, number plates."""
    return digits.translate(_DIAL) if len(digits) > 1 else by_digit(digits)


def cardinal(number: str) -> str:
    """A quantity: 2200 → 两千二百, 0.50 → 零点五零, 007 → 零零七 (a code, no quantity)."""
    whole, _, decimals = number.replace(",", "").partition(".")
    if (len(whole) > 1 and whole[0] == "0") or len(whole) > 16:
        said = by_digit(whole)
    else:
        said = _whole(whole)
    return f"{said}点{by_digit(decimals)}" if decimals else said


def trimmed(number: str) -> str:
    """Without noughts at the end of the decimals, which money and per cent are not read with."""
    return re.sub(r"(\.\d*?)0+$", r"\1", number).rstrip(".") if "." in number else number


def _whole(digits: str) -> str:
    groups = [digits[max(0, end - 4) : end] for end in range(len(digits), 0, -4)][::-1]
    said = ""
    for place, group in enumerate(groups):
        if int(group) == 0:
            continue
        gap = said and (group[0] == "0" or _ends_in_nought(groups[place - 1]))
        said += ("零" if gap else "") + _four(group) + _LARGE[len(groups) - 1 - place]
    return _spoken_head(said) or "零"


def _ends_in_nought(group: str) -> bool:
    return int(group) == 0


def _four(group: str) -> str:
    """1 to 9999 in words."""
    said, nought = "", False
    for place, digit in enumerate(group):
        unit = _SMALL[len(group) - 1 - place]
        if digit == "0":
            nought = bool(said)
            continue
        said += ("零" if nought else "") + DIGITS[int(digit)] + unit
        nought = False
    return said


def _spoken_head(said: str) -> str:
    """十二, not 一十二; 两千, and at the head 两万, 两亿, as they are said."""
    if said.startswith("一十"):
        return said[1:]
    return re.sub(r"^二(?=[千万亿])|二(?=千)", "两", said)
