"""Resolutions as stored: written, taken back, made final. Each of these happens once.

`finish` is one conditional UPDATE; whichever process comes first writes what follows from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.review import (
    ROOMLESS,
    WITHDRAWN,
    CaseState,
    DeskCase,
    Group,
    Resolution,
    ResolutionKind,
    grouped,
)
from assistant.errors import Conflict, NotFound
from assistant.records import review_groups as groups
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.events import EventRecords
from assistant.records.live_rows import Rows
from assistant.records.review import Check
from assistant.records.schema_live import review_cases as cases
from assistant.records.schema_review import review_drafts as drafts
from assistant.records.schema_review import review_resolutions as resolutions

RESOLUTIONS = Rows(Resolution, resolutions)
RESOLVED = "case.resolved"
"""The event; its subject is the resolution, its body says the kind."""
AWAITED = (WITHDRAWN, "unsolved", "person")
"""Cases whose viewers wait for word that the answer they have is right."""
FREE: dict[str, Any] = {"holder": None, "held_until": None}
NO_UNIT: dict[str, Any] = {"unit": "", "unit_due_at": None, "unit_note": ""}


@dataclass(frozen=True, slots=True)
class Hold:
    """What proves that a case is someone's to settle. `without` stay behind, each by itself."""

    case_id: str
    token: int
    without: frozenset[str] = frozenset()
    columns: dict[str, Any] = field(default_factory=dict)
    """What else is written to the cases: the department."""


