"""Drafting as a job: one stream whatever happens, finished segments are not made again."""

from dataclasses import replace

import pytest

from assistant.domain.studio_flow import JobState, StreamState
from assistant.errors import BadInput, Forbidden, NotFound
from assistant.models.chat import Message
from assistant.studio.kept import KeptChat
from assistant.studio.leased import TRIES
from tests.studio.conftest import ANN, BOB, COUNTY, Studio
from tests.studio.sample import draft

pytestmark = pytest.mark.integration


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


async def test_it_goes_on_behind_what_was_written(studio: Studio, clock) -> None:
    job = await studio.jobs.start(ANN, draft().brief)
    studio.drafting.stops_before = "s2"
    with pytest.raises(KeyboardInterrupt):
        await studio.jobs.run()
    assert not await studio.jobs.run()  # its lease still holds
    clock.advance(minutes=5)
    studio.drafting.stops_before = ""
    assert await studio.jobs.run()
    assert studio.drafting.wrote == ["s1", "s2"]
    assert (await studio.records.version(job.id)).draft == draft()


async def test_a_model_is_not_asked_again_what_it_answered() -> None:
    class Chat:
        asked = 0

        async def complete(self, messages, seconds=1.0, *, response_format=None) -> str:
            self.asked += 1
            return f"第{self.asked}次"

    class Kept(dict):
        known = dict.get

        async def put(self, key: str, reply: str) -> None:
            self[key] = reply

    chat, kept = Chat(), Kept()
    one, other = [Message("user", "一")], [Message("user", "二")]
    for _ in range(2):
        model = KeptChat(chat, kept)
        assert await model.complete(one) == "第1次"
        assert await model.complete(other) == "第2次"
    assert chat.asked == 2


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

    later = await studio.jobs.start(ANN, draft().brief)
    studio.drafting.between = lambda: studio.jobs.cancel(ANN, later.id)
    assert await studio.jobs.run()
    with pytest.raises(NotFound):
        await studio.records.get(later.id)


async def test_progress_ends_with_the_job(studio: Studio) -> None:
    job = await studio.jobs.start(ANN, draft().brief)

    async def pause(seconds: float) -> None:
        await studio.jobs.run()

    seen = [one.state async for one in studio.jobs.progress(ANN, job.id, pause)]
    assert seen == [JobState.WAITING, JobState.DONE]
