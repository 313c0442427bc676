"""The frame of a script: opening with the AI identity, agenda, questions, recap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.studio import Brief, Fact, SectionKind, Sentence, StreamKind
from assistant.studio.drafting.facts import ItemFacts
from assistant.studio.drafting.parts import (
    AGAIN,
    ANSWERS,
    DETAIL,
    FILLING,
    MUST,
    TELLING,
    Part,
    inner,
    listed,
    plain,
    told,
    voiced,
)
from assistant.studio.drafting.phrases import Phrases
from assistant.studio.drafting.say_doing import phone
from assistant.studio.drafting.say_item import Telling, short_limits
from assistant.studio.drafting.say_materials import long_list, told_materials
from assistant.studio.drafting.say_more import Asked, answer
from assistant.studio.drafting.say_quiz import quiz

IDENTITY = "AI数字人 · 内容由人工智能生成"
FOCUS: Mapping[str, str] = {
    "materials": "要带什么材料",
    "online": "线上怎么办",
    "fee": "收不收费",
    "limits": "多久能办好",
    "locations": "去哪儿办",
    "conditions": "什么条件能办",
    "steps": "办事流程",
    "mistakes": "容易弄错的地方",
    "faqs": "大家常问的问题",
    "basis": "依据的条文",
    "appointment": "怎么预约",
}
_PLANNED: Mapping[SectionKind, str] = {
    SectionKind.SCENARIO: "说说大家的烦心事",
    SectionKind.CONDITIONS: "看看谁能办",
    SectionKind.MATERIALS: "把材料清单过一遍",
    SectionKind.STEPS: "讲怎么办",
    SectionKind.LIMITS: "说时间和费用",
    SectionKind.PLACES: "说去哪儿办",
    SectionKind.MISTAKES: "拆一拆常见的误区",
    SectionKind.CLAUSES: "读一读条文",
    SectionKind.QUESTIONS: "留时间回答您的问题",
}
_MOST_PLANNED = 5
_SURELY_ASKED = 3
_LEAST_PLANNED = frozenset({SectionKind.SCENARIO, SectionKind.CLAUSES, SectionKind.LIMITS})


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame speaks of: the brief, its own facts, the items, the phrases."""

    brief: Brief
    stream: Mapping[str, Fact]
    items: Sequence[ItemFacts]
    phrases: Phrases


def opening(at: Frame) -> Part:
    """Greeting, who speaks, what it is about and for whom."""
    part, say = Part(SectionKind.OPENING, "开场"), at.phrases
    part.say(plain(say.take("opening.hello")))
    part.say(plain(say.take("opening.identity")))
    part.say(_topic(at))
    if at.brief.kind is not StreamKind.POLICY:
        part.say(*(_alias(item, say) for item in at.items[:2]), rank=TELLING)
    if at.brief.audience:
        text = say.take("opening.audience", audience=at.brief.audience)
        part.say(told(text, at.stream.get("audience")), rank=TELLING)
    focus = [FOCUS[name] for name in at.brief.emphasis if name in FOCUS][:3]
    if focus:
        part.say(plain(say.take("opening.promise", focus=listed(focus))), rank=TELLING)
    part.say(plain(say.take("opening.stay")), rank=TELLING)
    part.caption = f"{at.brief.title}｜{IDENTITY}"
    part.interaction = "助理在评论区打招呼，收集“您最想问什么”，把问题归好类"
    return part


def _topic(at: Frame) -> Sentence:
    title = at.stream["title"]
    names = [item.guide.name for item in at.items]
    if at.brief.kind is StreamKind.POLICY or not names:
        return told(at.phrases.take("opening.policy_topic", name=at.brief.title), title)
    slot = "opening.one_topic" if len(names) == 1 else "opening.many_topics"
    return told(at.phrases.take(slot, name=listed(names)), title, *(i.name for i in at.items))


def _alias(item: ItemFacts, say: Phrases) -> Sentence | None:
    """The name that is least like the official one: how people talk."""
    official = set(item.guide.name)
    aliases = sorted(item.guide.aliases, key=lambda one: len(set(one) & official) / len(one))
    text = say.take("opening.alias", alias=aliases[0]) if aliases else ""
    return told(text, item.name) if text else None


def agenda(at: Frame, kinds: Sequence[SectionKind]) -> Part:
    """The order, in words without numbers."""
    part, say = Part(SectionKind.AGENDA, "今天讲什么"), at.phrases
    part.say(plain(say.take("agenda.lead")))
    planned = [_PLANNED[kind] for kind in _planned(kinds)]
    if len(planned) == 2:
        text = say.take("agenda.plan_short", first=planned[0], last=planned[1])
        part.say(plain(text))
    if len(planned) > 2:
        first, *middle, last = planned
        text = say.take("agenda.plan", first=first, middle="，".join(middle), last=last)
        part.say(plain(text))
    part.say(plain(say.take("agenda.note")), rank=TELLING)
    part.caption = "今天讲什么｜" + "、".join(planned)
    part.interaction = "请观众先打出最关心的一块"
    return part


def _planned(kinds: Sequence[SectionKind]) -> list[SectionKind]:
    """At most five, in order; the questions stand last where they are the last of them."""
    kept = [kind for kind in dict.fromkeys(kinds) if kind in _PLANNED]
    if SectionKind.MATERIALS in kept:
        kept = [kind for kind in kept if kind not in _LEAST_PLANNED]
    if len(kept) <= _MOST_PLANNED:
        return kept
    return [*kept[: _MOST_PLANNED - 1], kept[-1]]


