"""A brief of one line → what is to be drafted, with questions back and named defaults."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.domain.studio import Brief, StreamKind
from assistant.domain.workdays import Calendar
from assistant.errors import BadInput
from assistant.studio.drafting.asked_for import AskedFor, fields_in, read_words
from assistant.studio.drafting.knowledge import Knowledge
from assistant.studio.drafting.linking import link_items, link_policies, resting_on

MINUTES = 20
_UNSTATED = f"时长没有写，按{MINUTES}分钟起草"
_LONGEST = 240
_LONGEST_TEXT = 2000
_WEEKDAYS = "一二三四五六日"
_USUAL_EMPHASIS = ("重点没有写，按材料和流程起草", "重点没有写，按条文起草")
DEFAULT_EMPHASIS = ("materials", "steps")


async def read_brief(
    text: str, on: Knowledge, today: date, calendar: Calendar, region: str | None = None
) -> Brief:
    """Read a brief. Raises BadInput for one that is empty or endless."""
    if not text.strip() or len(text) > _LONGEST_TEXT:
        raise BadInput(f"需求要写 1 到 {_LONGEST_TEXT} 个字")
    said = read_words(text, today, calendar)
    day = said.day or today
    items = await link_items(said.topic, on, day, region)
    wanted = said.kind is StreamKind.POLICY
    policies = await link_policies(text, said.topic, on, day, region, wanted=wanted)
    kind = said.kind or _kind(items.items, policies)
    minutes = min(said.minutes or MINUTES, _LONGEST)
    if policies and not items.items:
        items = resting_on(policies, on, day, region, most=1 if minutes <= MINUTES else 2)
    usual = ("basis",) if kind is StreamKind.POLICY else DEFAULT_EMPHASIS
    return Brief(
        text=text.strip(),
        kind=kind,
        title=_title(said, kind, items.items, policies, on),
        day=said.day,
        minutes=minutes,
        audience=said.audience,
        region=region,
        items=items.items,
        policies=policies,
        emphasis=said.emphasis or _told_in(said.topic) or usual,
        missing=(*_missing(said, items.items, policies), *items.missing),
        begins=said.begins,
        platform=said.platform,
        frequency=said.frequency,
        assumed=(*_assumed(said, kind, today, calendar), *items.assumed),
    )


def offered(brief: Brief, longest: int) -> Brief:
    """A brief whose sources carry `longest` minutes: a shorter stream is offered, or assumed."""
    minutes = brief.minutes or MINUTES
    if longest >= minutes:
        return brief
    if _UNSTATED in brief.assumed:
        known = f"时长没有写，资料连答疑够讲{longest}分钟，按{longest}分钟起草"
        assumed = tuple(known if one == _UNSTATED else one for one in brief.assumed)
        return replace(brief, minutes=longest, assumed=assumed)
    ask = f"资料连答疑够讲{longest}分钟，撑不满{minutes}分钟：改成{longest}分钟，还是再加事项？"
    return replace(brief, missing=(*brief.missing, ask))


def _told_in(topic: str) -> tuple[str, ...]:
    """Fields that a topic names beside its item (参保的材料); 法律 may be the item's own."""
    return tuple(field for field in fields_in(topic) if field not in {"basis", "faqs"})


def _kind(items: Sequence[str], policies: Sequence[str]) -> StreamKind:
    if policies and not items:
        return StreamKind.POLICY
    return StreamKind.FREQUENT if len(items) > 1 else StreamKind.GUIDE


def _title(
    said: AskedFor, kind: StreamKind, items: Sequence[str], policies: Sequence[str], on: Knowledge
) -> str:
    """The items by name; of several documents the first."""
    names = [on.guides.catalogue.guides[item].name for item in items]
    titles = [on.headers[one].title for one in policies]
    if kind is StreamKind.POLICY and titles:
        return titles[0] if "《" in titles[0] else f"《{titles[0]}》"
    if names:
        return (
            "、".join(names) if len("、".join(names)) <= 40 else f"{names[0]}等{len(names)}个事项"
        )
    return titles[0] if titles else said.topic


def _missing(said: AskedFor, items: Sequence[str], policies: Sequence[str]) -> list[str]:
    asked = []
    if not items and not policies:
        what = f"“{said.topic}”" if said.topic else "这个需求"
        asked.append(f"知识库里没有找到{what}对应的事项或文件，请写明事项名称或文件名")
    if said.day is None and not said.frequency:
        asked.append("哪一天播？")
    return asked


def _assumed(said: AskedFor, kind: StreamKind, today: date, calendar: Calendar) -> list[str]:
    """The defaults that were taken, and what of the day should be looked at."""
    taken = []
    if said.minutes is None:
        taken.append(_UNSTATED)
    elif said.minutes > _LONGEST:
        taken.append(f"时长按最长的{_LONGEST}分钟起草")
    if not said.emphasis:
        taken.append(_USUAL_EMPHASIS[kind is StreamKind.POLICY])
    if said.kind is None:
        taken.append(f"直播类型没有写，按“{kind}”起草")
    if said.day is None:
        taken.append("日期没有写，依据的效力按今天核对")
    elif said.day < today:
        taken.append(f"{said.day.isoformat()} 已经过去，请改日期")
    elif not calendar.is_workday(said.day):
        weekday = _WEEKDAYS[said.day.weekday()]
        taken.append(f"{said.day.isoformat()}（星期{weekday}）不是工作日，请确认")
    return taken
