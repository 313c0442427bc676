"""A room says an approved script: in order, once, between the answers, and through a restart."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.broadcast import BroadcastState, Position, Taking
from assistant.domain.live import Cue, CueKind, CueState, RoomState
from assistant.errors import BadInput, Conflict, NotFound
from assistant.live import lines
from assistant.live.orders import (
    Change,
    Hold,
    Jump,
    Mute,
    PickLine,
    Say,
    Skip,
    StopBroadcast,
    Take,
)
from assistant.live.states import Move
from assistant.studio.places import put
from assistant.studio.rundown import INSTEAD
from tests.live.fakes import SESSION, World
from tests.live.room.broadcasts import Words, sentences, three_parts
from tests.studio.conftest import guide
from tests.studio.sample import GUIDE

pytestmark = pytest.mark.integration
ANSWER = "答：社保怎么办"


@pytest.fixture
def words(tmp_path: Path) -> Words:
    return Words(tmp_path / "slides")


async def reopened(world: World, words: Words) -> None:
    """The process is gone at once; the next one takes the room up."""
    await world.live.stop()
    await world.open(scripts=words.scripts)


@pytest.fixture
async def on_air(world: World, words: Words) -> World:
    await reopened(world, words)
    await world.live.command(words.begin(world), "甲")
    return world


async def cues(world: World) -> list[Cue]:
    """What the stage began, in order."""
    known = {one.id: one for one in await world.records.cues(SESSION)}
    return [known[one] for one in world.stage.played]


async def heard(world: World) -> list[str]:
    """The sentences that were said whole, by the time that each cue had."""
    said: list[str] = []
    for one in await cues(world):
        each = re.findall(r"[^。？！]+[。？！]?", one.spoken)
        assert one.started_at is not None
        left = one.seconds
        if one.state is not CueState.DONE:
            left = (one.ended_at - one.started_at).total_seconds() if one.ended_at else 0.0
        for sentence in each:
            left -= len(sentence) / 4
            if left >= -0.01:
                said.append(sentence)
    return said


def position(world: World) -> Position:
    assert world.live.broadcast is not None
    return world.live.broadcast.position


async def test_it_is_said_part_by_part_with_its_approval(on_air: World, words: Words) -> None:
    await on_air.pass_(40)
    said = await cues(on_air)
    assert [one.spoken for one in said] == [
        "".join(s.text for s in part.sentences) for part in words.draft.segments
    ]
    assert {(one.kind, one.approval, one.state) for one in said} == {
        (CueKind.SCRIPT, words.approval.digest, CueState.DONE)
    }
    assert [len(one.slides) for one in said] == [1, 1, 0]
    assert said[1].citations[0].source_id == GUIDE
    (row,) = await on_air.records.broadcasts_of("st1")
    assert (row.state, row.position.over, row.fallen) == (BroadcastState.DONE, True, ())
    assert on_air.live.broadcast is None


async def test_other_words_than_the_approved_ones_do_not_go_on_air(
    world: World, words: Words
) -> None:
    await reopened(world, words)
    words.draft = put(words.draft, "s1.2", "别的话。")
    with pytest.raises(BadInput, match="不一致"):
        await world.live.command(words.begin(world), "甲")
    await world.pass_(10)
    assert world.stage.played == []
    with pytest.raises(Conflict):
        await world.live.command(Hold(on=True), "甲")


async def test_an_answer_at_once_and_then_on_at_the_sentence(on_air: World, words: Words) -> None:
    await on_air.pass_(8, step=0.25)  # in the second part
    assert position(on_air).part == 1
    await on_air.ask("社保怎么办")
    await on_air.pass_(40, step=0.25)
    said = [one.spoken for one in await cues(on_air)]
    assert said[2] == ANSWER
    assert said[1].endswith(said[3])
    assert [one for one in await heard(on_air) if one != ANSWER] == sentences(words.draft)


async def test_between_two_parts_where_it_is_set_so(world: World, words: Words) -> None:
    await reopened(world, words)
    await world.live.command(words.begin(world, Taking.BETWEEN), "甲")
    await world.pass_(1)
    comment = await world.ask("社保怎么办")
    await world.pass_(2)
    assert len(world.stage.played) == 1
    await world.pass_(5)
    assert [one.spoken for one in await cues(world)][1] == ANSWER
    await world.live.command(Take(Taking.AT_ONCE), "甲")
    await world.ask("医保怎么办")
    await world.pass_(60)
    assert len(await cues(world)) == 6
    assert (await world.decided())[comment.id] == "spoken/answered"


async def test_a_persons_words_come_at_once_and_answers_wait_for_the_part(
    world: World, words: Words
) -> None:
    await reopened(world, words)
    await world.live.command(words.begin(world, Taking.BETWEEN), "甲")
    await world.pass_(9, step=0.25)
    await world.ask("社保怎么办")
    await world.live.command(Say("请大家稍等"), "甲")
    await world.live.command(PickLine("ask"), "乙")
    await world.pass_(60, step=0.25)
    said = [one.spoken for one in await cues(world)]
    assert said[2:4] == ["请大家稍等", lines.PICKED["ask"]]
    assert said[1].endswith(said[4])
    assert said[5] == ANSWER
    picked = (await cues(world))[3]
    assert (picked.kind, picked.actor) == (CueKind.FIXED_LINE, "乙")
    with pytest.raises(NotFound):
        await world.live.command(PickLine("我的话"), "乙")


async def test_a_part_that_fell_is_a_line_and_somebody_is_told(on_air: World, words: Words) -> None:
    await on_air.pass_(2)
    words.shelf.put(guide(fee="收费20元"))
    await on_air.pass_(40)
    said = await cues(on_air)
    assert [one.spoken for one in said][1] == INSTEAD
    assert (said[1].kind, said[1].approval) == (CueKind.FIXED_LINE, "")
    (row,) = await on_air.records.broadcasts_of("st1")
    assert [(one.part, "有改动" in one.why) for one in row.fallen] == [(1, True)]
    assert row.state is BroadcastState.DONE
    (alert,) = on_air.live.snapshot().alerts
    assert "“材料”没有播出" in alert.text
    assert ("甲", "part_fell") in on_air.notify.told


async def test_a_source_that_ends_in_the_middle_of_a_part_ends_the_part(
    on_air: World, words: Words
) -> None:
    await on_air.pass_(9, step=0.25)
    words.shelf.retire(GUIDE)
    await on_air.ask("社保怎么办")
    await on_air.pass_(60)
    said = [one.spoken for one in await cues(on_air)]
    assert said[2:4] == [ANSWER, INSTEAD]
    assert said[4] == "今天就讲到这里。感谢大家的关注。"


async def test_parts_that_fall_in_a_row_have_one_line_and_one_alarm(
    on_air: World, words: Words
) -> None:
    await on_air.pass_(2)
    words.shelf.retire(GUIDE)
    await on_air.live.command(Jump(0), "甲")
    await on_air.pass_(30)
    assert [one.spoken for one in await cues(on_air)][1:] == [
        INSTEAD,
        "今天就讲到这里。感谢大家的关注。",
    ]
    (row,) = await on_air.records.broadcasts_of("st1")
    assert [one.part for one in row.fallen] == [0, 1]
    assert len(on_air.live.snapshot().alerts) == 1


async def test_where_many_ask_the_script_has_its_turn(on_air: World, words: Words) -> None:
    on_air.answers.words = lambda text: f"{text}：" + "长" * 100
    for number in range(8):
        await on_air.ask(f"怎么办{number}", f"v{number}")
    await on_air.pass_(250, step=0.5)
    kinds = [one.kind for one in await cues(on_air)]
    first = kinds.index(CueKind.SCRIPT, 1)
    assert CueKind.ANSWER in kinds[first:]
    assert 2 <= kinds[:first].count(CueKind.ANSWER) <= 6
    assert [one for one in await heard(on_air) if "长" not in one] == sentences(words.draft)


async def test_words_that_the_rules_forbid_are_not_said(world: World, words: Words) -> None:
    words.draft = put(words.draft, "s1.2", "毒舌一下。")
    words.__post_init__()
    await reopened(world, words)
    await world.live.command(words.begin(world), "甲")
    await world.pass_(40)
    assert (await cues(world))[0].spoken == INSTEAD


async def test_an_interactive_part_leaves_time_for_questions(world: World, words: Words) -> None:
    words.draft = three_parts(open_seconds=30)
    words.__post_init__()
    await reopened(world, words)
    await world.live.command(words.begin(world, Taking.BETWEEN), "甲")
    await world.pass_(25)
    assert position(world).part == 2
    await world.ask("社保怎么办")
    await world.pass_(10)
    assert [one.spoken for one in await cues(world)][2:] == [ANSWER]
    await world.pass_(40)
    assert [one.spoken for one in await cues(world)][3].startswith("今天就讲到这里")


async def test_people_direct_it(on_air: World, words: Words) -> None:
    live = on_air.live
    await on_air.pass_(2, step=0.25)
    await live.command(Jump(2), "甲")
    await on_air.pass_(1, step=0.25)
    await live.command(Hold(on=True), "甲")
    await on_air.pass_(10)
    assert (position(on_air).part, position(on_air).paused) == (2, True)
    await on_air.ask("社保怎么办")
    await on_air.pass_(5)
    await live.command(Jump(1), "甲")
    await live.command(Hold(on=False), "甲")
    await on_air.pass_(1)
    await live.command(Skip(), "甲")
    await on_air.pass_(1)
    said = [one.spoken[:5] for one in await cues(on_air)]
    assert said == ["今天讲个体", "今天就讲到", "答：社保怎", "登记申请书", "今天就讲到"]
    with pytest.raises(BadInput):
        await live.command(Jump(3), "甲")
    await live.command(StopBroadcast(), "甲")
    await on_air.pass_(10)
    assert len(on_air.stage.played) == 5
    (row,) = await on_air.records.broadcasts_of("st1")
    assert (row.state, live.broadcast) == (BroadcastState.STOPPED, None)
    shown = live.snapshot().broadcast
    assert [one.title for one in shown.parts] == ["开场", "材料", "结束"]


@pytest.mark.parametrize(
    ("halt", "go"),
    [
        (Mute(on=True), Mute(on=False)),
        (Change(Move.TAKE_OVER), Change(Move.GIVE_BACK)),
        (Change(Move.PAUSE), Change(Move.RESUME)),
    ],
)
async def test_it_halts_with_the_room_and_goes_on_at_the_sentence(
    on_air: World, words: Words, halt, go
) -> None:
    await on_air.pass_(9, step=0.25)
    await on_air.live.command(halt, "甲")
    await on_air.pass_(100, step=5)
    assert len(on_air.stage.played) == 2
    await on_air.live.command(go, "甲")
    await on_air.pass_(40, step=0.25)
    assert await heard(on_air) == sentences(words.draft)


@pytest.mark.parametrize("seconds", [0.5, 2.0, 6.0, 9.0, 12.5, 15.0])
async def test_a_restart_goes_on_at_the_sentence(
    on_air: World, words: Words, seconds: float
) -> None:
    await on_air.pass_(seconds, step=0.25)
    before, begun = position(on_air), len(on_air.stage.played)
    await reopened(on_air, words)
    assert position(on_air) == before
    on_air.stage._current = on_air.stage._ends = None  # nobody says it any more
    await on_air.pass_(90, step=0.25)
    parts = [[one.text for one in part.sentences] for part in words.draft.segments]
    left = [one for part in parts[before.part :] for one in part][before.sentence :]
    after = (await cues(on_air))[begun:]
    assert "".join(one.spoken for one in after) == "".join(left)
    (row,) = await on_air.records.broadcasts_of("st1")
    assert row.state is BroadcastState.DONE


async def test_a_session_that_ends_ends_it(on_air: World) -> None:
    await on_air.pass_(2)
    await on_air.live.close()
    (row,) = await on_air.records.broadcasts_of("st1")
    assert row.state is BroadcastState.STOPPED
    assert on_air.live.room.state is RoomState.CLOSED


async def test_one_that_cannot_be_loaded_again_is_stopped_with_an_alarm(
    on_air: World, words: Words
) -> None:
    await on_air.pass_(2)
    words.draft = replace(words.draft, facts=())
    await reopened(on_air, words)
    assert on_air.live.broadcast is None
    assert "不能继续" in on_air.live.snapshot().alerts[0].text


async def test_the_next_part_is_voiced_ahead(world: World, words: Words) -> None:
    told: list[str] = []
    world.stage.ahead = lambda waiting, script=None: told.append(script.spoken if script else "")
    await reopened(world, words)
    await world.live.command(words.begin(world), "甲")
    await world.pass_(20, step=0.25)
    texts = ["".join(one.text for one in part.sentences) for part in words.draft.segments]
    assert [one for one in told if one in texts] == texts[1:]
