"""Plates of vehicles (GA 36-2018), also of new energy, with anything between their signs."""

import re
from collections.abc import Iterator

from assistant.safety.masked import Found

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"(?:[^\w〔〕《》]|_){0,6}"
_SIGN = "[0-9A-Za-z]"
_PLATE = re.compile(
    rf"[{_PROVINCE}]{_GAP}[A-Za-z]{_GAP}"
    rf"(?:[A-Ka-k]{_GAP}(?:{_SIGN}{_GAP}){{4}}{_SIGN}|(?:{_SIGN}{_GAP}){{5}}[A-Ka-k]"
    rf"|(?:{_SIGN}{_GAP}){{4}}[0-9A-Za-z挂学警港澳])"
)
_SAID = re.compile(
    rf"(?:车牌|牌照|车号)(?:号码?|[是为:\s])*(?P<plate>[A-Za-z]{_GAP}(?:[0-9A-Za-z]{_GAP}){{4,5}}[0-9A-Za-z])"
)
_GOES_ON = re.compile("[0-9A-Za-z]")
_EMBASSY = re.compile(r"(?<!\d)\d{6}[使领](?![用取导])|[使领]\d{6}(?!\d)")


def plates(folded: str, half: str) -> Iterator[Found]:
    """Plates in a folded text, of which at least three signs are digits.

    `half` is the text with half-width letters only: what goes on in it is a longer code.
    """
    for match in _PLATE.finditer(folded):
        if _digits(match[0]) >= 3 and not _GOES_ON.match(half, match.end()):
            yield Found(match.start(), match.end(), "plate")
    for match in _SAID.finditer(folded):
        if _digits(match["plate"]) >= 3:
            yield Found(*match.span("plate"), "plate")
    for match in _EMBASSY.finditer(folded):
        yield Found(match.start(), match.end(), "plate")


def _digits(plate: str) -> int:
    return sum(sign.isdigit() for sign in plate)
