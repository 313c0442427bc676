"""Ways to tell a person of an alert: a signed webhook, the log, or several of them."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence

import httpx
import structlog

from assistant.domain.live import Alert
from assistant.errors import Unavailable
from assistant.live.services import Notify

log = structlog.get_logger()


class LogNotify:
    """Writes the alert's code to the log: the console shows open alerts by itself."""

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Log it, without any words of a viewer."""
        log.warning(
            "alert", alert=alert.id, code=alert.code, level=alert.level, to=officer, step=alert.step
        )


class WebhookNotify:
    """Posts the alert as JSON, signed with HMAC-SHA256 over `timestamp.body`.

    Headers: `X-Timestamp` (seconds), `X-Signature` (hexadecimal), `X-Alert-Id` (the same for a
    repeat, so a receiver can drop it).
    """

    def __init__(self, url: str, secret: str, timeout: float = 8.0) -> None:
        self._url = url
        self._secret = secret.encode()
        self._timeout = timeout

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Post it; raises Unavailable unless the receiver answers 2xx."""
        body = json.dumps(payload(officer, alert), ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "x-timestamp": stamp,
            "x-signature": signature(self._secret, stamp, body),
            "x-alert-id": f"{alert.id}-{alert.step}",
        }
        try:
            async with httpx.AsyncClient(timeout=self._timeout, trust_env=False) as client:
                answer = await client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable("提醒没有送达", hint=type(error).__name__) from error
        if not answer.is_success:
            raise Unavailable("提醒没有送达", hint=f"HTTP {answer.status_code}")


class NotifyAll:
    """Tells by every way and writes it to the log; one way that works is enough.

    Only where there is no way at all the log counts: a line that nobody reads must not make an
    alert count as told while the network is cut.
    """

    def __init__(self, ways: Sequence[Notify]) -> None:
        self._ways = ways
        self._log = LogNotify()

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Tell; raises Unavailable where no way worked."""
        await self._log(officer, alert)
        failed = 0
        for way in self._ways:
            try:
                await way(officer, alert)
            except Unavailable as error:
                failed += 1
                log.warning("notify_failed", alert=alert.id, why=str(error))
        if self._ways and failed == len(self._ways):
            raise Unavailable("提醒没有送达")


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `stamp.body`, hexadecimal."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def payload(officer: str, alert: Alert) -> Mapping[str, object]:
    """What the receiver reads; never a viewer's words."""
    return {
        "alert_id": alert.id,
        "room_id": alert.room_id,
        "code": alert.code,
        "level": alert.level.value,
        "text": alert.text,
        "officer": officer,
        "step": alert.step,
        "raised_at": alert.raised_at.isoformat(),
    }
