"""What Douyin pushes (developer.open-douyin.com, 直播玩法 → 数据开放): signature and messages."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.errors import BadInput, Forbidden, FormatError
from assistant.live.platforms.door import Rejected
from assistant.live.platforms.texts import LONGEST_TEXT, moment, number, storable

SIGNED = ("x-msg-type", "x-nonce-str", "x-roomid", "x-timestamp")
_TYPES = {
    "live_comment": EventType.COMMENT,
    "live_gift": EventType.GIFT,
    "live_like": EventType.LIKE,
    "live_fansclub": EventType.FOLLOW,
    "live_follow": EventType.FOLLOW,
}
_COUNTS = {"live_gift": "gift_num", "live_like": "like_num"}
_EXTRA = ("gift_value", "fansclub_reason_type", "fansclub_level")
_LARGEST = 2 * 1024 * 1024


def signature(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The value of `x-signature`: Base64 of the MD5 of the four headers, the body and the secret.

    The headers stand as name=value in the order of their names, joined by "&" (签名方式).
    """
    named = "&".join(f"{name}={headers.get(name, '')}" for name in SIGNED)
    signed = named.encode() + body + secret.encode()
    return base64.b64encode(hashlib.md5(signed, usedforsecurity=False).digest()).decode()


def verify(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: float, window: float
) -> Mapping[str, str]:
    """The headers by lower-case name.

    Raises Forbidden unless one of the secrets signed this within `window` seconds of now, BadInput
    for a body that is too large.
    """
    given = {name.lower(): value.strip() for name, value in headers.items()}
    if len(body) > _LARGEST:
        raise BadInput("请求体太大")
    sent = given.get("x-timestamp", "")
    if not (sent.isascii() and sent.isdigit() and abs(now - int(sent[:16]) / 1000) <= window):
        raise Forbidden("x-timestamp 与本机时间不符", hint="请校准本机时钟", needs_login=True)
    got = given.get("x-signature", "").encode()
    if not any(hmac.compare_digest(got, signature(given, body, one).encode()) for one in secrets):
        raise Forbidden("x-signature 不符", hint="请检查推送密钥", needs_login=True)
    return given


def parse(kind: str, body: bytes, now: datetime) -> tuple[list[LiveEvent], list[Rejected]]:
    """Every message of the payload array; what cannot be read, by index.

    A broken message must not cost the others: ten refusals in a row and the platform stops
    pushing. Raises FormatError where there is no array, or of an unknown `x-msg-type`.
    """
    if kind not in _TYPES:
        raise FormatError("不认识的 x-msg-type")
    events: list[LiveEvent] = []
    rejected: list[Rejected] = []
    for index, message in enumerate(_payload(body)):
        if not isinstance(message, dict) or not message.get("msg_id"):
            rejected.append(Rejected(index, "缺少 msg_id"))
        elif not _is_leaving(kind, message):
            events.append(_event(kind, message, now))
    return events, rejected


def _payload(body: bytes) -> list[Any]:
    """The array; the test tool of the platform sends it once more as a string."""
    try:
        read = json.loads(body)
        read = json.loads(read) if isinstance(read, str) else read
    except (ValueError, RecursionError):
        raise FormatError("请求体不是有效的 JSON") from None
    if isinstance(read, dict):
        read = [read]
    if not isinstance(read, list):
        raise FormatError("请求体应为消息数组")
    return read


def _is_leaving(kind: str, message: Mapping[str, Any]) -> bool:
    """Who stops following, or leaves the fan club, is no follow."""
    if kind == "live_follow":
        return bool(message.get("user_follow_action", message.get("use_follow_action")) == 2)
    return bool(kind == "live_fansclub" and message.get("fansclub_reason_type") == 16)


def _event(kind: str, message: Mapping[str, Any], now: datetime) -> LiveEvent:
    viewer = storable(message.get("sec_openid") or message.get("sec_open_id"))[:256]
    return LiveEvent(
        event_id=storable(message["msg_id"])[:256],
        platform="douyin",
        type=_TYPES[kind],
        at=moment(message.get("timestamp"), now),
        user=LiveUser(viewer, storable(message.get("nickname"))) if viewer else None,
        text=storable(message.get("content"))[:LONGEST_TEXT] if kind == "live_comment" else "",
        count=number(message.get(_COUNTS.get(kind, "")), 1),
        extra={key: message[key] for key in _EXTRA if key in message},
    )
