"""An item's facts as a host says them: conditions, limits and fee.

Every value comes from a field; what leads to it is a phrase that states nothing.
"""

from dataclasses import dataclass

from assistant.domain.source import LimitUnit, TimeLimit
from assistant.domain.studio import Fact, SectionKind, Sentence
from assistant.retrieval.guide_render import render_limit
from assistant.studio.drafting.facts import ItemFacts, unmarked
from assistant.studio.drafting.parts import (
    AGAIN,
    FILLING,
    TELLING,
    Part,
    inner,
    plain,
    told,
)
from assistant.studio.drafting.phrases import Phrases

_FREE = ("不收费", "免费", "不收取费用", "无收费", "否")


@dataclass(frozen=True, slots=True)
class Telling:
    """Whose facts are told, with which phrases; `several` items need their name in titles."""

    item: ItemFacts
    phrases: Phrases
    emphasis: tuple[str, ...]
    several: bool

    def title(self, words: str) -> str:
        """The title of a part."""
        return f"{self.item.guide.name}：{words}" if self.several else words

    def rank(self, field: str, rank: int) -> int:
        """What the brief wants most is put in earlier."""
        return max(TELLING, rank - 1) if field in self.emphasis else rank

    def part(self, kind: SectionKind, words: str) -> Part:
        """An empty part of this item."""
        return Part(kind, self.title(words), self.item.guide.id)


def conditions(at: Telling) -> Part:
    """Who may: the guide's own words, cut at its sentences."""
    part, say, item = at.part(SectionKind.CONDITIONS, "谁能办"), at.phrases, at.item
    part.say(plain(say.take("scene.conditions")), rank=TELLING)
    part.say(plain(say.take("conditions.lead")))
    if item.audience and not item.conditions:
        value = "、".join(item.guide.audience or ())
        part.say(
            told(say.take("conditions.who", value=value) or f"服务对象是{value}", item.audience)
        )
    if item.conditions:
        lead = say.take("conditions.verbatim")
        first, *rest = item.conditions
        part.say(
            told(f"{lead}{unmarked(first.text)}", first),
            *(told(unmarked(one.text), one) for one in rest),
        )
    if item.audience and item.conditions:
        value = "、".join(item.guide.audience or ())
        text = say.take("conditions.also", value=value)
        part.say(told(text, item.audience) if text else None, rank=FILLING)
    if not item.conditions and not item.audience:
        part.say(told("受理条件办事指南里没有写明，先打电话问一声再准备", item.name))
    part.say(plain(say.take("conditions.after")), rank=TELLING)
    part.caption = "先看条件，再备材料"
    part.interaction = "请观众把自己的情况打在评论区，助理归类后交给问答环节"
    return part


def limits(at: Telling) -> Part:
    """How long it takes, what it costs, what comes out."""
    part, say, item = at.part(SectionKind.LIMITS, "多久办好、收不收费"), at.phrases, at.item
    part.say(plain(say.take("scene.limits")), rank=TELLING)
    part.say(plain(say.take("limits.lead")), rank=TELLING)
    for sentence in _limits(at):
        part.say(sentence)
    guide = item.guide
    stated = (guide.statutory_limit, guide.promised_limit)
    if any(one and one.unit is LimitUnit.WORKDAY for one in stated):
        part.say(
            told(say.take("limits.workdays"), item.promised or item.statutory),
            rank=at.rank("limits", AGAIN),
        )
    part.say(*_fee(at))
    part.say(plain(say.take("limits.beware")), rank=at.rank("fee", AGAIN))
    if item.result:
        value = inner(guide.result or "")
        part.say(told(say.take("limits.result", value=value) or f"办理结果是{value}", item.result))
    if item.courier and guide.courier:
        part.say(told(say.take("limits.courier") or "结果可以快递送达", item.courier), rank=TELLING)
    again = [told(t, f) for t, f in short_limits(item)]
    lead = say.lead("limits.recap") if again else ""
    if lead:
        again[0] = Sentence(lead + again[0].text, again[0].facts)
        part.say(*again, rank=at.rank("limits", AGAIN))
    part.caption = "｜".join(inner(t) for t, _ in short_limits(item)) or "时限和费用以窗口答复为准"
    part.interaction = "提醒观众按工作日计算；有加急收费等情况的请在评论区反映"
    return part


def _limits(at: Telling) -> list[Sentence]:
    item, say, guide = at.item, at.phrases, at.item.guide
    said = []
    if item.statutory and guide.statutory_limit:
        said.append(_limit("statutory", "法定办结时限", guide.statutory_limit, item.statutory, say))
    if item.promised and guide.promised_limit:
        said.append(_limit("promised", "承诺办结时限", guide.promised_limit, item.promised, say))
        if _sooner(guide.promised_limit, guide.statutory_limit):
            text = say.take("limits.sooner")
            said += [told(text, item.promised, item.statutory)] if text else []
    if not said:
        said.append(told(say.take("limits.limits_unstated") or "办结时限指南未载明", item.name))
    return said


def _limit(slot: str, label: str, limit: TimeLimit, fact: Fact, say: Phrases) -> Sentence:
    """`10个工作日，自收到申请之日起`: the note stands behind a comma, not in brackets."""
    value = render_limit(TimeLimit(limit.value, limit.unit))
    value += f"，{inner(limit.note)}" if limit.note else ""
    return told(say.take(f"limits.{slot}", value=value) or f"{label}是{value}", fact)


def _sooner(promised: TimeLimit, statutory: TimeLimit | None) -> bool:
    return bool(statutory and statutory.unit is promised.unit and promised.value < statutory.value)


def _fee(at: Telling) -> list[Sentence | None]:
    item, say = at.item, at.phrases
    fee = item.guide.fee
    if not fee or not item.fee:
        return [told(say.take("limits.fee_unstated") or "收费情况指南未载明", item.name)]
    if inner(fee) in _FREE:
        value = inner(fee)
        return [told(say.take("limits.free", value=value) or f"费用方面，{value}", item.fee)]
    return [told(say.take("limits.fee", value=inner(fee)) or f"费用是这样的：{fee}", item.fee)]


def short_limits(item: ItemFacts) -> list[tuple[str, Fact]]:
    """Limit and fee in as few words as can be, the promised limit before the statutory."""
    said = []
    guide = item.guide
    limit, fact = (guide.promised_limit, item.promised)
    label = "承诺办结时限"
    if not limit:
        limit, fact, label = guide.statutory_limit, item.statutory, "法定办结时限"
    if limit and fact:
        said.append((f"{label}{render_limit(TimeLimit(limit.value, limit.unit))}", fact))
    if guide.fee and item.fee:
        said.append((f"费用方面，{inner(guide.fee)}", item.fee))
    return said
