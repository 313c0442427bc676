"""A field of a guide as it is said: shown text, voiced text, and the citation that carries both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.answering.field_cues import AHEAD
from assistant.answering.fields import HOURS
from assistant.answering.spoken import LIMIT, shorten, tidy, voice_list
from assistant.domain.answer import Citation, Statement
from assistant.domain.source import Location, Material, ServiceGuide
from assistant.retrieval.guide_render import (
    FIELD_LABELS,
    render_field,
    render_limit,
    render_location,
    render_material,
)

OVERVIEW = ("conditions", "materials", "promised_limit", "locations")
"""What is said of an item when no field is asked."""
NOT_STATED = "未载明"
_LABELS = {**FIELD_LABELS, HOURS: "办理时间"}
_ON_SCREEN = "详见屏幕。"


def value_of(guide: ServiceGuide, field: str) -> str | None:
    """The field as rendered, None where the guide does not state it; equal texts, equal answers.

    Two links that are the same are one answer, whatever the platform is called.
    """
    if field == "online" and guide.online and guide.online.available and guide.online.url:
        return f"{guide.online.available} {guide.online.url}"
    if field == HOURS:
        return "\n".join(_hours(guide)) or None
    field = "conditions" if field == AHEAD else field
    return render_field(guide, field)


def cite(guide: ServiceGuide, field: str) -> Citation:
    """The field as a citation; the name where the field is not stated.

    A text of the guide is quoted as it stands there, a list or a number as its passage says it.
    """
    text = render_field(guide, "locations" if field == HOURS else field)
    held = field if text else "name"
    shown = "locations" if held == HOURS else held
    stated = getattr(guide, shown)
    return Citation(
        source_id=guide.id,
        locator=FIELD_LABELS[shown],
        quote=stated if isinstance(stated, str) else text or guide.name,
        title=guide.name,
        source_url=guide.source_url,
        field=shown,
    )


def head(guide: ServiceGuide) -> Statement:
    """Which item the answer is about; shown, not voiced."""
    return Statement(f"事项：{guide.name}", "", (cite(guide, "name"),))


def say(
    guide: ServiceGuide, field: str, *, qualified: bool = True, near: Sequence[str] = ()
) -> Statement:
    """One field of a guide; one that is not stated is said to be so, with the telephone.

    `near` are names of the place the question is about: of several locations those that bear one
    of them are said alone.

    `qualified` is False where the question asked for a limit without saying which: then the
    statutory limit, called by its name, stands beside a promised one that is not stated.
    """
    here = _near(guide, near) if field in {HOURS, "locations"} else guide
    value = value_of(here, field) if field == HOURS else render_field(here, field)
    if value is None:
        return _not_stated(guide, field, qualified=qualified)
    return Statement(_shown(here, field, value), _voice(here, field, value), (cite(guide, field),))


def _near(guide: ServiceGuide, names: Sequence[str]) -> ServiceGuide:
    """The guide with only the locations that bear the first of the names that any bears."""
    for name in names:
        bearing = tuple(
            one for one in guide.locations or () if name in f"{one.name or ''}{one.address or ''}"
        )
        if bearing:
            return replace(guide, locations=bearing)
    return guide


def say_material(guide: ServiceGuide, material: Material) -> Statement:
    """One material with its counts and whether it is needed, out of the guide's list."""
    shown = render_material(material)
    return Statement(shown, tidy(f"{shown}。"), (cite(guide, "materials"),))


def fit_voice(
    statements: Sequence[Statement],
    fields: Sequence[str],
    guide: ServiceGuide,
    lead: str,
    *,
    parts: int = 1,
) -> list[Statement]:
    """Shorten what is voiced so that all together stay within the limit, short values first.

    `lead` is the item's name, which is left out where it would cost a part of the answer. Of an
    answer about several items, `parts`, each has an equal share and keeps its name.
    """
    whole, limit = sum(len(s.spoken) for s in statements), LIMIT // parts
    lead = lead if parts > 1 or whole + len(lead) <= limit or whole > limit else ""
    room, left = limit - len(lead), len(statements)
    for said in sorted((s.spoken for s in statements), key=len):
        if len(said) > room // left:
            break
        room, left = room - len(said), left - 1
    share = room // left if left else limit
    fitted = [
        s if len(s.spoken) <= share else replace(s, spoken=_within(s.spoken, field, guide, share))
        for s, field in zip(statements, fields, strict=True)
    ]
    return [replace(fitted[0], spoken=lead + fitted[0].spoken), *fitted[1:]]


