"""Whether words hold the kind of thing that is asked of a clause: a sum, a paper, a condition.

A clause about the right subject that lacks it (the age for 交哪些证件, the purpose for 另收钱吗) is
no answer, however well the rest fits.
"""

import re
from dataclasses import dataclass

from assistant.answering.fields import find_fields
from assistant.answering.folding import clean

_LEAST = 0.9
"""A field that is asked less surely than this demands nothing."""
_HAN = "〇零一二三四五六七八九十百千万两"
_SUM = re.compile(
    rf"[\d{_HAN}]\s*(?:余|多)?(?:[百千万亿]?元|角|%|‰|倍|折|个百分点)|百分之|千分之|比例|金额|额度"
)
_HELD = {
    "materials": re.compile(
        "材料|资料|证件|证明|凭证|原件|复印件|申请表|申请书|登记表|承诺书|委托书|照片|合同|协议|发票|票据"
        "|清单|[份户医保驾]证|执照|户口[簿本]|社会?保障?卡|银行卡|存折|通行证|护照|提[交供]"
    ),
    "fee": re.compile(
        f"{_SUM.pattern}|收费|免费|费用|收取|缴纳|工本费|[^浪花]费|免(?:收|交|征|予)|付费|有偿|无偿"
    ),
    "conditions": re.compile(
        f"条件|具备|具有|年满|[满足够]\\s*[\\d{_HAN}]|[\\d{_HAN}]\\s*(?:周?岁|年|个月)以[上下内]|下列|应当?|须"
        "|持有|属于|已[^，。]{1,12}的|未[^，。]{1,12}的|不得|不予|可以|可?申[请领]|范围|对象|的人员|户籍"
    ),
    "sum": _SUM,
}
_MEETS = re.compile("(?:不)?(?:符合|满足|具备)[^，,。；;]{0,8}?(?:条件|规定|要求)的?")
"""符合条件的 supposes the conditions without naming them."""
_PAID = re.compile(
    "(?:发|拿|领|补|给|贴|补助|奖励?|待遇|养老金|工资|津贴)[^,，。?？]{0,6}?(?:多少|几多|几[钱块])"
    "(?![天日年个次趟人份岁级档时])|(?:每|一个?)[月年][^,，。?？]{0,4}?(?:津贴|补贴|补助|待遇)(?:标准)?$"
    "|(?:补贴|补助|津贴|奖励|赔偿)(?:标准|金额|额度)"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """The kinds that an answer must hold; none where the question demands no such thing."""

    kinds: tuple[str, ...]

    def is_met(self, words: str) -> bool:
        """Whether words hold every kind that is asked."""
        return all(_HELD[kind].search(_told(kind, words)) for kind in self.kinds)


def demand_of(question: str) -> Demand:
    """What the answer to a question must hold."""
    text = clean(question)
    asked = (one.field for one in find_fields(text).asked if one.surety >= _LEAST)
    kinds = [field for field in asked if field in _HELD]
    if _PAID.search(text.rstrip("?？。!！ ")) and not kinds:
        kinds = ["sum"]
    return Demand(tuple(dict.fromkeys(kinds)))


def _told(kind: str, words: str) -> str:
    return _MEETS.sub("", words) if kind == "conditions" else words
