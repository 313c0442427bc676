"""Words in which official items differ though all else is alike: data, as groups of senses.

Two items of one group with different senses are different items (变更 is not 注销). Each sense is
written as (official words, everyday ways to say it); everyday ways count in questions only.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

Sense = tuple[str, str]

_GROUPS: tuple[tuple[Sense, ...], ...] = (
    (
        (
            "设立|新办|新申请|首次|初次|初始|新设|开办|新建|核发|新增|筹设",
            "新开|开个|办个新|头一回|第一次|刚开",
        ),
        ("变更|更改|更正|修改", "改名|改地址|换单位|跳槽|改一下|换法人|换老板|信息变了"),
        ("延续|延期|续期|续展|续延|换发|换证|到期换|顺延", "到期|过期|快到期|续一下|续上"),
        (
            "补办|补发|补证|补领|补换|遗失|挂失",
            "丢了|掉了|弄丢|弄没|不见了|找不到|丢失|搞丢|整丢|补一[本张个下]|烂了",
        ),
        ("注销|撤销|取消|终止|停业|歇业", "不干了|不做了|关门|关掉|退掉|销掉|消掉|黄了|不开了"),
        ("查询|公布|公示|公告|公开", "查一下|查查|哪里查|在哪查|哪能查|查到|查得到|出分|到哪步"),
    ),
    (("一级", "一建|一造|一消"), ("二级", "二建|二造|二消"), ("三级", ""), ("四级", "")),
    (("甲级|甲类", ""), ("乙级|乙类", ""), ("丙级|丙类", "")),
    (("a卡|a级|a类", ""), ("b卡|b级|b类", ""), ("c卡|c级|c类", "")),
    (("报告书", ""), ("报告表", ""), ("登记表", "")),
    (("省内|本省", ""), ("出省|省外|跨省", "外省|别的省"), ("市外", "")),
    (("转出|迁出", "调走|转走|迁走"), ("转入|迁入|接收", "转进|转来|转过来|迁来|调进来")),
    (("初审", ""), ("复审|复核|复查|再次鉴定|重新鉴定", "再查一遍|再鉴定|不服")),
    (
        ("设置|设立", ""),
        ("使用", ""),
        ("运输", ""),
        ("购置|购买", ""),
        ("制造|生产", ""),
        ("进口", ""),
        ("出口", ""),
    ),
    (("报名", ""), ("成绩", "出分|考了多少|看分"), ("准考证", ""), ("合格证|资格证书", "")),
    (("个人|自然人", ""), ("企业|法人|单位", "公司")),
    (("事业单位|机关", ""), ("企业职工", "")),
    (("城镇职工|职工", ""), ("城乡居民|居民", "")),
    (("暂停|中止|停保", ""), ("恢复", "")),
    (("香港", ""), ("澳门", ""), ("台湾", "")),
    (("护照", ""), ("港澳通行证", ""), ("台湾通行证", "")),
    (("男", ""), ("女", "")),
)
_OFFICIAL = tuple(tuple(re.compile(words) for words, _ in group) for group in _GROUPS)
_SPOKEN = tuple(
    tuple(re.compile(f"{words}|{spoken}" if spoken else words) for words, spoken in group)
    for group in _GROUPS
)
_CODES = re.compile(r"[a-z]+\d*|\d+|[ⅰⅱⅲⅳⅴ]+")


def conflicts(question: str, item: str) -> tuple[int, int]:
    """How many groups contradict, and how many senses of the question the item does not mention."""
    against = missing = 0
    asked_for = _asked(question)
    offers = _senses(item, spoken=False) if asked_for else ()
    for group, asked in asked_for:
        if not asked & offers[group]:
            against += bool(offers[group])
            missing += not offers[group]
    return against, missing


def unheld(question: str, other: str) -> bool:
    """Whether a question has a sense of a group that another question and its answer have not."""
    theirs = _senses(other, spoken=True)
    return any(not asked & theirs[group] for group, asked in _asked(question))


def agreed(question: str, item: str) -> list[str]:
    """The question's words that mean a sense of the item (第一次 where it says 首次)."""
    asked_for = _asked(question)
    offers = _senses(item, spoken=False) if asked_for else ()
    return [
        found.group()
        for group, mine in asked_for
        for number in mine & offers[group]
        for found in _SPOKEN[group][number].finditer(question)
    ]


def without_rivals(item: str, question: str) -> str:
    """The item's words without those that the question replaces (设立 where it says 注销)."""
    for official, asked in zip(_OFFICIAL, _senses(question, spoken=True), strict=True):
        if asked:
            rivals = (sense for number, sense in enumerate(official) if number not in asked)
            for rival in rivals:
                item = rival.sub("", item)
    return item


def codes(folded: str) -> frozenset[str]:
    """Letters and numbers, which tell like items apart (R字签证 is not S2字签证)."""
    return frozenset(_CODES.findall(folded))


def read_item(item: str) -> None:
    """Read what an item says beforehand: it is kept."""
    _senses(item, spoken=False)


@lru_cache(maxsize=1024)
def _asked(question: str) -> tuple[tuple[int, frozenset[int]], ...]:
    """The groups of which a question says a sense, with these senses."""
    senses = enumerate(_senses(question, spoken=True))
    return tuple((group, found) for group, found in senses if found)


@lru_cache(maxsize=8192)
def _senses(folded: str, *, spoken: bool) -> tuple[frozenset[int], ...]:
    groups = _SPOKEN if spoken else _OFFICIAL
    return tuple(frozenset(_found(group, folded)) for group in groups)


def _found(group: Iterable[re.Pattern[str]], folded: str) -> Iterable[int]:
    return (number for number, sense in enumerate(group) if sense.search(folded))
