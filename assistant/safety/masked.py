"""What masking gives back, and the words that stand for what was hidden."""

from dataclasses import dataclass
from typing import NamedTuple

PLACEHOLDERS = {
    "identity": "〔已隐去证件号〕",
    "mobile": "〔已隐去手机号〕",
    "landline": "〔已隐去电话〕",
    "card": "〔已隐去账号〕",
    "passport": "〔已隐去证件号码〕",
    "plate": "〔已隐去车牌〕",
    "name": "〔已隐去姓名〕",
    "address": "〔已隐去住址〕",
    "contact": "〔已隐去联系方式〕",
}
"""What is shown in place of each kind. None holds a digit, so that a masked text stays masked."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and which kinds were in it (keys of PLACEHOLDERS)."""

    text: str
    kinds: tuple[str, ...] = ()


class Found(NamedTuple):
    """Personal data from `start` up to `end` in a text."""

    start: int
    end: int
    kind: str


def joined(found: list[Found]) -> list[Found]:
    """In order, without overlaps: what overlaps becomes one, of the kind that begins first."""
    merged: list[Found] = []
    for each in sorted(found):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = last._replace(end=max(last.end, each.end))
        else:
            merged.append(each)
    return merged


def hide(text: str, found: list[Found]) -> str:
    """The text with a placeholder for each finding; findings are in order and apart."""
    parts, done = [], 0
    for each in found:
        parts += [text[done : each.start], PLACEHOLDERS[each.kind]]
        done = each.end
    return "".join((*parts, text[done:]))
