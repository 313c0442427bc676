"""Where and how it is done: online, step by step, at which window; the phone twice."""

import re
from collections.abc import Sequence

from assistant.domain.source import Channel, Location, Step
from assistant.domain.studio import Fact, SectionKind, Sentence
from assistant.studio.drafting.facts import unmarked
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
    voiced,
)
from assistant.studio.drafting.say_item import Telling

_LEADS_ON = "的后时前，"
_SPOKEN_PLACES = 6
"""So many further places are told one by one at most; the screen has them all."""


def steps(at: Telling, *, helping: bool = False) -> Part:
    """The way through, after whether it can be done online. `helping` pauses after each step."""
    part, say, item = at.part(SectionKind.STEPS, "怎么办"), at.phrases, at.item
    part.say(plain(say.take("scene.steps")), rank=TELLING)
    part.say(*_online(at))
    if item.steps:
        part.say(plain(say.take("steps.lead")), rank=TELLING)
        for lead, step, fact in _led_steps(at):
            part.say(told(f"{lead}{unmarked(step.text)}", fact))
            if helping:
                part.say(plain(say.take("steps.pause")), rank=TELLING)
        _again(part, at)
        part.say(plain(say.take("steps.after")), rank=at.rank("steps", AGAIN))
    else:
        part.say(told(say.take("steps.unstated") or "办理流程指南未载明", item.name))
    part.say(*_going(at))
    online = bool(item.guide.online and item.guide.online.available)
    if item.steps and not helping:
        pause = "steps.pause" if online else "steps.pause_window"
        part.say(plain(say.take(pause)), rank=at.rank("online", AGAIN))
    part.caption = _caption(at)
    part.interaction = (
        "带着观众一步一步操作，每步停下来收卡点；卡住的转帮办员私下协助"
        if helping
        else "请观众把卡住的步骤打在评论区，助理截图回复"
    )
    return part


def _led_steps(at: Telling) -> list[tuple[str, Step, Fact]]:
    """Each step with what leads to it: its channel where that changes, else what comes next."""
    steps = at.item.guide.steps or ()
    before: Channel | None = None
    led = []
    for number, (step, fact) in enumerate(zip(steps, at.item.steps, strict=True)):
        led.append((_step_lead(at, steps, number, before), step, fact))
        before = step.channel
    return led


def _step_lead(at: Telling, steps: Sequence[Step], number: int, before: Channel | None) -> str:
    say, channel = at.phrases, steps[number].channel
    if re.match("不便|不方便|也可|无法", steps[number].text):
        return ""
    if channel is not before and channel is not Channel.ANY:
        online = any(step.channel is Channel.ONLINE for step in steps)
        slot = "online" if channel is Channel.ONLINE else "window" if online else "only_window"
        return say.lead(f"steps.{slot}")
    if channel is not before and number:
        return say.lead("steps.any")
    if number and number == len(steps) - 1:
        return say.lead("steps.last")
    return say.lead("steps.then") if number else ""


def _online(at: Telling) -> list[Sentence | None]:
    say, item, online = at.phrases, at.item, at.item.guide.online
    if online is None or item.online is None:
        return []
    if not online.available:
        return [told(say.take("steps.not_online") or "这件事不能网上办理", item.online)]
    platform = online.platform
    value = say.take("steps.platform", value=platform) if platform else ""
    return [
        told(say.take("steps.can_online") or "这件事可以网上办理", item.online),
        told(value or f"平台是{platform}", item.online) if platform else None,
        told(say.take("steps.link") or "入口见屏幕", item.online) if online.url else None,
    ]


def _going(at: Telling) -> list[Sentence | None]:
    """How often one must come, and whether one can book."""
    say, item, guide = at.phrases, at.item, at.item.guide
    said: list[Sentence | None] = []
    if item.visits and guide.visits is not None:
        online = bool(guide.online and guide.online.available)
        slot = "steps.visits" if guide.visits or not online else "steps.visits_none"
        value = f"{guide.visits}次"
        said.append(told(say.take(slot, value=value) or f"到现场次数是{value}", item.visits))
    if item.appointment:
        slot = "steps.appointment" if guide.appointment else "steps.no_appointment"
        text = say.take(slot)
        said.append(told(text, item.appointment) if text else None)
    return said


def _again(part: Part, at: Telling) -> None:
    """The way once more, shorter: the first clause of each step."""
    lead = at.phrases.lead("steps.recap") if len(at.item.steps) > 2 else ""
    if lead:
        firsts = [_first_clause(step.text) for step in at.item.guide.steps or ()]
        rank = at.rank("steps", AGAIN)
        part.say(told(lead + "；".join(firsts), *at.item.steps), rank=rank)


