"""Drafting as a job: it survives a restart and goes on behind the last finished segment.

Its stream has the job's id, so that a job which is done twice makes one stream.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import structlog
from sqlalchemy.exc import IntegrityError

from assistant.access.accounts import Account
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.studio import Brief, Segment, StreamDraft
from assistant.domain.studio_flow import OVER, DraftJob, JobState, Stream
from assistant.errors import AssistantError, BadInput, Conflict, NotFound
from assistant.jobs.chores import Chore
from assistant.records.codec import from_json, to_json
from assistant.records.studio import StudioRecords
from assistant.records.studio_jobs import Held, JobRecords
from assistant.studio.drafting.facts import BRIEF
from assistant.studio.places import with_segment
from assistant.studio.rights import StudioRights
from assistant.studio.seams import OpenDrafting, WriteSegment, as_drafted

log = structlog.get_logger()
LEASE = timedelta(seconds=120)
"""Longer than templates take for the longest stream; each segment begins it anew."""
TRIES = 3
"""So often a job is taken up that nobody brought to an end."""
LOOK = 0.4
"""Seconds between two looks at how far a job is."""
Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class JobParts:
    """What it works with. `write` words one segment of the templates' draft anew."""

    jobs: JobRecords
    records: StudioRecords
    rights: StudioRights
    drafting: OpenDrafting
    clock: Clock
    new_id: NewId
    write: WriteSegment = as_drafted


class DraftJobs:
    """The drafting jobs of one organisation."""

    def __init__(self, on: JobParts) -> None:
        self._on = on
        self.chore = Chore("studio.jobs", self.run)

    async def brief(self, account: Account, text: str, region: str | None) -> Brief:
        """What is understood of a brief. Raises BadInput, Forbidden."""
        self._on.rights.new(account, region)
        drafting = await self._on.drafting()
        return await drafting.brief(text, china_day(self._on.clock()), region)

    async def start(self, account: Account, brief: Brief) -> DraftJob:
        """Begin to draft. Raises BadInput for a brief that rests on nothing, Forbidden."""
        self._on.rights.new(account, brief.region)
        if not brief.items and not brief.policies:
            raise BadInput("还没有选定依据的事项或文件", hint="请补充事项名称，或选择资料")
        job = DraftJob(self._on.new_id(), brief, account.id, self._on.clock(), says="排队中")
        await self._on.jobs.add(job)
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

    async def progress(
        self, account: Account, job_id: str, pause: Pause
    ) -> AsyncIterator[DraftJob]:
        """How far it is, each time that changed, until it is over."""
        last = None
        while True:
            job = await self.get(account, job_id)
            if job != last:
                yield job
            if job.state in OVER:
                return
            last = job
            await pause(LOOK)

    async def run(self) -> bool:
        """Work on the oldest job; whether there was one."""
        held = await self._on.jobs.take(self._on.clock() + LEASE)
        if held is None:
            return False
        try:
            await self._work(held)
        except Conflict:
            log.info("studio_job_lost", job=held.job.id)
        except BadInput as error:
            await self._fail(held, error.message)
        except Exception as error:
            log.exception("studio_job_failed", job=held.job.id, kind=type(error).__name__)
            if held.job.tries >= TRIES:
                told = error.message if isinstance(error, AssistantError) else "起草没有成功"
                await self._fail(held, told)
        return True

    async def _work(self, held: Held) -> None:
        on, brief = self._on, held.job.brief
        held = await self._tell(held, "正在查资料", 0, 0)
        drafting = await on.drafting()
        draft = await drafting.draft(brief, china_day(on.clock()))
        finished = await on.jobs.parts(held.job.id)
        total = len(draft.segments)
        for number, segment in enumerate(draft.segments, start=1):
            says = f"第 {number} 段，共 {total} 段：{segment.title}"
            held = await self._tell(held, says, number - 1, total)
            written = await self._written(held, draft, segment, finished)
            if written != segment:
                draft = with_segment(draft, written)
        await self._store(held.job, draft)
        done = replace(
            held.job,
            state=JobState.DONE,
            done=total,
            says="已完成",
            stream_id=held.job.id,
            ended_at=on.clock(),
        )
        await on.jobs.end(replace(held, job=done))

    async def _written(
        self, held: Held, draft: StreamDraft, segment: Segment, finished: Mapping[str, str]
    ) -> Segment:
        """A segment from before the restart where its template is the same, else a new one."""
        key = f"{segment.id}:{sha256(to_json(segment).encode()).hexdigest()[:16]}"
        if key in finished:
            return from_json(Segment, finished[key])
        written = await self._on.write(draft, segment, "")
        await self._on.jobs.keep(held, self._on.clock() + LEASE, (key, to_json(written)))
        return written

    async def _tell(self, held: Held, says: str, done: int, total: int) -> Held:
        job = replace(held.job, says=says, done=done, total=total)
        held = replace(held, job=job)
        await self._on.jobs.keep(held, self._on.clock() + LEASE)
        return held

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
        except IntegrityError:
            log.info("studio_stream_is_there", stream=job.id)

    async def _fail(self, held: Held, says: str) -> None:
        job = replace(held.job, state=JobState.FAILED, says=says, ended_at=self._on.clock())
        await self._on.jobs.end(replace(held, job=job))


def sources_of(draft: StreamDraft) -> tuple[str, ...]:
    """What a draft rests on."""
    return tuple(dict.fromkeys(f.source_id for f in draft.facts if f.source_id != BRIEF))
