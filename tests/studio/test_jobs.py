"""Drafting as a job: one stream whatever happens, finished segments are not made again."""

from dataclasses import replace

import pytest

from assistant.domain.studio import Maker, Segment, Sentence, StreamDraft
from assistant.domain.studio_flow import JobState, StreamState
from assistant.errors import BadInput, Forbidden, NotFound
from assistant.studio.jobs import TRIES, DraftJobs
from tests.studio.conftest import ANN, BOB, COUNTY, Studio
from tests.studio.sample import draft

pytestmark = pytest.mark.integration


class Writer:
    """Words each segment anew, and stops the program before one of them."""

    def __init__(self, stops_before: str = "") -> None:
        self.wrote: list[str] = []
        self.stops_before = stops_before

    async def __call__(self, whole: StreamDraft, segment: Segment, wish: str) -> Segment:
        if segment.id == self.stops_before:
            raise KeyboardInterrupt
        self.wrote.append(segment.id)
        said = (*segment.sentences, Sentence("说得口语一些。"))
        return replace(segment, sentences=said, made_by=Maker.MODEL)


def with_writer(jobs: DraftJobs, writer: Writer) -> DraftJobs:
    return DraftJobs(replace(jobs._on, write=writer))


async def test_a_brief_becomes_a_stream(studio: Studio) -> None:
    brief = await studio.jobs.brief(ANN, "讲个体户设立", COUNTY)
    job = await studio.jobs.start(ANN, brief)
    assert await studio.jobs.run()
    done = await studio.jobs.get(ANN, job.id)
    assert (done.state, done.done, done.total) == (JobState.DONE, 2, 2)
    stream = await studio.records.get(done.stream_id)
    assert (stream.state, stream.writers) == (StreamState.DRAFT, (ANN.id,))
    assert not await studio.jobs.run()
    with pytest.raises(Forbidden):
        await studio.jobs.start(BOB, brief)
    with pytest.raises(BadInput):
        await studio.jobs.start(ANN, replace(brief, items=()))


async def test_it_goes_on_behind_the_last_segment(studio: Studio, clock) -> None:
    job = await studio.jobs.start(ANN, draft().brief)
    first, second = Writer("s2"), Writer()
    with pytest.raises(KeyboardInterrupt):
        await with_writer(studio.jobs, first).run()
    assert not await studio.jobs.run()  # its lease still holds
    clock.advance(minutes=5)
    assert await with_writer(studio.jobs, second).run()
    assert (first.wrote, second.wrote) == (["s1"], ["s2"])
    words = (await studio.records.version(job.id)).draft
    assert [one.sentences[-1].text for one in words.segments] == ["说得口语一些。"] * 2
    assert "".join(s.notes for s in words.deck.slides).count("说得口语一些。") == 2


async def test_what_cannot_be_drafted_is_said(studio: Studio, clock) -> None:
    job = await studio.jobs.start(ANN, draft().brief)
    studio.drafting.raises = [BadInput("没有找到可以依据的事项或文件")]
    await studio.jobs.run()
    failed = await studio.jobs.get(ANN, job.id)
    assert (failed.state, failed.says) == (JobState.FAILED, "没有找到可以依据的事项或文件")
    again = await studio.jobs.start(ANN, draft().brief)
    for _ in range(TRIES):
        studio.drafting.raises = [RuntimeError("x")]
        await studio.jobs.run()
        clock.advance(minutes=5)
    assert (await studio.jobs.get(ANN, again.id)).state is JobState.FAILED
    assert not await studio.jobs.run()


async def test_a_cancelled_job_makes_no_stream(studio: Studio) -> None:
    job = await studio.jobs.start(ANN, draft().brief)
    await studio.jobs.cancel(ANN, job.id)
    assert not await studio.jobs.run()
    with pytest.raises(NotFound):
        await studio.records.get(job.id)

    class Cancels(Writer):
        async def __call__(self, whole: StreamDraft, segment: Segment, wish: str) -> Segment:
            await studio.jobs.cancel(ANN, later.id)
            return segment

    later = await studio.jobs.start(ANN, draft().brief)
    assert await with_writer(studio.jobs, Cancels()).run()
    with pytest.raises(NotFound):
        await studio.records.get(later.id)


async def test_progress_ends_with_the_job(studio: Studio) -> None:
    job = await studio.jobs.start(ANN, draft().brief)

    async def pause(seconds: float) -> None:
        await studio.jobs.run()

    seen = [one.state async for one in studio.jobs.progress(ANN, job.id, pause)]
    assert seen == [JobState.WAITING, JobState.DONE]
