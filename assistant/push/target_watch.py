"""Tells when a target is lost, is back, or takes less than is sent.

How many bits a second go out is shown, not judged: a slide that stands still needs fifty thousand.
"""

from dataclasses import dataclass, field
from typing import Protocol

from assistant.domain.live import AlertLevel
from assistant.push.director import Tell
from assistant.push.publisher import PublisherReading, PublisherState
from assistant.push.seams import FRAMES, Now

LOST = 5.0
"""Seconds for which a target may be away, or take nothing, before people are told."""
SLOW = 2.0
"""Seconds without anything taken: from there on it is not slow, it hangs."""
SETTLES = 5.0
"""Seconds of a connection in which frames are left out up to its first keyframe."""
DROPPED = 2 * FRAMES
"""Frames left out in `OVER` from which on viewers notice it."""
OVER = 30.0


class Watched(Protocol):
    """A publisher, as this sees it."""

    def reading(self) -> PublisherReading: ...  # noqa: D102 - see Publisher
    @property
    def sent_at(self) -> float: ...  # noqa: D102


@dataclass(slots=True)
class TargetWatch:
    """One for each target; `look` is called each second."""

    target: Watched
    tell: Tell
    now: Now
    _is_lost: bool = False
    _dropped: int = 0
    _since: float = field(default=-OVER)

    def look(self) -> None:
        """Once more."""
        reading, now = self.target.reading(), self.now()
        silent = now - self.target.sent_at
        if silent > LOST and not self._is_lost:
            self._is_lost = True
            text = f"推流目标 {reading.name} 断开：{reading.why or '服务器没有响应'}"
            self.tell("target_lost", text, AlertLevel.URGENT)
        if reading.state is not PublisherState.LIVE:
            return
        if silent <= LOST and self._is_lost:
            self._is_lost = False
            self.tell("target_back", f"推流目标 {reading.name} 已恢复", None)
        self._slow(reading, now, begins=silent >= SLOW or now - reading.since < SETTLES)

    def _slow(self, reading: PublisherReading, now: float, *, begins: bool) -> None:
        is_slow = not begins and reading.dropped - self._dropped >= DROPPED
        if is_slow:
            text = f"推流目标 {reading.name} 的网络跟不上，画面在跳，请检查上行带宽"
            self.tell("target_slow", text, AlertLevel.URGENT)
        if begins or is_slow or now - self._since >= OVER:
            self._dropped, self._since = reading.dropped, now
