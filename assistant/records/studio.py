"""Streams and the versions of their words, as stored. Each change is in the audit chain.

Every change reads the stream's row under a lock, asks a pure function what comes of it, and writes
words, row and audit entry in one transaction.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Stale, Stream, StreamState, Version, VersionNote
from assistant.errors import Conflict, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema_studio import studio_streams as streams
from assistant.records.schema_studio import studio_versions as versions

AMEND = timedelta(minutes=15)
"""So long one's own next edits go into the same version: a version a session, not a keystroke."""
MOST = 500


@dataclass(frozen=True, slots=True)
class Written:
    """What an edit makes of the words. `place` is what it was about, `what` names it for people.

    `sources`: what the words rest on now. `whole`: always a version of its own.
    """

    draft: StreamDraft
    marks: tuple[Stale, ...]
    place: str
    what: str
    sources: tuple[str, ...]
    whole: bool = False


Edit = Callable[[Stream, StreamDraft], Written]
"""Pure and quick: it runs inside the transaction. Raises Conflict or BadInput."""
Change = Callable[[Stream, StreamDraft], Stream]
"""The stream after a step; pure and quick too."""
Beside = Callable[[AsyncConnection], Awaitable[None]]
"""What is written in the same transaction."""


class StudioRecords:
    """The streams of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def create(self, stream: Stream, draft: StreamDraft, what: str) -> None:
        """Store a new stream with its first version. Raises Conflict where it is there already."""
        try:
            await self._create(stream, draft, what)
        except IntegrityError as error:
            raise Conflict("这场直播已经有了") from error

    async def _create(self, stream: Stream, draft: StreamDraft, what: str) -> None:
        row: dict[str, object] = {"id": stream.id, "organization_id": self._organization}
        async with self._database.write() as connection:
            await connection.execute(insert(streams).values(row | _columns(stream)))
            first = Version(stream.id, stream.version, stream.made_by, stream.made_at, what, draft)
            await self._put_version(connection, first)
            told = {"title": stream.title}
            await self._audit.append(
                connection, AuditEvent(stream.made_by, "studio.create", stream.id, told)
            )

    async def get(self, stream_id: str) -> Stream:
        """A stream. Raises NotFound."""
        query = select(streams.c.body).where(*self._own(stream_id))
        async with self._database.read() as connection:
            body = await connection.scalar(query)
        return _stream(body)

    async def listed(
        self, states: Collection[StreamState], limit: int = MOST, text: str = ""
    ) -> list[Stream]:
        """Streams in some states, the last changed first; `text` stands in what is stored."""
        c = streams.c
        query = select(c.body).where(c.organization_id == self._organization, c.state.in_(states))
        if text:
            query = query.where(c.body.contains(text, autoescape=True))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.changed_at.desc()).limit(limit))
            return [from_json(Stream, row.body) for row in rows]

    async def version(self, stream_id: str, number: int | None = None) -> Version:
        """The words of a version, the newest one by default. Raises NotFound."""
        async with self._database.read() as connection:
            return await self._version(connection, stream_id, number)

    async def notes(self, stream_id: str) -> list[VersionNote]:
        """Who changed what, the newest first."""
        c = versions.c
        query = select(c.number, c.actor, c.at, c.what).where(*self._words(stream_id))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.number.desc()))
            return [VersionNote(*row) for row in rows]

    async def edit(self, stream_id: str, actor: str, edit: Edit) -> tuple[Stream, StreamDraft]:
        """Change the words. Raises NotFound, and what `edit` raises."""
        async with self._database.write() as connection:
            stream = await self._locked(connection, stream_id)
            before = await self._version(connection, stream_id, None)
            made = edit(stream, before.draft)
            now = self._clock()
            amends = not made.whole and await self._amends(connection, before, actor, now)
            number = before.number if amends else before.number + 1
            what = _joined(before.what, made.what) if amends else made.what
            at = before.at if amends else now
            await self._put_version(
                connection, Version(stream_id, number, actor, at, what, made.draft), amends=amends
            )
            after = replace(
                stream,
                version=number,
                marks=made.marks,
                sources=made.sources,
                changed_at=now,
                writers=tuple(dict.fromkeys((*stream.writers, actor))),
            )
            await self._save(connection, after)
            told = {"place": made.place, "version": str(number), "what": made.what}
            event = AuditEvent(actor, "studio.edit", stream_id, told)
            await self._audit.append(connection, event)
        return after, made.draft

    async def move(
        self, stream_id: str, event: AuditEvent, change: Change, beside: Beside | None = None
    ) -> Stream:
        """Take a step: the words are looked at now, so the next edit is a new version."""
        async with self._database.write() as connection:
            stream = await self._locked(connection, stream_id)
            words = await self._version(connection, stream_id, None)
            after = replace(change(stream, words.draft), changed_at=self._clock())
            if (
                after.state is stream.state
                and replace(after, changed_at=stream.changed_at) == stream
            ):
                return stream
            await connection.execute(
                update(versions).where(*self._words(stream_id)).values(sealed=True)
            )
            await self._save(connection, after)
            await self._audit.append(connection, event)
            if beside:
                await beside(connection)
        return after

    async def joined(self, stream_id: str, writer: str) -> None:
        """Words of someone stand in it now: they cannot approve it."""
        async with self._database.write() as connection:
            stream = await self._locked(connection, stream_id)
            writers = tuple(dict.fromkeys((*stream.writers, writer)))
            await self._save(connection, replace(stream, writers=writers))

    async def _amends(
        self, connection: AsyncConnection, before: Version, actor: str, now: datetime
    ) -> bool:
        if before.actor != actor or now - before.at > AMEND:
            return False
        query = select(versions.c.sealed).where(
            *self._words(before.stream_id), versions.c.number == before.number
        )
        return not await connection.scalar(query)

    async def _locked(self, connection: AsyncConnection, stream_id: str) -> Stream:
        query = select(streams.c.body).where(*self._own(stream_id)).with_for_update()
        return _stream(await connection.scalar(query))

    async def _save(self, connection: AsyncConnection, stream: Stream) -> None:
        await connection.execute(
            update(streams).where(*self._own(stream.id)).values(_columns(stream))
        )

    async def _version(
        self, connection: AsyncConnection, stream_id: str, number: int | None
    ) -> Version:
        c = versions.c
        query = select(c.number, c.actor, c.at, c.what, c.body).where(*self._words(stream_id))
        if number is None:
            newest = select(func.max(c.number)).where(*self._words(stream_id))
            query = query.where(c.number == newest.scalar_subquery())
        else:
            query = query.where(c.number == number)
        row = (await connection.execute(query)).first()
        if row is None:
            raise NotFound("没有这个版本")
        return Version(
            stream_id, row.number, row.actor, row.at, row.what, from_json(StreamDraft, row.body)
        )

    async def _put_version(
        self, connection: AsyncConnection, one: Version, *, amends: bool = False
    ) -> None:
        words = {"what": one.what, "body": to_json(one.draft)}
        if amends:
            same = *self._words(one.stream_id), versions.c.number == one.number
            await connection.execute(update(versions).where(*same).values(words))
            return
        row: dict[str, object] = {"organization_id": self._organization}
        row |= {
            "stream_id": one.stream_id,
            "number": one.number,
            "actor": one.actor,
            "at": one.at,
            "sealed": False,
        }
        await connection.execute(insert(versions).values(row | words))

    def _own(self, stream_id: str) -> tuple[ColumnElement[bool], ...]:
        return streams.c.organization_id == self._organization, streams.c.id == stream_id

    def _words(self, stream_id: str) -> tuple[ColumnElement[bool], ...]:
        c = versions.c
        return c.organization_id == self._organization, c.stream_id == stream_id


def _stream(body: str | None) -> Stream:
    if body is None:
        raise NotFound("没有这场直播")
    return from_json(Stream, body)


def _columns(stream: Stream) -> dict[str, object]:
    return {
        "state": stream.state.value,
        "region": stream.region,
        "starts_at": stream.starts_at,
        "changed_at": stream.changed_at,
        "body": to_json(stream),
    }


def _joined(before: str, what: str) -> str:
    """What several edits of one session were about; at most a line of it."""
    known = before.split("；")
    return before if what in known or len(known) > 5 else f"{before}；{what}"
