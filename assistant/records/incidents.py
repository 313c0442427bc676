"""Answers that were taken back: incidents, what is withheld, what stopped with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.review import (
    WITHDRAWN,
    DeskCase,
    Incident,
    LearnedAnswer,
    LearnedState,
)
from assistant.domain.source import SourceKind
from assistant.errors import Conflict, NotFound
from assistant.records import source_writes
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import AnyQuery, Database
from assistant.records.events import EventRecords
from assistant.records.learned import LEARNED
from assistant.records.live_rows import INCIDENTS
from assistant.records.live_writes import new_only, upsert
from assistant.records.review_groups import CASES
from assistant.records.schema import sources
from assistant.records.schema_live import comments, decisions, review_cases
from assistant.records.schema_review import incidents, learned_answers, withheld_answers

TAKEN_BACK = "answer.withdrawn"
"""The event; its subject is the incident."""
RESTORED = "answer.restored"
WHY = "答复已撤回"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """All that one withdrawal writes. The first incident and case are those that were meant.

    `source_ids` may name FAQs: those in use are retired, with what was learnt by `resolution_ids`.
    `unlearnt` stands in for what has not been learnt yet, so that it never is.
    """

    incidents: tuple[Incident, ...]
    cases: tuple[DeskCase, ...]
    fingerprints: tuple[str, ...]
    source_ids: tuple[str, ...]
    resolution_ids: tuple[str, ...]
    unlearnt: tuple[LearnedAnswer, ...] = ()


class IncidentRecords:
    """The incidents of one organisation."""

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

    async def withheld(self) -> set[str]:
        """The fingerprints of answers that are not given."""
        c = withheld_answers.c
        query = select(c.fingerprint).where(self._own(c.organization_id), c.lifted_at.is_(None))
        async with self._database.read() as connection:
            return {row[0] for row in await connection.execute(query)}

    async def get(self, incident_id: str) -> Incident:
        """One incident. Raises NotFound."""
        found = await self._all(incidents.c.id == incident_id)
        if not found:
            raise NotFound("没有这条撤回记录")
        return found[0]

    async def recent(self, limit: int = 100) -> list[Incident]:
        """The newest incidents, newest first."""
        query = self._query().order_by(incidents.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return [INCIDENTS.value(row) for row in await connection.execute(query)]

    async def uncorrected(self) -> list[Incident]:
        """Those that wait to be stopped or corrected, oldest first."""
        return await self._all(incidents.c.corrected_at.is_(None))

    async def audience(self, question_ids: Collection[str]) -> int:
        """How many viewers were told of some questions, those merged into them included."""
        viewer = select(comments.c.platform, comments.c.viewer).distinct()
        asked = viewer.join(decisions, decisions.c.comment_id == comments.c.id).where(
            self._own(decisions.c.organization_id), decisions.c.question_id.in_(question_ids)
        )
        async with self._database.read() as connection:
            counted = select(func.count()).select_from(asked.subquery())
            return int(await connection.scalar(counted) or 0)

    async def withdraw(self, made: Withdrawal) -> Incident:
        """Write it in one transaction. Raises Conflict where the answer is taken back already."""
        async with self._database.write(durable=True) as connection:
            learnt = await self._learnt(connection, made)
            main = made.incidents[0]
            told = {"question": main.question_id, "reason": main.reason, "faqs": learnt}
            event = AuditEvent(main.actor, TAKEN_BACK, main.id, told)
            await self._audit.append(connection, event)
            await self._refuse_twice(connection, made.cases)
            await self._withhold(connection, made, main)
            await self._database.write_in_order(connection)
            faqs = await self._retire(connection, {*made.source_ids, *learnt})
            main = replace(main, faq_ids=tuple(sorted({*faqs, *learnt})))
            rows = [main, *made.incidents[1:]]
            values = [INCIDENTS.values(self._organization, one) for one in rows]
            await connection.execute(insert(incidents), values)
            cases = [CASES.values(self._organization, one) for one in made.cases]
            await connection.execute(insert(review_cases), cases)
            await self._tell(connection, TAKEN_BACK, main, made.cases)
        return main

    async def lift(self, found: Sequence[Incident], actor: str) -> None:
        """The answer was right after all: it may be given again, its FAQs answer again."""
        now = self._clock()
        for incident in found:
            async with self._database.write(durable=True) as connection:
                await self._relearn(connection, incident, now)
                event = AuditEvent(actor, RESTORED, incident.id, {"faqs": incident.faq_ids})
                if not await self._closed(connection, incident, now):
                    continue
                await self._audit.append(connection, event)
                await self._database.write_in_order(connection)
                await self._use_again(connection, incident.faq_ids, now)
                await self._tell(connection, RESTORED, incident, ())

    async def applied(self, incident_id: str) -> None:
        """Nothing of it is on air any more; the first time counts."""
        first = incidents.c.applied_at.is_(None) & (incidents.c.id == incident_id)
        stopped = update(incidents).where(self._own(incidents.c.organization_id), first)
        async with self._database.write() as connection:
            await connection.execute(stopped.values(applied_at=self._clock()))

    async def _learnt(self, connection: AsyncConnection, made: Withdrawal) -> list[str]:
        """Mark what was learnt; gives the FAQs' ids. These rows are locked before the chain is."""
        c = learned_answers.c
        if made.unlearnt:
            rows = [LEARNED.values(self._organization, one) for one in made.unlearnt]
            await connection.execute(new_only(self._database.dialect, learned_answers), rows)
        from_it = or_(c.faq_id.in_(made.source_ids), c.resolution_id.in_(made.resolution_ids))
        own = self._own(c.organization_id) & from_it
        values = {"state": LearnedState.WITHDRAWN, "why": WHY, "changed_at": self._clock()}
        marked = update(learned_answers).where(own).values(**values).returning(c.faq_id)
        return sorted({row[0] for row in await connection.execute(marked)})

    async def _refuse_twice(self, connection: AsyncConnection, cases: Sequence[DeskCase]) -> None:
        c = review_cases.c
        open_ = select(c.id).where(
            self._own(c.organization_id),
            c.code == WITHDRAWN,
            c.settled_at.is_(None),
            c.question_id == cases[0].question_id,
        )
        if (await connection.execute(open_.limit(1))).first() is not None:
            raise Conflict("这条答复已经撤回，正在等待更正")

    async def _withhold(
        self, connection: AsyncConnection, made: Withdrawal, main: Incident
    ) -> None:
        rows = [
            {
                "organization_id": self._organization,
                "fingerprint": one,
                "incident_id": main.id,
                "made_at": main.made_at,
                "lifted_at": None,
            }
            for one in made.fingerprints
        ]
        await connection.execute(upsert(self._database.dialect, withheld_answers), rows)

    async def _retire(self, connection: AsyncConnection, ids: Collection[str]) -> list[str]:
        """Take the FAQs among some sources out of use."""
        now, c = self._clock(), sources.c
        which = self._own(c.organization_id) & c.source_id.in_(ids) & (c.kind == SourceKind.FAQ)
        retired = update(sources).where(which, c.retired_at.is_(None)).values(retired_at=now)
        found = await connection.execute(retired.returning(c.source_id, c.version))
        versions = {row[0]: row[1] for row in found}
        if versions:
            await source_writes.announce(connection, self._organization, "retire", versions, now)
        return sorted(versions)

    async def _closed(self, connection: AsyncConnection, incident: Incident, now: datetime) -> bool:
        open_ = (incidents.c.id == incident.id) & incidents.c.corrected_at.is_(None)
        closed = update(incidents).where(self._own(incidents.c.organization_id), open_)
        if not (await connection.execute(closed.values(corrected_at=now))).rowcount:
            return False
        c = withheld_answers.c
        lifted = update(withheld_answers).where(
            self._own(c.organization_id), c.incident_id == incident.id
        )
        await connection.execute(lifted.values(lifted_at=now))
        return True

    async def _relearn(
        self, connection: AsyncConnection, incident: Incident, now: datetime
    ) -> None:
        c = learned_answers.c
        mine = c.faq_id.in_(incident.faq_ids) & (c.why == WHY)
        again = update(learned_answers).where(self._own(c.organization_id), mine)
        active = {"state": LearnedState.ACTIVE, "why": "", "changed_at": now}
        await connection.execute(again.values(**active))

    async def _use_again(
        self, connection: AsyncConnection, ids: Collection[str], now: datetime
    ) -> None:
        c = sources.c
        which = self._own(c.organization_id) & c.source_id.in_(ids) & c.retired_at.is_not(None)
        used = update(sources).where(which).values(retired_at=None)
        found = await connection.execute(used.returning(c.source_id, c.version))
        versions = {row[0]: row[1] for row in found}
        if versions:
            await source_writes.announce(connection, self._organization, "put", versions, now)

    async def _tell(
        self, connection: AsyncConnection, kind: str, one: Incident, cases: Sequence[DeskCase]
    ) -> None:
        body = {
            "question": one.question_id,
            "room": one.room_id,
            "session": one.session_id,
            "fingerprint": one.fingerprint,
            "case": one.case_id or "",
            "outcome": one.outcome_id or "",
            "questions": " ".join(case.question_id for case in cases),
        }
        await self._events.append(connection, kind, one.id, body, self._clock())

    def _own(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        return column == self._organization

    def _query(self) -> AnyQuery:
        return select(*INCIDENTS.columns).where(self._own(incidents.c.organization_id))

    async def _all(self, *where: ColumnElement[bool]) -> list[Incident]:
        query = self._query().where(*where).order_by(incidents.c.id)
        async with self._database.read() as connection:
            return [INCIDENTS.value(row) for row in await connection.execute(query)]
