"""Sounds that rest on a source go when it changes, is retired, or ends on its day."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.domain.clock import Clock, china_day
from assistant.domain.source import SourceHeader, in_force, supersessions
from assistant.voice.cache import write_whole


class Change(Protocol):
    """One row of the outbox (records.sources)."""

    @property
    def seq(self) -> int:
        """Grows with every change."""
        ...

    @property
    def source_id(self) -> str:
        """What changed."""
        ...


class Sources(Protocol):
    """What is read of the sources."""

    async def changes(self, after: int, limit: int = 1000) -> Sequence[Change]:
        """What changed after a number, in order."""
        ...

    async def superseding(self) -> list[SourceHeader]:
        """The headers that name another source as superseded."""
        ...

    async def headers(self) -> list[SourceHeader]:
        """The headers of all sources in use."""
        ...


class SourceWatch:
    """A chore. How far it came stands in a file, so that nothing is missed while it was off."""

    def __init__(
        self,
        sources: Sources,
        forget: Callable[[Iterable[str]], Awaitable[int]],
        seen: Path,
        clock: Clock,
    ) -> None:
        self._sources = sources
        self._forget = forget
        self._seen = seen
        self._clock = clock
        self._day: date | None = None

    async def follow(self) -> bool:
        """Take up some changes; whether there may be more."""
        await self._end_of_days()
        after = await asyncio.to_thread(self._read)
        changes = await self._sources.changes(after)
        if not changes:
            return False
        await self._forget({one.source_id for one in changes})
        await asyncio.to_thread(self._write, changes[-1].seq)
        return True

    async def _end_of_days(self) -> None:
        """Once a day: what is no longer in force. Nothing is written when a validity ends."""
        today = china_day(self._clock())
        if today == self._day:
            return
        headers = await self._sources.headers()
        ends = supersessions(await self._sources.superseding())
        silent = {one.id for one in headers if not in_force(one, today, ends.get(one.id))}
        if silent:
            await self._forget(silent)
        self._day = today

    def _read(self) -> int:
        try:
            return int(self._seen.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def _write(self, seq: int) -> None:
        self._seen.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._seen, str(seq).encode("ascii"))


class Withdrawn(Protocol):
    """An answer that was taken back."""

    @property
    def id(self) -> str:
        """Which one."""
        ...

    @property
    def source_ids(self) -> tuple[str, ...]:
        """What it rested on."""
        ...


class WithdrawnWatch:
    """A chore: the sounds of an answer that was taken back go, with all that its sources gave.

    After a start it takes those up that are not corrected yet; a sound that goes twice does no
    harm.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[Sequence[Withdrawn]]],
        forget: Callable[[Iterable[str]], Awaitable[int]],
    ) -> None:
        self._read = read
        self._forget = forget
        self._known: frozenset[str] = frozenset()

    async def follow(self) -> bool:
        """Take up what was withdrawn since; there is never more to do at once."""
        found = await self._read()
        new = [one for one in found if one.id not in self._known]
        if new:
            await self._forget({source for one in new for source in one.source_ids})
        self._known = frozenset(one.id for one in found)
        return False
