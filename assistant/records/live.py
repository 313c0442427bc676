"""What a live room writes and reads while it works: `LiveRecords` of `live.seams`."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, delete, select, update

from assistant.domain.audit import AuditEvent
from assistant.domain.broadcast import Broadcast, BroadcastState
from assistant.domain.clock import Clock
from assistant.domain.live import Alert, Cue, CueState, LiveSession, Room
from assistant.domain.live_commit import Backlog, Commit, Entry
from assistant.errors import NotFound
from assistant.records import live_leases, live_writes
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.live_reads import entries_of, entry
from assistant.records.live_rows import (
    ALERTS,
    BROADCASTS,
    CASES,
    COMMENTS,
    CUES,
    QUESTIONS,
    REPLIES,
    ROOMS,
    SESSIONS,
    Rows,
)
from assistant.records.schema_live import (
    comments,
    decisions,
    live_sessions,
    replies,
    reply_addresses,
    rooms,
)

T = TypeVar("T")

IN_LIMIT = 400
"""Values in one IN list."""

Key = tuple[str, str]


class LiveRepository:
    """The live rooms of one organisation. `clock` measures leases and the age of addresses."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = AuditRecords(database, organization, clock)

    async def room(self, room_id: str) -> Room | None:
        """A room, or None."""
        found = await self._all(ROOMS, rooms.c.id == room_id)
        return found[0] if found else None

    async def rooms(self) -> list[Room]:
        """All rooms of the organisation, by id."""
        return await self._all(ROOMS)

    async def put_room(self, room: Room) -> None:
        """Create or replace a room."""
        statement = live_writes.upsert(self._database.dialect, rooms)
        async with self._database.write() as connection:
            await connection.execute(statement, ROOMS.values(self._organization, room))

    async def change_room(self, room: Room, token: int, event: AuditEvent | None = None) -> None:
        """Replace a room on air, with an entry in the audit chain. Raises LostLease."""
        statement = live_writes.upsert(self._database.dialect, rooms)
        key = (self._organization, room.id)
        async with self._database.write(durable=True) as connection:
            await connection.run_sync(live_leases.check, key, token)
            await connection.execute(statement, ROOMS.values(self._organization, room))
            if event is not None:
                await self._audit.append(connection, event)

    async def open_session(self, session: LiveSession) -> None:
        """Begin a 场次 and make it the room's. Raises NotFound where there is no such room."""
        statement = live_writes.new_only(self._database.dialect, live_sessions)
        own = (rooms.c.organization_id == self._organization, rooms.c.id == session.room_id)
        current = update(rooms).where(*own).values(session_id=session.id)
        async with self._database.write() as connection:
            if (await connection.execute(current)).rowcount == 0:
                raise NotFound(f"没有直播间 {session.room_id}")
            await connection.execute(statement, SESSIONS.values(self._organization, session))

    async def close_session(self, session_id: str, at: datetime) -> None:
        """End a 场次; one that has ended keeps its end."""
        own = live_sessions.c.organization_id == self._organization
        ending = own & (live_sessions.c.id == session_id) & live_sessions.c.closed_at.is_(None)
        current = (rooms.c.organization_id == self._organization) & (
            rooms.c.session_id == session_id
        )
        async with self._database.write() as connection:
            await connection.execute(update(live_sessions).where(ending).values(closed_at=at))
            await connection.execute(update(rooms).where(current).values(session_id=None))

    async def lease(self, room_id: str, holder: str, seconds: float) -> int | None:
        """Take or renew the room's lease; the fencing token, or None where another holds it.

        `holder` names one run of one process: the same holder keeps its token.
        """
        async with self._database.write() as connection:
            key = (self._organization, room_id)
            return await live_leases.take(connection, key, holder, self._clock(), seconds)

    async def holder(self, room_id: str) -> str:
        """Who took the lease and did not give it back, run out or not; "" for nobody."""
        async with self._database.read() as connection:
            return await live_leases.holder(connection, (self._organization, room_id))

    async def release(self, room_id: str, token: int) -> None:
        """Give the lease back; the token is void from then on."""
        async with self._database.write() as connection:
            await live_leases.give_back(connection, (self._organization, room_id), token)

    async def seen(self, room_id: str, keys: Collection[Key]) -> set[Key]:
        """Which (platform, event_id) the room has comments of."""
        by_platform: dict[str, list[str]] = defaultdict(list)
        for platform, event_id in keys:
            by_platform[platform].append(event_id)
        own = comments.c.organization_id == self._organization, comments.c.room_id == room_id

        def ask(connection: Connection) -> set[Key]:
            found: set[Key] = set()
            for platform, ids in by_platform.items():
                query = select(comments.c.event_id).where(*own, comments.c.platform == platform)
                for part in _parts(ids):
                    rows = connection.execute(query.where(comments.c.event_id.in_(part)))
                    found.update((platform, row[0]) for row in rows)
            return found

        return await self._database.read_in_one(ask)

    async def commit(self, room_id: str, token: int, commit: Commit) -> None:
        """Write one step in one short transaction. Raises LostLease: then nothing was written.

        When this returns, not even a power cut undoes it: what it says may be spoken and sent.
        """
        now = self._clock()

        def write(connection: Connection) -> None:
            live_leases.check(connection, (self._organization, room_id), token)
            live_writes.write(connection, self._organization, commit, now)

        await self._database.in_one(write, durable=True)

    async def backlog(self, session_id: str) -> Backlog:
        """What is not finished, each oldest first."""
        decided = select(decisions.c.comment_id).where(decisions.c.comment_id == comments.c.id)
        cues, cases = CUES.table.c, CASES.table.c
        not_over = cues.state.in_((*live_writes.NOT_BEGUN, CueState.STARTED))
        undelivered = replies.c.state.in_(live_writes.UNDELIVERED)
        running = BROADCASTS.table.c.state == BroadcastState.RUNNING
        return Backlog(
            comments=await self._of_session(COMMENTS, session_id, ~decided.exists()),
            questions=await self._of_session(QUESTIONS, session_id),
            cues=await self._of_session(CUES, session_id, not_over),
            replies=await self._of_session(REPLIES, session_id, undelivered),
            alerts=await self._open_alerts(session_id),
            cases=await self._of_session(CASES, session_id, cases.settled_at.is_(None)),
            broadcasts=await self._of_session(BROADCASTS, session_id, running),
        )

    async def _open_alerts(self, session_id: str) -> list[Alert]:
        """Those of the session's room, also from earlier sessions: somebody must still look."""
        room = select(live_sessions.c.room_id).where(live_sessions.c.id == session_id)
        alerts = ALERTS.table.c
        in_room = alerts.room_id == room.scalar_subquery()
        return await self._all(ALERTS, in_room, alerts.acknowledged_at.is_(None))

    async def entries(self, session_id: str, after: str = "", limit: int = 1000) -> list[Entry]:
        """Comments of a session with their decisions, by comment id, those after one first."""
        own = entries_of(self._organization, session_id).where(comments.c.id > after)
        async with self._database.read() as connection:
            found = await connection.execute(own.order_by(comments.c.id).limit(limit))
            return [entry(row) for row in found]

    async def cues(self, session_id: str) -> list[Cue]:
        """All cues of a session, oldest first."""
        return await self._of_session(CUES, session_id)

    async def broadcasts_of(self, stream_id: str) -> list[Broadcast]:
        """How often a script went on air, oldest first."""
        return await self._all(BROADCASTS, BROADCASTS.table.c.stream_id == stream_id)

    async def address(self, comment_id: str) -> str | None:
        """The sealed address of a comment's viewer, where there still is one."""
        own = reply_addresses.c.organization_id == self._organization
        query = select(reply_addresses.c.sealed).where(own)
        async with self._database.read() as connection:
            sealed: str | None = await connection.scalar(
                query.where(reply_addresses.c.comment_id == comment_id)
            )
        return sealed

    async def erase_addresses(self, comment_ids: Collection[str]) -> None:
        """Erase addresses: the outcome was delivered.

        One that is still needed stays: its comment is not decided, or has a reply under way.
        """
        own, of = reply_addresses.c.organization_id, reply_addresses.c.comment_id
        answer = replies.c.organization_id == own, replies.c.comment_id == of
        under_way = replies.c.state.in_(live_writes.UNDELIVERED)
        needed = select(replies.c.id).where(*answer, under_way).exists()
        decided = select(decisions.c.comment_id).where(decisions.c.comment_id == of).exists()
        for part in _parts(comment_ids):
            await self._erase(of.in_(part) & decided & ~needed)

    async def expire_addresses(self, before: datetime) -> int:
        """Erase every address stored before a moment; how many there were."""
        return await self._erase(reply_addresses.c.stored_at < before)

    async def _erase(self, which: ColumnElement[bool]) -> int:
        own = reply_addresses.c.organization_id == self._organization
        async with self._database.write() as connection:
            return (await connection.execute(delete(reply_addresses).where(own, which))).rowcount

    async def _of_session(
        self, kind: Rows[T], session_id: str, *where: ColumnElement[bool]
    ) -> list[T]:
        return await self._all(kind, kind.table.c.session_id == session_id, *where)

    async def _all(self, kind: Rows[T], *where: ColumnElement[bool]) -> list[T]:
        own = kind.table.c.organization_id == self._organization
        query = select(*kind.columns).where(own, *where).order_by(kind.table.c.id)
        async with self._database.read() as connection:
            return [kind.value(row) for row in await connection.execute(query)]


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    each = iter(values)
    while part := list(islice(each, IN_LIMIT)):
        yield part
