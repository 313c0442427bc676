"""Signed webhook: any system can bring comments (FORMATS §5) and take replies.

A push is `POST` with these headers:

- `X-Assistant-Timestamp`: Unix time in seconds when it was signed; at most 300 s from ours.
- `X-Assistant-Signature`: `v1=` and the hexadecimal HMAC-SHA256, under the shared secret, of
  timestamp + "." + raw body. Several may stand there, separated by commas (change of secrets).

The body is one event, a JSON array of events, or JSON Lines. `at` is Unix time in seconds; a
smaller number than 10^9 is taken as seconds of a recording, and the moment of receipt stands for
it. Replies go out as `POST` signed the same way, with an `Idempotency-Key`.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from assistant.domain.live import LiveEvent
from assistant.errors import BadInput, Forbidden, FormatError, ReplyFailed
from assistant.live.platforms.door import Door, Receipt, Rejected
from assistant.live.platforms.event_rows import PLATFORMS
from assistant.live.platforms.webhook_body import parse
from assistant.live.seams import LiveClock, PlatformState, Receive

TIMESTAMP = "X-Assistant-Timestamp"
SIGNATURE = "X-Assistant-Signature"
_READ_HERE = 16_384
_WAY = '签名为 HMAC-SHA256(密钥, 时间戳 + "." + 请求体)，写作 v1=十六进制'


@dataclass(frozen=True, slots=True)
class WebhookConfig:
    """Settings of a webhook. The first secret signs replies, each is accepted on pushes."""

    secrets: tuple[str, ...] = field(repr=False)
    reply_url: str = ""
    accepts: tuple[str, ...] = tuple(name for name in PLATFORMS if name not in {"page", "console"})
    window: float = 300.0
    max_bytes: int = 1_048_576
    max_events: int = 1_000
    silent_after: float | None = None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Assistant-Signature`."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verify(
    headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], now: float, window: float
) -> None:
    """Raises Forbidden unless a secret signed exactly this body within `window` seconds of now."""
    given = {name.lower(): value for name, value in headers.items()}
    timestamp = given.get(TIMESTAMP.lower(), "").strip()
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forbidden(f"缺少请求头 {TIMESTAMP}，或不是 Unix 秒", hint=_WAY, needs_login=True)
    if abs(now - int(timestamp)) > window:
        hint = "请校准发送方的时钟；每次发送都重新签名"
        raise Forbidden(f"时间戳与本机相差超过 {window:g} 秒", hint=hint, needs_login=True)
    signatures = [part.strip().encode() for part in given.get(SIGNATURE.lower(), "").split(",")]
    expected = [sign(secret, timestamp, body).encode() for secret in secrets]
    if not any(hmac.compare_digest(one, each) for one in signatures[:8] for each in expected):
        raise Forbidden(f"请求头 {SIGNATURE} 不符", hint=_WAY, needs_login=True)


class Webhook:
    """The webhook of a room: `Platform`, and `Replying` where a reply address is set."""

    name = "webhook"

    def __init__(self, config: WebhookConfig, clock: LiveClock, http: httpx.AsyncClient) -> None:
        self.config = config
        self._clock = clock
        self._http = http
        can_reply = bool(config.reply_url)
        self._door = Door(self.name, clock, can_reply=can_reply, silent_after=config.silent_after)

    @property
    def state(self) -> PlatformState:
        """How it is doing."""
        return self._door.state

    async def run(self, receive: Receive) -> None:
        """Take pushes until cancelled."""
        await self._door.stand_open(receive)

    async def accept(self, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Take a push; when this returns its events are on disk.

        Raises:
            Forbidden: signature or timestamp do not hold.
            FormatError: no event of it can be read.
            BadInput: it is too large.
            Unavailable: the room is not open.
        """
        config = self.config
        if len(body) > config.max_bytes:
            raise BadInput(f"请求体超过 {config.max_bytes} 字节", hint="请分批发送")
        now = self._clock.now()
        verify(headers, body, config.secrets, now.timestamp(), config.window)
        events, rejected = await self._read(body, now)
        if not events:
            said = "；".join(f"第 {each.index + 1} 条：{each.error}" for each in rejected[:20])
            raise FormatError(said or "没有事件", hint="格式见 FORMATS §5")
        return await self._door.hand(events, rejected)

    async def _read(self, body: bytes, now: datetime) -> tuple[list[LiveEvent], list[Rejected]]:
        """Read a body; a large one off the event loop (about 50 µs an event)."""
        config = self.config
        limits = (config.accepts, config.max_events, bool(config.reply_url))
        if len(body) < _READ_HERE:
            return parse(body, now, *limits)
        return await asyncio.to_thread(parse, body, now, *limits)

    async def reply(self, address: str, text: str, key: str) -> None:
        """POST the reply. The key lets the receiver know a repeat, so failures may be tried again.

        `address` is the platform and the viewer's id, as the event carried them.
        """
        platform, _, viewer = address.partition(" ")
        body = json.dumps(
            {"key": key, "platform": platform, "user_id": viewer, "text": text}, ensure_ascii=False
        ).encode()
        try:
            answer = await self._http.post(
                self.config.reply_url, content=body, headers=self._signed(body, key)
            )
        except httpx.HTTPError as error:
            raise ReplyFailed("回复地址没有应答", retryable=True) from error
        if not answer.is_success:
            retryable = answer.status_code in {408, 425, 429} or answer.status_code >= 500
            raise ReplyFailed(f"回复地址答复 {answer.status_code}", retryable=retryable)

    def _signed(self, body: bytes, key: str) -> dict[str, str]:
        timestamp = str(int(self._clock.now().timestamp()))
        return {
            TIMESTAMP: timestamp,
            SIGNATURE: sign(self.config.secrets[0], timestamp, body),
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
