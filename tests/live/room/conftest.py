"""A room on air in automatic mode, over a real database."""

from collections.abc import AsyncIterator

import pytest

from assistant.domain.live import Room, RoomState
from assistant.records.database import Database
from tests.live.fakes import ROOM, World


@pytest.fixture
async def world(sqlite_database: Database) -> AsyncIterator[World]:
    """An open room with two officers."""
    room = Room(ROOM, "一号", state=RoomState.OPEN, automatic=True, officers=("甲", "乙"))
    made = World(sqlite_database, room)
    await made.open()
    yield made
    await made.live.stop()
