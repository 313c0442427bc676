"""Makes the morning's report: reads the rows of a night, counts them, puts the parts together."""

from collections.abc import Awaitable, Callable, Collection
from datetime import date

from assistant.domain.clock import Clock
from assistant.domain.ledger import LedgerFilter
from assistant.domain.streaming import Happening
from assistant.domain.workdays import OfficeHours
from assistant.insight.gathering import airtime, incidents, lacks, waiting
from assistant.insight.night import night_of
from assistant.insight.report import Morning, Night
from assistant.insight.tally import Tally
from assistant.records.ledger import LedgerReads
from assistant.records.morning import MorningReads
from assistant.records.review_queue import Filter, ReviewQueue
from assistant.records.stream_happenings import StreamHappenings

FIRST = 10
"""Groups of the review queue that are shown."""


class Mornings:
    """Reports of one organisation. `hours` gives the office's days as they are set now."""

    def __init__(
        self,
        reads: MorningReads,
        ledger: LedgerReads,
        queue: ReviewQueue,
        happenings: StreamHappenings,
        hours: Callable[[], Awaitable[OfficeHours]],
        clock: Clock,
    ) -> None:
        self._reads = reads
        self._ledger = ledger
        self._queue = queue
        self._happenings = happenings
        self._hours = hours
        self._clock = clock

    async def report(
        self, day: date | None = None, rooms: Collection[str] | None = None
    ) -> Morning:
        """The night before a day (by default today), of some rooms or of all. Raises BadInput."""
        now, reads = self._clock(), self._reads
        night = night_of(day, await self._hours(), now)
        names = {one.id: one.name for one in await reads.rooms()}
        only = None if rooms is None else tuple(sorted(rooms))
        when = night.since, night.until, only
        which = LedgerFilter(rooms=only, since=night.since, until=night.until)
        tally = Tally()
        async for rows in self._ledger.batches(which):
            tally.add(rows)
        head = await self._queue.page(Filter(rooms=only), now, None, FIRST)
        return Morning(
            night=night,
            made_at=now,
            received=await reads.received(*when),
            ledger=await self._ledger.counts(which),
            ways=dict(tally.ways),
            airtime=airtime(await reads.sessions(*when), night, names),
            to_outcome=tally.to_outcome,
            to_sound=tally.to_sound,
            incidents=incidents(
                await reads.alerts(*when),
                await reads.withdrawals(*when),
                await self._streams(night, names.keys() if only is None else only),
                names,
            ),
            lacks=lacks(await reads.lacking(*when)),
            waiting=waiting(head.rows),
            waiting_cases=head.waiting,
            overdue_cases=head.overdue,
            rooms=tuple(names.get(one, one) for one in only or ()),
        )

    async def _streams(self, night: Night, rooms: Collection[str]) -> dict[str, list[Happening]]:
        """What befell the push of each room."""
        return {
            one: await self._happenings.between(one, night.since, night.until)
            for one in sorted(rooms)
        }
