"""The records alone, opened from settings."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.access.desk import AccessDesk
from assistant.bootstrap.regions import read_regions
from assistant.domain.clock import Clock, system_clock
from assistant.domain.ids import new_ulid
from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository
from assistant.records.retention_limits import Retention
from assistant.records.sources import SourceRepository
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.retrieval.ingest import IngestReport, Progress


@dataclass
class Library:
    """The records alone: what can be done while another process holds the index."""

    settings: Settings
    clock: Clock
    database: Database
    sources: SourceRepository
    outcomes: OutcomeRepository
    access: AccessDesk

    async def ingest(
        self,
        paths: Sequence[Path],
        *,
        mapping: Path | None = None,
        retire_missing: bool = False,
        progress: "Progress | None" = None,
    ) -> "IngestReport":
        """Add files to the knowledge base; the holder of the index sees them within a second."""
        from assistant.retrieval.ingest import Ingestor
        from assistant.retrieval.issuing_region import IssuingRegions

        regions = await asyncio.to_thread(read_regions, self.settings.data_dir)
        reader = Ingestor(self.sources, region_of=IssuingRegions(regions))
        return await reader.ingest(
            paths, mapping=mapping, retire_missing=retire_missing, progress=progress
        )


@asynccontextmanager
async def open_library(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Library]:
    """Open the records; closes them at the end. Raises ConfigurationError, Unavailable."""
    retention_of(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = await Database.open(settings.sql_url)
    try:
        yield library_of(settings, database, clock)
    finally:
        await database.close()


def library_of(settings: Settings, database: Database, clock: Clock) -> Library:
    """The records over an open database."""
    owner = settings.organization
    return Library(
        settings,
        clock,
        database,
        SourceRepository(database, owner, clock),
        OutcomeRepository(database, owner, clock, new_ulid),
        AccessDesk.build(database, owner, clock, new_ulid),
    )


def retention_of(settings: Settings) -> Retention:
    """How long content and logs are kept. Raises ConfigurationError for less than is lawful."""
    return Retention(settings.content_days, settings.log_days)
