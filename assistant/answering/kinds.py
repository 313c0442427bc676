"""Whether words hold the kind of thing that is asked of a clause: a sum, a paper, a condition.

A clause about the right subject that lacks it (the age for 交哪些证件, the purpose for 另收钱吗) is
no answer, however well the rest fits.
"""

import re
from dataclasses import dataclass

from assistant.answering.folding import clean

_WHICH = "(?:什么|啥子?|哪些|哪几[样种份]|几样|多少)"
_ASKED = {
    "materials": re.compile(f"{_WHICH}(?:申请|申报)?(?:证件|材料|资料|证明)(?!的|里|中)"),
    "fee": re.compile(
        "(?:收|要|交|花)(?:多少)?(?:钱|费)(?:吗|么|不|没|$)|收费(?:吗|么|不)|收多少钱|免费(?:吗|么|的?吧)"
    ),
    "conditions": re.compile(f"{_WHICH}(?:样的)?条件"),
}
"""Said so plainly that nothing else can be wanted; a field's cues alone (提供什么支持) are not."""
_HAN = "〇零一二三四五六七八九十百千万两"
_SUM = re.compile(
    rf"[\d{_HAN}]\s*(?:余|多)?(?:[百千万亿]?元|角|%|‰|倍|折|个百分点)|百分之|千分之|比例|金额|额度"
)
_HELD = {
    "materials": re.compile(
        "记录|单据|材料|资料|证件|证明|凭证|原件|复印件|申请表|申请书|登记表|承诺书|委托书|照片|合同|协议|发票|票据"
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
    "(?![天日年个次趟人份岁级档时条项家名类种件位万])|(?:每|一个?)[月年][^,，。?？]{0,4}?(?:津贴|补贴|补助|待遇)(?:标准)?$"
    "|(?:补贴|补助|津贴|奖励|赔偿)(?:标准|金额|额度)"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """The kinds that an answer must hold; none where the question demands no such thing."""

    kinds: tuple[str, ...]

    def is_met(self, words: str) -> bool:
        """Whether words hold every kind that is asked."""
        return all(_holds(kind, words) for kind in self.kinds)


def demand_of(question: str) -> Demand:
    """What the answer to a question must hold."""
    text = clean(question).rstrip("?？。!！ ")
    kinds = [kind for kind, asks in _ASKED.items() if asks.search(text)]
    if not kinds and _PAID.search(text):
        kinds = ["sum"]
    return Demand(tuple(kinds))


def _holds(kind: str, words: str) -> bool:
    """Conditions have many forms: only words that suppose them, and name none, lack them."""
    if kind != "conditions" or not _MEETS.search(words):
        return kind == "conditions" or _HELD[kind].search(words) is not None
    return _HELD[kind].search(_MEETS.sub("", words)) is not None
