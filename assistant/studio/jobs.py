"""Drafting as a job: it survives a restart; what a model has written is not asked for again.

Its stream has the job's id, so that a job which is done twice makes one stream.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

import structlog

from assistant.access.accounts import Account
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.studio import Brief, StreamDraft
from assistant.domain.studio_flow import DraftJob, JobState, Stream
from assistant.errors import BadInput, Conflict, NotFound
from assistant.jobs.chores import Chore
from assistant.records.studio import StudioRecords
from assistant.records.studio_jobs import Held, JobRecords
from assistant.studio.drafting.facts import BRIEF
from assistant.studio.leased import LEASE, Pause, followed, work_on_one
from assistant.studio.rights import StudioRights
from assistant.studio.seams import OpenDrafting

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class JobParts:
    """What it works with."""

    jobs: JobRecords[DraftJob]
    records: StudioRecords
    rights: StudioRights
    drafting: OpenDrafting
    clock: Clock
    new_id: NewId


class DraftJobs:
    """The drafting jobs of one organisation."""

    def __init__(self, on: JobParts) -> None:
        self._on = on
        self.chore = Chore("studio.jobs", self.run)

    async def brief(self, account: Account, text: str, region: str | None) -> Brief:
        """What is understood of a brief. Raises BadInput, Forbidden."""
        self._on.rights.new(account, region)
        async with self._on.drafting(None) as drafting:
            return await drafting.brief(text, china_day(self._on.clock()), region)

    async def start(self, account: Account, brief: Brief) -> DraftJob:
        """Begin to draft. Raises BadInput for a brief that rests on nothing, Forbidden."""
        self._on.rights.new(account, brief.region)
        if not brief.items and not brief.policies:
            raise BadInput("还没有选定依据的事项或文件", hint="请补充事项名称，或选择资料")
        job = DraftJob(self._on.new_id(), brief, account.id, self._on.clock(), says="排队中")
        await self._on.jobs.add(job, {"brief": job.brief.text})
        self.chore.wake()
        return job

    async def get(self, account: Account, job_id: str) -> DraftJob:
        """A job of someone's region. Raises NotFound."""
        job = await self._on.jobs.get(job_id)
        self._on.rights.new(account, job.brief.region)
        return job

    async def cancel(self, account: Account, job_id: str) -> DraftJob:
        """Give it up; what is over stays as it is."""
        await self.get(account, job_id)
        return await self._on.jobs.cancel(job_id, account.id)

    async def running(self, account: Account) -> list[DraftJob]:
        """Jobs that are not over."""
        self._on.rights.enter(account)
        found = await self._on.jobs.listed((JobState.WAITING, JobState.RUNNING))
        return [job for job in found if job.made_by == account.id]

    def progress(self, account: Account, job_id: str, pause: Pause) -> AsyncIterator[DraftJob]:
        """How far it is, each time that changed, until it is over."""
        return followed(lambda: self.get(account, job_id), pause)

    async def run(self) -> bool:
        """Work on the oldest job; whether there was one."""
        return await work_on_one(self._on.jobs, self._on.clock, self._work, "起草没有成功")

    async def _work(self, held: Held[DraftJob]) -> None:
        on = self._on
        keep = Keeping(on.jobs, on.clock, held, await on.jobs.parts(held.job.id))
        await keep.told(0, 0)
        async with on.drafting(keep) as drafting:
            draft = await drafting.draft(held.job.brief, china_day(on.clock()))
        total = len(draft.segments)
        await self._store(held.job, draft)
        done = replace(
            keep.held.job,
            state=JobState.DONE,
            done=total,
            total=total,
            says="已完成",
            stream_id=held.job.id,
            ended_at=on.clock(),
        )
        await on.jobs.end(replace(held, job=done))

    async def _store(self, job: DraftJob, draft: StreamDraft) -> None:
        try:
            await self._on.records.get(job.id)
        except NotFound:
            await self._create(job, draft)

    async def _create(self, job: DraftJob, draft: StreamDraft) -> None:
        now = self._on.clock()
        stream = Stream(
            id=job.id,
            title=draft.brief.title,
            kind=draft.brief.kind,
            made_by=job.made_by,
            made_at=now,
            changed_at=now,
            region=draft.brief.region,
            day=draft.brief.day,
            writers=(job.made_by,),
            sources=sources_of(draft),
        )
        try:
            await self._on.records.create(stream, draft, "起草")
        except Conflict:
            log.info("studio_stream_is_there", stream=job.id)


class Keeping:
    """What one job remembers; each word of it holds the job longer."""

    def __init__(
        self,
        jobs: JobRecords[DraftJob],
        clock: Clock,
        held: Held[DraftJob],
        known: Mapping[str, str],
    ) -> None:
        self._jobs = jobs
        self._clock = clock
        self._known = dict(known)
        self.held = held

    def known(self, key: str) -> str | None:
        """A model's reply from before a restart."""
        return self._known.get(key)

    async def put(self, key: str, reply: str) -> None:
        """Remember a reply. Raises Conflict where another holds the job, or it was cancelled."""
        self._known[key] = reply
        await self._jobs.keep(self.held, self._clock() + LEASE, (key, reply))

    async def told(self, done: int, total: int) -> None:
        """So many segments are done. Raises as `put`."""
        says = f"写好 {done} 段，共 {total} 段" if total else "正在查资料"
        job = replace(self.held.job, says=says, done=done, total=total)
        self.held = replace(self.held, job=job)
        await self._jobs.keep(self.held, self._clock() + LEASE)


def sources_of(draft: StreamDraft) -> tuple[str, ...]:
    """What a draft rests on."""
    return tuple(dict.fromkeys(f.source_id for f in draft.facts if f.source_id != BRIEF))
