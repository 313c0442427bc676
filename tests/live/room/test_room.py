"""What becomes of each kind of comment; nothing is lost, whatever breaks."""

import asyncio

import pytest

from assistant.domain.live import CueState, QuestionState, Urgency
from assistant.live import lines
from tests.live.fakes import SESSION, World

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("社保怎么办", "spoken/answered"),
        ("证怎么办", "replied/clarify"),
        ("补贴多少", "queued_for_review/no_support"),
        ("敏感怎么办", "set_aside/refused"),
        ("泄露多少", "queued_for_review/unsafe_answer"),
        ("断了怎么办", "queued_for_review/system_error"),
        ("炸", "queued_for_review/system_error"),
        ("你好", "set_aside/greeting"),
        ("好棒", "set_aside/praise"),
        ("唱歌", "set_aside/off_topic"),
        ("哈哈", "set_aside/chatter"),
        ("你是真人吗", "replied/identity"),
        ("投诉窗口", "queued_for_review/complaint"),
        ("有人晕倒了", "replied/emergency"),
        ("毒舌", "set_aside/harmful_abuse"),
        ("广告怎么卖", "set_aside/harmful_spam"),
    ],
)
async def test_each_kind_has_its_end(world: World, text: str, ended: str) -> None:
    comment = await world.ask(text)

    assert await world.decided() == {comment.id: ended}


async def test_one_broken_comment_holds_up_no_other(world: World) -> None:
    batch = [world.comment(text) for text in ("社保怎么办", "炸", "你好")]
    await world.say(*batch)

    decided = await world.decided()
    assert [decided[one.id] for one in batch] == [
        "spoken/answered",
        "queued_for_review/system_error",
        "set_aside/greeting",
    ]


async def test_an_outcome_that_cannot_be_stored_is_not_said(world: World) -> None:
    world.outcomes.fails = True
    comment = await world.ask("社保怎么办")
    await world.pass_(60)

    assert (await world.decided())[comment.id] == "queued_for_review/system_error"
    assert [cue.text for cue in await world.records.cues(SESSION)] == [lines.CHECKING]


async def test_the_answer_reaches_its_own_viewer_only(world: World) -> None:
    await world.say(world.comment("社保怎么办", "a"), world.comment("医保怎么办", "b"))

    assert len(world.replier.texts("to-a")) == len(world.replier.texts("to-b")) == 1
    assert "社保" in world.replier.texts("to-a")[0]
    assert "医保" in world.replier.texts("to-b")[0]


async def test_repeats_become_one_question_with_a_count(world: World) -> None:
    first = world.comment("社保怎么办", "a")
    others = [world.comment("社保 怎么办", viewer) for viewer in "bcc"]
    await world.say(first, *others)

    decided = await world.decided()
    assert decided[first.id] == "spoken/answered"
    assert {decided[one.id] for one in others} == {"merged/repeat"}
    (question,) = (await world.records.backlog(SESSION)).questions
    assert question.asked_by == 3
    assert len(world.answers.asked) == 1
    await world.pass_(1)
    assert world.live.snapshot().current.spoken.startswith("3位网友都在问。")
    assert len(world.replier.texts("to-b")) == 1