def _within(spoken: str, field: str, guide: ServiceGuide, room: int) -> str:
    """A list by its count and first names, anything else by its first sentences."""
    if field == "materials" and guide.materials:
        return _voice_materials(guide, room)
    return shorten(spoken, limit=max(20, room), tail=_ON_SCREEN)


def _not_stated(guide: ServiceGuide, field: str, *, qualified: bool) -> Statement:
    label, cited = _LABELS[field], [cite(guide, "name")]
    text = f"办事指南{NOT_STATED}{label}。"
    if field == "promised_limit" and not qualified and guide.statutory_limit:
        text += f"{FIELD_LABELS['statutory_limit']}为{render_limit(guide.statutory_limit)}。"
        cited.append(cite(guide, "statutory_limit"))
    if field != "consult_phone" and guide.consult_phone:
        text += f"咨询电话：{guide.consult_phone}。"
        cited.append(cite(guide, "consult_phone"))
    return Statement(text, text, tuple(cited))


def _shown(guide: ServiceGuide, field: str, value: str) -> str:
    if field == "visits" and guide.visits == 0:
        return f"{value}，不用到现场"
    if field == "conditions":
        return f"{_LABELS[field]}：{value}"
    return f"{_LABELS[field]}：{value}" if field == HOURS else value


def _voice(guide: ServiceGuide, field: str, value: str) -> str:
    speak = _VOICES.get(field)
    if speak is not None:
        return tidy(speak(guide)).replace("。。", "。")
    return shorten(value if value.startswith(_LABELS[field]) else f"{_LABELS[field]}：{value}")


def _voice_materials(guide: ServiceGuide, limit: int = LIMIT) -> str:
    names = [_counted(material) for material in guide.materials or ()]
    return voice_list(names, lead="申请材料", limit=limit)


def _counted(material: Material) -> str:
    counts = [
        f"{word}{count}份"
        for word, count in (("原件", material.originals), ("复印件", material.copies))
        if count
    ]
    optional = "（非必要）" if material.required is False else ""
    return material.name + "".join(counts) + optional


def _voice_limit(field: str) -> Callable[[ServiceGuide], str]:
    def voice(guide: ServiceGuide) -> str:
        limit = getattr(guide, field)
        return f"{FIELD_LABELS[field]}是{render_limit(limit)}。"

    return voice


def _voice_online(guide: ServiceGuide) -> str:
    online = guide.online
    if online is None or not online.available:
        return "这个事项不能网上办理。"
    platform = f"，平台是{online.platform}" if online.platform else ""
    return f"可以网上办理{platform}{'，网址见屏幕' if online.url else ''}。"


def _voice_visits(guide: ServiceGuide) -> str:
    return "到现场次数是0次，不用到现场。" if guide.visits == 0 else f"要到现场{guide.visits}次。"


def _voice_locations(guide: ServiceGuide) -> str:
    places = [render_location(place) for place in guide.locations or ()]
    if len(places) == 1:
        return f"办理地点：{places[0]}。"
    return f"办理地点共{len(places)}处：{'；'.join(places)}。"


def _hours(guide: ServiceGuide) -> list[str]:
    return list(dict.fromkeys(filter(None, map(_hours_of, guide.locations or ()))))


def _hours_of(place: Location) -> str | None:
    if not place.hours:
        return None
    return f"{place.name}：{place.hours}" if place.name else place.hours


_VOICES: Mapping[str, Callable[[ServiceGuide], str]] = {
    "materials": _voice_materials,
    "statutory_limit": _voice_limit("statutory_limit"),
    "promised_limit": _voice_limit("promised_limit"),
    "online": _voice_online,
    "visits": _voice_visits,
    "locations": _voice_locations,
    "authority": lambda guide: f"由{guide.authority}办理。",
    "consult_phone": lambda guide: f"咨询电话：{guide.consult_phone}。",
    "complaint_phone": lambda guide: f"投诉电话：{guide.complaint_phone}。",
}
