"""The clips of an approved stream, as a job: each is filmed and put on the shelf, one by one.

The approval itself writes the job; a restart goes on at the clip. What the stream's words no longer
hold leaves the shelf. See decisions/0032.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from assistant.access.accounts import Account
from assistant.domain.clips import (
    ClipStanding,
    ClipState,
    FilmedClip,
    FilmJob,
    FilmState,
    ShelvedClip,
)
from assistant.domain.clock import Clock, NewId
from assistant.domain.studio import Clip, Fact, StreamDraft
from assistant.domain.studio_flow import FROZEN, Approval, JobState, Stream
from assistant.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from assistant.jobs.chores import Chore
from assistant.records.clips import ClipRecords
from assistant.records.studio import Beside, StudioRecords
from assistant.records.studio_jobs import Held, JobRecords
from assistant.studio.clips.desk import ClipDesk, Of
from assistant.studio.clips.looking import ClipLooks
from assistant.studio.clips.making import MadeClip
from assistant.studio.leased import LEASE, Pause, followed, work_on_one
from assistant.studio.rights import StudioRights

GONE = "批准已收回，不再制作"
LEFT_OUT = "新批准的版本里没有这一条"
Film = Callable[[Clip, Sequence[Fact], str, str | None], Awaitable[MadeClip]]
"""Films a clip whole, for an office and a region. Raises BadInput, Unavailable."""
Accounts = Callable[[str], Awaitable[Account]]
"""An account by its id. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class FilmParts:
    """What it works with. `home` is the region of what has none."""

    jobs: JobRecords[FilmJob]
    records: StudioRecords
    rights: StudioRights
    clips: ClipRecords
    desk: ClipDesk
    looks: ClipLooks
    film: Film
    accounts: Accounts
    clock: Clock
    new_id: NewId
    home: str | None = None


