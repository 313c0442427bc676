"""Counts that a reply makes of what it lists (`共6项`, `等共六项`): no quote, yet true or false."""

import re
from collections.abc import Sequence

from assistant.evaluation.figures import chinese_number

LISTED = re.compile(r"(?:^|(?<=[\n；;：:。])(?<!\d[：:]))\s*[（(]?\d{1,2}[.、．)）](?!\d)")
"""A number that only numbers a line."""

_COUNTED = re.compile(
    r"(?:共(?:需|计|有)?|有|等)\s*(?P<digits>\d{1,3})\s*(?:项|种|类|步|处|个(?:步骤|地点|窗口|事项))"
    r"|共(?:需|计|有)?(?P<words>[一二两三四五六七八九十百]+)(?:项|种|类|步|处)"
)
_NUMBERED = (
    LISTED,
    r"[一二三四五六七八九十]+、",
    r"[（(][一二三四五六七八九十]+[）)]",
    r"[一二三四五六七八九十]是",
    r"第[一二三四五六七八九十]+[，、,]",
    r"[（(]\d{1,2}[）)]",
    r"[①-⑳]",
)
"""How lists number their items."""
_PARTED = ("[；;]", "、", "\n")
"""What stands between items that have no number."""


def without_counts(said: str) -> str:
    """The text without its counts, which `wrong_counts` judges."""
    return _COUNTED.sub("", said)


def wrong_counts(said: str, quotes: Sequence[str], named: Sequence[int]) -> list[str]:
    """Counts that are no number of things in the quotes, nor one of `named`.

    A quote holds as many things as it has numbered items, parts or lines; so do all quotes
    together. A count that stands in a quote word for word is right.
    """
    right = {len(quotes), *named}
    for text in (*quotes, "\n".join(quotes)):
        right |= {len(re.findall(mark, text)) + 1 for mark in _PARTED}
        right |= {len(re.findall(mark, text)) for mark in _NUMBERED} | {text.count("\n")}
    found = [match for match in _COUNTED.finditer(said) if _value(match) not in right]
    wrong = (match[0] for match in found if not any(match[0] in quote for quote in quotes))
    return list(dict.fromkeys(wrong))


def _value(match: re.Match[str]) -> int:
    if match["digits"]:
        return int(match["digits"])
    value = chinese_number(match["words"])
    return -1 if value is None else int(value)
