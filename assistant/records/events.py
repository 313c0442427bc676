"""Domain events: written with the change that they tell of, handled at least once (DESIGN §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.records import live_writes
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema_review import event_offsets, events

Body = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `seq` grows with every commit. `subject` is an id, `body` holds ids and words."""

    seq: int
    kind: str
    subject: str
    body: Body
    at: datetime


class EventRecords:
    """The events of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def append(
        self, connection: AsyncConnection, kind: str, subject: str, body: Body, at: datetime
    ) -> None:
        """Write an event in the caller's transaction, as the last of its statements."""
        await self._database.write_in_order(connection)
        values = {"kind": kind, "subject": subject, "body": to_json(dict(body), dict[str, str])}
        row = {"organization_id": self._organization, "at": at, **values}
        await connection.execute(insert(events).values(row))

    async def after(self, handler: str, limit: int = 100) -> list[Event]:
        """The oldest events that a handler has not done yet."""
        c = events.c
        done = select(event_offsets.c.seq).where(
            event_offsets.c.organization_id == self._organization,
            event_offsets.c.handler == handler,
        )
        query = select(c.seq, c.kind, c.subject, c.body, c.at).where(
            c.organization_id == self._organization,
            c.seq > func.coalesce(done.scalar_subquery(), 0),
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.seq).limit(limit))
            return [
                Event(seq, kind, subject, from_json(dict[str, str], body), at)
                for seq, kind, subject, body, at in rows
            ]

    async def at(self, handler: str) -> int:
        """Up to where a handler has done its work; 0 for one that has just begun."""
        c = event_offsets.c
        own = c.organization_id == self._organization, c.handler == handler
        async with self._database.read() as connection:
            return (await connection.scalar(select(c.seq).where(*own))) or 0

    async def done(self, handler: str, seq: int) -> None:
        """A handler has done its work up to an event; a smaller number changes nothing."""
        own = {"organization_id": self._organization, "handler": handler, "seq": seq}
        statement = live_writes.upsert(self._database.dialect, event_offsets)
        async with self._database.write() as connection:
            await connection.execute(statement, own)
