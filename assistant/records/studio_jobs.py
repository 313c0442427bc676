"""The studio's jobs as stored: taken up under a lease, finished part by part, over once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clips import FilmJob
from assistant.domain.clock import Clock
from assistant.domain.studio_flow import OVER, DraftJob, JobState
from assistant.errors import Conflict, NotFound
from assistant.records import live_writes
from assistant.records.accounts_audit import AuditRecords
from assistant.records.codec import from_json, to_json
from assistant.records.database import Database
from assistant.records.schema_studio import studio_job_parts as parts
from assistant.records.schema_studio import studio_jobs as jobs
from assistant.records.studio import Beside

Job = TypeVar("Job", DraftJob, FilmJob)
_KINDS: Mapping[type, tuple[str, str, str]] = {
    DraftJob: ("draft", "studio.draft", "studio.cancel"),
    FilmJob: ("film", "studio.film", "studio.film_cancel"),
}
"""What a job is called in its column, and in the audit chain as it begins and is given up."""
LOST = "这个任务已取消，或由别的进程接手"


@dataclass(frozen=True, slots=True)
class Held(Generic[Job]):
    """A job that this process works on; only the newest token may write."""

    job: Job
    token: int


class JobRecords(Generic[Job]):
    """The jobs of one organisation and one kind."""

    def __init__(
        self,
        database: Database,
        organization: str,
        clock: Clock,
        audit: AuditRecords,
        kind: type[Job],
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit
        self._type: type[Job] = kind
        self._kind, self._begins, self._gives_up = _KINDS[kind]

    async def add(self, job: Job, told: Mapping[str, str] | None = None) -> None:
        """Store a job that waits; `told` goes into the audit chain."""
        async with self._database.write() as connection:
            await self.adding(job, told)(connection)

    def adding(self, job: Job, told: Mapping[str, str] | None = None) -> Beside:
        """The same inside another transaction."""
        row: dict[str, object] = {"id": job.id, "organization_id": self._organization}
        row |= {"kind": self._kind, "made_by": job.made_by, "token": 0, "lease_until": None}
        event = AuditEvent(job.made_by, self._begins, job.id, dict(told or {}))

        async def put(connection: AsyncConnection) -> None:
            await connection.execute(insert(jobs).values(row | _columns(job)))
            await self._audit.append(connection, event)

        return put

    async def get(self, job_id: str) -> Job:
        """A job. Raises NotFound."""
        async with self._database.read() as connection:
            body = await connection.scalar(select(jobs.c.body).where(*self._own(job_id)))
        return self._read(body)

    async def listed(self, states: Collection[JobState], limit: int = 50) -> list[Job]:
        """Jobs in some states, the newest first."""
        query = select(jobs.c.body).where(*self._mine(), jobs.c.state.in_(states))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(jobs.c.id.desc()).limit(limit))
            return [self._read(row.body) for row in rows]

    async def take(self, until: datetime) -> Held[Job] | None:
        """Hold the oldest job that waits or whose holder is gone; None where there is none."""
        c, now = jobs.c, self._clock()
        free = or_(
            c.state == JobState.WAITING, (c.state == JobState.RUNNING) & (c.lease_until < now)
        )
        query = select(c.id, c.body, c.token).where(*self._mine(), free)
        query = query.order_by(c.id).limit(1).with_for_update(skip_locked=True)
        async with self._database.write() as connection:
            row = (await connection.execute(query)).first()
            if row is None:
                return None
            job = self._read(row.body)
            held = Held(replace(job, state=JobState.RUNNING, tries=job.tries + 1), row.token + 1)
            values = {"token": held.token, "lease_until": until, **_columns(held.job)}
            await connection.execute(update(jobs).where(*self._own(row.id)).values(values))
        return held

    async def keep(
        self, held: Held[Job], until: datetime, part: tuple[str, str] | None = None
    ) -> None:
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
                raise Conflict(LOST)
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

    async def release(self, held: Held[Job]) -> None:
        """Leave it to whoever takes it next; nothing where another holds it already."""
        free = {"lease_until": self._clock() - timedelta(seconds=1)}
        async with self._database.write() as connection:
            await connection.execute(update(jobs).where(*self._held(held)).values(free))

    async def end(self, held: Held[Job]) -> None:
        """A job that its holder brought to an end. Raises Conflict as `keep`."""
        async with self._database.write() as connection:
            statement = update(jobs).where(*self._held(held)).values(_columns(held.job))
            if not (await connection.execute(statement)).rowcount:
                raise Conflict(LOST)
            await connection.execute(delete(parts).where(parts.c.job_id == held.job.id))

    async def cancel(self, job_id: str, actor: str) -> Job:
        """Give a job up; its holder notices at its next part. One that is over stays as it is."""
        async with self._database.write() as connection:
            job = await self._locked(connection, job_id)
            if job.state in OVER:
                return job
            gone = replace(job, state=JobState.CANCELLED, says="已取消", ended_at=self._clock())
            await connection.execute(update(jobs).where(*self._own(job_id)).values(_columns(gone)))
            await connection.execute(delete(parts).where(parts.c.job_id == job_id))
            await self._audit.append(connection, AuditEvent(actor, self._gives_up, job_id, {}))
        return gone

    async def again(self, job: Job, actor: str) -> None:
        """Put a job that is over back among those that wait. Raises Conflict where it is not."""
        async with self._database.write() as connection:
            if (await self._locked(connection, job.id)).state not in OVER:
                raise Conflict("这个任务还在进行")
            waits = replace(job, state=JobState.WAITING, says="排队中", ended_at=None, tries=0)
            await connection.execute(update(jobs).where(*self._own(job.id)).values(_columns(waits)))
            await self._audit.append(connection, AuditEvent(actor, self._begins, job.id, {}))

    async def _locked(self, connection: AsyncConnection, job_id: str) -> Job:
        query = select(jobs.c.body).where(*self._own(job_id)).with_for_update()
        return self._read(await connection.scalar(query))

    def _read(self, body: str | None) -> Job:
        if body is None:
            raise NotFound("没有这个任务")
        return from_json(self._type, body)

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return jobs.c.organization_id == self._organization, jobs.c.kind == self._kind

    def _own(self, job_id: str) -> tuple[ColumnElement[bool], ...]:
        return *self._mine(), jobs.c.id == job_id

    def _held(self, held: Held[Job]) -> tuple[ColumnElement[bool], ...]:
        running = jobs.c.state == JobState.RUNNING
        return *self._own(held.job.id), jobs.c.token == held.token, running


def _columns(job: DraftJob | FilmJob) -> dict[str, object]:
    return {"state": job.state.value, "body": to_json(job)}
