"""Streams, comments and drafting jobs on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.domain.audit import AuditEvent
from assistant.domain.clips import FilmJob
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import (
    Comment,
    CommentState,
    DraftJob,
    JobState,
    Step,
    Stream,
    StreamState,
    moved,
)
from assistant.errors import Conflict, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.studio import StudioRecords, Written
from assistant.records.studio_comments import CommentRecords
from assistant.records.studio_jobs import JobRecords
from tests.studio.sample import GUIDE, draft

pytestmark = pytest.mark.contract
ANN, BOB = "ann", "bob"


@pytest.fixture
def audit(database: Database, clock) -> AuditRecords:
    return AuditRecords(database, "office", clock)


@pytest.fixture
def records(database: Database, clock, audit) -> StudioRecords:
    return StudioRecords(database, "office", clock, audit)


@pytest.fixture
def jobs(database: Database, clock, audit) -> JobRecords:
    return JobRecords(database, "office", clock, audit, DraftJob)


async def made(records: StudioRecords, clock, stream_id: str = "st1") -> Stream:
    one = draft()
    stream = Stream(
        stream_id, one.brief.title, one.brief.kind, ANN, clock(), clock(), sources=(GUIDE,)
    )
    await records.create(stream, one, "起草")
    return stream


def retitled(title: str, *, whole: bool = False):
    """An edit of the announcement's title."""

    def edit(stream: Stream, now: StreamDraft) -> Written:
        after = replace(now, announcement=replace(now.announcement, title=title))
        return Written(after, stream.marks, "announcement", "改预告", stream.sources, whole)

    return edit


async def test_words_and_row_come_back_as_they_were(records, clock, database) -> None:
    stream = await made(records, clock)
    assert await records.get("st1") == stream
    assert (await records.version("st1")).draft == draft()
    assert await records.listed({StreamState.DRAFT}) == [stream]
    assert await records.listed({StreamState.AIRED}) == []
    with pytest.raises(Conflict):
        await made(records, clock)
    others = StudioRecords(database, "other", clock, AuditRecords(database, "other", clock))
    with pytest.raises(NotFound):
        await others.get("st1")
    with pytest.raises(NotFound):
        await others.version("st1")


async def test_ones_own_next_edit_amends_and_anothers_is_a_version(records, clock, audit) -> None:
    await made(records, clock)
    await records.edit("st1", ANN, retitled("一"))
    await records.edit("st1", ANN, retitled("二"))
    assert [one.number for one in await records.notes("st1")] == [1]
    stream, words = await records.edit("st1", BOB, retitled("三"))
    assert (stream.version, stream.writers, words.announcement.title) == (2, (ANN, BOB), "三")
    assert (await records.version("st1", 1)).draft.announcement.title == "二"
    await records.edit("st1", BOB, retitled("四", whole=True))
    clock.advance(minutes=16)
    await records.edit("st1", BOB, retitled("五"))
    told = [(one.number, one.actor) for one in await records.notes("st1")]
    assert told == [(4, BOB), (3, BOB), (2, BOB), (1, ANN)]
    assert [e.action for e, _ in await audit.recent(9)] == ["studio.edit"] * 5 + ["studio.create"]


async def test_a_step_seals_the_words_that_were_looked_at(records, clock) -> None:
    await made(records, clock)

    def submit(stream: Stream, words: StreamDraft) -> Stream:
        after = moved(stream.state, Step.SUBMIT)
        if after is None:
            raise Conflict("不能提交")
        return replace(stream, state=after)

    stream = await records.move("st1", AuditEvent(ANN, "studio.submit", "st1"), submit)
    assert stream.state is StreamState.IN_REVIEW
    assert await records.get("st1") == stream
    with pytest.raises(Conflict):
        await records.move("st1", AuditEvent(ANN, "studio.submit", "st1"), submit)
    await records.edit("st1", ANN, retitled("一"))
    assert [one.number for one in await records.notes("st1")] == [2, 1]


