"""Keeps no longer than the settings say: once a day, and when somebody asks for it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from assistant.access.audit import Audit
from assistant.domain.clock import Clock
from assistant.records.retention import RetentionRecords
from assistant.records.retention_limits import Limits, Retention
from assistant.review.chores import Chore

log = structlog.get_logger()
EVERY = timedelta(days=1)
Files = Callable[[datetime, bool], int]
"""Deletes files of content older than a moment (or, `True`, counts them); how many."""


class Purging:
    """Deletes old rows and files, and says so in the log and in the audit chain."""

    def __init__(
        self,
        records: RetentionRecords,
        files: Mapping[str, Files],
        audit: Audit,
        retention: Retention,
        clock: Clock,
    ) -> None:
        self._records = records
        self._files = files
        self._audit = audit
        self._retention = retention
        self._clock = clock
        self._due: datetime | None = None
        self.chore = Chore("retention", self._daily, pause=30.0)

    @property
    def limits(self) -> Limits:
        """Before when content and logs go now."""
        return self._retention.at(self._clock())

    async def count(self) -> dict[str, int]:
        """What would go now; nothing goes."""
        limits = self.limits
        rows = await self._records.count(limits)
        return rows | await asyncio.to_thread(self._gone, limits.content_before, dry_run=True)

    async def purge(self, actor: str) -> dict[str, int]:
        """Delete what is too old; how many of each kind."""
        limits = self.limits
        gone = await self._records.purge(limits)
        gone |= await asyncio.to_thread(self._gone, limits.content_before, dry_run=False)
        if any(gone.values()):
            log.info("records_purged", **gone)
            await self._audit.record(actor, "records.purge", "retention", _told(limits, gone))
        return gone

    def _gone(self, before: datetime, *, dry_run: bool) -> dict[str, int]:
        return {name: each(before, dry_run) for name, each in self._files.items()}

    async def _daily(self) -> bool:
        now = self._clock()
        if self._due is None or now >= self._due:
            await self.purge("")
            self._due = now + EVERY
        return False


def _told(limits: Limits, gone: Mapping[str, int]) -> dict[str, object]:
    before = {
        "content_before": limits.content_before.isoformat(),
        "logs_before": limits.logs_before.isoformat(),
    }
    return {**before, "gone": {name: count for name, count in gone.items() if count}}
