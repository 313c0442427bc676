"""一次性告知清单: one service item as a card, with nothing that its guide does not state.

Every value is the guide's own (through `retrieval.guide_render`). What a citizen must know and the
guide does not say is shown as 指南未载明, never left out silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.source import Basis, Material, ServiceGuide
from assistant.retrieval.guide_render import (
    CHANNEL_WORDS,
    FIELD_LABELS,
    render_basis,
    render_field,
    render_limit,
    render_location,
)

TITLE = "一次性告知清单"
NOT_STATED = "指南未载明"
AI_LABEL = "本清单由人工智能助手依据办事指南自动生成，以窗口告知为准"
"""Holds 人工智能 and 生成, as the labelling rules ask of generated files (DOMAIN §3)."""


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material; counts and words as they are printed, "—" where the guide states nothing."""

    number: int
    name: str
    originals: str
    copies: str
    form: str
    need: str
    note: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the card: what it is, and one or more values."""

    label: str
    values: tuple[str, ...]

    @property
    def is_stated(self) -> bool:
        """Whether the guide says anything of it."""
        return self.values != (NOT_STATED,)


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `before` stands above the materials, `after` below them, both in reading order.

    `materials` is None where the guide does not say what is needed, empty where it says nothing is.
    `link` is where the QR code leads, `link_words` what it is.
    """

    source_id: str
    name: str
    region: str
    before: tuple[Fact, ...]
    materials: tuple[MaterialRow, ...] | None
    after: tuple[Fact, ...]
    validity: str
    link: str
    link_words: str
    made_on: date
    label: str = AI_LABEL

    @property
    def materials_line(self) -> str:
        """What stands in place of the table."""
        return NOT_STATED if self.materials is None else "不需要提交材料"


@dataclass(frozen=True, slots=True)
class Place:
    """The name of the guide's region, the address of its page in this service, and the day."""

    region: str
    page: str
    day: date


def card_of(guide: ServiceGuide, on: Place) -> Card:
    """The card of a guide."""
    link, words = _link(guide, on.page)
    return Card(
        source_id=guide.id,
        name=guide.name,
        region=on.region,
        before=(_plain(guide, "authority"), _plain(guide, "audience"), _conditions(guide)),
        materials=_materials(guide.materials),
        after=tuple(_after(guide)),
        validity=_validity(guide),
        link=link,
        link_words=words,
        made_on=on.day,
    )


def _after(guide: ServiceGuide) -> Iterable[Fact]:
    yield _steps(guide)
    yield _limit(guide, "statutory_limit")
    yield _limit(guide, "promised_limit")
    yield _plain(guide, "fee")
    yield _plain(guide, "online")
    yield _plain(guide, "visits")
    yield from _stated(guide, "appointment", "courier", "result")
    yield _list("locations", [render_location(one) for one in guide.locations or ()])
    yield _plain(guide, "consult_phone")
    yield from _stated(guide, "complaint_phone")
    yield _list("basis", [_short_basis(one) for one in guide.basis or ()])


def _plain(guide: ServiceGuide, field: str) -> Fact:
    """A field as the guide's own text, without its label."""
    label = FIELD_LABELS[field]
    text = render_field(guide, field)
    return Fact(label, (text.removeprefix(f"{label}：").strip(),) if text else (NOT_STATED,))


def _stated(guide: ServiceGuide, *fields: str) -> Iterable[Fact]:
    """Fields that are left out where the guide is silent: nobody misses them."""
    return (fact for field in fields if (fact := _plain(guide, field)).is_stated)


def _conditions(guide: ServiceGuide) -> Fact:
    lines = tuple(line.strip() for line in (guide.conditions or "").splitlines() if line.strip())
    return Fact(FIELD_LABELS["conditions"], lines or (NOT_STATED,))


def _steps(guide: ServiceGuide) -> Fact:
    steps = []
    for number, step in enumerate(guide.steps or (), start=1):
        channel = CHANNEL_WORDS[step.channel]
        steps.append(f"{number}. {f'【{channel}】' if channel else ''}{step.text}")
    return Fact(FIELD_LABELS["steps"], tuple(steps) or (NOT_STATED,))


def _limit(guide: ServiceGuide, field: str) -> Fact:
    limit = guide.statutory_limit if field == "statutory_limit" else guide.promised_limit
    return Fact(FIELD_LABELS[field], (render_limit(limit),) if limit else (NOT_STATED,))


def _list(field: str, values: list[str]) -> Fact:
    numbered = [f"{n}. {value}" for n, value in enumerate(values, start=1)]
    return Fact(
        FIELD_LABELS[field], tuple(numbered if len(values) > 1 else values) or (NOT_STATED,)
    )


def _short_basis(basis: Basis) -> str:
    """Title, 文号 and article; the words of the clause are behind the QR code."""
    return render_basis(replace(basis, text=None))


def _materials(materials: tuple[Material, ...] | None) -> tuple[MaterialRow, ...] | None:
    if materials is None:
        return None
    return tuple(_row(number, one) for number, one in enumerate(materials, start=1))


def _row(number: int, one: Material) -> MaterialRow:
    need = {None: "—", True: "必要", False: "非必要"}[one.required]
    return MaterialRow(
        number,
        one.name,
        _count(one.originals),
        _count(one.copies),
        one.form or "—",
        need,
        one.note or "",
    )


def _count(count: int | None) -> str:
    if count is None:
        return "—"
    return f"{count}份" if count else "不要"


def _validity(guide: ServiceGuide) -> str:
    days: Mapping[str, date | None] = {
        "更新日期": guide.updated_on,
        "实施日期": guide.effective_from,
        "失效日期": guide.effective_to,
    }
    stated = [f"{name} {day.isoformat()}" for name, day in days.items() if day]
    return "　".join(stated) or "指南未载明日期"


def _link(guide: ServiceGuide, page: str) -> tuple[str, str]:
    """Where a citizen goes on: to do it online, else to the original, else to our own page."""
    online = guide.online
    if online and online.available and _is_web(online.url):
        return str(online.url), "扫码在线办理"
    if _is_web(guide.source_url):
        return str(guide.source_url), "扫码看官网指南"
    return page, "扫码看办事指南"


def _is_web(url: str | None) -> bool:
    return (url or "").strip().lower().startswith(("http://", "https://"))