class Filming:
    """The filming jobs of one organisation. Raises NotFound for a stream that is not there."""

    def __init__(self, on: FilmParts) -> None:
        self._on = on
        self.chore = Chore("studio.films", self.run)

    def job_of(self, stream: Stream, words: StreamDraft, made: Approval) -> FilmJob | None:
        """The job of an approval that is being given; None for words without clips."""
        if not words.clips:
            return None
        return FilmJob(
            self._on.new_id(),
            stream.id,
            stream.title,
            made.version,
            made.digest,
            made.by,
            made.at,
            region=stream.region,
            total=len(words.clips),
            says="排队中",
        )

    def storing(self, job: FilmJob) -> Beside:
        """What stores it inside the approval's transaction."""
        return self._on.jobs.adding(job, {"stream": job.stream_id, "title": job.title})

    async def of(self, account: Account, stream_id: str) -> FilmJob | None:
        """The job of a stream's approval; None where there is none."""
        stream = await self._on.records.get(stream_id)
        self._on.rights.read(account, stream)
        films = stream.approval.films if stream.approval else ""
        return await self._on.jobs.get(films) if films else None

    async def running(self, account: Account) -> list[FilmJob]:
        """Jobs that are not over, for streams that someone sees."""
        found = await self._on.jobs.listed((JobState.WAITING, JobState.RUNNING))
        return [one for one in found if self._on.rights.reads_at(account, one.region)]

    async def get(self, account: Account, job_id: str) -> FilmJob:
        """A job whose stream someone may read. Raises NotFound."""
        job = await self._on.jobs.get(job_id)
        self._on.rights.read(account, await self._on.records.get(job.stream_id))
        return job

    def progress(self, account: Account, job_id: str, pause: Pause) -> AsyncIterator[FilmJob]:
        """How far it is, each time that changed, until it is over."""
        return followed(lambda: self.get(account, job_id), pause)

    async def cancel(self, account: Account, job_id: str) -> FilmJob:
        """Give it up; clips that are up already stay. Raises Forbidden."""
        await self._may(account, job_id)
        return await self._on.jobs.cancel(job_id, account.id)

    async def again(self, account: Account, job_id: str) -> FilmJob:
        """Make those clips that were not made. Raises Forbidden, Conflict."""
        job = await self._may(account, job_id)
        if await self._approved(job) is None:
            raise Conflict(GONE)
        kept = tuple(one for one in job.clips if one.state is not FilmState.REFUSED)
        await self._on.jobs.again(replace(job, clips=kept, done=len(kept)), account.id)
        self.chore.wake()
        return await self._on.jobs.get(job_id)

    async def run(self) -> bool:
        """Work on the oldest job; whether there was one."""
        return await work_on_one(self._on.jobs, self._on.clock, self._work, "短视频没有做成")

    async def _may(self, account: Account, job_id: str) -> FilmJob:
        job = await self.get(account, job_id)
        stream = await self._on.records.get(job.stream_id)
        if not (self._on.rights.judges(account, stream) or self._on.rights.writes(account, stream)):
            raise Forbidden("您没有制作短视频的权限")
        return job

    async def _approved(self, job: FilmJob) -> Stream | None:
        """The stream, while its approval is the one that the job was made for."""
        stream = await self._on.records.get(job.stream_id)
        made = stream.approval
        holds = made and (made.films, made.digest) == (job.id, job.digest)
        return stream if holds and stream.state in FROZEN else None

    async def _work(self, held: Held[FilmJob]) -> None:
        words = (await self._on.records.version(held.job.stream_id, held.job.version)).draft
        known = {one.clip_id for one in held.job.clips}
        for clip in (one for one in words.clips if one.id not in known):
            if await self._approved(held.job) is None:
                break
            held = await self._told(held, says=f"正在制作“{clip.title}”")
            made = await self._one(held.job, words, clip)
            clips = (*held.job.clips, made)
            held = await self._told(held, clips=clips, done=len(clips))
        if await self._approved(held.job) is None:
            await self._end(held, JobState.CANCELLED, GONE)
            return
        await self._leave_out(held.job)
        await self._end(held, JobState.DONE, said(held.job.clips))

    async def _told(self, held: Held[FilmJob], **changes: object) -> Held[FilmJob]:
        """Keep what is known, and the job. Raises Conflict where it was cancelled."""
        held = replace(held, job=replace(held.job, **changes))  # type: ignore[arg-type]  # fields
        await self._on.jobs.keep(held, self._on.clock() + LEASE)
        return held

    async def _end(self, held: Held[FilmJob], state: JobState, says: str) -> None:
        job = replace(held.job, state=state, says=says, ended_at=self._on.clock())
        await self._on.jobs.end(replace(held, job=job))

    async def _one(self, job: FilmJob, words: StreamDraft, clip: Clip) -> FilmedClip:
        """What becomes of one clip; why where it cannot be shown."""
        try:
            known, older = await self._known(job, words, clip)
            return known or await self._put_up(job, words, clip, older)
        except (BadInput, Conflict, Forbidden, NotFound, Unavailable) as error:
            why = f"{error.message}（{error.hint}）" if error.hint else error.message
            return FilmedClip(clip.id, clip.title, FilmState.REFUSED, why)

    async def _put_up(
        self, job: FilmJob, words: StreamDraft, clip: Clip, older: tuple[str, ...]
    ) -> FilmedClip:
        on = self._on
        made = await on.film(clip, words.facts, words.deck.office, words.brief.region or on.home)
        stream = await self._approved(job)
        if stream is None:
            raise Conflict(GONE)
        account = await on.accounts(job.made_by)
        of = Of(job.stream_id, job.digest, older)
        put = await on.desk.add(made, account, stream.writers, of)
        return await self._is_up(put, clip, FilmState.SHELVED)

    async def _is_up(self, put: ShelvedClip, clip: Clip, state: FilmState) -> FilmedClip:
        (looked,) = await self._on.looks.of([put])
        return FilmedClip(clip.id, clip.title, state, looked.why, put.id, put.card.seconds)

    async def _known(
        self, job: FilmJob, words: StreamDraft, clip: Clip
    ) -> tuple[FilmedClip | None, tuple[str, ...]]:
        """The same words on the shelf, which are not filmed again; else what the clip replaces.

        Raises Conflict for what this very job had put up, and somebody took off meanwhile.
        """
        on, older = self._on, []
        await self._refuse_withdrawn(job, clip)
        for one in await on.looks.of(await on.clips.listed(ClipState.APPROVED)):
            same = self._same(one.clip, words, clip)
            if same and one.standing in {ClipStanding.SHOWN, ClipStanding.DOUBTED}:
                return await self._is_up(one.clip, clip, FilmState.KEPT), ()
            own = (one.clip.stream_id, one.clip.card.clip.id) == (job.stream_id, clip.id)
            if same or own:
                older.append(one.clip.id)
        return None, tuple(older)

    def _same(self, shelved: ShelvedClip, words: StreamDraft, clip: Clip) -> bool:
        """Whether a film of the same words, for the same place, is there."""
        card, region = shelved.card, words.brief.region or self._on.home
        here = (card.office, card.region) == (words.deck.office, region)
        return here and _said(card.clip) == _said(clip)

    async def _refuse_withdrawn(self, job: FilmJob, clip: Clip) -> None:
        for one in await self._on.clips.listed(ClipState.WITHDRAWN):
            made = (one.stream_id, one.approval, one.card.clip.id)
            if made == (job.stream_id, job.digest, clip.id) and one.at >= job.made_at:
                raise Conflict(f"已下架：{one.why}")

    async def _leave_out(self, job: FilmJob) -> None:
        """What an earlier approval of the stream put up and this one does not hold goes."""
        up = {one.shelf_id for one in job.clips}
        for one in await self._on.clips.listed(ClipState.APPROVED):
            if one.stream_id == job.stream_id and one.id not in up:
                await self._on.clips.withdraw(one.id, job.made_by, LEFT_OUT)


def _said(clip: Clip) -> tuple[object, ...]:
    texts = tuple(one.text for one in clip.sentences)
    return clip.title, clip.question, texts, clip.source_id, clip.link


def said(clips: Sequence[FilmedClip]) -> str:
    """How a job came out, in words."""
    up = sum(one.state is not FilmState.REFUSED for one in clips)
    failed = len(clips) - up
    return f"{up} 条已上架" + (f"，{failed} 条没有做成" if failed else "")
