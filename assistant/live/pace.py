"""Hears when a room stands still or falls behind, and when the machine's clock jumps.

Durations are of the monotonic clock: the wall's may be set at any time.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from assistant.domain.live import AlertLevel

STALLED = 5.0
"""Seconds of a look, or of taking a batch, after which people are told."""
BEHIND = 10.0
"""Seconds after which a comment that is not yet decided is too late."""
JUMPED = 5.0
"""Seconds by which the wall's clock may go otherwise than the machine's own between two looks."""
APART = 60.0
"""Seconds between two alarms of one kind."""
Alarm = Callable[[str, AlertLevel, str], Awaitable[None]]


@dataclass(slots=True)
class Pace:
    """`look` is called with each look of the room, `taken` after each batch."""

    alarm: Alarm
    _told: dict[str, float] = field(default_factory=dict)
    _ahead: float | None = None

    async def look(self, begun: float) -> None:
        """After a look that began at a moment of the monotonic clock."""
        await self.stalled(begun)
        await self._jumped()

    async def stalled(self, begun: float) -> None:
        """Where what began then took far too long: the process hung, or its records did."""
        took = time.monotonic() - begun
        if took >= STALLED:
            text = f"直播间有 {took:.0f} 秒没有反应，已恢复，请看一眼画面和评论"
            await self._tell("stalled", text)

    async def taken(self, now: datetime, oldest: datetime) -> None:
        """Comments were decided, of which the oldest came at a moment of the room's clock."""
        waited = (now - oldest).total_seconds()
        if waited >= BEHIND:
            text = f"评论等了 {waited:.0f} 秒才处理，没有丢失；机器可能过载，请留意"
            await self._tell("behind", text)

    async def _jumped(self) -> None:
        ahead = time.time() - time.monotonic()
        before, self._ahead = self._ahead, ahead
        if before is not None and abs(ahead - before) >= JUMPED:
            text = f"机器的时间跳了 {ahead - before:+.0f} 秒（校时或休眠），请核对时间"
            await self._tell("clock_jumped", text)

    async def _tell(self, code: str, text: str) -> None:
        now = time.monotonic()
        if now - self._told.get(code, -APART) < APART:
            return
        self._told[code] = now
        await self.alarm(code, AlertLevel.URGENT, text)
