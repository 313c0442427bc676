"""A pinyin syllable in its parts, as the mouth makes it."""

import re
from functools import cache

INITIALS = (
    *("zh", "ch", "sh"),
    *("b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s"),
)
_FINALS = (
    "a o e ê i u v ai ei ao ou an en ang eng ong er ia ie iao iou ian in iang ing iong io "
    "ua uo uai uei uan uen uang ueng ve van vn"
)
FINALS = frozenset(_FINALS.split())
"""Full finals: `iou` not iu, `uei` not ui, `uen` not un, ü as v."""
_TONED = re.compile(r"([a-zêü]+?)([1-5])?")
_BARE = {"m": "en", "n": "en", "ng": "eng", "hm": "eng", "hng": "eng", "r": "er"}
_WITHOUT_INITIAL = {"yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "you": "iou", "wei": "uei"}
_WITHOUT_INITIAL |= {"wen": "uen", "weng": "ueng", "wong": "ueng", "yi": "i", "wu": "u"}
_WITHOUT_INITIAL |= {"yin": "in", "ying": "ing", "yong": "iong", "yo": "io"}


@cache
def parts_of(pinyin: str) -> tuple[str, str, int] | None:
    """(initial, full final, tone) of `zhong1`; None for what is no syllable (a letter)."""
    found = _TONED.fullmatch(pinyin.lower().replace("ü", "v"))
    if found is None or not found[2]:
        return None
    body, tone = found[1], int(found[2])
    if body in _BARE:
        return "", _BARE[body], tone
    initial = next((each for each in INITIALS if body.startswith(each)), "")
    final = _full(initial, body.removeprefix(initial))
    return (initial, final, tone) if final in FINALS else None


def _full(initial: str, written: str) -> str:
    """A final as spoken: pinyin leaves letters out (jue, liu, gui) and adds some (yi, wu)."""
    if not initial:
        if written in _WITHOUT_INITIAL:
            return _WITHOUT_INITIAL[written]
        if written[:1] in {"y", "w"}:
            return {"y": "i", "w": "u"}[written[0]] + written[1:]
        return written
    if initial in {"j", "q", "x"} and written[:1] == "u":
        written = "v" + written[1:]
    return {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve"}.get(written, written)
