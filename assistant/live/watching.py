"""Tells the people of the rooms on air when something that the service leans on is not well.

Each part is looked at again and again: one alarm for as long as it is ill, and its end is kept
with the alarm. Where the records themselves are away, people are called without them. See
decisions/0049.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from assistant.domain.live import Alert, AlertLevel
from assistant.errors import NotFound, Unavailable
from assistant.jobs.chores import Chore

log = structlog.get_logger()
LOOK = 1.0
"""Seconds between two looks."""
PATIENCE = 2.0
"""Seconds in which a server that is well answers."""
STEADY = 30.0
"""Seconds for which it must be well until it counts as well again."""


class Room(Protocol):
    """A room on air, as far as the watch needs it (live.room)."""

    def alert(self, code: str, level: AlertLevel, text: str) -> Alert:
        """An alert of the room, not stored."""
        ...

    async def alarm(self, code: str, level: AlertLevel, text: str) -> None:
        """Store an alert; who is on duty is told."""
        ...

    async def over(self, code: str, how: str) -> None:
        """Nobody is called any more for the open alerts of a code."""
        ...

    async def call(self, alert: Alert) -> Alert:
        """Tell who is on duty without the records, where that is due; the alert as it is then."""
        ...

    async def keep(self, alert: Alert, how: str) -> None:
        """Store an alert that was called out, over now."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """`is_ill` says how it is now; `text` is what people are told, `back` how it ended."""

    code: str
    level: AlertLevel
    text: str
    back: str
    is_ill: Callable[[], Awaitable[bool]]
    steady: float = STEADY
    holds_records: bool = False
    """Nothing can be stored while it is away."""


@dataclass(slots=True)
class Answering:
    """Whether a server answers; `ask` raises where it does not.

    One that refuses is away; one that is silent is asked again first, as we may have hung.
    """

    ask: Callable[[], Awaitable[None]]
    patience: float = PATIENCE
    _silent: int = 0

    async def is_away(self) -> bool:
        """Ask it."""
        try:
            async with asyncio.timeout(self.patience):
                await self.ask()
        except TimeoutError:
            self._silent += 1
            return self._silent > 1
        except Exception as error:  # noqa: BLE001 - drivers have no common class
            log.info("server_away", kind=type(error).__name__)
            return True
        self._silent = 0
        return False


@dataclass(slots=True)
class Watched:
    """The watch over one part. `rooms` gives those on air now, by id."""

    part: Part
    rooms: Callable[[], Mapping[str, Room]]
    now: Callable[[], float] = time.monotonic
    is_ill: bool = False
    """Until it was well again for long enough: an illness of this while is the same one."""
    _ill_at: float = float("-inf")
    _told: dict[str, Alert | None] = field(default_factory=dict)
    _seen: dict[str, Room] = field(default_factory=dict)

    @property
    def chore(self) -> Chore:
        """What keeps looking."""
        return Chore(f"watch.{self.part.code}", self.look, LOOK)

    async def look(self) -> bool:
        """Look once; gives False, as there is always time until the next look."""
        if await self.part.is_ill():
            self.is_ill, self._ill_at = True, self.now()
            await self._tell()
        elif self.now() - self._ill_at >= self.part.steady:
            self.is_ill = False
            await self._end()
            self._seen = dict(self.rooms())
        return False

    async def _tell(self) -> None:
        """Rooms that broke because of it have their people too."""
        part = self.part
        if part.holds_records:
            for room_id, room in (self._seen | dict(self.rooms())).items():
                alert = self._told.get(room_id) or room.alert(part.code, part.level, part.text)
                self._told[room_id] = await _called(room, alert)
            return
        for room_id, room in self.rooms().items():
            if room_id not in self._told:
                await room.alarm(part.code, part.level, part.text)
                self._told[room_id] = None

    async def _end(self) -> None:
        """A room that is not on air any more, or not yet again, has its alarm ended later."""
        for room_id, room in self.rooms().items():
            if room_id not in self._told:
                continue
            alert = self._told[room_id]
            if alert is not None and alert.told_at is not None:
                await room.keep(alert, self.part.back)
            else:
                if alert is not None:  # nobody could be told meanwhile
                    await room.alarm(self.part.code, self.part.level, self.part.text)
                await room.over(self.part.code, self.part.back)
            del self._told[room_id]


async def _called(room: Room, alert: Alert) -> Alert:
    try:
        return await room.call(alert)
    except (OSError, Unavailable, NotFound) as error:
        log.warning("not_called", code=alert.code, kind=type(error).__name__)
        return alert
