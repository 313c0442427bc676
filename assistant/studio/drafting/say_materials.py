"""Materials as a host says them: each once with its counts, none missing, none added."""

from assistant.domain.source import Material
from assistant.domain.studio import Fact, SectionKind, Sentence
from assistant.studio.drafting.facts import ItemFacts
from assistant.studio.drafting.parts import (
    AGAIN,
    DETAIL,
    FILLING,
    TELLING,
    Part,
    inner,
    listed,
    plain,
    told,
)
from assistant.studio.drafting.say_item import Telling

_LONG_LIST = 8
"""A longer list is not said over and over: the screen has it."""
_IN_A_BREATH = 3


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
    _list(part, at)
    _again(part, at)
    _roll_call(part, at)
    part.say(plain(say.take("materials.after")), rank=TELLING)
    part.caption = "材料：" + "｜".join(one.name for one in item.guide.materials)
    return part


def _list(part: Part, at: Telling) -> None:
    """Each material with its counts; of a long list of bare names three in a breath."""
    pairs = _pairs(at.item)
    step = _IN_A_BREATH if len(pairs) > _LONG_LIST and not any(map(_details, pairs)) else 1
    for start in range(0, len(pairs), step):
        ends = start + step >= len(pairs)
        lead = _material_lead(at, start, len(pairs), last=ends)
        if step == 1:
            material, fact = pairs[start]
            part.say(*_material(lead, material, fact, at), brief=_short(lead, material, fact))
        else:
            some = pairs[start : start + step]
            names = listed([material.name for material, _ in some])
            part.say(told(f"{lead}{names}", *(fact for _, fact in some)))


def _details(pair: tuple[Material, Fact]) -> bool:
    one = pair[0]
    return bool(one.form or one.note) or one.originals is not None or one.copies is not None


def _again(part: Part, at: Telling) -> None:
    """The names once more, for those who came late; of a long list only how many there are."""
    item, count = at.item, at.item.material_count
    if len(item.materials) < 2:
        return
    rank = at.rank("materials", AGAIN)
    if len(item.materials) > _LONG_LIST and count:
        text = at.phrases.take("materials.many", value=f"一共{len(item.materials)}项")
        part.say(told(text, count) if text else None, rank=rank)
        return
    names = listed([one.name for one in item.guide.materials or ()])
    text = at.phrases.take("materials.recap", names=names)
    part.say(told(text, *item.materials) if text else None, rank=rank)


def _roll_call(part: Part, at: Telling) -> None:
    """Viewers tick the list off together with the host; a long one by threes, if time is left."""
    pairs = _pairs(at.item)
    lead = at.phrases.take("materials.call") if len(pairs) > 1 else ""
    if not lead:
        return
    long = len(pairs) > _LONG_LIST
    step, rank = (_IN_A_BREATH, DETAIL) if long else (1, at.rank("materials", FILLING))
    part.say(plain(lead), rank=rank)
    for start in range(0, len(pairs), step):
        some = pairs[start : start + step]
        names = listed([material.name for material, _ in some])
        text = at.phrases.take("materials.tick", name=names)
        part.say(told(text, *(fact for _, fact in some)) if text else None, rank=rank)


def long_list(item: ItemFacts) -> list[Sentence]:
    """The names of a long list by threes, for where much time is left; nothing of a short one."""
    pairs = list(zip(item.guide.materials or (), item.materials, strict=True))
    if len(pairs) <= _LONG_LIST:
        return []
    some = [pairs[at : at + _IN_A_BREATH] for at in range(0, len(pairs), _IN_A_BREATH)]
    return [told(listed([m.name for m, _ in part]), *(fact for _, fact in part)) for part in some]


def told_materials(item: ItemFacts, lead: str) -> Sentence | None:
    """All names behind a lead, or of a long list how many they are."""
    if len(item.materials) > _LONG_LIST and item.material_count:
        return told(f"材料一共{len(item.materials)}项，照着屏幕上的清单备齐", item.material_count)
    names = listed([one.name for one in item.guide.materials or ()])
    return told(f"{lead}{names}", *item.materials) if item.materials else None


def _pairs(item: ItemFacts) -> list[tuple[Material, Fact]]:
    return list(zip(item.guide.materials or (), item.materials, strict=True))


def _material_lead(at: Telling, number: int, count: int, *, last: bool) -> str:
    if count == 1:
        return at.phrases.lead("materials.single")
    slot = "first" if number == 0 else "last" if last else "next"
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
