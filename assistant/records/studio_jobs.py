"""Drafting jobs as stored: taken up under a lease, finished part by part, over once."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.studio_flow import OVER, DraftJob, JobState
from assistant.errors import Conflict, NotFound
from assistant.records import live_writes
from assistant.records.accounts_audit import AuditRecords
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema_studio import studio_job_parts as parts
from assistant.records.schema_studio import studio_jobs as jobs


@dataclass(frozen=True, slots=True)
class Held:
    """A job that this process works on; only the newest token may write."""

    job: DraftJob
    token: int


class JobRecords:
    """The drafting jobs of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def add(self, job: DraftJob) -> None:
        """Store a job that waits."""
        row: dict[str, object] = {"id": job.id, "organization_id": self._organization}
        row |= {
            "made_by": job.made_by,
            "state": job.state.value,
            "token": 0,
            "lease_until": None,
            "body": to_json(job),
        }
        told = {"brief": job.brief.text}
        async with self._database.write() as connection:
            await connection.execute(insert(jobs).values(row))
            event = AuditEvent(job.made_by, "studio.draft", job.id, told)
            await self._audit.append(connection, event)

    async def get(self, job_id: str) -> DraftJob:
        """A job. Raises NotFound."""
        async with self._database.read() as connection:
            body = await connection.scalar(select(jobs.c.body).where(*self._own(job_id)))
        if body is None:
            raise NotFound("没有这个起草任务")
        return from_json(DraftJob, body)

    async def listed(self, states: Collection[JobState], limit: int = 50) -> list[DraftJob]:
        """Jobs in some states, the newest first."""
        c = jobs.c
        query = select(c.body).where(c.organization_id == self._organization, c.state.in_(states))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.id.desc()).limit(limit))
            return [from_json(DraftJob, row.body) for row in rows]

    async def take(self, until: datetime) -> Held | None:
        """Hold the oldest job that waits or whose holder is gone; None where there is none."""
        c, now = jobs.c, self._clock()
        free = or_(
            c.state == JobState.WAITING, (c.state == JobState.RUNNING) & (c.lease_until < now)
        )
        query = select(c.id, c.body, c.token).where(c.organization_id == self._organization, free)
        query = query.order_by(c.id).limit(1).with_for_update(skip_locked=True)
        async with self._database.write() as connection:
            row = (await connection.execute(query)).first()
            if row is None:
                return None
            job = from_json(DraftJob, row.body)
            held = Held(replace(job, state=JobState.RUNNING, tries=job.tries + 1), row.token + 1)
            values = {"token": held.token, "lease_until": until, **_columns(held.job)}
            await connection.execute(update(jobs).where(*self._own(row.id)).values(values))
        return held

    async def keep(self, held: Held, until: datetime, part: tuple[str, str] | None = None) -> None:
        """Tell how far it is, hold it longer, and store a finished part (id, JSON).

        Raises Conflict where another process holds it now, or it was cancelled.
        """
        async with self._database.write() as connection:
            done = await connection.execute(
                update(jobs)
                .where(*self._held(held))
                .values({"lease_until": until, **_columns(held.job)})
            )
            if not done.rowcount:
                raise Conflict("这个起草任务已取消，或由别的进程接手")
            if part:
                row = {"organization_id": self._organization, "job_id": held.job.id}
                row |= {"part": part[0], "body": part[1]}
                statement = live_writes.upsert(self._database.dialect, parts)
                await connection.execute(statement, row)

    async def parts(self, job_id: str) -> dict[str, str]:
        """The finished parts of a job, as JSON by their ids."""
        c = parts.c
        query = select(c.part, c.body).where(
            c.organization_id == self._organization, c.job_id == job_id
        )
        async with self._database.read() as connection:
            return {row.part: row.body for row in await connection.execute(query)}

    async def end(self, held: Held) -> None:
        """A job that its holder brought to an end. Raises Conflict as `keep`."""
        async with self._database.write() as connection:
            statement = update(jobs).where(*self._held(held)).values(_columns(held.job))
            if not (await connection.execute(statement)).rowcount:
                raise Conflict("这个起草任务已取消，或由别的进程接手")
            await connection.execute(delete(parts).where(parts.c.job_id == held.job.id))

    async def cancel(self, job_id: str, actor: str) -> DraftJob:
        """Give a job up; its holder notices at its next part. One that is over stays as it is."""
        async with self._database.write() as connection:
            query = select(jobs.c.body).where(*self._own(job_id)).with_for_update()
            body = await connection.scalar(query)
            if body is None:
                raise NotFound("没有这个起草任务")
            job = from_json(DraftJob, body)
            if job.state in OVER:
                return job
            gone = replace(job, state=JobState.CANCELLED, says="已取消", ended_at=self._clock())
            await connection.execute(update(jobs).where(*self._own(job_id)).values(_columns(gone)))
            await connection.execute(delete(parts).where(parts.c.job_id == job_id))
            await self._audit.append(connection, AuditEvent(actor, "studio.cancel", job_id, {}))
        return gone

    def _own(self, job_id: str) -> tuple[ColumnElement[bool], ...]:
        return jobs.c.organization_id == self._organization, jobs.c.id == job_id

    def _held(self, held: Held) -> tuple[ColumnElement[bool], ...]:
        running = jobs.c.state == JobState.RUNNING
        return *self._own(held.job.id), jobs.c.token == held.token, running


def _columns(job: DraftJob) -> dict[str, object]:
    return {"state": job.state.value, "body": to_json(job)}
