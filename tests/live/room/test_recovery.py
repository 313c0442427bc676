"""After a crash everything is taken up: nothing lost, nothing said or answered twice."""

import asyncio
from datetime import timedelta

import pytest

from assistant.domain.live import NOBODY, Asking, Cue, CueState, StageEvent, StageEventKind
from assistant.domain.live_commit import Commit
from assistant.errors import LostLease
from assistant.live.orders import Approve
from assistant.live.services import RoomConfig
from assistant.live.simulated import SimulatedStage
from tests.live.fakes import ROOM, SESSION, World

pytestmark = pytest.mark.integration


async def crash(world: World) -> None:
    """The process is gone at once; what was in memory is gone with it."""
    await world.live.stop()
    world.answers.gate = None


async def test_questions_that_were_being_answered_are_answered(world: World) -> None:
    world.answers.gate = asyncio.Event()
    first, again = world.comment("社保怎么办", "a"), world.comment("社保怎么办", "b")
    await world.say(first, again, settle=False)
    await crash(world)
    assert (await world.decided())[first.id] == ""

    await world.open()
    await world.live.settle()
    decided = await world.decided()
    assert decided == {first.id: "spoken/answered", again.id: "merged/repeat"}
    assert len(world.replier.texts("to-a")) == len(world.replier.texts("to-b")) == 1


async def test_comments_that_nobody_looked_at_are_decided(world: World) -> None:
    await world.live.stop()
    token = await world.records.lease(ROOM, "other", 0.0)
    assert token is not None
    comment = world.comment("社保怎么办", "a")
    await world.records.commit(ROOM, token, Commit(comments=(comment,)))
    await world.open()
    await world.live.settle()
    assert (await world.decided())[comment.id] == "spoken/answered"


async def test_an_answer_given_before_is_not_voiced_again_for_other_words(world: World) -> None:
    world.answers.words = lambda text: "五个工作日" if "几天" in text or "多久" in text else text
    await world.ask("怎么要几天", "a")
    await world.pass_(10)
    await crash(world)
    await world.open()

    second = await world.ask("怎么要多久", "b")

    assert (await world.decided())[second.id] == "merged/same_answer"
    assert world.replier.texts("to-b") == ["五个工作日"]
    assert len(world.stage.played) == 1


async def test_a_waiting_cue_is_said_after_the_restart_and_once(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await crash(world)
    await world.open()
    await world.pass_(10)
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.DONE
    assert world.stage.played == [cue.id]


async def test_a_cue_that_has_begun_is_never_sent_again(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await world.pass_(1)
    await crash(world)
    await world.open()
    await world.pass_(60)
    assert len(world.stage.played) == 1
    assert world.live.snapshot().current is None


class Rejoined(SimulatedStage):
    """Remembers what it was given to go on with."""

    given: list[tuple[Cue, Asking]]

    async def rejoin(self, cue: Cue, asking: Asking = NOBODY) -> None:
        self.given = [*getattr(self, "given", []), (cue, asking)]


async def begun_and_crashed(world: World) -> Rejoined:
    """The stage after a crash in the middle of an answer, another one waiting."""
    await world.ask("社保怎么办", "a")
    await world.pass_(1)
    await world.ask("医保怎么办", "b")
    await crash(world)
    world.stage = Rejoined(world.clock)
    await world.open(config=RoomConfig(heartbeat=None, remembered=1))
    return world.stage


async def test_a_cue_that_is_on_air_goes_on_with_its_question_and_asker(world: World) -> None:
    stage = await begun_and_crashed(world)
    ((cue, asking),) = stage.given
    assert cue.text == "答：社保怎么办"
    assert asking == Asking("社保怎么办", "网友a")

    said = [StageEvent(cue.id, kind, world.clock.now()) for kind in StageEventKind]
    await world.live.staged(said[0])
    await world.pass_(30)
    current = world.live.snapshot().current
    assert current is not None
    assert current.id == cue.id
    await world.live.staged(said[1])
    await world.pass_(10)
    states = {one.text: one.state for one in await world.records.cues(SESSION)}
    assert states == {"答：社保怎么办": CueState.DONE, "答：医保怎么办": CueState.DONE}
    assert cue.id not in stage.played


async def test_where_no_page_comes_back_to_it_the_next_one_is_said(world: World) -> None:
    stage = await begun_and_crashed(world)
    await world.pass_(24)
    assert stage.played == []
    await world.pass_(10)
    states = {one.text: one.state for one in await world.records.cues(SESSION)}
    assert states == {"答：社保怎么办": CueState.UNCERTAIN, "答：医保怎么办": CueState.DONE}


async def test_what_had_begun_long_ago_is_over(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await world.pass_(1)
    await crash(world)
    world.clock.set(world.clock.now() + timedelta(hours=1))
    world.stage = stage = Rejoined(world.clock)
    await world.open()
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.UNCERTAIN
    assert not hasattr(stage, "given")


async def test_a_cue_whose_start_was_not_heard_is_offered_to_a_stage_that_knows(
    world: World,
) -> None:
    await world.ask("社保怎么办", "a")
    await world.live.advance()
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.SENT
    assert world.stage.played == [cue.id]
    await crash(world)

    await world.open()
    await world.pass_(30)
    assert world.stage.played == [cue.id]
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.DONE


async def test_who_waited_for_a_person_is_told_after_the_restart(world: World) -> None:
    first = await world.ask("补贴多少", "a")
    await world.ask("补贴多少", "b")
    await crash(world)
    await world.open()
    await world.live.command(Approve(first.id, "每人一百元"), "甲")
    await world.live.settle()
    assert world.replier.texts("to-a")[-1] == "每人一百元"
    assert world.replier.texts("to-b")[-1] == "每人一百元"


async def test_a_question_known_before_the_restart_is_merged_with(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await crash(world)
    await world.open()
    again = await world.ask("社保怎么办", "b")
    assert (await world.decided())[again.id] == "merged/repeat"
    (question,) = (await world.records.backlog(SESSION)).questions
    assert question.asked_by == 2


async def test_a_room_that_another_process_took_writes_no_more(world: World) -> None:
    assert await world.records.lease(ROOM, "other", 60.0) is not None
    with pytest.raises(LostLease):
        await world.live.take([world.comment("社保怎么办")])
    assert await world.decided() == {}


async def test_outcomes_that_come_too_late_are_not_acted_on(world: World) -> None:
    world.answers.gate = asyncio.Event()
    await world.say(world.comment("社保怎么办"), settle=False)
    assert await world.records.lease(ROOM, "other", 60.0) is not None
    world.answers.gate.set()
    with pytest.raises(LostLease):
        await world.live.settle()
    assert world.replier.sent == []
    assert world.stage.played == []


async def test_a_commit_that_fails_for_a_moment_loses_nothing(world: World) -> None:
    commit, failures = world.records.commit, iter([True, True])

    async def shaky(room_id: str, token: int, step: Commit) -> None:
        if next(failures, False):
            raise OSError("busy")
        await commit(room_id, token, step)

    world.records.commit = shaky
    comment = await world.ask("社保怎么办")
    assert (await world.decided())[comment.id] == "spoken/answered"
