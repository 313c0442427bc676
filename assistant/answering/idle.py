"""What viewers say beside their question: 来晚了来晚了, 路过点个赞, 排了一上午队.

Left out only where it says nothing of who asks, where and about what, and where the rest names an
item and asks for a field: a circumstance (我是外地的, 孩子三岁) may change the answer, and stays.
"""

import re
from itertools import pairwise

from assistant.answering.fields import OTHER, find_fields
from assistant.answering.folding import clean, fold, grams
from assistant.answering.items import Catalogue

_PIECE = re.compile(r"[^,，。;；!！?？~～…\s]+[,，。;；!！?？~～…\s]*")
_TELLS = re.compile(
    "[证照店厂伤户籍岁省县镇村国港澳没不无未非病残孕丢换补交缴领贷租买卖车房婚]|外地|外省|异地|本地|孩子|娃|老[人公婆爸妈板爹娘家]|父|母|爸|妈|儿子"
    "|女|丈夫|妻|家[里人]|公司|单位|企业|学[生校历]|退休|失业|在职|代[办理]|[替帮]|本人|个人|我是|我们是|亲自|过期|到期|去世|死亡"
    "|台湾|[0-9一二三四五六七八九十百两几半][年月天元块万周]|今年|去年|以前|之前|从前|听说"
)
_ASKS = re.compile(
    "吗|多少|几|谁|哪|为什么|为啥|咋|怎|如何|什么|啥|是否|能不|可不|会不|有没|要不|是不|还是|行不"
)
_SURELY = 0.8
_LEAST_NAME = 3


def without_idle(text: str, catalogue: Catalogue) -> str:
    """The text without idle pieces; all of it where the rest would not do by itself."""
    pieces = _PIECE.findall(text)
    if len(pieces) == 1:
        return text
    kept = [piece for piece in pieces if not _is_idle(piece, catalogue)]
    rest = "".join(kept)
    if len(kept) == len(pieces) or not (_asks_field(rest) and _names(rest, catalogue)):
        return text
    return rest


def _is_idle(piece: str, catalogue: Catalogue) -> bool:
    if _TELLS.search(piece) or _ASKS.search(piece) or _asks_field(piece):
        return False
    return not _names(piece, catalogue) and not _is_known(piece, catalogue)


def _asks_field(text: str) -> bool:
    asked = find_fields(clean(text)).asked
    return any(one.field != OTHER and one.surety >= _SURELY for one in asked)


def _names(text: str, catalogue: Catalogue) -> bool:
    """Whether a text holds a name of an item, or an everyday word for one."""
    folded = fold(text)
    named = any(one.end - one.start >= _LEAST_NAME for one in catalogue.named(folded))
    return named or bool(catalogue.lexicon.expansions(folded))


def _is_known(piece: str, catalogue: Catalogue) -> bool:
    """Whether items' names hold a piece of two characters, or two of its pairs in a row."""
    held = [pair in catalogue.index.postings for pair in grams(fold(piece))]
    return held == [True] or any(a and b for a, b in pairwise(held))
