"""The newest report of each room's stream, in memory: a second later it is told again.

A stream that went while no service was there to hear it is missed too, by its mark on the disk.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assistant.push.seen import SeenStreams

FRESH = 10.0
"""Seconds after which a stream that reports no more counts as gone."""
MISSED = 3600.0
"""Seconds for which a stream that is gone, and did not say that it stops, is missed."""
COMES = 60.0
"""Seconds in which a stream that is started with the service, or anew, reports."""


@dataclass(frozen=True, slots=True)
class TargetReport:
    """One target of a stream."""

    name: str = ""
    host: str = ""
    state: str = ""
    since: float = 0.0
    bits: int = 0
    frames: int = 0
    dropped: int = 0
    queued: int = 0
    unsent: int = 0
    connections: int = 0
    why: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it takes the stream now."""
        return self.state == "live"


@dataclass(frozen=True, slots=True)
class StreamReport:
    """How a stream goes; numbers as `push.session` gives them."""

    mode: str = ""
    rate: float = 0.0
    bits: int = 0
    offset: int = 0
    frames: int = 0
    silent: float = 0.0
    faults: tuple[str, ...] = ()
    targets: tuple[TargetReport, ...] = ()
    recording: Mapping[str, Any] | None = None
    ends: bool = False
    """It is being stopped by a person."""


@dataclass(slots=True)
class _Kept:
    report: StreamReport
    preview: bytes
    at: float


@dataclass(slots=True)
class PushBoard:
    """`now` is a monotonic clock in seconds."""

    now: Callable[[], float]
    seen: SeenStreams | None = None
    is_leaving: bool = False
    """Whether the process that serves is about to end."""
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _deaf: set[str] = field(default_factory=set)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _since: float = 0.0

    def __post_init__(self) -> None:
        """It begins to hear."""
        self._since = self.now()

    def put(self, room_id: str, report: StreamReport, preview: bytes) -> None:
        """The newest of a room; one that ends is forgotten."""
        if report.ends:
            self._kept.pop(room_id, None)
        else:
            self._kept[room_id] = _Kept(report, preview, self.now())
        if self.seen:
            (self.seen.forget if report.ends else self.seen.mark)(room_id)

    def leave(self) -> None:
        """From now on streams are told that the process ends: to miss it calls nobody."""
        self.is_leaving = True
        self._deaf = {one for one in self._kept if self.report(one)}
        self._hear("")

    def is_told_leaving(self, room_id: str) -> bool:
        """What the stream of a room hears in answer to its report."""
        if self.is_leaving:
            self._hear(room_id)
        return self.is_leaving

    async def heard(self, limit: float) -> None:
        """Wait until every stream was told, for so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await self._heard.wait()

    def _hear(self, room_id: str) -> None:
        self._deaf.discard(room_id)
        if not self._deaf:
            self._heard.set()

    def report(self, room_id: str) -> StreamReport | None:
        """The newest of a room whose stream runs."""
        kept = self._kept.get(room_id)
        return kept.report if kept and self.now() - kept.at < FRESH else None

    def preview(self, room_id: str) -> bytes:
        """A small JPEG; empty where there is none."""
        kept = self._kept.get(room_id)
        return kept.preview if kept and self.now() - kept.at < FRESH else b""

    def is_missed(self, room_id: str) -> bool:
        """Whether it was there and is gone without a word."""
        kept = self._kept.get(room_id)
        if kept is None:
            return self._has_not_come(room_id)
        return FRESH <= self.now() - kept.at < MISSED

    def _has_not_come(self, room_id: str) -> bool:
        """It was there before this service, and neither stopped nor came back."""
        age = self.seen.age(room_id) if self.seen else None
        return age is not None and min(age, self.now() - self._since) >= COMES and age < MISSED

    @property
    def rooms(self) -> list[str]:
        """Rooms whose stream runs or is missed."""
        known = {*self._kept, *(self.seen.rooms if self.seen else ())}
        return sorted(one for one in known if self.report(one) or self.is_missed(one))

    def degraded(self) -> list[str]:
        """What `/health` names."""
        found = []
        for room_id in self.rooms:
            report = self.report(room_id)
            if report is None:
                found.append(f"push_{room_id}_gone")
                continue
            if report.mode != "browser":
                found.append(f"push_{room_id}_{report.mode}")
            away = [one.name for one in report.targets if not one.is_live]
            found += [f"push_{room_id}_target_{name}" for name in away]
        return found
