"""没解决 and 找人工: a person is asked for one viewer; what the others were told stands."""

from dataclasses import replace

import pytest

from assistant.domain.live import CueState, QuestionState
from assistant.errors import BadInput, Conflict, NotFound
from assistant.live.orders import Approve, NeedPerson, Say, Settled, Withdraw
from assistant.live.person import MOST
from assistant.live.room_ids import check_new_room_id, check_room_id
from tests.live.fakes import SESSION, World

pytestmark = pytest.mark.integration


def question(world: World, id_: str):
    return next(one for one in world.live.snapshot().questions if one.id == id_)


async def test_an_answer_stands_while_a_person_looks_at_it_for_one_viewer(world: World) -> None:
    first = await world.ask("社保怎么办", "v1")
    second = await world.ask("社保怎么办", "v2")
    order = NeedPerson(second, first.id, unsolved=True, address="to-v2")
    await world.live.command(order, "网友")
    await world.live.command(order, "网友")
    assert question(world, first.id).state is QuestionState.ANSWERED
    (case,) = await world.reads.open_cases()
    assert (case.question_id, case.code) == (first.id, "unsolved")
    assert [one.id for one in world.live.snapshot().cases] == [case.id]

    before = len(world.replier.texts("to-v1"))
    await world.live.command(Approve(first.id, "请到三号窗口", aloud=False), "甲")
    await world.live.settle()
    assert world.replier.texts("to-v2")[-1] == "请到三号窗口"
    assert len(world.replier.texts("to-v1")) == before
    assert await world.reads.open_cases() == []
    assert all(one.text != "请到三号窗口" for one in await world.records.cues(SESSION))


async def test_a_comment_that_was_no_question_becomes_one(world: World) -> None:
    comment = await world.ask("你好")
    await world.live.command(NeedPerson(comment, None, address="to-v1"), "网友")
    asked = question(world, comment.id)
    assert (asked.state, asked.text) == (QuestionState.IN_REVIEW, "你好")
    await world.live.command(Approve(comment.id, "您好，请说"), "甲")
    await world.live.settle()
    assert world.replier.texts("to-v1")[-1] == "您好，请说"
    assert (await world.decided())[comment.id].startswith("set_aside/")


async def test_settled_closes_the_case_and_only_where_there_is_an_answer(world: World) -> None:
    first = await world.ask("社保怎么办")
    with pytest.raises(Conflict):
        await world.live.command(Settled(first.id), "甲")
    await world.live.command(NeedPerson(first, first.id), "网友")
    await world.live.command(Settled(first.id), "甲")
    assert await world.reads.open_cases() == []
    waits = await world.ask("补贴多少")
    with pytest.raises(Conflict):
        await world.live.command(Settled(waits.id), "甲")


async def test_a_viewer_who_calls_again_and_again_is_stopped(world: World) -> None:
    comments = [await world.ask("你好呀" * n) for n in range(1, MOST + 2)]
    for comment in comments[:-1]:
        await world.live.command(NeedPerson(comment), "网友")
    with pytest.raises(Conflict):
        await world.live.command(NeedPerson(comments[-1]), "网友")
    other = replace(comments[-1], viewer="v2")
    await world.live.command(NeedPerson(other), "网友")
    with pytest.raises(NotFound):
        await world.live.command(NeedPerson(replace(other, session_id="gone")), "网友")


async def test_words_that_wait_are_withdrawn(world: World) -> None:
    for text in ("各位稍等", "马上回来"):
        await world.live.command(Say(text), "甲")
    (waiting,) = world.live.snapshot().waiting
    await world.live.command(Withdraw(waiting.id), "甲")
    cues = {cue.id: cue.state for cue in await world.records.cues(SESSION)}
    assert cues[waiting.id] is CueState.SKIPPED
    with pytest.raises(Conflict):
        await world.live.command(Withdraw(waiting.id), "甲")


@pytest.mark.parametrize("bad", ["", "大厅", "a b", "a/b", "x" * 65])
def test_ids_that_no_room_may_have(bad: str) -> None:
    with pytest.raises(BadInput):
        check_room_id(bad)
    with pytest.raises(BadInput):
        check_new_room_id(bad)
    check_room_id("Room_1.b-2")
    with pytest.raises(BadInput):
        check_new_room_id("Room_1")
