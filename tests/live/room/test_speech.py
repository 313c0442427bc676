"""What is said when: stored first, in order, never twice, and nothing expires off the air."""

from collections.abc import Sequence

import pytest

from assistant.domain.live import NOBODY, Asking, Cue, CueState
from assistant.errors import BadInput
from assistant.live.orders import Automatic, Beat, Change, Mute, PutToReview, Say, Skip
from assistant.live.services import RoomConfig
from assistant.live.simulated import SimulatedStage
from assistant.live.states import Move
from tests.live.fakes import SESSION, World

pytestmark = pytest.mark.integration


async def cues(world: World) -> dict[str, CueState]:
    return {cue.text: cue.state for cue in await world.records.cues(SESSION)}


async def test_a_cue_runs_from_waiting_to_done(world: World) -> None:
    await world.ask("社保怎么办")
    assert await cues(world) == {"答：社保怎么办": CueState.WAITING}
    await world.pass_(1)
    assert await cues(world) == {"答：社保怎么办": CueState.STARTED}
    await world.pass_(2)
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.DONE
    assert cue.started_at is not None
    assert cue.ended_at is not None
    assert (cue.ended_at - cue.started_at).total_seconds() == len("答：社保怎么办") / 4


async def test_nothing_is_said_or_lost_while_paused(world: World) -> None:
    await world.live.command(Change(Move.PAUSE), "甲")
    comment = await world.ask("社保怎么办")
    await world.pass_(2000, step=100)
    assert world.stage.played == []
    assert (await world.decided())[comment.id] == "spoken/answered"

    await world.live.command(Change(Move.RESUME), "甲")
    await world.pass_(10)
    assert await cues(world) == {"答：社保怎么办": CueState.DONE}


async def test_taking_over_stops_speech_and_keeps_the_rest(world: World) -> None:
    world.answers.words = lambda text: f"{text}：" + "很长" * 20
    await world.ask("社保怎么办", "a")
    await world.pass_(1)
    await world.ask("医保怎么办", "b")
    await world.live.command(Change(Move.TAKE_OVER), "甲")
    await world.pass_(60)
    assert sorted((await cues(world)).values()) == [CueState.SKIPPED, CueState.WAITING]

    await world.live.command(Change(Move.GIVE_BACK), "甲")
    await world.pass_(30)
    assert sorted((await cues(world)).values()) == [CueState.DONE, CueState.SKIPPED]
    assert len(world.stage.played) == len(set(world.stage.played)) == 2


async def test_mute_and_skip_end_what_is_said(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await world.ask("医保怎么办", "b")
    await world.pass_(1)
    await world.live.command(Skip(), "甲")
    await world.live.command(Mute(on=True), "甲")
    await world.pass_(20)
    states = await cues(world)
    assert states["答：社保怎么办"] is CueState.SKIPPED
    assert CueState.DONE not in states.values()


async def test_a_persons_words_come_first_and_are_screened(world: World) -> None:
    for number in range(3):
        await world.ask(f"怎么办{number}", f"v{number}")
    await world.live.command(Say("请大家稍等"), "甲")
    await world.pass_(30)
    said = [cue for cue in await world.records.cues(SESSION) if cue.actor == "甲"]
    assert [cue.text for cue in said] == ["请大家稍等"]
    assert world.stage.played.index(said[0].id) <= 1
    for bad in ("毒舌", "电话13800138000", "  "):
        with pytest.raises(BadInput):
            await world.live.command(Say(bad), "甲")


async def test_what_finds_no_time_is_written(sqlite_database) -> None:
    from assistant.domain.live import Room, RoomState
    from tests.live.fakes import ROOM

    room = Room(ROOM, "一号", state=RoomState.OPEN, automatic=True)
    world = World(sqlite_database, room, config=RoomConfig(heartbeat=None, patience=20.0))
    await world.open()
    world.answers.words = lambda text: text + "长" * 60
    asked = [world.comment(f"怎么办{n}", f"v{n}") for n in range(4)]
    await world.say(*asked)
    decided = await world.decided()
    assert [decided[one.id] for one in asked] == ["spoken/answered"] * 2 + ["replied/no_time"] * 2
    assert "文字" in world.replier.texts("to-v3")[0]
    await world.live.stop()


async def test_one_viewer_cannot_fill_the_queue(world: World) -> None:
    world.answers.words = lambda text: text + "长" * 30
    for number in range(4):
        await world.ask(f"怎么办{number}", "greedy")
    await world.ask("医保怎么办", "modest")
    order = [cue.text[:5] for cue in world.live.snapshot().waiting]
    assert order.index("医保怎么办") <= 1


async def test_put_to_review_takes_it_off_the_queue(world: World) -> None:
    comment = await world.ask("社保怎么办")
    await world.live.command(PutToReview(comment.id), "甲")
    await world.pass_(10)
    assert (await cues(world))["答：社保怎么办"] is CueState.SKIPPED or world.stage.played
    (case,) = (await world.records.backlog(SESSION)).cases
    assert case.code == "operator"


async def test_without_a_heartbeat_questions_queue_and_somebody_is_told(
    sqlite_database,
) -> None:
    from assistant.domain.live import Room, RoomState
    from tests.live.fakes import ROOM

    room = Room(ROOM, "一号", state=RoomState.OPEN, officers=("甲",))
    world = World(sqlite_database, room, config=RoomConfig(heartbeat=90.0))
    await world.open()
    await world.live.command(Automatic(on=True), "甲")
    first = await world.ask("社保怎么办", "a")
    await world.pass_(100, step=10)
    second = await world.ask("医保怎么办", "b")
    decided = await world.decided()
    assert decided[first.id] == "spoken/answered"
    assert decided[second.id] == "queued_for_review/no_officer"
    assert world.notify.told[0] == ("甲", "heartbeat")
    await world.live.command(Beat(), "甲")
    third = await world.ask("公积金怎么办", "c")
    assert (await world.decided())[third.id] == "spoken/answered"
    await world.live.stop()


class Told(SimulatedStage):
    """Remembers what it was told of before it was called, as it would be said."""

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        self.called = [*getattr(self, "called", []), cue.spoken]
        await super().play(cue, asking)

    def ahead(self, waiting: Sequence[tuple[Cue, Asking]], script: Cue | None = None) -> None:
        self.told = [*getattr(self, "told", []), *(cue.spoken for cue, _ in waiting)]


async def test_what_is_said_is_what_was_voiced_ahead(world: World) -> None:
    await world.live.stop()
    world.stage = stage = Told(world.clock)
    await world.open()
    await world.ask("医保怎么办", "a")
    await world.pass_(1)
    for viewer in ("b", "c"):
        await world.ask("社保怎么办", viewer)
    await world.pass_(1)
    await world.ask("社保怎么办", "d")
    await world.pass_(20, step=0.25)
    assert "2位网友都在问。答：社保怎么办" in stage.told
    assert stage.called[1:] == ["3位网友都在问。答：社保怎么办"]
    assert stage.called[1] in stage.told
