"""The two times of a room: the machine's, and that of a recording."""

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """A time that moves only when it is set; its owner wakes who waits by stepping them."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Go on to a moment; never back."""
        self._now = max(self._now, moment)

    async def move(self, moment: datetime) -> None:
        """Go on to a moment and wake who sleeps until then."""
        self.set(moment)
        async with self._moved:
            self._moved.notify_all()

    async def sleep(self, seconds: float) -> None:
        """Wait until the time has been moved so far."""
        until = self._now + timedelta(seconds=seconds)
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= until)


class Airtime:
    """Seconds that a room was really on air: they stand still while it may not speak.

    Nothing expires while the room is paused, taken over or restarting, so waiting is counted in
    these seconds.
    """

    def __init__(self, now: datetime) -> None:
        self._seconds = 0.0
        self._at = now
        self._runs = False

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return self._seconds

    def tick(self, now: datetime, *, runs: bool) -> None:
        """Count up to now, then run on or stand still."""
        if self._runs:
            self._seconds += max(0.0, (now - self._at).total_seconds())
        self._at = max(now, self._at)
        self._runs = runs
