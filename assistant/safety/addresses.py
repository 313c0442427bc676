"""Addresses to the door: where a person lives, not where an office is.

A door is a room of a building, or a house number of a street or village that somebody says to live
in. The place above it (city, district, town) stays: answers depend on it.
"""

import re
from collections.abc import Iterator

from assistant.safety.masked import Found
from assistant.safety.official import Official

_NO = r"(?:[0-9]{1,4}[A-Za-z]?|[A-Za-z][0-9]{0,4}|[0-9]?十[0-9]?|[甲乙丙丁东南西北])"
_S = r"[^\w。；;！!？?]{0,3}"
_BUILDING = rf"附?{_NO}{_S}(?:号楼|号院|栋|幢|座|号|#|楼|单元|门洞|门|梯|弄|支弄)"
_LEVEL = rf"{_NO}{_S}(?:楼|层)"
_ROOM = rf"{_NO}{_S}(?:室|房(?!产|屋|子|间门|地)|户(?!籍|口|主|型|人)|号房)"
_UNIT = "吨|年|元|万|个|天|月|人|平|多|余|来|套|间|块|米|度|路|线|次|名|户|家"
_BARE = rf"[0-9]{{3,4}}(?![0-9]|{_S}(?:{_UNIT}))"
_DOOR = re.compile(
    r"(?=[0-9A-Za-z附十甲乙丙丁东南西北])(?:"
    rf"(?:{_BUILDING}{_S}){{1,4}}(?:{_LEVEL}{_S})?(?:{_ROOM}|{_BARE}|(?<=[楼层]){_NO}号)"
    rf"|(?:{_LEVEL}){_S}{_ROOM}"
    rf"|{_NO}{_S}(?:栋|幢|座|#|-|号楼){_S}[0-9]{{1,2}}{_S}-{_S}[0-9]{{3,4}}(?![0-9])"
    r")"
)
_HOME_NAME = (
    "小区|花园|苑|公寓|家园|新村|嘉园|名城|华府|雅园|庭|邸|湾|里|坊|居|邨|轩|阁|城|府|园|院|宿舍"
    "|山庄|国际|庄园|郡|墅"
)
_DASHED = re.compile(
    rf"(?:{_HOME_NAME}){_S}(?P<door>[0-9]{{1,3}}[-—#/][0-9]{{1,2}}[-—/][0-9]{{3,4}}"
    rf"|[0-9]{{1,3}}[-—#/][0-9]{{3,4}}(?!年))(?![0-9])"
)
_HOUSE = re.compile(
    rf"(?:村|屯|庄|寨|湾|沟|坪|塘|岭)(?:委会|民)?{_S}{_NO}{_S}(?:组|队|社|小组|屯){_S}{_NO}{_S}号(?!线|楼公)"
)
_LIVES = (
    r"(?:家住(?:在|是)?|我住(?:在)?|人住(?:在)?|住在|居住在|现住(?:址|在)?|住址|家庭(?:住|地)?址|居住(?:地|地址|证地址)?(?=[是为:：])"
    r"|收[件货]地址|户籍(?:地址|所在地|地)|户口在|身份证地址|我家(?:就)?(?:在|是)|家就?在|老家(?:就)?[在是]|寄到|送到|上门地址|(?:我的|详细)地址)"
)
_HOME = re.compile(
    rf"{_LIVES}{_S}(?:[是为在:：]{_S})?(?P<place>(?:[\u4e00-\u9fff0-9A-Za-z]|[·\s\-,，]){{0,30}}?"
    rf"(?:路|街|道|巷|弄|胡同|里|村|组|庄|屯|寨|湾|区|{_HOME_NAME}){_S}{_NO}{_S}"
    rf"(?:号楼|号院|号|组|队|社|栋|幢|座|弄|单元|室|楼|#)(?:{_S}{_NO}{_S}(?:号楼|号院|号|组|栋|幢|座|弄|单元|室|楼|层|房|户|#))*"
    rf"(?:{_S}{_BARE})?)"
)
_UP_TO = re.compile(
    r".*(?:省|(?<!城)市|(?<![小社园校库])区(?![0-9])|县|旗|镇|乡|街道|办事处|住在?|位于|地址|[我你他她们]家|家住|[在到是为叫日期]|我|你|他|她|于|[^\w\s·\-]|\s{2})",
    re.DOTALL,
)
_PUBLIC = re.compile(
    "政务|服务中心|大厅|办事|政府|法院|检察|派出所|公安|医院|学校|大学|中学|小学|银行|中心|大厦|写字楼|商务|公司|窗口|局|委员会|机关"
    "|税务|车管|民政|行政|分局|站|办公|工业园|产业园|科技园|广场|酒店|宾馆|厂"
)
_LIVED_IN = re.compile(_LIVES)


def addresses(folded: str, official: Official) -> Iterator[Found]:
    """Private addresses in a folded text (digits.FOLD), from the street or estate on."""
    for match in _HOME.finditer(folded):
        place = match["place"]
        start = match.start("place") + _above(place)
        if not official.is_address(folded[start : match.end()]):
            yield Found(start, match.end(), "address")
    for pattern in (_DOOR, _DASHED, _HOUSE):
        for match in pattern.finditer(folded):
            if found := _private(folded, match, official):
                yield found


def _private(folded: str, match: re.Match[str], official: Official) -> Found | None:
    """The address that ends with this door; None for that of an office."""
    near = folded[max(0, match.start() - 24) : match.start()]
    start = max(0, match.start() - 24) + _name_start(near)
    lived_in = _LIVED_IN.search(near) is not None
    around = folded[start : match.end() + 6]
    if not lived_in and (_PUBLIC.search(around) or not _is_home(folded, start, match)):
        return None
    if official.is_address(folded[start : match.end()]):
        return None
    return Found(start, match.end(), "address")


def _is_home(folded: str, start: int, match: re.Match[str]) -> bool:
    """Whether a building, street or estate is named: level and room alone are any hall's."""
    words = match[0]
    named = re.search(rf"路|街|巷|胡同|弄|道|村|{_HOME_NAME}", folded[start : match.start()])
    return bool(named) or re.search(r"栋|幢|单元|号楼|座|#|门|弄|[组队社]", words) is not None


def _name_start(near: str) -> int:
    """Where the street or estate begins in the characters before a door."""
    words = re.search(r"[\w·]*$", near)
    assert words is not None  # an empty match is one
    tail = re.search(r"[\w·]+[\s,，\-·]{0,2}$", near) if not words[0] else words
    if tail is None:
        return len(near)
    return tail.start() + _above(tail[0])


def _above(place: str) -> int:
    """How much of an address is city, district and town, which stay."""
    match = _UP_TO.match(place)
    return match.end() if match else 0
