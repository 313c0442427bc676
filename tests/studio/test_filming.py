"""The clips of an approved stream: filmed once, put up one by one, whatever happens meanwhile."""

import asyncio
from dataclasses import replace

import pytest

from assistant.domain.clips import ClipStanding, ClipState, FilmState
from assistant.domain.source import Material
from assistant.domain.studio import Clip, Sentence, StreamDraft, Table
from assistant.domain.studio_flow import JobState
from assistant.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from assistant.records.studio_jobs import JobRecords
from assistant.studio.desk import Said
from tests.studio.conftest import ANN, BOB, EVE, FAR, OLLY, Studio, guide
from tests.studio.sample import GUIDE, draft

pytestmark = pytest.mark.integration
LONG = "登记申请书" * 40


def two() -> StreamDraft:
    """The sample with a second clip."""
    fee = Clip("clip2", "收费吗", "收费吗？", (Sentence("办理不收费。", ("f3",)),), GUIDE)
    return draft(clips=(*draft().clips, fee))


async def approved(studio: Studio, words: StreamDraft | None = None, stream_id: str = "st1"):
    await studio.stream(stream_id, words or two())
    await studio.stepping.submit(ANN, stream_id, 1)
    return await studio.stepping.approve(BOB, stream_id, 1)


async def changed(studio: Studio, place: str, text: str, was: str):
    """Reopened, said otherwise, approved again."""
    await studio.stepping.reopen(ANN, "st1")
    view = await studio.desk.edit(ANN, "st1", Said(place, text, was))
    await studio.desk.checked(ANN, "st1", ())
    version = (await studio.records.get("st1")).version
    await studio.stepping.submit(ANN, "st1", version)
    assert view.draft.clips
    return await studio.stepping.approve(BOB, "st1", version)


async def shown(studio: Studio) -> list[str]:
    """What is up, by what the clips say."""
    found = await studio.looks.of(await studio.clips.listed(ClipState.APPROVED))
    up = [one.clip for one in found if one.standing is ClipStanding.SHOWN]
    return sorted(one.card.clip.sentences[0].text for one in up)


async def test_an_approval_puts_its_clips_up(studio: Studio) -> None:
    stream = await approved(studio)
    (waiting,) = await studio.filming.running(OLLY)
    assert (waiting.id, waiting.total) == (stream.approval.films, 2)

    async def pause(seconds: float) -> None:
        await studio.filming.run()

    seen = [one async for one in studio.filming.progress(OLLY, waiting.id, pause)]
    assert [one.state for one in seen] == [JobState.WAITING, JobState.DONE]
    assert seen[-1].says == "2 条已上架"
    assert [one.seconds for one in seen[-1].clips] == [12.0, 12.0]
    up = await studio.clips.listed(ClipState.APPROVED)
    assert {(one.stream_id, one.approval, one.by) for one in up} == {
        ("st1", stream.approval.digest, BOB.id)
    }
    assert await shown(studio) == ["办理不收费。", "带登记申请书。"]
    assert not await studio.filming.run()
    with pytest.raises(NotFound):
        await studio.filming.get(FAR, waiting.id)


