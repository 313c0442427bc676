"""Rows of the records as parts of the report: airtime, incidents, what lacks, what waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain.gaps import gaps
from assistant.domain.live import Alert, AlertLevel, LiveSession, Urgency
from assistant.domain.review import Incident as Withdrawal
from assistant.domain.streaming import Happening
from assistant.insight.report import Airtime, Incident, Lack, Night, Waiting
from assistant.records.morning import Lacking
from assistant.records.review_queue import Row

MOST_LACKS = 20
ENDS = ("back", "target_back", "recording_back", "stopped")
"""How the codes of happenings begin with which a stream is whole again, or over."""
LEVELS: Mapping[str, str] = {
    AlertLevel.WARNING: "注意",
    AlertLevel.URGENT: "紧急",
    AlertLevel.EMERGENCY: "危急",
}
Names = Mapping[str, str]
"""Names of rooms by id."""


def airtime(sessions: Sequence[LiveSession], night: Night, names: Names) -> tuple[Airtime, ...]:
    """How long each room was on air; streams that overlap count once."""
    found = []
    for room_id in dict.fromkeys(one.room_id for one in sessions):
        own = [one for one in sessions if one.room_id == room_id]
        seconds = _covered([_within(one, night) for one in own])
        found.append(Airtime(room_id, names.get(room_id, room_id), seconds, len(own)))
    return tuple(sorted(found, key=lambda one: (-one.seconds, one.room_id)))


def incidents(
    alerts: Iterable[Alert],
    withdrawals: Iterable[Withdrawal],
    streams: Mapping[str, Sequence[Happening]],
    names: Names,
) -> tuple[Incident, ...]:
    """What went wrong, the earliest first; `streams` are what befell each room's push, in order."""
    found = [_of_alert(one, names) for one in alerts]
    found += [_of_withdrawal(one, names) for one in withdrawals]
    for room_id, happenings in streams.items():
        found += _of_stream(names.get(room_id, room_id), happenings)
    return tuple(sorted(found, key=lambda one: one.at))


def _of_stream(room: str, happenings: Sequence[Happening]) -> list[Incident]:
    """A fault stands until the stream is back; the steps in between are told as they came."""
    found: list[Incident] = []
    for one in happenings:
        if one.code.startswith(ENDS):
            found = [_mended(each, one) for each in found]
        else:
            level = LEVELS[one.level] if one.level else "处置"
            found.append(Incident(one.at, room, "推流", one.text, level))
    return found


def _mended(incident: Incident, by: Happening) -> Incident:
    if incident.mended_at is not None:
        return incident
    return replace(incident, mended_at=by.at, mended=by.text)


def lacks(found: Iterable[Lacking]) -> tuple[Lack, ...]:
    """By item where the drafts name one, else by likeness of the words; the most asked first."""
    by_item: dict[tuple[str, str], list[Lacking]] = {}
    for one in found:
        by_item.setdefault((one.source_id, one.item), []).append(one)
    told = [_of_item(key, members) for key, members in by_item.items() if key[1]]
    others = [one.question for one in by_item.get(("", ""), ())]
    told += [Lack(gap.topic, gap.asked_by, tuple(gap.questions)) for gap in gaps(others)]
    return tuple(sorted(told, key=lambda one: -one.asked_by)[:MOST_LACKS])


def waiting(rows: Iterable[Row]) -> tuple[Waiting, ...]:
    """The head of the review queue."""
    return tuple(
        Waiting(
            case_id=row.lead.id,
            question=row.question,
            room=row.room_name,
            since=row.lead.made_at,
            due_at=row.due_at,
            urgency=_urgency(row),
            asked_by=row.asked_by,
        )
        for row in rows
    )


def _urgency(row: Row) -> Urgency:
    """Of the case that leads; what the desk marked is urgent too."""
    lead = row.lead
    return Urgency.URGENT if lead.is_urgent and lead.urgency is Urgency.NORMAL else lead.urgency


def _within(session: LiveSession, night: Night) -> tuple[datetime, datetime]:
    ended = session.closed_at or night.until
    return max(session.opened_at, night.since), min(ended, night.until)


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Seconds that are in any of some spans."""
    seconds: float = 0.0
    reached: datetime | None = None
    for begin, end in sorted(spans):
        first = begin if reached is None else max(begin, reached)
        seconds += max(0.0, (end - first).total_seconds())
        reached = end if reached is None else max(end, reached)
    return seconds


def _of_alert(alert: Alert, names: Names) -> Incident:
    seen = f"{alert.acknowledged_by} 已确认" if alert.acknowledged_by else ""
    return Incident(
        at=alert.raised_at,
        room=names.get(alert.room_id, alert.room_id),
        kind="提醒",
        text=alert.text,
        level=LEVELS[alert.level],
        told_at=alert.told_at,
        told=alert.assignee,
        mended_at=alert.acknowledged_at,
        mended=seen,
    )


def _of_withdrawal(made: Withdrawal, names: Names) -> Incident:
    return Incident(
        at=made.made_at,
        room=names.get(made.room_id, made.room_id),
        kind="撤回答复",
        text=made.reason,
        level=LEVELS[AlertLevel.URGENT],
        told_at=made.applied_at,
        told="已停播" if made.applied_at else "",
        mended_at=made.corrected_at,
        mended="已更正" if made.corrected_at else "",
    )


def _of_item(key: tuple[str, str], members: Sequence[Lacking]) -> Lack:
    asked = sorted((one.question for one in members), key=lambda one: -one.asked_by)
    people = sum(one.asked_by for one in asked)
    source_id, item = key
    return Lack(item, people, tuple(one.text for one in asked), item, source_id)