async def test_two_who_edit_at_once_both_count(records, clock) -> None:
    await made(records, clock)
    await asyncio.gather(*(records.edit("st1", f"p{n}", retitled(str(n))) for n in range(4)))
    numbers = [one.number for one in await records.notes("st1")]
    assert numbers == [5, 4, 3, 2, 1]
    assert len((await records.get("st1")).writers) == 4


async def test_comments_are_kept_and_settled_once(database, audit, records, clock) -> None:
    await made(records, clock)
    comments = CommentRecords(database, "office", audit)
    one = Comment("c1", "st1", "s2.1", "登记申请书，原件1份。", "太短", BOB, clock(), "带申请书。")
    await comments.add(one)
    assert await comments.of("st1") == [one]

    def accept(comment: Comment) -> Comment:
        return replace(comment, state=CommentState.ACCEPTED, settled_by=ANN, settled_at=clock())

    settled = await comments.settle("st1", "c1", ANN, accept)
    assert await comments.of("st1") == [settled]
    with pytest.raises(NotFound):
        await comments.settle("st2", "c1", ANN, accept)


async def test_a_job_goes_on_behind_what_is_finished(jobs: JobRecords, clock) -> None:
    await jobs.add(DraftJob("j1", draft().brief, ANN, clock()))
    until = clock() + timedelta(seconds=30)
    held = await jobs.take(until)
    assert held.job.state is JobState.RUNNING
    assert await jobs.take(until) is None
    step = replace(held, job=replace(held.job, done=1, total=3))
    await jobs.keep(step, until, ("s1", "{}"))
    clock.advance(seconds=31)
    again = await jobs.take(clock() + timedelta(seconds=30))
    assert (again.job.done, again.job.tries, await jobs.parts("j1")) == (1, 2, {"s1": "{}"})
    with pytest.raises(Conflict):
        await jobs.keep(step, until, ("s2", "{}"))
    await jobs.end(replace(again, job=replace(again.job, state=JobState.DONE)))
    assert (await jobs.get("j1")).state is JobState.DONE
    assert await jobs.parts("j1") == {}
    assert await jobs.take(until) is None


async def test_a_cancelled_job_is_written_no_more(jobs: JobRecords, clock) -> None:
    await jobs.add(DraftJob("j1", draft().brief, ANN, clock()))
    until = clock() + timedelta(seconds=30)
    held = await jobs.take(until)
    assert (await jobs.cancel("j1", ANN)).state is JobState.CANCELLED
    with pytest.raises(Conflict):
        await jobs.keep(held, until, ("s1", "{}"))
    with pytest.raises(Conflict):
        await jobs.end(replace(held, job=replace(held.job, state=JobState.DONE)))
    assert (await jobs.cancel("j1", ANN)).state is JobState.CANCELLED


async def test_jobs_of_another_kind_are_no_concern(database: Database, jobs, clock, audit) -> None:
    films = JobRecords(database, "office", clock, audit, FilmJob)
    await films.add(FilmJob("f1", "st1", "设立登记", 1, "d" * 64, ANN, clock(), total=2))
    until = clock() + timedelta(seconds=30)
    assert await jobs.take(until) is None
    with pytest.raises(NotFound):
        await jobs.get("f1")
    held = await films.take(until)
    await films.release(held)
    again = await films.take(until)
    assert (again.job.tries, again.token) == (2, 2)
    await films.release(held)  # another holds it by now
    assert await films.take(until) is None
    with pytest.raises(Conflict):
        await films.again(again.job, ANN)
    done = replace(again.job, state=JobState.DONE, done=1)
    await films.end(replace(again, job=done))
    await films.again(done, ANN)
    assert (await films.take(until)).job.done == 1


async def test_two_processes_never_hold_one_job(jobs: JobRecords, clock) -> None:
    for number in range(3):
        await jobs.add(DraftJob(f"j{number}", draft().brief, ANN, clock()))
    until = clock() + timedelta(seconds=30)
    held = await asyncio.gather(*(jobs.take(until) for _ in range(5)))
    taken = [one.job.id for one in held if one]
    assert len(taken) == len(set(taken))
    assert set(taken) <= {"j0", "j1", "j2"}