def _first_clause(text: str) -> str:
    """A step as far as its first comma; what only leads on (…的，…后，) is kept with it."""
    text = unmarked(text)
    for end, char in enumerate(text):
        if char in "，。；" and end >= 6 and text[end - 1] not in _LEADS_ON:
            return text[:end]
    return inner(text)


def _caption(at: Telling) -> str:
    online = at.item.guide.online
    if online is None:
        return "办理流程见屏幕"
    if not online.available:
        return "不能网上办理，请到现场"
    return f"可以网上办理｜平台：{online.platform}" if online.platform else "可以网上办理"


def places(at: Telling) -> Part:
    """Where to go and when, and the phone twice; further places by name."""
    part, say, item = at.part(SectionKind.PLACES, "去哪儿办"), at.phrases, at.item
    part.say(plain(say.take("scene.places")), rank=TELLING)
    places = [one for one in item.guide.locations or () if one.name or one.address or one.window]
    if places and item.places:
        part.say(plain(say.take("places.lead")), rank=TELLING)
        part.say(*_place(places[0], item.places[0], at))
        _more(part, places, at)
    else:
        part.say(told(say.take("places.unstated") or "办理地点指南未载明", item.name))
    _authority(part, at)
    part.say(*phone(at, "places.phone"))
    _complaint(part, at)
    part.caption = _place_caption(places, item.guide.consult_phone)
    part.interaction = "助理在评论区发地点清单，问地点的请说清在哪个乡镇街道"
    return part


def _authority(part: Part, at: Telling) -> None:
    """Who does it, where there is time."""
    if at.item.authority:
        value = inner(at.item.guide.authority or "")
        text = at.phrases.take("places.authority", value=value)
        part.say(told(text, at.item.authority) if text else None, rank=FILLING)


def _complaint(part: Part, at: Telling) -> None:
    """Where to complain, where there is time."""
    if at.item.complaint:
        value = voiced(at.item.guide.complaint_phone or "")
        text = at.phrases.take("places.complaint", value=value)
        part.say(told(text, at.item.complaint) if text else None, rank=FILLING)


def _place(place: Location, fact: Fact, at: Telling, lead: str = "") -> list[Sentence | None]:
    """Name, address, window, hours: a sentence each."""
    say = at.phrases
    said: list[Sentence | None] = []
    if place.name:
        name = voiced(place.name)
        said.append(told(lead or say.take("places.one", value=name) or f"办理地点是{name}", fact))
    for slot, label, value in (
        ("address", "地址是", place.address),
        ("window", "找", place.window),
        ("hours", "办理时间是", place.hours),
    ):
        if value:
            spoken = inner(voiced(value))
            text = say.take(f"places.{slot}", value=spoken) or f"{label}{spoken}"
            said.append(told(text, fact))
    return said


def _more(part: Part, places: Sequence[Location], at: Telling) -> None:
    others = list(zip(places[1:], at.item.places[1:], strict=False))
    if not others:
        return
    names = listed([voiced(place.name or place.address or "") for place, _ in others])
    text = at.phrases.take("places.more", names=names)
    if text:
        after = at.phrases.take("places.more_after")
        part.say(told(text, *(fact for _, fact in others)), plain(after), rank=TELLING)
    for place, fact in others[:_SPOKEN_PLACES]:
        name = voiced(place.name or "")
        lead = at.phrases.take("places.detail", name=name) if name else ""
        if lead:
            part.say(*_place(place, fact, at, lead), rank=at.rank("locations", DETAIL))


def phone(at: Telling, slot: str) -> list[Sentence | None]:
    """The phone, and the phone once more: nobody has a pen at hand the first time."""
    say, item = at.phrases, at.item
    if not item.consult or not item.guide.consult_phone:
        return []
    value = voiced(item.guide.consult_phone)
    again = say.take("places.again", value=value)
    return [
        told(say.take(slot, value=value) or f"咨询电话是{value}", item.consult),
        told(again, item.consult) if again else None,
    ]


def _place_caption(places: Sequence[Location], consult: str | None) -> str:
    first = places[0] if places else None
    parts = [voiced(first.name or first.address or "") if first else "地点：指南未载明"]
    parts += [voiced(first.hours)] if first and first.hours else []
    parts += [f"咨询电话 {voiced(consult)}"] if consult else []
    return "｜".join(part for part in parts if part)
