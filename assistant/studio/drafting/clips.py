"""Guide clips of less than 40 s: a question, then who, materials, steps, time, fee, place.

At most 150 spoken characters. What does not fit is left to the link; a list is named whole or not
at all.
"""

from collections.abc import Callable, Iterable, Sequence

from assistant.domain.studio import Clip, Sentence
from assistant.studio.clips.lines import HEAD, SAFE, TAIL
from assistant.studio.drafting.facts import ItemFacts, unmarked
from assistant.studio.drafting.parts import inner, listed, told, voiced
from assistant.studio.drafting.say_item import short_limits
from assistant.studio.drafting.slides import link_of
from assistant.studio.drafting.timing import Pace, characters
from assistant.voice.exporting import SPOKEN_LABEL

MOST = 5
CHARACTERS = 150
_NAME = 16

Maker = Callable[[ItemFacts, str], tuple[str, list[Sentence]] | None]


def clips_of(items: Sequence[ItemFacts], pace: Pace) -> tuple[Clip, ...]:
    """Up to five: of one item one a theme; of several the overview of each first."""
    wanted = [(maker, item) for maker in _MAKERS for item in items]
    made: list[Clip] = []
    for maker, item in wanted:
        clip = _clip(f"clip{len(made) + 1}", maker, item, pace)
        if clip and len(made) < MOST:
            made.append(clip)
    return tuple(made)


def _clip(clip_id: str, maker: Maker, item: ItemFacts, pace: Pace) -> Clip | None:
    name = called(item)
    found = maker(item, name)
    if not found or not found[1]:
        return None
    question, body = found
    sentences = fitted([told(question, item.name), *body], _ends(item), pace)
    if len(sentences) < 2:
        return None
    seconds = round(sum(pace(one.text) for one in sentences), 1)
    link = link_of([item])
    return Clip(clip_id, question.rstrip("？"), question, sentences, item.guide.id, link, seconds)


def fitted(body: Sequence[Sentence], ends: Sequence[Sentence], pace: Pace) -> tuple[Sentence, ...]:
    """As many sentences as fit, in order, with the first of the ends that fits."""
    for end in (*ends, None):
        tail = [end] if end else []
        said = list(body)
        while len(said) > 1 and not _fits([*said, *tail], pace):
            said.pop()
        if len(said) == len(body) or end is None:
            return (*said, *tail)
    return tuple(body[:1])


def _fits(sentences: Iterable[Sentence], pace: Pace) -> bool:
    said = list(sentences)
    short = sum(characters(one.text) for one in said) <= CHARACTERS
    seconds = sum(pace(text) for text in (*(one.text for one in said), SPOKEN_LABEL["end"]))
    return short and HEAD + seconds + TAIL <= SAFE


def called(item: ItemFacts) -> str:
    """A short name for the ear: the item's own, else what people call it."""
    name = item.guide.name
    if len(name) <= _NAME:
        return name
    short = [alias for alias in item.guide.aliases if 3 < len(alias) <= _NAME]
    return short[0] if short else name


def _ends(item: ItemFacts) -> list[Sentence]:
    ends = []
    if item.consult and item.guide.consult_phone:
        phone = voiced(item.guide.consult_phone)
        ends.append(told(f"拿不准就打{phone}", item.consult))
    ends.append(Sentence("更多内容看屏幕下方。"))
    return ends


def _overview(item: ItemFacts, name: str) -> tuple[str, list[Sentence]]:
    said = [*_who(item), *_materials(item), *_online(item), *_limits(item), *_place(item)]
    return f"{name}，怎么办？", said


def _bring(item: ItemFacts, name: str) -> tuple[str, list[Sentence]] | None:
    if not item.materials:
        return None
    counted = [_counted(m) for m in item.guide.materials or ()]
    full = told(f"要带的是：{listed(counted)}", *item.materials)
    if characters(full.text) > CHARACTERS - 30:
        full = _materials(item)[0]
    return f"{name}，要带什么材料？", [full, *_who(item)]


def _counted(material: object) -> str:
    originals = getattr(material, "originals", None)
    copies = getattr(material, "copies", None)
    counts = [
        f"{word}{count}份" for word, count in (("原件", originals), ("复印件", copies)) if count
    ]
    return f"{getattr(material, 'name', '')}{''.join(counts)}"


def _do(item: ItemFacts, name: str) -> tuple[str, list[Sentence]] | None:
    steps = [
        told(unmarked(s.text), f) for s, f in zip(item.guide.steps or (), item.steps, strict=True)
    ]
    return (f"{name}，分哪几步？", steps) if steps else None


def _long(item: ItemFacts, name: str) -> tuple[str, list[Sentence]] | None:
    said = _limits(item)
    if item.result:
        said.append(told(f"办好拿到的是{inner(item.guide.result or '')}", item.result))
    return (f"{name}，多久办好，收费吗？", [*said, *_online(item)]) if said else None


def _where(item: ItemFacts, name: str) -> tuple[str, list[Sentence]] | None:
    said = [*_place(item), *_online(item)]
    return (f"{name}，去哪儿办？", said) if said else None


def _who(item: ItemFacts) -> list[Sentence]:
    first = item.conditions[0] if item.conditions else None
    return [told(unmarked(first.text), first)] if first and len(first.text) <= 70 else []


def _materials(item: ItemFacts) -> list[Sentence]:
    if not item.materials:
        return []
    names = [one.name for one in item.guide.materials or ()]
    whole = told(f"带上{listed(names)}", *item.materials)
    if characters(whole.text) <= 70:
        return [whole]
    return [told(f"材料一共{len(names)}项，清单见屏幕", item.material_count)]


def _online(item: ItemFacts) -> list[Sentence]:
    online = item.guide.online
    if not online or not item.online:
        return []
    if not online.available:
        return [told("这件事不能网上办理", item.online)]
    platform = f"，上{online.platform}" if online.platform else ""
    return [told(f"网上就能办{platform}", item.online)]


def _limits(item: ItemFacts) -> list[Sentence]:
    return [told(text, fact) for text, fact in short_limits(item) if len(text) <= 60]


def _place(item: ItemFacts) -> list[Sentence]:
    place = (item.guide.locations or (None,))[0]
    if not place or not item.places:
        return []
    where = "，".join(voiced(v) for v in (place.name, place.address, place.window) if v)
    said = [told(f"去{where}" if where else "", item.places[0])]
    said += [told(f"时间是{inner(voiced(place.hours))}", item.places[0])] if place.hours else []
    return [one for one in said if len(one.text) > 2]


_MAKERS: tuple[Maker, ...] = (_overview, _bring, _do, _long, _where)