async def test_it_goes_on_at_the_clip_after_a_restart(studio: Studio, clock) -> None:
    await approved(studio)
    studio.films.raises["clip2"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        await studio.filming.run()
    assert await shown(studio) == ["带登记申请书。"]
    assert not await studio.filming.run()  # its lease still holds
    clock.advance(minutes=5)
    assert await studio.filming.run()
    assert studio.films.made == ["clip1", "clip2"]
    assert len(await shown(studio)) == 2


async def test_one_that_is_up_is_not_put_up_again_after_a_crash(
    studio: Studio, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was on the shelf, and the job did not know it yet."""
    await approved(studio)
    keep, kept = JobRecords.keep, []

    async def crash(self, held, until, part=None) -> None:
        kept.append(held)
        if held.job.clips and len(kept) == 2:
            raise KeyboardInterrupt
        await keep(self, held, until, part)

    monkeypatch.setattr(JobRecords, "keep", crash)
    with pytest.raises(KeyboardInterrupt):
        await studio.filming.run()
    assert len(await shown(studio)) == 1
    clock.advance(minutes=5)
    await studio.filming.run()
    assert studio.films.made == ["clip1", "clip2"]
    job = await studio.filming.of(BOB, "st1")
    assert [one.state for one in job.clips] == [FilmState.KEPT, FilmState.SHELVED]


async def test_a_stop_of_the_service_leaves_it_to_the_next_start(studio: Studio) -> None:
    await approved(studio)
    begun = asyncio.Event()

    async def for_ever() -> None:
        begun.set()
        await asyncio.Event().wait()

    studio.films.between = for_ever
    task = asyncio.create_task(studio.filming.run())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    studio.films.between = None
    assert await studio.filming.run()
    assert len(await shown(studio)) == 2


async def test_the_same_words_are_not_filmed_twice(studio: Studio) -> None:
    await approved(studio)
    await studio.filming.run()
    first = {one.id for one in await studio.clips.listed(ClipState.APPROVED)}
    await studio.stepping.reopen(ANN, "st1")
    await studio.stepping.submit(ANN, "st1", 1)
    await studio.stepping.approve(BOB, "st1", 1)
    await approved(studio, stream_id="st2")
    while await studio.filming.run():
        pass
    assert studio.films.made == ["clip1", "clip2"]
    assert {one.id for one in await studio.clips.listed(ClipState.APPROVED)} == first
    job = await studio.filming.of(BOB, "st2")
    assert [one.state for one in job.clips] == [FilmState.KEPT, FilmState.KEPT]


async def test_other_words_take_the_place_of_the_earlier_ones(studio: Studio) -> None:
    await approved(studio)
    await studio.filming.run()
    await changed(studio, "clip1.1", "登记申请书要带上。", "带登记申请书。")
    await studio.filming.run()
    assert studio.films.made == ["clip1", "clip2", "clip1"]
    assert await shown(studio) == ["办理不收费。", "登记申请书要带上。"]
    (gone,) = await studio.clips.listed(ClipState.WITHDRAWN)
    assert gone.why == "由新批准的一条代替"


async def test_a_clip_that_changed_with_its_source_is_made_anew(studio: Studio) -> None:
    """The words are the same, the ground is not: the film on old ground must not stay."""
    await approved(studio)
    await studio.filming.run()
    paper = Material("登记申请书", originals=1, note="当场填")
    studio.shelf.put(guide(materials=(paper,)))
    assert await shown(studio) == ["办理不收费。"]
    new = two()
    stated = replace(new.facts[1], text="登记申请书（原件1份；当场填）", source_version=2)
    await approved(studio, replace(new, facts=(new.facts[0], stated, new.facts[2])), "st2")
    await studio.filming.run()
    assert studio.films.made == ["clip1", "clip2", "clip1"]
    assert len(await shown(studio)) == 2


async def test_what_was_taken_off_meanwhile_does_not_come_back(studio: Studio, clock) -> None:
    await approved(studio)
    studio.films.raises["clip2"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        await studio.filming.run()
    (up,) = await studio.clips.listed(ClipState.APPROVED)
    await studio.clips.withdraw(up.id, EVE.id, "读错了")
    clock.advance(minutes=5)
    await studio.filming.run()
    job = await studio.filming.of(BOB, "st1")
    await studio.filming.again(BOB, job.id)
    await studio.filming.run()
    assert await shown(studio) == ["办理不收费。"]


async def test_an_approval_that_is_taken_back_makes_no_more(studio: Studio) -> None:
    stream = await approved(studio)
    studio.films.between = lambda: studio.stepping.reopen(ANN, "st1")
    await studio.filming.run()
    studio.films.between = None
    job = await studio.filming.get(ANN, stream.approval.films)
    assert (job.state, "批准已收回" in job.says) == (JobState.CANCELLED, True)
    assert await studio.clips.listed(ClipState.APPROVED) == []
    with pytest.raises(Conflict):
        await studio.filming.again(ANN, job.id)


async def test_it_can_be_given_up(studio: Studio) -> None:
    stream = await approved(studio)
    job_id = stream.approval.films
    with pytest.raises(Forbidden):
        await studio.filming.cancel(OLLY, job_id)
    studio.films.between = lambda: studio.filming.cancel(BOB, job_id)
    await studio.filming.run()
    studio.films.between = None
    assert (await studio.filming.get(BOB, job_id)).state is JobState.CANCELLED
    assert studio.films.made == ["clip1"]
    await studio.filming.again(BOB, job_id)
    await studio.filming.run()
    assert studio.films.made == ["clip1", "clip2"]
    assert len(await shown(studio)) == 2


async def test_one_that_cannot_be_made_is_named_and_the_others_go_on(studio: Studio) -> None:
    await approved(studio)
    told = "短视频“要带什么”要 41.2 秒，须短于 40 秒"
    studio.films.raises["clip1"] = BadInput(told, hint="请改短这几句")
    studio.films.raises["clip2"] = Unavailable("没有可用的语音，未制作短视频")
    await studio.filming.run()
    job = await studio.filming.of(ANN, "st1")
    assert job.says == "0 条已上架，2 条没有做成"
    assert [one.why for one in job.clips] == [
        f"{told}（请改短这几句）",
        "没有可用的语音，未制作短视频",
    ]
    await studio.filming.again(ANN, job.id)
    await studio.filming.run()
    assert len(await shown(studio)) == 2


async def test_what_has_no_room_blocks_the_approval(studio: Studio) -> None:
    long = replace(draft().clips[0], sentences=(Sentence(f"带{LONG}。", ("f2",)),))
    wide = Table(("标" * 400, "份" * 400), (("登记申请书", "1"),))
    slides = (draft().deck.slides[0], replace(draft().deck.slides[1], table=wide))
    words = draft(clips=(long,), deck=replace(draft().deck, slides=slides))
    await studio.stream(words=words)
    view = await studio.desk.view(ANN, "st1")
    found = {(one.place, one.code) for one in view.problems if one.blocks}
    assert {("clip1", "clip"), ("slide materials", "slide")} <= found
    assert view.clip_seconds["clip1"] > 40
    await studio.stepping.submit(ANN, "st1", 1)
    with pytest.raises(Conflict, match="秒，须短于 40 秒"):
        await studio.stepping.approve(BOB, "st1", 1)
