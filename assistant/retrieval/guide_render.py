"""The one place where a guide's field becomes text: passages, answers and citations all use it.

Values stand verbatim in the text; only labels, counters and units are added. A field that the
guide does not state renders as None and is answered with 指南未载明, never with a guess.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from assistant.domain.source import (
    Basis,
    Channel,
    LimitUnit,
    Location,
    Material,
    Online,
    QuestionAnswer,
    ServiceGuide,
    Step,
    TimeLimit,
)

FIELD_LABELS: Mapping[str, str] = {
    "name": "事项名称",
    "authority": "实施主体",
    "item_type": "事项类型",
    "code": "实施编码",
    "audience": "服务对象",
    "conditions": "受理条件",
    "materials": "申请材料",
    "steps": "办理流程",
    "statutory_limit": "法定办结时限",
    "promised_limit": "承诺办结时限",
    "fee": "收费",
    "locations": "办理地点",
    "consult_phone": "咨询电话",
    "complaint_phone": "投诉电话",
    "online": "网上办理",
    "visits": "到现场次数",
    "appointment": "预约办理",
    "courier": "快递送达",
    "result": "办理结果",
    "basis": "设定依据",
    "faqs": "常见问题",
    "effective_from": "实施日期",
    "effective_to": "失效日期",
    "updated_on": "更新日期",
}
"""Guide field → the label that citations show, in the order in which a guide is read."""

UNIT_WORDS: Mapping[LimitUnit, str] = {
    LimitUnit.WORKDAY: "个工作日",
    LimitUnit.DAY: "天",
    LimitUnit.HOUR: "小时",
    LimitUnit.MONTH: "个月",
}
CHANNEL_WORDS: Mapping[Channel, str] = {
    Channel.ONLINE: "网上",
    Channel.WINDOW: "窗口",
    Channel.ANY: "",
}


def render_field(guide: ServiceGuide, field: str) -> str | None:
    """The field as text: `承诺办结时限：7个工作日`; None where the guide does not state it.

    An empty list states nothing. `conditions` comes without a label, as it is often long.

    Raises:
        KeyError: no such field (see `FIELD_LABELS`).
    """
    label, render = FIELD_LABELS[field], _RENDERERS.get(field, str)
    value = getattr(guide, field)
    text = "" if value is None or value == () else render(value)
    if not text.strip():
        return None
    if field == "conditions":
        return text
    return f"{label}：\n{text}" if "\n" in text else f"{label}：{text}"


def render_limit(limit: TimeLimit) -> str:
    """A time limit, always with its unit: `7个工作日（材料齐全之日起）`."""
    return f"{limit.value:g}{UNIT_WORDS[limit.unit]}{_bracket(limit.note)}"


def render_material(material: Material) -> str:
    """One material with its counts: `户口簿（原件1份、复印件2份；纸质；必要；验原件）`."""
    counts = [
        f"{word}{count}份" if count else f"不要{word}"
        for word, count in (("原件", material.originals), ("复印件", material.copies))
        if count is not None
    ]
    need = None if material.required is None else "必要" if material.required else "非必要"
    rest = ("、".join(counts), material.form, need, material.note)
    return f"{material.name}{_bracket(_joined(rest))}"


def render_location(location: Location) -> str:
    """One place: `政务服务中心，某路1号，3号窗口；办理时间：…；电话：…`, empty where nothing is."""
    place = "，".join(part for part in (location.name, location.address, location.window) if part)
    hours = location.hours and f"办理时间：{location.hours}"
    phone = location.phone and f"电话：{location.phone}"
    return _joined((place, hours, phone))


def render_online(online: Online) -> str:
    """Whether and where it can be done online; no address where it cannot."""
    if not online.available:
        return "不能网上办理"
    can = "可以网上办理"
    platform = online.platform and f"平台：{online.platform}"
    return _joined((can, platform, online.url and f"网址：{online.url}"))


def render_step(step: Step) -> str:
    """One step with its channel, where it has a particular one."""
    return f"{_bracket(CHANNEL_WORDS[step.channel])}{step.text}"


def render_basis(basis: Basis) -> str:
    """One legal basis: title, 文号, clause, words."""
    title = basis.title if "《" in basis.title else f"《{basis.title}》"
    head = f"{title}{_bracket(basis.document_number)}{basis.article or ''}"
    return f"{head}：{basis.text}" if basis.text else head


def render_faq(faq: QuestionAnswer) -> str:
    """One 常见问题."""
    return f"问：{faq.question}\n答：{faq.answer}"


def _materials(materials: tuple[Material, ...]) -> str:
    return _numbered(map(render_material, materials))


def _steps(steps: tuple[Step, ...]) -> str:
    return _numbered(map(render_step, steps))


def _locations(locations: tuple[Location, ...]) -> str:
    return _numbered(map(render_location, locations))


def _basis(basis: tuple[Basis, ...]) -> str:
    return _numbered(map(render_basis, basis))


def _faqs(faqs: tuple[QuestionAnswer, ...]) -> str:
    return "\n".join(map(render_faq, faqs))


def _audience(audience: tuple[str, ...]) -> str:
    return "、".join(audience)


def _numbered(parts: Iterable[str]) -> str:
    """One part as it is, several as numbered lines."""
    stated = [part for part in parts if part]
    if len(stated) < 2:
        return "".join(stated)
    return "\n".join(f"{number}. {part}" for number, part in enumerate(stated, start=1))


def _joined(parts: Iterable[str | None]) -> str:
    return "；".join(part for part in parts if part)


def _bracket(text: str | None) -> str:
    return f"（{text}）" if text else ""


def _visits(visits: int) -> str:
    return f"{visits}次"


def _appointment(possible: bool) -> str:
    return "可以预约" if possible else "不提供预约"


def _courier(possible: bool) -> str:
    return "可以快递送达" if possible else "不提供快递送达"


def _date(day: date) -> str:
    return day.isoformat()


_RENDERERS: Mapping[str, Callable[..., str]] = {
    "audience": _audience,
    "materials": _materials,
    "steps": _steps,
    "statutory_limit": render_limit,
    "promised_limit": render_limit,
    "locations": _locations,
    "online": render_online,
    "visits": _visits,
    "appointment": _appointment,
    "courier": _courier,
    "basis": _basis,
    "faqs": _faqs,
    "effective_from": _date,
    "effective_to": _date,
    "updated_on": _date,
}
