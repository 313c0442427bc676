"""The desk's cases as stored: who holds them, which belong together, what was typed.

Each change is in the audit chain, in its own transaction; what is only held or typed is not. Safe
with any number of processes: a change locks the cases that it rests on.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.review import ROOMLESS, CaseState, DeskCase, Group, grouped, key_of
from assistant.errors import Conflict
from assistant.records import review_groups as groups
from assistant.records.accounts_audit import AuditRecords
from assistant.records.accounts_schema import accounts
from assistant.records.database import Database
from assistant.records.live_writes import upsert
from assistant.records.schema_live import review_cases as cases
from assistant.records.schema_review import review_drafts as drafts

Check = Callable[[DeskCase], None]
"""Raises Forbidden where who asks may not work on a case."""


class ReviewRecords:
    """The cases of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def case(self, case_id: str) -> DeskCase:
        """One case. Raises NotFound."""
        async with self._database.read() as connection:
            return await groups.one(connection, self._organization, case_id)

    async def group(self, case_id: str) -> Group:
        """A case with those of its group, as they are. Raises NotFound."""
        async with self._database.read() as connection:
            case = await groups.one(connection, self._organization, case_id)
            return await groups.around(connection, self._organization, case)

    async def take(
        self, case_id: str, actor: str, until: datetime, check: Check, *, over: bool = False
    ) -> Group:
        """Hold a waiting group; its newest token is worth something from now on.

        Raises NotFound, Forbidden, Conflict where it waits no longer, or where another holds it
        and it is not to be taken `over`.
        """
        async with self._database.write() as connection:
            group = await self._locked(connection, case_id, check)
            holder = self._held_by_another(group.lead, actor)
            if holder and not over:
                raise Conflict(f"{await self._name(connection, holder)}正在处理这件")
            await self._hold(connection, group.lead, actor, until)
            if holder:
                told = {"from": holder, "cases": [one.id for one in group.cases]}
                event = AuditEvent(actor, "review.take_over", group.lead.id, told)
                await self._audit.append(connection, event)
            return await groups.around(connection, self._organization, group.lead)

    async def renew(self, case_id: str, actor: str, token: int, until: datetime) -> bool:
        """Hold it longer; False where it was lost meanwhile."""
        return await self._held(case_id, actor, token, holder=actor, held_until=until)

    async def release(self, case_id: str, actor: str, token: int) -> None:
        """Hold it no longer; what another holds stays theirs."""
        await self._held(case_id, actor, token, holder=None, held_until=None)

    async def mark(self, case_id: str, actor: str, check: Check, *, urgent: bool) -> None:
        """Mark a waiting group urgent, or no longer. Raises as `take`."""
        async with self._database.write() as connection:
            group = await self._locked(connection, case_id, check)
            await self._change(connection, group.cases, is_urgent=urgent)
            event = AuditEvent(actor, "review.mark", group.lead.id, {"urgent": urgent})
            await self._audit.append(connection, event)

    async def merge(self, case_id: str, into: str, actor: str, check: Check) -> None:
        """Let a waiting group be settled with another. Raises as `take`."""
        async with self._database.write() as connection:
            both = await self._both(connection, (case_id, into), check)
            moved, lead = both[case_id], both[into].lead
            if lead.id in {one.id for one in moved.cases}:
                raise Conflict("这两件已经在同一组")
            for one in (moved.lead, lead):
                await self._refuse_held(connection, one, actor)
            values = {"group_id": lead.id, "merged_into": lead.id}
            await self._change(connection, moved.cases, **values, holder=None, held_until=None)
            if lead.group_id is not None:  # it took the place of one that is settled
                await self._regroup(connection, both[into].cases)
            told = {"into": lead.id, "cases": [one.id for one in moved.cases]}
            await self._audit.append(connection, AuditEvent(actor, "review.merge", case_id, told))

    async def split(self, case_id: str, actor: str, check: Check) -> None:
        """Let a case be settled by itself again. Raises as `take`; Conflict for one alone."""
        async with self._database.write() as connection:
            group = await self._locked(connection, case_id, check)
            if not group.others:
                raise Conflict("这件本来就是单独一件")
            await self._refuse_held(connection, group.lead, actor)
            alone = [one for one in group.cases if one.id == case_id]
            await self._change(connection, alone, group_id=None, merged_into=None)
            await self._regroup(connection, [one for one in group.cases if one.id != case_id])
            told = {"from": group.lead.id, "cases": [one.id for one in group.cases]}
            await self._audit.append(connection, AuditEvent(actor, "review.split", case_id, told))

    async def returned(self, case_id: str, actor: str, check: Check) -> None:
        """A department gave a case back: it waits again, with a new deadline. Raises as `take`."""
        own = cases.c.organization_id == self._organization, cases.c.id == case_id
        handed = update(cases).where(*own, cases.c.state == CaseState.HANDED)
        anew: dict[str, object] = {"due_at": None, "due_class": "", "step": 0}
        gone = {"unit": "", "unit_due_at": None, "unit_note": "", "resolution_id": None}
        async with self._database.write() as connection:
            case = await groups.one(connection, self._organization, case_id)
            check(case)
            if case.code not in ROOMLESS:  # those no room waits for
                anew |= {"settled_at": None, "settled_how": None}
            waiting = handed.values(state=CaseState.WAITING, group_id=None, **anew, **gone)
            if not (await connection.execute(waiting)).rowcount:
                raise Conflict("这件没有转给部门")
            event = AuditEvent(actor, "review.returned", case_id, {"unit": case.unit})
            await self._audit.append(connection, event)

    async def save_draft(self, case_id: str, actor: str, text: str) -> None:
        """Keep what someone typed; an empty text is kept no longer."""
        key = {"organization_id": self._organization, "case_id": case_id, "account_id": actor}
        async with self._database.write() as connection:
            if not text:
                same = (drafts.c[name] == value for name, value in key.items())
                await connection.execute(delete(drafts).where(*same))
                return
            row = key | {"body": text, "saved_at": self._clock()}
            await connection.execute(upsert(self._database.dialect, drafts), [row])

    async def draft(self, case_id: str, actor: str) -> str:
        """What someone typed; "" where nothing."""
        own = drafts.c.organization_id == self._organization, drafts.c.account_id == actor
        query = select(drafts.c.body).where(*own, drafts.c.case_id == case_id)
        async with self._database.read() as connection:
            return (await connection.scalar(query)) or ""

    async def names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The shown names of some accounts."""
        query = select(accounts.c.id, accounts.c.display_name).where(accounts.c.id.in_(ids))
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def _locked(self, connection: AsyncConnection, case_id: str, check: Check) -> Group:
        group = await groups.locked(connection, self._organization, case_id)
        for one in group.cases:
            check(one)
        return group

    async def _both(
        self, connection: AsyncConnection, ids: Sequence[str], check: Check
    ) -> Mapping[str, Group]:
        """Two groups, locked in the same order in every process."""
        found = [await groups.one(connection, self._organization, one) for one in ids]
        ordered = [one.id for one in sorted(found, key=lambda one: (key_of(one), one.id))]
        return {one: await self._locked(connection, one, check) for one in ordered}

    async def _refuse_held(self, connection: AsyncConnection, lead: DeskCase, actor: str) -> None:
        if holder := self._held_by_another(lead, actor):
            raise Conflict(f"{await self._name(connection, holder)}正在处理这件")

    def _held_by_another(self, lead: DeskCase, actor: str) -> str | None:
        lapsed = lead.held_until is None or lead.held_until <= self._clock()
        return None if lapsed or lead.holder == actor else lead.holder

    async def _name(self, connection: AsyncConnection, account_id: str) -> str:
        query = select(accounts.c.display_name).where(accounts.c.id == account_id)
        return (await connection.scalar(query)) or "另一位复核员"

    async def _hold(
        self, connection: AsyncConnection, lead: DeskCase, actor: str, until: datetime
    ) -> None:
        values = {"holder": actor, "held_until": until, "token": lead.token + 1}
        await self._change(connection, [lead], **values)

    async def _held(self, case_id: str, actor: str, token: int, **values: object) -> bool:
        own = cases.c.organization_id == self._organization, cases.c.id == case_id
        mine = cases.c.holder == actor, cases.c.token == token
        async with self._database.write() as connection:
            held = update(cases).where(*own, *mine, cases.c.state == CaseState.WAITING)
            return (await connection.execute(held.values(**values))).rowcount > 0

    async def _regroup(self, connection: AsyncConnection, left: Sequence[DeskCase]) -> None:
        """Give a group the lead that it has."""
        lead, *others = grouped(left).cases
        await self._change(connection, [lead], group_id=None)
        await self._change(connection, others, group_id=lead.id)

    async def _change(
        self, connection: AsyncConnection, changed: Sequence[DeskCase], **values: object
    ) -> None:
        ids = [one.id for one in changed]
        await groups.change(connection, self._organization, ids, **values)
