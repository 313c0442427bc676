"""The duty plans of an organisation, and who was told of its alerts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, select

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.duty import DutyPlan
from assistant.domain.live import Alert, Telling
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import AnyQuery, Database
from assistant.records.live_rows import ALERTS, TELLINGS, Rows
from assistant.records.live_writes import upsert
from assistant.records.schema_duty import alert_tellings, duty_plans
from assistant.records.schema_live import alerts

PLANS = Rows(DutyPlan, duty_plans)


class DutyRecords:
    """The duty of one organisation. Every change is in the audit chain."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def plans(self) -> Mapping[str, DutyPlan]:
        """All plans by room; the organisation's own under ""."""
        own = duty_plans.c.organization_id == self._organization
        query = select(*PLANS.columns).where(own)
        async with self._database.read() as connection:
            found = [PLANS.value(row) for row in await connection.execute(query)]
        return {one.room_id: one for one in found}

    async def put(self, plan: DutyPlan, event: AuditEvent) -> None:
        """Keep a plan in the place of the one before."""
        kept = replace(plan, changed_at=self._clock())
        values = PLANS.values(self._organization, kept)
        async with self._database.write() as connection:
            await connection.execute(upsert(self._database.dialect, duty_plans), values)
            await self._audit.append(connection, event)

    async def alerts(self, room_id: str, limit: int = 5) -> list[Alert]:
        """The newest alerts of a room, the newest first; those that nobody acknowledged lead."""
        c = alerts.c
        own = c.organization_id == self._organization, c.room_id == room_id
        newest = c.acknowledged_at.is_not(None), c.raised_at.desc(), c.id.desc()
        query = select(*ALERTS.columns).where(*own).order_by(*newest).limit(limit)
        async with self._database.read() as connection:
            return [ALERTS.value(row) for row in await connection.execute(query)]

    async def tellings(self, alert_ids: Collection[str]) -> Mapping[str, Sequence[Telling]]:
        """Who was told of some alerts, in order, by alert."""
        found: dict[str, list[Telling]] = defaultdict(list)
        async with self._database.read() as connection:
            for row in await connection.execute(self._told(alert_ids)):
                one = TELLINGS.value(row)
                found[one.alert_id].append(one)
        return found

    def _told(self, alert_ids: Collection[str]) -> AnyQuery:
        c = alert_tellings.c
        own: ColumnElement[bool] = c.organization_id == self._organization
        query = select(*TELLINGS.columns).where(own, c.alert_id.in_(sorted(alert_ids)))
        return query.order_by(c.alert_id, c.step)
