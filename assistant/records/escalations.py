"""Cases whose deadline has passed: who is told next is written once, in the audit chain too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Exists, FromClause, and_, func, or_, select

from assistant.domain.audit import AuditEvent
from assistant.domain.review import CaseState, DeskCase, Group, key_of
from assistant.errors import Conflict
from assistant.records import review_groups as groups
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.reception import Deadline
from assistant.records.review_groups import CASES
from assistant.records.schema_live import review_cases as cases

ESCALATED = "review.escalate"
"""What the audit chain calls it; the subject is the case."""
SYSTEM = "system"
"""Who does what no person did."""


class EscalationRecords:
    """The escalations of one organisation."""

    def __init__(self, database: Database, organization: str, audit: AuditRecords) -> None:
        self._database = database
        self._organization = organization
        self._audit = audit

    async def ripe(
        self, now: datetime, ladders: Mapping[str, Sequence[float]], limit: int = 50
    ) -> list[DeskCase]:
        """Waiting cases whose next step is due, the most overdue first.

        `ladders` are the seconds after the deadline of each class's steps. Of a group only the
        case that is due first counts: its people are told once.
        """
        c = cases.c
        steps = [
            and_(c.due_class == name, c.step == step, c.due_at <= now - timedelta(seconds=seconds))
            for name, ladder in ladders.items()
            for step, seconds in enumerate(ladder)
        ]
        where = self._waiting(cases), c.due_at <= now, or_(*steps), ~self._earlier()
        query = select(*CASES.columns).where(*where).order_by(c.due_at, c.id).limit(limit)
        async with self._database.read() as connection:
            return [CASES.value(row) for row in await connection.execute(query)]

    async def lead(self, case: DeskCase) -> DeskCase:
        """The case whose lease is that of the group."""
        async with self._database.read() as connection:
            return (await groups.around(connection, self._organization, case)).lead

    async def claim(
        self,
        case: DeskCase,
        told: Mapping[str, object],
        *,
        release: bool = False,
        following: Deadline | None = None,
    ) -> bool:
        """Write the next step of a case; False where another process did, or it was settled.

        `release` takes the group from who holds it. `following` is the deadline that counts from
        now on; its escalation begins anew.
        """
        async with self._database.write() as connection:
            try:
                group = await groups.locked(connection, self._organization, case.id)
            except Conflict:
                return False
            if not _as_it_was(case, group):
                return False
            values = _next(case, following)
            await groups.change(connection, self._organization, [case.id], **values)
            if release and group.lead.holder is not None:
                free = {"holder": None, "held_until": None, "token": group.lead.token + 1}
                await groups.change(connection, self._organization, [group.lead.id], **free)
            event = AuditEvent(SYSTEM, ESCALATED, case.id, told)
            await self._audit.append(connection, event)
            return True

    def _waiting(self, table: FromClause) -> ColumnElement[bool]:
        own = table.c.organization_id == self._organization
        return and_(own, table.c.state == CaseState.WAITING)

    def _earlier(self) -> Exists:
        """Another waiting case of the same group that is due before."""
        other, c = cases.alias(), cases.c
        o = other.c
        key = func.coalesce(c.group_id, c.id)
        same = or_(o.group_id == key, and_(o.id == key, o.group_id.is_(None)))
        before = or_(o.due_at < c.due_at, and_(o.due_at == c.due_at, o.id < c.id))
        return select(o.id).where(self._waiting(other), same, before).exists()


def _as_it_was(case: DeskCase, group: Group) -> bool:
    now = next(one for one in group.cases if one.id == case.id)
    same = ("step", "due_at", "due_class")
    unchanged = all(getattr(now, name) == getattr(case, name) for name in same)
    return unchanged and key_of(now) == key_of(case)


def _next(case: DeskCase, following: Deadline | None) -> dict[str, Any]:
    if following is None:
        return {"step": case.step + 1}
    return {
        "step": 0,
        "due_at": following.due_at,
        "due_class": following.due_class,
        "due_from": following.due_from,
    }
