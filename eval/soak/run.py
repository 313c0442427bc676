"""The soak itself: samples, faults, the count at the end; goes on where its journal ends."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from eval.soak.journal import Journal, Line, State
from eval.soak.picture import Watch
from eval.soak.plan import Plan
from eval.soak.processes import Sampled

COUNT_EVERY = 5
"""Faults between two counts on the way."""
SETTLE = 900.0
"""Seconds in which all must be worked off at the end."""


class Scene(Protocol):
    """What is soaked: a running system with a platform, a viewer and faults around it."""

    async def start(self) -> None:
        """Begin, or take up what an earlier life left."""

    async def stop(self) -> None:
        """End all of it."""

    @property
    def traffic_hours(self) -> float:
        """Hours of traffic that were got through."""

    def lived(self) -> Sequence[float]:
        """When (monotonic) the picture moved of late."""

    def sampled(self) -> Sampled:
        """What each part needs right now."""

    def draw(self, number: int) -> tuple[str, str]:
        """A fault, and why it cannot strike here or ""."""

    async def struck(self, name: str, limit: float) -> Line:
        """Let a fault strike and heal; what was seen of it."""

    async def settled(self, limit: float) -> float | None:
        """Ask no more; seconds until all has its outcome."""

    async def counted(self, *, final: bool) -> Line:
        """What was lost, said twice, unsupported."""


class Soak:
    """One life of it."""

    def __init__(self, plan: Plan, state: State, journal: Journal, scene: Scene) -> None:
        self._plan, self._journal, self._scene = plan, journal, scene
        self._elapsed = state.elapsed
        self._drawn, self._strikes = state.drawn, len(state.faults)
        self._last = 0.0

    async def run(self) -> None:
        """Until the time is over and all is counted; cancelled, it can go on later."""
        self._journal.add("life", at=datetime.now(UTC).isoformat(timespec="seconds"))
        try:
            await self._scene.start()
            self._last = time.monotonic()
            async with asyncio.TaskGroup() as works:
                works.create_task(self._ticks())
                works.create_task(self._faults())
            idle = await self._scene.settled(SETTLE)
            self._journal.add("counted", final=True, **await self._scene.counted(final=True))
            self._journal.add("end", at=datetime.now(UTC).isoformat(timespec="seconds"), idle=idle)
        finally:
            await self._scene.stop()

    @property
    def _now(self) -> float:
        return self._elapsed + time.monotonic() - self._last

    async def _ticks(self) -> None:
        watch = Watch(self._last)
        while self._elapsed < self._plan.seconds:
            await asyncio.sleep(min(self._plan.sample, self._plan.seconds - self._elapsed))
            now = time.monotonic()
            seconds, self._last = now - self._last, now
            self._elapsed += seconds
            self._journal.add(
                "tick",
                at=round(self._elapsed, 2),
                seconds=round(seconds, 3),
                gone=round(watch.gone(self._scene.lived(), now), 3),
                traffic=round(self._scene.traffic_hours, 4),
                parts=await asyncio.to_thread(self._scene.sampled),
            )

    async def _faults(self) -> None:
        """The next is due a pause after the last was due; one that heals slowly delays it."""
        while (due := (self._strikes + 1) * self._plan.fault_every) < self._plan.seconds:
            await asyncio.sleep(max(0.0, due - self._now))
            name = self._next()
            self._journal.add("strike", name=name, at=round(self._now, 1))
            self._strikes += 1
            seen = await self._scene.struck(name, self._plan.fault_every)
            self._journal.add("healed", **seen)
            if self._strikes % COUNT_EVERY == 0:
                self._journal.add("counted", final=False, **await self._scene.counted(final=False))

    def _next(self) -> str:
        """The next that can strike."""
        while True:
            name, why = self._scene.draw(self._drawn)
            self._drawn += 1
            if not why:
                return name
            self._journal.add("skipped", name=name, why=why)
