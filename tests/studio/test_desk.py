"""From draft to air over real records: rights, freezing, comments, marks and alarms."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assistant.domain.studio_flow import CommentState, Step, StreamState, holds
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.studio.desk import Said
from assistant.studio.places import put, spot
from tests.studio.conftest import ANN, BOB, BOTH, EVE, FAR, OLLY, Studio, guide
from tests.studio.sample import DAY, GUIDE, draft

pytestmark = pytest.mark.integration
AT = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
"""Nine in the morning of the day that the script names, in China."""
PAPER = "登记申请书，原件1份。"


async def test_the_way_of_a_stream_through_two_accounts(studio: Studio) -> None:
    await studio.stream()
    await studio.stepping.submit(ANN, "st1", 1)
    with pytest.raises(Conflict, match="不能再改"):
        await studio.desk.edit(ANN, "st1", Said("s2.1", "带申请书。", PAPER))
    with pytest.raises(Forbidden):
        await studio.stepping.approve(ANN, "st1", 1)
    await studio.stepping.ask_changes(BOB, "st1", 1, "说得口语一些")
    assert (await studio.records.get("st1")).asked == "说得口语一些"
    view = await studio.desk.edit(EVE, "st1", Said("s2.1", "登记申请书带上，原件1份。", PAPER))
    assert (view.stream.version, view.stream.writers) == (2, (ANN.id, EVE.id))
    marks = {one.place for one in view.stream.marks}
    assert marks == {"slide materials", "clip1.1", "announcement"}
    await studio.stepping.submit(EVE, "st1", 2)
    with pytest.raises(Conflict, match="同一依据"):
        await studio.stepping.approve(BOB, "st1", 2)
    await studio.stepping.take_back(ANN, "st1")
    await studio.desk.checked(ANN, "st1", ())
    await studio.stepping.submit(ANN, "st1", 3)
    with pytest.raises(Conflict, match="最新"):
        await studio.stepping.ask_changes(BOB, "st1", 2, "再改")
    stream = await studio.stepping.approve(BOB, "st1", 3)
    assert stream.state is StreamState.APPROVED
    assert holds(stream.approval, (await studio.records.version("st1")).draft)
    await studio.stepping.schedule(OLLY, "st1", AT)
    with pytest.raises(Conflict, match="播"):
        await studio.airing.begin(OLLY, "st1", "hall")
    studio.clock.now = AT
    aired = await studio.airing.begin(OLLY, "st1", "hall")
    assert (aired.approval, aired.stream.state) == (stream.approval, StreamState.ON_AIR)
    with pytest.raises(Conflict):
        await studio.stepping.reopen(ANN, "st1")
    await studio.airing.ended("st1")
    await studio.airing.stopped("st1")
    assert (await studio.records.get("st1")).state is StreamState.AIRED
    await studio.stepping.archive(BOB, "st1")
    done = [entry.action for entry, _ in await studio.audit.recent(50)]
    assert done[::-1] == [
        "studio.create",
        "studio.submit",
        "studio.ask_changes",
        "studio.edit",
        "studio.submit",
        "studio.take_back",
        "studio.edit",
        "studio.submit",
        "studio.approve",
        "studio.film",
        "studio.schedule",
        "studio.air",
        "studio.end",
        "studio.archive",
    ]


async def test_who_wrote_in_it_never_approves_it(studio: Studio) -> None:
    await studio.stream()
    await studio.desk.edit(BOTH, "st1", Said("s1.2", "有问题请留言。", "有问题请在评论区留言。"))
    await studio.stepping.submit(ANN, "st1", 2)
    with pytest.raises(Forbidden, match="写过或改过"):
        await studio.stepping.approve(BOTH, "st1", 2)
    assert Step.APPROVE not in (await studio.desk.view(BOTH, "st1")).steps
    assert Step.APPROVE in (await studio.desk.view(BOB, "st1")).steps


async def test_an_accepted_suggestion_makes_its_author_a_writer(studio: Studio) -> None:
    await studio.stream()
    one = await studio.desk.comment(BOB, "st1", "s2.2", "更顺一些", "办理这件事不收费。")
    view = await studio.desk.settle(ANN, "st1", one.id, CommentState.ACCEPTED)
    assert spot(view.draft, "s2.2").text == "办理这件事不收费。"
    assert view.comments[0][0].state is CommentState.ACCEPTED
    assert BOB.id in (await studio.records.get("st1")).writers
    with pytest.raises(Conflict):
        await studio.desk.settle(ANN, "st1", one.id, CommentState.ACCEPTED)
    late = await studio.desk.comment(BOB, "st1", "s2.1", "", "带申请书。")
    await studio.desk.edit(ANN, "st1", Said("s2.1", "申请书带1份原件。", PAPER))
    with pytest.raises(Conflict, match="已经改过"):
        await studio.desk.settle(ANN, "st1", late.id, CommentState.ACCEPTED)


async def test_an_edit_of_what_another_changed_is_refused(studio: Studio) -> None:
    await studio.stream()
    await studio.desk.edit(ANN, "st1", Said("s2.1", "申请书带1份原件。", PAPER))
    with pytest.raises(Conflict, match="刚被别人改过"):
        await studio.desk.edit(EVE, "st1", Said("s2.1", "申请书1份。", PAPER))
    await studio.desk.edit(EVE, "st1", Said("s1.2", "请留言。", "有问题请在评论区留言。"))
    with pytest.raises(NotFound):
        await studio.desk.edit(ANN, "st1", Said("s9.1", "没有这里", ""))
    with pytest.raises(BadInput):
        await studio.desk.edit(ANN, "st1", Said("s1.2", "长" * 601, "请留言。"))


async def test_what_someone_may_see(studio: Studio) -> None:
    await studio.stream()
    assert len(await studio.desk.streams(ANN, StreamState)) == 1
    for stranger in (OLLY, FAR):
        assert await studio.desk.streams(stranger, StreamState) == []
        with pytest.raises(NotFound):
            await studio.desk.view(stranger, "st1")
    await studio.stepping.submit(ANN, "st1", 1)
    await studio.stepping.approve(BOB, "st1", 1)
    assert (await studio.desk.view(OLLY, "st1")).steps == (Step.SCHEDULE, Step.AIR)
    with pytest.raises(Forbidden):
        await studio.desk.comment(OLLY, "st1", "s1.1", "好")
    with pytest.raises(Forbidden):
        await studio.desk.edit(BOB, "st1", Said("s1.2", "请留言。", "有问题请在评论区留言。"))


@pytest.mark.parametrize(
    ("place", "text"), [("plan.risk", ""), ("s2.2", "办理收费50元。"), ("s1.2", "保证通过。")]
)
async def test_what_blocks_is_refused_with_its_place(studio: Studio, place, text) -> None:
    await studio.stream(words=put(draft(), place, text))
    await studio.stepping.submit(ANN, "st1", 1)
    with pytest.raises(Conflict, match="还不能批准"):
        await studio.stepping.approve(BOB, "st1", 1)
    assert (await studio.records.get("st1")).state is StreamState.IN_REVIEW


async def test_sources_must_hold_on_the_day_of_broadcast(studio: Studio) -> None:
    await studio.stream()
    await studio.stepping.submit(ANN, "st1", 1)
    header, source = studio.shelf.held[GUIDE]
    studio.shelf.held[GUIDE] = (replace(header, effective_to=date(2026, 8, 4)), source)
    with pytest.raises(Conflict, match="到期"):
        await studio.stepping.approve(BOB, "st1", 1)
    studio.shelf.held[GUIDE] = (replace(header, effective_to=DAY), source)
    await studio.stepping.approve(BOB, "st1", 1)


async def test_a_schedule_is_of_the_day_that_the_script_names(studio: Studio) -> None:
    await studio.approved()
    for wrong in (AT.replace(day=6), AT.replace(day=2), AT.replace(year=2028)):
        with pytest.raises((Conflict, BadInput)):
            await studio.stepping.schedule(ANN, "st1", wrong)
    stream = await studio.stepping.schedule(ANN, "st1", AT, "room1")
    assert (stream.starts_at, stream.room_id) == (AT, "room1")
    back = await studio.stepping.unschedule(ANN, "st1")
    assert (back.state, back.starts_at, back.approval is None) == (
        StreamState.APPROVED,
        None,
        False,
    )
    days = await studio.stepping.suggested(3)
    assert [one.astimezone(UTC).hour for one in days] == [1, 1, 1]
    assert all(one.weekday() < 5 for one in days)


async def test_a_changed_source_takes_the_approval_back_with_an_alarm(studio: Studio) -> None:
    await studio.approved()
    while await studio.following.run():
        pass
    assert (await studio.records.get("st1")).state is StreamState.APPROVED
    studio.shelf.put(guide(fee="收费20元"))
    while await studio.following.run():
        pass
    stream = await studio.records.get("st1")
    assert (stream.state, stream.approval) == (StreamState.IN_REVIEW, None)
    assert "有改动" in stream.alarm
    assert {one.place for one in stream.marks} == {"s2.2", "slide materials"}
    assert len(studio.told) == 1
    with pytest.raises(Conflict):
        await studio.stepping.schedule(ANN, "st1", AT)
    with pytest.raises(Conflict):
        await studio.stepping.approve(BOB, "st1", 1)


async def test_a_new_version_that_says_the_same_changes_nothing(studio: Studio) -> None:
    before = await studio.approved()
    studio.shelf.put(guide(code="1234", fee="不收费"))
    while await studio.following.run():
        pass
    assert await studio.records.get("st1") == before
    studio.shelf.retire(GUIDE)
    while await studio.following.run():
        pass
    after = await studio.records.get("st1")
    assert (after.state, "已停用" in after.alarm) == (StreamState.IN_REVIEW, True)
    assert "s2.1" in {one.place for one in after.marks}


async def test_a_stream_that_was_aired_before_is_named(studio: Studio) -> None:
    await studio.approved("old")
    await studio.stepping.schedule(ANN, "old", AT)
    studio.clock.now = AT
    await studio.airing.begin(OLLY, "old", "hall")
    await studio.airing.ended("old")
    await studio.stream("new")
    near = (await studio.desk.view(ANN, "new")).near
    assert (near.stream_id, near.share) == ("old", 1.0)
    assert (await studio.desk.view(ANN, "old")).near is None


async def test_a_part_is_drafted_anew_from_what_the_source_says_now(studio: Studio) -> None:
    await studio.stream()
    now = draft()
    fee = replace(now.facts[2], id="f1", text="收费：收费20元")
    paper = replace(now.facts[1], id="f2")
    said = (replace(now.segments[1].sentences[1], text="办理收费20元。", facts=("f1",)),)
    segments = (now.segments[0], replace(now.segments[1], sentences=said))
    studio.drafting.fresh = replace(now, facts=(fee, paper), segments=segments)
    view = await studio.redoing.redo(ANN, "st1", "s2", "")
    assert [(s.text, s.facts) for s in view.draft.segments[1].sentences] == [
        ("办理收费20元。", ("f3",))
    ]
    assert next(f for f in view.draft.facts if f.id == "f3").text == "收费：收费20元"
    assert [one.place for one in view.stream.marks] == ["slide materials"]
    assert view.draft.deck.slides[1].notes == "办理收费20元。"


async def test_a_wish_rewords_one_part_as_a_version_of_its_own(studio: Studio) -> None:
    await studio.stream()
    view = await studio.redoing.redo(ANN, "st1", "s1", "短一点")
    assert spot(view.draft, "s1.1").text == "短一点。"
    assert view.draft.segments[1].sentences == draft().segments[1].sentences
    assert [one.what for one in await studio.desk.notes(ANN, "st1")] == [
        "重写第1段“开场”（短一点）",
        "起草",
    ]
    with pytest.raises(NotFound):
        await studio.redoing.redo(ANN, "st1", "s9", "短一点")
    with pytest.raises(Forbidden):
        await studio.redoing.redo(BOB, "st1", "s1", "短一点")
