"""Clips that somebody approved, as stored. Each approval and withdrawal is in the audit chain."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Column, ColumnElement, Index, String, Table, Text, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clips import ClipState, ShelvedClip
from assistant.errors import Conflict, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema import UtcDateTime, metadata

ADDED, WITHDRAWN, CLEARED = "clip.approved", "clip.withdrawn", "clip.cleared"
REPLACED = "由新批准的一条代替"
IS_OFF = "这条短视频已经下架"
MOST = 500
"""Clips that are shown at once; an office has a few dozen."""
studio_clips = Table(
    "studio_clips",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index("studio_clips_by_state", "organization_id", "state", "at"),
)
"""`body` is the whole `ShelvedClip`; the columns are what is asked for."""


class ClipRecords:
    """The clips of one organisation."""

    def __init__(self, database: Database, organization: str, audit: AuditRecords) -> None:
        self._database = database
        self._organization = organization
        self._audit = audit

    async def add(self, clip: ShelvedClip, instead: Collection[str] = ()) -> None:
        """Store an approval; it takes the place of others.

        Raises Conflict where the same words are on the shelf already, or one of those is off it.
        """
        row = {"id": clip.id, "organization_id": self._organization, "at": clip.at}
        async with self._database.write() as connection:
            for one in instead:
                await self._withdraw(connection, one, clip.by, REPLACED)
            if await self._is_up(connection, clip):
                raise Conflict(f"短视频“{clip.card.clip.title}”已经上架")
            await connection.execute(insert(studio_clips).values(row | _columns(clip)))
            await self._tell(connection, clip.by, ADDED, clip)

    async def _is_up(self, connection: AsyncConnection, clip: ShelvedClip) -> bool:
        """Whether the same words are up for the same office and region."""
        c, card = studio_clips.c, clip.card
        same = c.organization_id == self._organization, c.digest == card.digest
        rows = await connection.execute(select(c.body).where(*same, c.state == ClipState.APPROVED))
        up = (from_json(ShelvedClip, row.body).card for row in rows)
        return any((one.office, one.region) == (card.office, card.region) for one in up)

    async def withdraw(self, clip_id: str, actor: str, why: str) -> ShelvedClip:
        """Take a clip off the shelf for good. Raises NotFound, and Conflict where it is off."""
        async with self._database.write() as connection:
            return await self._withdraw(connection, clip_id, actor, why)

    async def clear(self, clip_id: str, actor: str, seen: Collection[str], why: str) -> ShelvedClip:
        """A reviewer saw these incidents and found the clip sound. Raises NotFound, Conflict."""
        async with self._database.write() as connection:
            clip = await self._locked(connection, clip_id)
            if clip.state is ClipState.WITHDRAWN:
                raise Conflict(IS_OFF)
            known = tuple(dict.fromkeys((*clip.cleared, *seen)))
            after = await self._save(connection, replace(clip, cleared=known))
            told = {"title": clip.card.clip.title, "incidents": " ".join(seen), "reason": why}
            await self._audit.append(connection, AuditEvent(actor, CLEARED, clip_id, told))
        return after

    async def get(self, clip_id: str) -> ShelvedClip | None:
        """One clip, whatever its state."""
        async with self._database.read() as connection:
            body = await connection.scalar(select(studio_clips.c.body).where(*self._own(clip_id)))
        return from_json(ShelvedClip, body) if body else None

    async def listed(self, state: ClipState, limit: int = MOST) -> list[ShelvedClip]:
        """Clips in a state, the newest first."""
        c = studio_clips.c
        query = select(c.body).where(c.organization_id == self._organization, c.state == state)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.at.desc(), c.id.desc()).limit(limit))
            return [from_json(ShelvedClip, row.body) for row in rows]

    async def _withdraw(
        self, connection: AsyncConnection, clip_id: str, actor: str, why: str
    ) -> ShelvedClip:
        clip = await self._locked(connection, clip_id)
        if clip.state is ClipState.WITHDRAWN:
            raise Conflict(IS_OFF)
        gone = replace(clip, state=ClipState.WITHDRAWN, why=why)
        await self._save(connection, gone)
        await self._tell(connection, actor, WITHDRAWN, gone)
        return gone

    async def _save(self, connection: AsyncConnection, clip: ShelvedClip) -> ShelvedClip:
        await connection.execute(
            update(studio_clips).where(*self._own(clip.id)).values(_columns(clip))
        )
        return clip

    async def _locked(self, connection: AsyncConnection, clip_id: str) -> ShelvedClip:
        query = select(studio_clips.c.body).where(*self._own(clip_id)).with_for_update()
        body = await connection.scalar(query)
        if body is None:
            raise NotFound("没有这条短视频")
        return from_json(ShelvedClip, body)

    async def _tell(
        self, connection: AsyncConnection, actor: str, action: str, clip: ShelvedClip
    ) -> None:
        told = {"title": clip.card.clip.title, "digest": clip.card.digest, "reason": clip.why}
        await self._audit.append(connection, AuditEvent(actor, action, clip.id, told))

    def _own(self, clip_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        c = studio_clips.c
        return c.organization_id == self._organization, c.id == clip_id


def _columns(clip: ShelvedClip) -> dict[str, str]:
    return {"state": clip.state.value, "digest": clip.card.digest, "body": to_json(clip)}
