"""The 场次 that a page can be narrowed to: those of the rooms one may see, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from assistant.domain.live import LiveSession, Room
from assistant.review.ledger import CHINA
from assistant.web.ledger_in import LedgerIn
from assistant.web.live.house import house_of

MOST = 200
"""Sessions to choose from, of all rooms together; an older one is found by its dates."""


@dataclass(frozen=True, slots=True)
class RoomSessions:
    """A room with its sessions, newest first."""

    room: Room
    sessions: tuple[LiveSession, ...]


async def sessions_to_pick(
    request: Request, rooms: Sequence[Room], wanted: LedgerIn
) -> list[RoomSessions]:
    """By room, the one that was on air last first; of the chosen room alone where one is chosen.

    The chosen session is among them, however old.
    """
    by_id = {one.id: one for one in rooms if wanted.room in (None, one.id)}
    reads = house_of(request).reads
    found = await reads.latest_sessions(by_id.keys(), MOST)
    if wanted.session and all(one.id != wanted.session for one in found):
        chosen = await reads.session(wanted.session)
        found += [chosen] if chosen and chosen.room_id in by_id else []
    grouped: dict[str, list[LiveSession]] = {}
    for one in found:
        grouped.setdefault(one.room_id, []).append(one)
    return [RoomSessions(by_id[room_id], tuple(own)) for room_id, own in grouped.items()]


async def fitting(request: Request, wanted: LedgerIn) -> LedgerIn:
    """Without a session of another room than the chosen one: a new room begins anew."""
    if wanted.room is None or wanted.session is None:
        return wanted
    session = await house_of(request).reads.session(wanted.session)
    same = session is not None and session.room_id == wanted.room
    return wanted if same else wanted.model_copy(update={"session": None})


def session_label(one: LiveSession) -> str:
    """Its date and times, as a clock on the wall shows them."""
    opened = one.opened_at.astimezone(CHINA)
    if one.closed_at is None:
        return f"{opened:%Y-%m-%d %H:%M} 起（正在直播）"
    closed = one.closed_at.astimezone(CHINA)
    same_day = opened.date() == closed.date()
    return f"{opened:%Y-%m-%d %H:%M} 到 {closed:{'%H:%M' if same_day else '%m-%d %H:%M'}}"
