"""The columns of the 台账 (DOMAIN §4): a row of the records as an officer reads it.

What belongs to work orders alone (signing for, extension, follow-up …) stays empty until there are
work orders; what a hand-over holds (department, deadline) is filled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from assistant.domain.ledger import LedgerRow
from assistant.domain.live import OutcomeKind, QuestionState, Urgency
from assistant.domain.region import RegionTree
from assistant.domain.review import CaseState, ResolutionKind
from assistant.review.names import (
    CODE_NAMES,
    KIND_NAMES,
    PLATFORM_NAMES,
    RESOLUTION_NAMES,
    ROUTE_NAMES,
    STATE_NAMES,
    URGENCY_NAMES,
)

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
Value = str | int | datetime | None
"""What a cell holds; times are of the wall clock in China, without a zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, and what it shows."""

    name: str
    width: int
    value: Callable[[LedgerRow], Value]


def local(at: datetime | None) -> datetime | None:
    """A moment as the clock on the wall shows it, to the second."""
    return at.astimezone(CHINA).replace(tzinfo=None, microsecond=0) if at else None


def shown_name(row: LedgerRow) -> str:
    """脱敏昵称: the first sign alone; who has no name is known by four signs of the pseudonym."""
    name = row.viewer_name.strip()
    return f"{name[0]}**" if name else f"网友{row.viewer[:4]}"


def stream_of(row: LedgerRow) -> str:
    """场次: room and beginning."""
    return f"{row.room_name} {row.opened_at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def category(row: LedgerRow) -> str:
    """分类, from what the room made of the comment."""
    codes = {row.code, row.case.code if row.case else ""}
    if "complaint" in codes:
        return "投诉建议"
    return "求助" if row.urgency is not Urgency.NORMAL or "urgent" in codes else "咨询"


def risk(row: LedgerRow) -> str:
    """风险级."""
    if row.urgency is not Urgency.NORMAL:
        return URGENCY_NAMES[row.urgency]
    sensitive = row.code == "refused" or row.code.startswith("harmful_")
    return "敏感" if sensitive else URGENCY_NAMES[Urgency.NORMAL]


def basis(row: LedgerRow) -> str:
    """依据文号/条款, each once; a source without a number goes by its title."""
    places = (f"{one.document_number or one.title} {one.locator}".strip() for one in row.citations)
    return "；".join(dict.fromkeys(places)) if row.answer else ""


def made_by(row: LedgerRow) -> str:
    """生成方式 of the answer that was given; "" where none was."""
    route = ROUTE_NAMES[row.route] if row.route else ""
    if row.case and row.case.sent_at and row.case.kind:
        kind = RESOLUTION_NAMES[row.case.kind]
        return f"{kind}（{route}）" if row.case.kind is ResolutionKind.APPROVE and route else kind
    if not row.answer:
        return ""
    return f"人工确认后播出（{route}）" if row.approver else route


def state_of(row: LedgerRow) -> str:
    """How far it has come now."""
    case = row.case
    if case and case.state is CaseState.HANDED:
        return "已转部门"
    if case and case.sent_at and row.state is QuestionState.IN_REVIEW:
        return "已由人工处理"
    if row.state is None:
        return "待人工" if row.outcome is OutcomeKind.QUEUED_FOR_REVIEW else "不作答"
    return STATE_NAMES[row.state]


def note(row: LedgerRow) -> str:
    """备注: why a person had to look, and what people wrote to it."""
    case = row.case
    reason = row.reason if row.outcome is not OutcomeKind.SPOKEN else ""
    if not reason:
        reason = CODE_NAMES.get(row.code, "")
    texts = (reason, case.unit_note if case else "", case.note if case else "")
    return "；".join(dict.fromkeys(text for text in texts if text))


def columns(regions: RegionTree, now: datetime) -> Sequence[Column]:
    """All columns, in their order."""

    def place(row: LedgerRow) -> str:
        region = regions.get(row.region) if row.region else None
        return region.name if region else row.region or ""

    def late(row: LedgerRow) -> str:
        return "是" if row.case and row.case.is_overdue(now) else ""

    return (
        Column("编号", 28, lambda row: row.id),
        Column("场次", 30, stream_of),
        Column("平台", 10, lambda row: PLATFORM_NAMES.get(row.platform, row.platform)),
        Column("时间", 19, lambda row: local(row.received_at)),
        Column("脱敏昵称", 10, shown_name),
        Column("原问", 40, lambda row: row.text),
        Column("归一问题", 36, lambda row: row.question),
        Column("事项编码", 20, lambda row: row.item),
        Column("地区", 12, place),
        Column("分类", 10, category),
        Column("风险级", 8, risk),
        Column("去向", 10, lambda row: KIND_NAMES[row.outcome]),
        Column("状态", 12, state_of),
        Column("答复", 50, lambda row: row.answer),
        Column("依据文号/条款", 36, basis),
        Column("生成方式", 18, made_by),
        Column("审核人", 10, lambda row: row.approver),
        Column("审核时间", 19, lambda row: local(row.approved_at)),
        Column("播出时间", 19, lambda row: local(row.said_at)),
        Column("是否转办", 9, lambda row: "是" if row.case and row.case.unit else "否"),
        Column("承办单位", 18, lambda row: row.case.unit if row.case else ""),
        Column("派单时间", 19, _handed_at),
        Column("签收时间", 19, _nothing),
        Column("截止时间", 19, lambda row: local(row.case.unit_due_at) if row.case else None),
        Column("办结时间", 19, _nothing),
        Column("延期/退单", 10, _nothing),
        Column("督办次数", 9, _nothing),
        Column("回访结果", 10, _nothing),
        Column("满意度", 8, _nothing),
        Column("超期", 6, late),
        Column("重复数", 8, lambda row: row.repeats),
        Column("备注", 40, note),
    )


def _nothing(row: LedgerRow) -> Value:
    del row  # work orders fill it
    return None


def _handed_at(row: LedgerRow) -> Value:
    case = row.case
    handed = case is not None and bool(case.unit)
    return local(case.sent_at) if case and handed else None
