"""Repositories over both databases."""

import pytest

from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository
from assistant.records.sources import SourceRepository


@pytest.fixture
def repository(database: Database, clock) -> SourceRepository:
    return SourceRepository(database, "office", clock)


@pytest.fixture
def outcomes(database: Database, clock, new_id) -> OutcomeRepository:
    return OutcomeRepository(database, "office", clock, new_id)
