"""An item's facts as a host says them: conditions, materials, limits and fee.

Every value comes from a field; what leads to it is a phrase that states nothing.
"""

from dataclasses import dataclass

from assistant.domain.source import LimitUnit, Material, TimeLimit
from assistant.domain.studio import Fact, SectionKind, Sentence
from assistant.retrieval.guide_render import render_limit
from assistant.studio.drafting.facts import ItemFacts, unmarked
from assistant.studio.drafting.parts import (
    AGAIN,
    FILLING,
    TELLING,
    Part,
    inner,
    listed,
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
    if not item.conditions and not item.audience:
        part.say(told("受理条件办事指南里没有写明，先打电话问一声再准备", item.name))
    part.say(plain(say.take("conditions.after")), rank=TELLING)
    part.caption = "先看条件，再备材料"
    part.interaction = "请观众把自己的情况打在评论区，助理归类后交给问答环节"
    return part


def materials(at: Telling) -> Part:
    """All materials, each with its counts; then their names once more."""
    part, say, item = at.part(SectionKind.MATERIALS, "要带什么材料"), at.phrases, at.item
    part.say(plain(say.take("scene.materials")), rank=TELLING)
    part.interaction = "助理置顶材料清单图片，提醒观众截屏；要清单的在评论区打“清单”"
    if item.guide.materials is None:
        part.say(told(say.take("materials.unstated") or "材料指南未载明", item.name))
        part.caption = "材料：指南未载明，请先电话咨询"
        return part
    if not item.materials:
        part.say(told(say.take("materials.none"), item.name))
        part.caption = "不需要提交材料"
        return part
    part.say(plain(say.take("materials.lead")), rank=TELLING)
    count = item.material_count
    if count and len(item.materials) > 1:
        part.say(
            told(
                say.take("materials.count", value=f"一共{len(item.materials)}项") or count.text,
                count,
            )
        )
    for number, (material, fact) in enumerate(_pairs(item)):
        lead = _material_lead(at, number, len(item.materials))
        part.say(*_material(lead, material, fact, at), brief=_short(lead, material, fact))
    names = listed([one.name for one in item.guide.materials])
    if len(item.materials) > 1:
        again = say.take("materials.recap", names=names)
        part.say(told(again, *item.materials) if again else None, rank=at.rank("materials", AGAIN))
    _roll_call(part, at)
    part.say(plain(say.take("materials.after")), rank=TELLING)
    part.caption = "材料：" + "｜".join(one.name for one in item.guide.materials)
    return part


def _roll_call(part: Part, at: Telling) -> None:
    """Viewers tick the list off together with the host: names only, each a block of its own."""
    lead = at.phrases.take("materials.call") if len(at.item.materials) > 1 else ""
    if not lead:
        return
    rank = at.rank("materials", FILLING)
    part.say(plain(lead), rank=rank)
    for material, fact in _pairs(at.item):
        text = at.phrases.take("materials.tick", name=material.name) or f"{material.name}，有吗？"
        part.say(told(text, fact), rank=rank)


def _pairs(item: ItemFacts) -> list[tuple[Material, Fact]]:
    return list(zip(item.guide.materials or (), item.materials, strict=True))


def _material_lead(at: Telling, number: int, count: int) -> str:
    if count == 1:
        return at.phrases.lead("materials.single")
    slot = "first" if number == 0 else "last" if number == count - 1 else "next"
    return at.phrases.lead(f"materials.{slot}")


def _material(lead: str, material: Material, fact: Fact, at: Telling) -> list[Sentence | None]:
    """Name and counts in one sentence; form, need and note in the next."""
    head = "，".join([f"{lead}{material.name}", *_counts(material), *_one_form(material)])
    return [told(head, fact), *_form_and_need(material, fact, at)]


def _counts(material: Material) -> list[str]:
    said = []
    if material.originals is not None:
        said.append(f"原件{material.originals}份" if material.originals else "不要原件")
    if material.copies is not None:
        said.append(f"复印件{material.copies}份" if material.copies else "不要复印件")
    return said


def _form_and_need(material: Material, fact: Fact, at: Telling) -> list[Sentence | None]:
    """Form and note in one sentence where it is for all; for some only, the need by itself."""
    form = _form(material)
    note = inner(material.note or "")
    if material.required is False:
        said = [told(form, fact)] if form else []
        if not note:
            return [
                *said,
                told(at.phrases.take("materials.optional_bare") or "指南上标的是非必要", fact),
            ]
        text = at.phrases.take("materials.optional", note=note) or f"不是人人都要，{note}"
        return [*said, told(text, fact)]
    both = "，".join(part for part in (form, note) if part)
    return [told(both, fact)] if both else []


def _form(material: Material) -> str:
    """Where there is a choice of form, it is said by itself."""
    return f"{material.form}都可以" if material.form and "或" in material.form else ""


def _one_form(material: Material) -> list[str]:
    return [material.form] if material.form and "或" not in material.form else []


def _short(lead: str, material: Material, fact: Fact) -> list[Sentence]:
    need = "，非必要" if material.required is False else ""
    return [told("，".join([f"{lead}{material.name}", *_counts(material)]) + need, fact)]


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
