"""Kinds of people whom rules treat differently: a clause about one kind says nothing of another."""

import re
from collections.abc import Iterable

from assistant.answering.folding import fold

_KINDS = (
    ("内地居民|大陆居民|中国公民", "外国人|外籍", "香港|澳门|台湾|港澳", "华侨"),
    ("本地户(?:籍|口)|本[县市省区]户(?:籍|口)", "外地户(?:籍|口)|非本[县市省区]户(?:籍|口)"),
    ("单身|未婚", "已婚"),
    ("(?<!未)成年人", "未成年人"),
    ("在职", "退休|离休"),
    ("城镇居民|城镇户口", "农村居民|农村户口|农民"),
)
_GROUPS = tuple(tuple(map(re.compile, kinds)) for kinds in _KINDS)


def other_people(question: str, quotes: Iterable[str]) -> bool:
    """Whether a question names a kind of people, and quotes speak of another kind alone."""
    asked, told = fold(question), fold(" ".join(quotes))
    return any(_differ(_named(group, asked), _named(group, told)) for group in _GROUPS)


def _named(group: Iterable[re.Pattern[str]], text: str) -> set[int]:
    return {number for number, kind in enumerate(group) if kind.search(text)}


def _differ(asked: set[int], told: set[int]) -> bool:
    return bool(asked and told) and asked.isdisjoint(told)
