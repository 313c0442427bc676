"""Lay terms for guides are asked for after ingest, one guide after the other: nobody waits.

Which guides still want it is read from what is current and what is stored, so nothing is lost by a
restart. Where the model fails, the guide is put off, ever longer, and the others rest for a while.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

import structlog

from assistant.answering.items import PLAIN
from assistant.answering.proposed_lay import SECONDS, Weighed
from assistant.domain.clock import Clock
from assistant.domain.proposals import Progress
from assistant.domain.source import ServiceGuide, SourceHeader, SourceKind
from assistant.errors import ModelFailed

log = structlog.get_logger()
LEASE = timedelta(seconds=3 * SECONDS)
REST = timedelta(seconds=60)
"""How long a model that failed is left alone, and a guide is put off the first time."""
LONGEST = timedelta(hours=6)


class Store(Protocol):
    """Where proposals lie (records.proposed_lay)."""

    async def progress(self) -> Mapping[str, Progress]:
        """How far each guide is."""
        ...

    async def take(self, source_id: str, version: int, until: datetime) -> Progress | None:
        """Take a version of a guide up; None where another process has it."""
        ...

    async def put_off(self, source_id: str, held: Progress, until: datetime, told: str) -> None:
        """Try again after a moment, and say why."""
        ...

    async def finish(
        self, source_id: str, held: Progress, terms: Mapping[str, str], origin: str
    ) -> bool:
        """Store the terms, each with why it is not kept."""
        ...


@dataclass(frozen=True, slots=True)
class LayParts:
    """What it works with. `origin` names model and prompt."""

    propose: Callable[[ServiceGuide, date], Awaitable[list[Weighed]]]
    store: Store
    headers: Callable[[], Mapping[str, SourceHeader]]
    guides: Callable[[list[str]], Awaitable[list[ServiceGuide]]]
    origin: str
    clock: Clock
    today: Callable[[], date]


@dataclass
class LayJobs:
    """The work on one organisation's guides; `run` is a chore."""

    on: LayParts
    last_failure: str = ""
    _known: dict[str, Progress] | None = field(default=None, init=False)
    _rests: datetime | None = field(default=None, init=False)

    async def run(self) -> bool:
        """Ask for the terms of one guide; whether there was one."""
        now = self.on.clock()
        if self._rests and now < self._rests:
            return False
        if self._known is None:
            self._known = dict(await self.on.store.progress())
        found = self._next(self._known, now)
        if found is None:
            self._known = None  # another process may have put one off
            return False
        held = await self.on.store.take(found.id, found.version, now + LEASE)
        if held is None:
            self._known = None
            return False
        self._known[found.id] = await self._work(found.id, held)
        return True

    def waiting(self) -> int:
        """How many guides still want it, as far as this process knows."""
        known = self._known or {}
        return sum(_wants(header, known.get(header.id)) for header in self.on.headers().values())

    def _next(self, known: Mapping[str, Progress], now: datetime) -> SourceHeader | None:
        for header in self.on.headers().values():
            row = known.get(header.id)
            is_due = row is None or row.version != header.version or row.until <= now
            if is_due and _wants(header, row):
                return header
        return None

    async def _work(self, source_id: str, held: Progress) -> Progress:
        try:
            guides = await self.on.guides([source_id])
            weighed = await self.on.propose(guides[0], self.on.today()) if guides else []
        except ModelFailed as error:
            return await self._failed(source_id, held, error)
        terms = {one.term: one.why_not for one in weighed}
        await self.on.store.finish(source_id, held, terms, self.on.origin)
        self.last_failure = ""
        log.debug("lay_terms_proposed", source=source_id, terms=len(terms))
        return Progress(held.version, True, held.tries, held.until)

    async def _failed(self, source_id: str, held: Progress, error: ModelFailed) -> Progress:
        now = self.on.clock()
        until = now + min(LONGEST, REST * 4 ** (held.tries - 1))
        await self.on.store.put_off(source_id, held, until, error.message)
        self.last_failure, self._rests = error.message, now + REST
        log.warning("lay_terms_put_off", source=source_id, reason=error.message)
        return Progress(held.version, False, held.tries, until)


def _wants(header: SourceHeader, row: Progress | None) -> bool:
    if header.kind is not SourceKind.GUIDE or PLAIN in header.tags:
        return False
    return row is None or row.version != header.version or not row.done
