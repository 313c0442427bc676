"""False premises: what a question takes for granted and its source does not say.

"补贴每人一万怎么领" takes an amount for granted. Where the evidence names another amount in its
place, the answer says so and gives the evidence; where it says nothing of the kind, a person
answers. The asker's own circumstances (交了五年社保, 工资八千) are no premise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.amounts import Amount, amounts
from assistant.answering.figures import fold
from assistant.answering.spoken import LIMIT
from assistant.domain.answer import Draft, Route, Statement
from assistant.domain.evidence import Hit, Ranking

CORRECTION = "您提到的数字与依据不一致，请以依据为准。"
_GRANTED = {
    "元": r"补[贴助偿]|奖励?|津贴|资助|救助|抚恤|慰问|发放?|给|领|退|返|报销|减免?|"
    r"收费?|费用?|工本费|押金|罚款?|交(?!了|过)|缴(?!了|过)|"
    r"能[提取贷借拿]|可以?[提取贷借]|最[高多]|上限|额度",
    "%": r"补[贴助]|报销|减免?|优惠|退|返|利率|税率|比例|首付",
    "折": r"优惠|打|收费?",
    "倍": r"补[贴助偿]|赔|工资|罚款?",
}
_LIMIT = (
    r"办[好完结成下]|办理|拿到|领到|下来|下证|出证|出结果|到账|审[批核完]|搞定|答复|有效|"
    r"发[放下证]|受理"
)
_OWN = re.compile(
    r"我|俺|咱|本人|家里|孩子|父母|老人|爸|妈|工资|收入|月薪|存款|房价|总价|面积|贷[了款]|借|欠|买|卖|"
    r"已经|(?:交|缴|住|干|工作|结婚|离婚|来|去|过|满|参保|工龄|逾期|超过|不到|大于|小于|低于|高于)了?\s*$"
)
_ASKS_IT = re.compile(r"^\s*(?:是|还是|或者?|、|到|至|-|以[上下内]|多少|左右还是)")
_CHOICE = re.compile(r"(?:还是|或者?|、|至|到|-)\s*$")
_FREE = re.compile(
    r"(?<!是否)(?<!是不是)(?:免费|不要钱|不收费|不花钱)(?!吗|么|不|还是|嘛|的?[?？])"
)
_PAID = re.compile(r"\d+(?:\.\d+)?\s*(?:元|块)")
_REACH = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that says what is wrong with the question's premise, and why it may not be said."""

    draft: Draft
    vetoes: tuple[str, ...] = ()


def checked(question: str, draft: Draft, ranking: Ranking) -> Checked:
    """The draft, corrected where its own evidence contradicts a premise."""
    if draft.route in {Route.NONE, Route.CLARIFY} or not draft.statements:
        return Checked(draft)
    wrong = _free_though_paid(question, draft, ranking)
    if wrong:
        return Checked(draft, (wrong,))
    granted = list(asserted(question))
    return _against(granted, draft, ranking) if granted else Checked(draft)


def asserted(question: str) -> Iterator[Amount]:
    """Amounts that a question takes for granted: of money, shares, and time until something."""
    folded = fold(question)
    for one in amounts(question):
        before = re.split(r"[,，。;；!！?？\s]", folded[: one.start])[-1]
        behind = folded[one.end : one.end + _REACH]
        if _OWN.search(before) or _CHOICE.search(before) or _ASKS_IT.match(behind):
            continue
        if one.unit in _GRANTED:
            around = before[-_REACH:] + behind
            if re.search(_GRANTED[one.unit], around):
                yield one
        elif re.match(rf"[^,，。?？]{{0,4}}?(?:{_LIMIT})", behind):
            yield one


def _against(granted: Sequence[Amount], draft: Draft, ranking: Ranking) -> Checked:
    quoted = amounts("\n".join(citation.quote for citation in draft.citations))
    unsaid = [one for one in granted if not any(one.is_same(other) for other in quoted)]
    if not unsaid:
        return Checked(draft)
    stated = amounts("\n".join(hit.passage.text for hit in _own(draft, ranking)))
    open_ones = [one for one in unsaid if not any(one.is_same(other) for other in stated)]
    if not open_ones:
        return Checked(draft)
    if all(any(one.may_be(other) for other in quoted) for one in open_ones):
        return _corrected(draft)
    named = "、".join(one.written for one in open_ones)
    return Checked(draft, (f"问题中的“{named}”在依据里没有",))


def _corrected(draft: Draft) -> Checked:
    if len(draft.spoken) + len(CORRECTION) > LIMIT:
        return Checked(draft, ("问题中的数字与依据不一致",))
    first = Statement(CORRECTION, CORRECTION)
    notes = (*draft.notes, "问题中的数字与依据不一致，已说明")
    return Checked(replace(draft, statements=(first, *draft.statements), notes=notes))


def _own(draft: Draft, ranking: Ranking) -> list[Hit]:
    """What was found of the sources that the draft rests on."""
    return [hit for hit in ranking.hits if hit.source.id in draft.source_ids]


def _free_though_paid(question: str, draft: Draft, ranking: Ranking) -> str:
    """Why a question is wrong to take a service for free, empty where it is not."""
    if draft.route is not Route.GUIDE or not _FREE.search(fold(question)):
        return ""
    fees = [hit.passage.text for hit in _own(draft, ranking) if hit.passage.field == "fee"]
    said = [citation.quote for citation in draft.citations if citation.field == "fee"]
    if said or not any(_PAID.search(fold(fee)) for fee in fees):
        return ""
    return "问题以为免费，办事指南载明收费"
