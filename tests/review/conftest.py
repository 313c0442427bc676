"""A review desk over both databases."""

import pytest

from assistant.records.database import Database
from tests.support.review_office import ReviewOffice, open_office


@pytest.fixture
async def office(database: Database, clock, new_id) -> ReviewOffice:
    return await open_office(database, clock, new_id)
