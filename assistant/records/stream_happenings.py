"""What befell the streams of an organisation: steps that healed, faults, interruptions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Index, String, Table, Text, insert, select

from assistant.domain.live import AlertLevel
from assistant.domain.streaming import Happening
from assistant.records.database import AnyRow, Database
from assistant.records.schema import UtcDateTime, metadata

stream_happenings = Table(
    "stream_happenings",
    metadata,
    Column("organization_id", String, nullable=False),
    Column("id", String, primary_key=True),
    Column("room_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("code", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("level", String, nullable=False),
    Index("stream_happenings_of_room", "organization_id", "room_id", "at"),
)
_c = stream_happenings.c


class StreamHappenings:
    """The happenings of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def add(self, room_id: str, given: Sequence[Happening]) -> list[Happening]:
        """Store those that are new, and give them; one that comes again changes nothing."""
        ids = [one.id for one in given]
        async with self._database.write() as connection:
            known = select(_c.id).where(_c.id.in_(ids))
            there = {row[0] for row in await connection.execute(known)}
            new = [one for one in given if one.id not in there]
            if new:
                await connection.execute(
                    insert(stream_happenings), [self._row(room_id, one) for one in new]
                )
        return new

    async def latest(self, room_id: str, limit: int = 20) -> list[Happening]:
        """The newest of a room, the newest first."""
        query = select(stream_happenings).where(self._own(room_id))
        async with self._database.read() as connection:
            found = await connection.execute(
                query.order_by(_c.at.desc(), _c.id.desc()).limit(limit)
            )
            return [_happening(row) for row in found]

    async def between(self, room_id: str, since: datetime, until: datetime) -> list[Happening]:
        """Those of a room in a span of time, the oldest first."""
        when = (_c.at >= since) & (_c.at < until)
        query = select(stream_happenings).where(self._own(room_id), when)
        async with self._database.read() as connection:
            return [_happening(row) for row in await connection.execute(query.order_by(_c.at))]

    def _own(self, room_id: str) -> ColumnElement[bool]:
        return (_c.organization_id == self._organization) & (_c.room_id == room_id)

    def _row(self, room_id: str, one: Happening) -> dict[str, object]:
        return {
            "organization_id": self._organization,
            "id": one.id,
            "room_id": room_id,
            "at": one.at,
            "code": one.code,
            "text": one.text,
            "level": one.level.value if one.level else "",
        }


def _happening(row: AnyRow) -> Happening:
    level = AlertLevel(row.level) if row.level else None
    return Happening(row.id, row.at, row.code, row.text, level)