class ResolutionRecords:
    """The resolutions of one organisation."""

    def __init__(
        self,
        database: Database,
        organization: str,
        clock: Clock,
        audit: AuditRecords,
        events: EventRecords,
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit
        self._events = events

    async def get(self, resolution_id: str) -> Resolution:
        """One resolution. Raises NotFound."""
        found = await self._all(resolutions.c.id == resolution_id)
        if not found:
            raise NotFound("没有这条处理结果")
        return found[0]

    async def settle(self, resolution: Resolution, hold: Hold, check: Check) -> Resolution:
        """Store a resolution of a group that its actor holds; gives it with the group's cases.

        Raises NotFound, Forbidden, Conflict where the cases wait no longer or another has them.
        """
        async with self._database.write(durable=True) as connection:
            group = await groups.locked(connection, self._organization, hold.case_id)
            settled, left = _parted(group, hold, resolution.actor)
            for one in settled:
                check(one)
            ids = tuple(one.id for one in settled)
            made = Resolution(**_fields(resolution) | {"case_ids": ids})
            row = RESOLUTIONS.values(self._organization, made)
            await connection.execute(insert(resolutions).values(row))
            sending = {"state": CaseState.SENDING, "resolution_id": made.id, **FREE}
            await self._change(connection, ids, **sending, **hold.columns)
            await self._change(connection, left, group_id=None, merged_into=None, **FREE)
            await self._forget_draft(connection, group, made.actor)
            told = {"resolution": made.id, "kind": made.kind, "cases": ids, "without": left}
            event = AuditEvent(made.actor, "review.settle", group.lead.id, told)
            await self._audit.append(connection, event)
            return made

    async def undo(self, resolution_id: str, actor: str, until: datetime, check: Check) -> Group:
        """Take a resolution back; its cases wait again, held by who took it back.

        Raises NotFound, Forbidden, Conflict where it is too late.
        """
        now = self._clock()
        ahead = resolutions.c.sends_at > now
        async with self._database.write(durable=True) as connection:
            if not await self._moved(connection, resolution_id, ahead, undone_at=now):
                raise Conflict("已经发出，不能撤销")
            group = await self._settled_by(connection, resolution_id)
            for one in group.cases:
                check(one)
            await connection.execute(self._back(resolution_id))
            lead = {"holder": actor, "held_until": until, "token": group.lead.token + 1}
            await self._change(connection, [group.lead.id], **lead)
            told = {"resolution": resolution_id, "cases": [one.id for one in group.cases]}
            event = AuditEvent(actor, "review.undo", group.lead.id, told)
            await self._audit.append(connection, event)
            return group

    async def send_now(self, resolution_id: str, actor: str, check: Check) -> None:
        """Give up the rest of the time for taking it back. Raises as `undo`."""
        now = self._clock()
        ahead = resolutions.c.sends_at > now
        async with self._database.write() as connection:
            if not await self._moved(connection, resolution_id, ahead, sends_at=now):
                raise Conflict("已经发出或已经撤销")
            group = await self._settled_by(connection, resolution_id)
            for one in group.cases:
                check(one)
            event = AuditEvent(actor, "review.send_now", group.lead.id, {"id": resolution_id})
            await self._audit.append(connection, event)

    async def due(self, limit: int = 50) -> list[Resolution]:
        """Those whose time for taking back is over and that are not final yet, oldest first."""
        return await self._all(*_open(), resolutions.c.sends_at <= self._clock(), limit=limit)

    async def next_due(self) -> datetime | None:
        """When the next one is due."""
        own = resolutions.c.organization_id == self._organization
        query = select(func.min(resolutions.c.sends_at)).where(own, *_open())
        async with self._database.read() as connection:
            found: datetime | None = await connection.scalar(query)
        return found

    async def finish(self, resolution: Resolution) -> bool:
        """Make a due resolution final, with its event; False where that is done, or undone."""
        now = self._clock()
        due = resolutions.c.sends_at <= now
        async with self._database.write(durable=True) as connection:
            if not await self._moved(connection, resolution.id, due, sent_at=now):
                return False
            await self._locked(connection, resolution.id)
            await connection.execute(self._final(resolution, now))
            told = {"resolution": resolution.id, "kind": resolution.kind}
            lead = resolution.case_ids[0]
            event = AuditEvent(resolution.actor, "review.final", lead, told)
            await self._audit.append(connection, event)
            body = {"kind": resolution.kind.value}
            await self._events.append(connection, RESOLVED, resolution.id, body, now)
            return True

    async def _moved(
        self,
        connection: AsyncConnection,
        resolution_id: str,
        when: ColumnElement[bool],
        **values: datetime,
    ) -> bool:
        """Change one that is open, if it still is."""
        own = resolutions.c.organization_id == self._organization
        changed = update(resolutions).where(own, resolutions.c.id == resolution_id, *_open(), when)
        return (await connection.execute(changed.values(**values))).rowcount > 0

    async def _settled_by(self, connection: AsyncConnection, resolution_id: str) -> Group:
        found = await self._locked(connection, resolution_id)
        if not found:
            raise Conflict("这条处理结果已经没有在等的问题")
        return grouped(found)

    async def _locked(self, connection: AsyncConnection, resolution_id: str) -> list[DeskCase]:
        """The cases that it is about to settle, locked in the order in which all lock them."""
        query = select(*groups.CASES.columns).where(*self._sending(resolution_id))
        rows = await connection.execute(query.order_by(cases.c.id).with_for_update())
        return [groups.CASES.value(row) for row in rows]

    def _back(self, resolution_id: str) -> Update:
        """To where its cases were; what the room said by itself meanwhile waits for nobody."""
        said = cases.c.settled_at.is_not(None) & cases.c.code.not_in(ROOMLESS)
        state = case((said, CaseState.RESOLVED.value), else_=CaseState.WAITING.value)
        back = update(cases).where(*self._sending(resolution_id))
        return back.values(state=state, resolution_id=None, **NO_UNIT)

    def _final(self, resolution: Resolution, now: datetime) -> Update:
        handed = resolution.kind is ResolutionKind.HAND_OVER
        state = CaseState.HANDED if handed else CaseState.RESOLVED
        final = update(cases).where(*self._sending(resolution.id)).values(state=state)
        if resolution.kind is ResolutionKind.CONFIRM:  # mostly there is nothing to say
            done = func.coalesce(cases.c.settled_at, now)
            waits = cases.c.code.in_(AWAITED)
            final = final.values(settled_at=case((waits, cases.c.settled_at), else_=done))
        return final

    def _sending(self, resolution_id: str) -> tuple[ColumnElement[bool], ...]:
        own = cases.c.organization_id == self._organization
        by_it = cases.c.resolution_id == resolution_id
        return own, by_it, cases.c.state == CaseState.SENDING

    async def _forget_draft(self, connection: AsyncConnection, group: Group, actor: str) -> None:
        ids = [one.id for one in group.cases]
        own = drafts.c.organization_id == self._organization, drafts.c.account_id == actor
        await connection.execute(delete(drafts).where(*own, drafts.c.case_id.in_(ids)))

    async def _change(
        self, connection: AsyncConnection, ids: Sequence[str], **values: object
    ) -> None:
        await groups.change(connection, self._organization, ids, **values)

    async def _all(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Resolution]:
        own = resolutions.c.organization_id == self._organization
        query = select(*RESOLUTIONS.columns).where(own, *where)
        order = resolutions.c.sends_at, resolutions.c.id
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(*order).limit(limit))
            return [RESOLUTIONS.value(row) for row in rows]


def _open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return resolutions.c.sent_at.is_(None), resolutions.c.undone_at.is_(None)


def _parted(group: Group, hold: Hold, actor: str) -> tuple[list[DeskCase], list[str]]:
    """The cases that are settled, and the ids of those that are not meant."""
    lead = group.lead
    if lead.holder != actor or lead.token != hold.token:
        raise Conflict("这件已被他人接手", hint="重新打开后再处理")
    settled = [one for one in group.cases if one.id not in hold.without]
    if not settled:
        raise Conflict("没有剩下要处理的问题")
    return settled, [one.id for one in group.cases if one.id in hold.without]


def _fields(resolution: Resolution) -> dict[str, Any]:
    return {name: getattr(resolution, name) for name in RESOLUTIONS.names}