async def test_a_repeat_after_the_answer_gets_a_pointer_and_no_second_voice(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await world.pass_(120)
    again = await world.ask("社保怎么办", "b")
    await world.pass_(60)

    assert (await world.decided())[again.id] == "merged/repeat"
    assert world.replier.texts("to-b") == ["这个问题2分钟前刚答复过：答：社保怎么办"]
    assert len(world.stage.played) == 1


async def test_other_words_with_the_same_answer_are_voiced_once(world: World) -> None:
    world.answers.words = lambda text: "五个工作日" if "几天" in text or "多久" in text else text
    first = await world.ask("怎么要几天", "a")
    second = await world.ask("怎么要多久", "b")

    decided = await world.decided()
    assert decided[first.id] == "spoken/answered"
    assert decided[second.id] == "merged/same_answer"
    assert world.replier.texts("to-b") == ["五个工作日"]


async def test_a_repeat_of_a_question_in_review_waits_for_the_person(world: World) -> None:
    await world.ask("补贴多少", "a")
    again = await world.ask("补贴多少", "b")

    assert (await world.decided())[again.id] == "merged/repeat"
    assert world.replier.texts("to-b") == [lines.HOLDING]


async def test_a_flood_ends_chatter_and_never_a_question(world: World) -> None:
    chatter = [world.comment("哈哈", f"v{i}") for i in range(5)]
    questions = [world.comment("社保怎么办", f"w{i}") for i in range(5)]
    await world.say(*chatter, *questions)

    decided = await world.decided()
    assert decided[chatter[4].id] == "set_aside/flood"
    assert decided[questions[4].id] == "merged/repeat"


async def test_an_emergency_is_told_whom_to_call_also_while_paused(world: World) -> None:
    from assistant.live.orders import Change
    from assistant.live.states import Move

    await world.live.command(Change(Move.PAUSE), "甲")
    world.answers.gate = asyncio.Event()
    await world.say(world.comment("有人晕倒了", "a"), settle=False)
    await world.live.settle()

    assert "120" in world.replier.texts("to-a")[0]
    assert world.notify.told == [("甲", "emergency")]
    assert world.answers.asked == []


async def test_an_urgent_question_reaches_a_person_and_is_still_answered(world: World) -> None:
    comment = await world.ask("急！怎么备案")

    assert (await world.decided())[comment.id] == "spoken/answered"
    (case,) = (await world.records.backlog(SESSION)).cases
    assert case.urgency is Urgency.URGENT
    assert world.notify.told == [("甲", "urgent")]


async def test_harmful_words_go_out_nowhere(world: World) -> None:
    watching = world.live.subscribe()
    await world.ask("毒舌十三点", "a")
    await world.ask("好棒", "b")

    seen = [entry.comment.text for entry in world.live.snapshot().entries]
    assert seen == [lines.HIDDEN, "好棒"]
    watching.end()
    events = [event async for event in watching]
    assert "毒舌" not in repr(events)
    assert "毒舌" not in repr(world.replier.sent)
    assert world.notify.told == [("甲", "abuse")]


async def test_redirects_and_greetings_are_rare(world: World) -> None:
    for number in range(5):
        await world.ask("唱歌", f"a{number}")
        await world.ask("你好", f"b{number}")

    assert [text for _, text, _ in world.replier.sent] == [lines.REDIRECT, lines.GREETING]


async def test_a_follow_up_carries_the_viewers_last_question(world: World) -> None:
    await world.ask("社保怎么办", "a")
    await world.ask("那要多少钱", "a")
    await world.ask("医保怎么办", "b")
    await world.pass_(400, step=50)
    await world.ask("还要多少天", "a")

    assert [asked.history for asked in world.answers.asked] == [(), ("社保怎么办",), (), ()]


async def test_the_same_short_words_after_other_questions_are_other_questions(
    world: World,
) -> None:
    world.answers.words = lambda text: f"{text}：{len(world.answers.asked)}"
    await world.ask("社保怎么办", "a")
    await world.ask("医保怎么办", "b")
    await world.ask("那要多少钱", "a")
    await world.ask("那要多少钱", "b")

    asked = [(one.text, one.history) for one in world.answers.asked[2:]]
    assert asked == [("那要多少钱", ("社保怎么办",)), ("那要多少钱", ("医保怎么办",))]
    assert world.replier.texts("to-b")[-1].endswith("那要多少钱：4")


async def test_two_answers_at_a_time_and_no_more(world: World) -> None:
    await world.say(*(world.comment(f"怎么办{n}", f"v{n}") for n in range(9)))

    assert world.answers.most == 2


async def test_too_many_questions_at_once_are_kept_and_told(world: World) -> None:
    from dataclasses import replace

    world.config = replace(world.config, longest_queue=3, receipt_from=2)
    await world.live.stop()
    await world.open()
    asked = [world.comment(f"怎么办{n}", f"v{n}") for n in range(5)]
    await world.say(*asked)

    decided = await world.decided()
    assert [decided[one.id] for one in asked[3:]] == ["queued_for_review/too_many"] * 2
    assert lines.RECEIPT in world.replier.texts("to-v2")
    assert world.replier.texts("to-v4") == [lines.HOLDING]


async def test_without_automatic_mode_answers_wait_for_a_person(world: World) -> None:
    from assistant.live.orders import Approve, Automatic

    await world.live.command(Automatic(on=False), "甲")
    comment = await world.ask("社保怎么办", "a")
    await world.pass_(30)
    assert (await world.decided())[comment.id] == "queued_for_review/manual"
    assert world.stage.played == []

    await world.live.command(Approve(comment.id), "甲")
    await world.pass_(30)
    (cue,) = await world.records.cues(SESSION)
    assert (cue.state, cue.actor, cue.text) == (CueState.DONE, "甲", "答：社保怎么办")
    assert world.replier.texts("to-a")[-1] == "答：社保怎么办"
    backlog = await world.records.backlog(SESSION)
    assert backlog.cases == []
    assert backlog.questions[0].state is QuestionState.ANSWERED