def scenario(at: Telling) -> Part | None:
    """What life looks like around the item; what people call it."""
    part, say = at.part(SectionKind.SCENARIO, "您是不是也遇到过"), at.phrases
    first, second = say.scene(at.item.guide), say.scene(at.item.guide)
    part.say(plain(first), rank=MUST if first else TELLING)
    part.say(plain(second), rank=AGAIN)
    asked = list(at.item.guide.faqs or ())
    if asked and first:
        text = say.take("scene.asked", question=asked[0].question)
        part.say(told(text, at.item.faqs[0]) if text else None, rank=AGAIN)
    part.caption = "您是不是也遇到过"
    part.interaction = "遇到过的打“有”，没遇到过的打“没有”"
    return part if part.blocks else None


def questions(at: Frame, asked: Sequence[Asked], share: float) -> Part:
    """Questions that are known beforehand, then the viewers' own."""
    part, say = Part(SectionKind.QUESTIONS, "问答时间"), at.phrases
    part.say(plain(say.take("scene.questions")))
    part.say(plain(say.take("questions.lead")), rank=TELLING)
    part.say(plain(say.take("questions.how")), rank=TELLING)
    leads = at.brief.kind is StreamKind.QUESTIONS
    for number, one in enumerate(asked):
        first = MUST if leads and number < _SURELY_ASKED else ANSWERS
        answer(one, say, part, first + (number > 3) + (number > 7))
    for item in at.items:
        _again(part, item, say)
        quiz(part, item, say)
    part.say(plain(say.take("questions.unknown")), rank=TELLING)
    part.say(plain(say.take("questions.safe")), rank=AGAIN)
    part.say(plain(say.take("questions.wait")), rank=TELLING)
    part.open_share = share
    part.caption = "您问我答｜请勿在评论区留身份证号、手机号"
    part.interaction = "助理挑选评论上屏；查不到依据的问题转人工，记入台账"
    return part


def _again(part: Part, item: ItemFacts, say: Phrases) -> None:
    """Short facts once more, for the pauses between questions."""
    points: list[tuple[str, Fact]] = [*short_limits(item)]
    online = item.guide.online
    if item.online and online and online.available and online.platform:
        points.append((f"网上可以办，平台是{online.platform}", item.online))
    if item.consult and item.guide.consult_phone:
        points.append((f"咨询电话是{voiced(item.guide.consult_phone)}", item.consult))
    for point, fact in points:
        lead = say.lead("questions.again")
        if not lead:
            return
        part.say(told(f"{lead}{point}", fact), rank=FILLING)


def halfway(at: Frame) -> Part:
    """What was told so far, in other words: one point after the other, each a block of its own."""
    part, say = Part(SectionKind.RECAP, "中场回顾"), at.phrases
    part.say(plain(say.take("halfway.lead")), rank=FILLING)
    for item in at.items:
        for text, facts in _told_so_far(item, several=len(at.items) > 1):
            part.say(told(text, *facts), rank=FILLING)
        part.say(*long_list(item), rank=DETAIL)
    part.say(plain(say.take("halfway.after")), rank=FILLING)
    part.caption = "刚进来的朋友，看这里"
    part.interaction = "请后来的朋友打“刚到”，助理把前面的要点截图发在评论区"
    return part if len(part.blocks) > 2 else Part(SectionKind.RECAP, "中场回顾")


def _told_so_far(item: ItemFacts, *, several: bool) -> list[tuple[str, tuple[Fact, ...]]]:
    guide = item.guide
    name = guide.name if several else "这个事项"
    points: list[tuple[str, tuple[Fact, ...]]] = []
    if item.materials and (told_all := told_materials(item, f"{name}要带的材料：")):
        count = (item.material_count,) if item.material_count else ()
        points.append((told_all.text, (item.name, *item.materials, *count)))
    if item.online and guide.online:
        where = "能在网上办" if guide.online.available else "不能网上办理，得到现场"
        points.append((f"{name}{where}", (item.name, item.online)))
    points += [(text, (fact,)) for text, fact in short_limits(item)]
    place = (guide.locations or (None,))[0]
    if place and place.name and item.places:
        points.append((f"办理地点是{voiced(place.name)}", (item.places[0],)))
    return points


def recap(at: Frame) -> Part:
    """What to remember: names, materials, online, time, fee, phone twice, link, next stream."""
    part, say = Part(SectionKind.RECAP, "回顾与办理入口"), at.phrases
    part.say(plain(say.take("recap.lead")))
    names = [item.guide.name for item in at.items]
    is_policy = at.brief.kind is StreamKind.POLICY
    title = listed(names) if names and not is_policy else at.brief.title
    text = say.take("recap.name", name=title)
    part.say(told(text, at.stream["title"], *(item.name for item in at.items)))
    for item in at.items:
        _points(part, item, at)
    part.say(plain(say.take("recap.share")), rank=TELLING)
    part.say(plain(say.take("recap.next")))
    part.say(plain(say.take("recap.bye")))
    part.caption = "回顾要点｜咨询电话和办理入口见屏幕"
    part.interaction = "助理置顶咨询电话和办理链接；预告下一场，征集选题"
    return part


def _points(part: Part, item: ItemFacts, at: Frame) -> None:
    say, several = at.phrases, len(at.items) > 1
    here = Telling(item, say, at.brief.emphasis, several)
    if several:
        part.say(told(f"说到{item.guide.name}。", item.name))
    part.say(told_materials(item, say.take("recap.materials") or "材料有："))
    online = item.guide.online
    if item.online and online and online.available and online.platform:
        text = say.take("recap.online", value=online.platform) or f"网上办理：{online.platform}"
        part.say(told(text, item.online), rank=TELLING)
    for text, fact in short_limits(item):
        part.say(told(inner(text), fact), rank=TELLING)
    part.say(*phone(here, "recap.phone"))
    if item.online and online and online.available and online.url:
        text = say.take("recap.link")
        part.say(told(text, item.online) if text else None)
