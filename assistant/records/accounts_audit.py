"""The stored audit chain: one an organisation, extended inside the transaction of what it tells.

Writers of one organisation come one after the other: each locks the row of the chain's head
(SQLite has one writer anyway), so no two entries can follow the same one.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import FIRST, AuditEntry, AuditEvent, AuditPayload, body_of
from assistant.domain.clock import Clock
from assistant.errors import NotFound
from assistant.records.accounts_schema import audit, audit_heads, audit_payloads
from assistant.records.database import AnyQuery, AnyRow, Database

ERASED = "audit.payload_erased"
"""The action that tells of an erasure; its subject is the entry's number."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: number 0 and `FIRST` for a chain without entries."""

    number: int
    digest: str


class AuditRecords:
    """The chain of one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def record(self, event: AuditEvent) -> AuditEntry:
        """Add an entry in a transaction of its own."""
        async with self._database.write() as connection:
            return await self.append(connection, event)

    async def append(self, connection: AsyncConnection, event: AuditEvent) -> AuditEntry:
        """Add an entry in the transaction of the change that it tells of."""
        head = await self.hold(connection)
        payload = AuditPayload(secrets.token_hex(32), body_of(event.payload))
        entry = self._following(head, event, payload)
        await connection.execute(insert(audit).values(_values(entry)))
        key = {"organization_id": entry.organization, "number": entry.number}
        kept = {"salt": payload.salt, "body": payload.body}
        await connection.execute(insert(audit_payloads).values(key | kept))
        moved = update(audit_heads).where(audit_heads.c.organization_id == self._organization)
        await connection.execute(moved.values(number=entry.number, digest=entry.digest))
        return entry

    async def hold(self, connection: AsyncConnection) -> Head:
        """Let no other writer of this chain pass until the transaction ends; gives the head."""
        mine = audit_heads.c.organization_id == self._organization
        locked = select(audit_heads).where(mine).with_for_update()
        row = (await connection.execute(locked)).first()
        if row is None:
            await self._begin(connection)
            row = (await connection.execute(locked)).one()
        return Head(row.number, row.digest)

    async def _begin(self, connection: AsyncConnection) -> None:
        """Make the head; another process may do so at the same moment, and then has."""
        values = {"organization_id": self._organization, "number": 0, "digest": FIRST}
        try:
            async with connection.begin_nested():
                await connection.execute(insert(audit_heads).values(values))
        except IntegrityError:
            return

    def _following(self, head: Head, event: AuditEvent, payload: AuditPayload) -> AuditEntry:
        entry = AuditEntry(
            organization=self._organization,
            number=head.number + 1,
            at=self._clock(),
            actor=event.actor,
            action=event.action,
            subject=event.subject,
            payload_digest=payload.digest(),
            previous=head.digest,
        )
        return replace(entry, digest=entry.sealed())

    async def erase(self, number: int, actor: str, reason: str) -> None:
        """Erase the details of an entry, and say so in the chain. Raises NotFound."""
        gone = delete(audit_payloads).where(
            audit_payloads.c.organization_id == self._organization,
            audit_payloads.c.number == number,
        )
        async with self._database.write() as connection:
            event = AuditEvent(actor, ERASED, str(number), {"reason": reason})
            await self.append(connection, event)
            if not (await connection.execute(gone)).rowcount:
                raise NotFound("这条审计记录没有可删除的内容")

    async def recent(self, limit: int) -> list[tuple[AuditEntry, AuditPayload | None]]:
        """The newest entries, newest first."""
        query = self._joined().order_by(audit.c.number.desc()).limit(limit)
        async with self._database.read() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]

    async def since(
        self, moment: datetime, last: int
    ) -> list[tuple[AuditEntry, AuditPayload | None]]:
        """The entries from a moment on up to a number, in order."""
        own = audit.c.at >= moment, audit.c.number <= last
        query = self._joined().where(*own).order_by(audit.c.number)
        async with self._database.read() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]

    async def walk(self, look: Callable[[AuditEntry, AuditPayload | None], None]) -> Head:
        """Show every entry in order to `look`; gives the head. All as of one moment."""
        async with self._database.read_one_state() as connection:
            mine = audit_heads.c.organization_id == self._organization
            head = (await connection.execute(select(audit_heads).where(mine))).first()
            rows = await connection.stream(self._joined().order_by(audit.c.number))
            async for row in rows:
                look(*_entry(row))
        return Head(head.number, head.digest) if head else Head(0, FIRST)

    def _joined(self) -> AnyQuery:
        same = (audit.c.organization_id == audit_payloads.c.organization_id) & (
            audit.c.number == audit_payloads.c.number
        )
        columns = (audit, audit_payloads.c.salt, audit_payloads.c.body)
        query = select(*columns).select_from(audit.outerjoin(audit_payloads, same))
        return query.where(audit.c.organization_id == self._organization)


def _values(entry: AuditEntry) -> dict[str, object]:
    return {
        "organization_id": entry.organization,
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "payload_digest": entry.payload_digest,
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _entry(row: AnyRow) -> tuple[AuditEntry, AuditPayload | None]:
    entry = AuditEntry(
        organization=row.organization_id,
        number=row.number,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        payload_digest=row.payload_digest,
        previous=row.previous,
        digest=row.digest,
    )
    return entry, None if row.salt is None else AuditPayload(row.salt, row.body)
