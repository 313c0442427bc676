"""Messages of Bilibili's live open platform as events (open-live.bilibili.com, 长连接 CMD)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.live.platforms.texts import LONGEST_TEXT, moment, number, storable

_PREFIX = "LIVE_OPEN_PLATFORM_"
_TYPES = {
    "DM": EventType.COMMENT,
    "SUPER_CHAT": EventType.COMMENT,
    "SEND_GIFT": EventType.GIFT,
    "GUARD": EventType.GIFT,
    "LIKE": EventType.LIKE,
    "LIVE_ROOM_ENTER": EventType.ENTER,
    "LIVE_START": EventType.STREAM_START,
    "LIVE_END": EventType.STREAM_END,
}
_COUNTS = {"SEND_GIFT": "gift_num", "GUARD": "guard_num", "LIKE": "like_count"}
_TEXTS = {"DM": "msg", "SUPER_CHAT": "message"}
_EXTRA = ("dm_type", "rmb", "gift_name", "guard_level", "fans_medal_level")


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The platform stopped sending to this session (INTERACTION_END)."""

    game_id: str


def read_message(body: bytes, now: datetime) -> LiveEvent | SessionEnded | None:
    """The event of a message; None for a kind that is of no use here (also `DM_MIRROR`).

    Raises ValueError for what is no message. A message without id gets one from its content, the
    same one when it comes again.
    """
    message = json.loads(body)
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(data, dict):
        raise ValueError("a message needs cmd and data")  # noqa: TRY004 - it is the content
    kind = str(message.get("cmd", "")).removeprefix(_PREFIX)
    if kind == "INTERACTION_END":
        return SessionEnded(storable(data.get("game_id")))
    return _event(kind, data, now) if kind in _TYPES else None


def _event(kind: str, data: Mapping[str, Any], now: datetime) -> LiveEvent:
    seconds = data.get("timestamp") or data.get("start_time")
    return LiveEvent(
        event_id=_event_id(kind, data),
        platform="bilibili",
        type=_TYPES[kind],
        at=moment(seconds, now),
        user=_user(data),
        text=storable(data.get(_TEXTS.get(kind, "")))[:LONGEST_TEXT],
        count=number(data.get(_COUNTS.get(kind, "")), 1),
        extra={key: data[key] for key in _EXTRA if key in data},
    )


def _event_id(kind: str, data: Mapping[str, Any]) -> str:
    given = data.get("msg_id") or (data.get("message_id") if kind == "SUPER_CHAT" else None)
    if given:
        return storable(given)[:256]
    content = json.dumps([kind, data], sort_keys=True, ensure_ascii=True)
    return "made-" + hashlib.sha256(content.encode()).hexdigest()[:40]


def _user(data: Mapping[str, Any]) -> LiveUser | None:
    """Who it was. `uid` is 0 wherever `open_id` is given; guards carry it in `user_info`."""
    who = data.get("user_info")
    who = who if isinstance(who, dict) else data
    user_id = storable(who.get("open_id") or who.get("uid") or "")
    if not user_id:
        return None
    return LiveUser(
        user_id[:256], storable(who.get("uname")), number(data.get("fans_medal_level"), 0)
    )
