"""The wording in which a question of many viewers is shown (37 位网友都在问…)."""

import re
from collections.abc import Sequence

from assistant.answering.fields import find_fields
from assistant.answering.folding import clean, fold
from assistant.domain.screening import Screened, Severity
from assistant.live.merging_concepts import find_concepts, thesaurus
from assistant.live.seams import Mask, Screen
from assistant.safety.masked import Masked

_SHORTEST, _LONGEST = 6, 40
_MASKED = re.compile(
    r"[*＊×]{2,}|[\[【(（<](?:已隐去|手机|电话|证件|姓名|地址|银行卡|车牌)[^\]】)）>]*[\]】)）>]"
)
_SHOUTED = re.compile(r"[!！?？~～。.]{2,}|(.)\1{3,}")
_POLITE = re.compile(
    "^(?:请问一?下?|您好|你好|主播|老师|求解答?|想问一?下?|问一?下|有人知道吗?)[\\s,，]*"
    "|[\\s,，]*(?:谢谢|急+|在线等|啊|呀|哦|哈)+$"
)


def _as_it_is(text: str) -> Masked:
    return Masked(text)


def _clean(text: str) -> Screened:
    _ = text
    return Screened()


def clearest(
    variants: Sequence[str], screen: Screen = _clean, mask: Mask = _as_it_is
) -> str | None:
    """The clearest of some wordings, without greetings and thanks; None where none may be shown.

    What the screen sets aside and what holds personal data, masked or not, is never taken. Of the
    others: one that names its subject and what it asks for, not too short or long, and among equal
    ones the earliest.
    """
    able = [text for text in variants if _may_be_shown(text, screen, mask)]
    if not able:
        return None
    return _trimmed(min(able, key=_unclear))


def _may_be_shown(text: str, screen: Screen, mask: Mask) -> bool:
    if not fold(text) or _MASKED.search(text) or mask(text).text != text:
        return False
    return screen(text).severity is Severity.CLEAN


def _unclear(text: str) -> tuple[float, ...]:
    """Small for a clear wording."""
    shown = _trimmed(text)
    folded, size = fold(shown), len(shown)
    concepts = find_concepts(folded)
    unasked = not find_fields(clean(shown)).asked
    odd = max(0, _SHORTEST - size) + max(0, size - _LONGEST)
    padding = len(folded) - len(thesaurus().polite.sub("", folded))
    return (
        odd,
        float(unasked) + float(not concepts.subjects) + float(bool(_SHOUTED.search(shown))),
        padding,
        -min(len(folded), 2 * _SHORTEST),
    )


def _trimmed(text: str) -> str:
    """Without greetings, thanks and shouting around it."""
    shown = text.strip()
    while (bare := _POLITE.sub("", shown).strip()) != shown and bare:
        shown = bare
    return re.sub(r"([!！?？~～。.])[!！?？~～。.]+", r"\1", shown)
