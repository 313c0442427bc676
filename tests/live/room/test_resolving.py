"""What the review desk settled is said once in the room, and told to everybody who awaits it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from assistant.domain.answer import Citation
from assistant.domain.live import (
    CueKind,
    Decision,
    LiveQuestion,
    OutcomeKind,
    QuestionState,
    RoomState,
)
from assistant.domain.live_commit import Commit
from assistant.domain.review import CaseState, DeskCase, Resolution, ResolutionKind
from assistant.errors import Conflict
from assistant.live import lines
from assistant.live.orders import Approve, Mute, NeedPerson, Resolve, StoredQuestion
from assistant.records.live_rows import RESOLUTIONS
from assistant.records.schema_live import review_cases
from tests.live.fakes import ROOM, SESSION, START, Vault, World

pytestmark = pytest.mark.integration
Kind = ResolutionKind
CITED = Citation("guide-1", "办理时限", "三个工作日", title="指南")


def desk_case(world: World, question_id: str) -> DeskCase:
    """The open case of a question as the desk has it."""
    case = next(one for one in world.live.snapshot().cases if one.question_id == question_id)
    return DeskCase(
        case.id, case.room_id, case.session_id, case.question_id, case.code, case.reason,
        case.made_at, case.urgency, state=CaseState.RESOLVED,
    )  # fmt: skip


def resolution(*cases: DeskCase, kind: Kind = Kind.APPROVE, **changes) -> Resolution:
    values = {
        "text": "三个工作日办结", "spoken": "三个工作日办结", "citations": (CITED,),
    }  # fmt: skip
    at = START + timedelta(minutes=1)
    return Resolution(
        "r1", kind, tuple(case.id for case in cases), **values | changes,
        actor="a1", actor_name="王芳", made_at=at, sends_at=at, sent_at=at,
    )  # fmt: skip


def question(world: World, id_: str) -> LiveQuestion:
    return next(one for one in world.live.snapshot().questions if one.id == id_)


async def resolve(world: World, order: Resolve) -> None:
    await world.live.command(order, "审核台")
    await world.live.settle()


async def stored_case(world: World, case_id: str):
    columns = review_cases.c
    query = select(columns.settled_at, columns.settled_how).where(columns.id == case_id)
    async with world.database.read() as connection:
        return (await connection.execute(query)).one()


async def test_a_group_is_said_once_with_all_who_ask_and_each_is_told(world: World) -> None:
    first = await world.ask("补贴多少", "v1")
    await world.ask("补贴多少", "v2")
    second = await world.ask("补贴怎么领", "v3")
    cases = [desk_case(world, one.id) for one in (first, second)]
    await resolve(world, Resolve(resolution(*cases), tuple(cases)))
    (cue,) = await world.records.cues(SESSION)
    assert (cue.kind, cue.text, cue.asked_by) == (CueKind.ANSWER, "三个工作日办结", 3)
    assert (cue.citations, cue.actor) == ((CITED,), "王芳")
    assert cue.spoken == "3位网友都在问。三个工作日办结"
    for viewer in ("v1", "v2", "v3"):
        assert world.replier.texts(f"to-{viewer}")[-1] == "三个工作日办结"
    for one in (first, second):
        assert question(world, one.id).state is QuestionState.ANSWERED
    assert world.live.snapshot().cases == ()
    assert await world.reads.open_cases() == []
    assert (await stored_case(world, cases[0].id)).settled_how == "said"
    with pytest.raises(Conflict):
        await world.live.command(Approve(first.id), "甲")


async def test_an_own_word_is_an_operator_s_and_who_asks_later_gets_it(world: World) -> None:
    first = await world.ask("补贴多少")
    case = desk_case(world, first.id)
    made = resolution(case, kind=Kind.ANSWER, citations=())
    await resolve(world, Resolve(made, (case,)))
    (cue,) = await world.records.cues(SESSION)
    assert (cue.kind, cue.actor) == (CueKind.OPERATOR_SAID, "王芳")
    await world.ask("补贴多少", "v2")
    assert world.replier.texts("to-v2")[-1].endswith("三个工作日办结")


@pytest.mark.parametrize(
    ("kind", "text", "state", "line"),
    [
        (Kind.ASK_BACK, "您问哪一项补贴？", QuestionState.CLARIFIED, "您问哪一项补贴？"),
        (Kind.REJECT, "", QuestionState.REFUSED, lines.REFUSED),
        (Kind.HAND_OVER, "已转人社局", QuestionState.IN_REVIEW, "已转人社局"),
    ],
)
async def test_what_is_no_answer_goes_out_as_text_alone(
    world: World, kind: Kind, text: str, state: QuestionState, line: str
) -> None:
    first = await world.ask("补贴多少")
    case = desk_case(world, first.id)
    made = resolution(case, kind=kind, text=text, spoken=text, citations=())
    await resolve(world, Resolve(made, (case,)))
    assert await world.records.cues(SESSION) == []
    assert world.replier.texts("to-v1")[-1] == line
    assert question(world, first.id).state is state
    assert (await stored_case(world, case.id)).settled_how == "sent"


async def test_who_waits_for_a_department_is_told_what_it_says(world: World) -> None:
    first = await world.ask("补贴多少")
    case = desk_case(world, first.id)
    handed = resolution(case, kind=Kind.HAND_OVER, text="已转人社局", citations=())
    await resolve(world, Resolve(handed, (case,)))
    await resolve(world, Resolve(replace(resolution(case), id="r2"), (case,)))
    assert world.replier.texts("to-v1")[-2:] == ["已转人社局", "三个工作日办结"]


async def test_one_person_s_answer_is_nobody_else_s(world: World) -> None:
    first = await world.ask("补贴多少")
    case = desk_case(world, first.id)
    made = resolution(case, kind=Kind.ANSWER, text="您的已到账", citations=(), personal=True)
    await resolve(world, Resolve(made, (case,)))
    assert await world.records.cues(SESSION) == []
    assert world.replier.texts("to-v1")[-1] == "您的已到账"
    await world.ask("补贴多少", "v2")
    assert "您的已到账" not in world.replier.texts("to-v2")
    assert question(world, first.id).answer != "您的已到账"


async def test_a_confirmed_answer_is_told_to_who_doubted_it(world: World) -> None:
    first = await world.ask("社保怎么办")
    await world.live.command(NeedPerson(first, first.id, unsolved=True, address="to-v1"), "网友")
    case = desk_case(world, first.id)
    await resolve(world, Resolve(resolution(case, kind=Kind.CONFIRM, text=""), (case,)))
    assert world.replier.texts("to-v1")[-1] == lines.CONFIRMED + "答：社保怎么办"
    assert question(world, first.id).state is QuestionState.ANSWERED
    assert len(await world.records.cues(SESSION)) == 1


@pytest.mark.parametrize("text", ["请拨打13800138000", "这是广告"])
async def test_words_that_do_not_pass_are_held_back_and_asked_for_again(
    world: World, text: str
) -> None:
    first = await world.ask("补贴多少")
    told = len(world.replier.sent)
    case = desk_case(world, first.id)
    made = resolution(case, kind=Kind.EDIT, text=text, spoken=text)
    await resolve(world, Resolve(made, (case,)))
    assert await world.records.cues(SESSION) == []
    assert len(world.replier.sent) == told
    (alert,) = world.live.snapshot().alerts
    assert alert.code == "approved_unsafe"
    assert (await stored_case(world, case.id)).settled_how == "withheld"
    (again,) = await world.reads.open_cases()
    assert (again.question_id, again.code) == (first.id, "unsafe_answer")
    await resolve(
        world, Resolve(resolution(desk_case(world, first.id)), (desk_case(world, first.id),))
    )
    assert world.replier.texts("to-v1")[-1] == "三个工作日办结"


async def test_words_are_looked_at_once_more_when_their_turn_comes(world: World) -> None:
    first = await world.ask("补贴多少")
    case = desk_case(world, first.id)
    await world.live.command(Mute(True), "甲")
    await resolve(world, Resolve(resolution(case), (case,)))
    world.withheld.add("三个工作日办结")
    await world.live.command(Mute(False), "甲")
    await world.pass_(3)
    assert world.stage.played == []
    assert [one.code for one in world.live.snapshot().alerts] == ["not_voiced"]


async def old_question(world: World, *, days: int, text: str = "补贴多少") -> tuple:
    """A question of another stream, asked by two; one address is left."""
    at = world.clock.now() - timedelta(days=days)
    comments = tuple(
        world.comment(text, viewer, session_id="earlier", received_at=at) for viewer in ("v8", "v9")
    )
    asked = LiveQuestion(
        comments[0].id, ROOM, "earlier", text, at, QuestionState.IN_REVIEW, asked_by=2
    )
    case = DeskCase("old-case", ROOM, "earlier", asked.id, "no_support", "依据不足", at)
    stored = StoredQuestion(asked, comments, frozenset({comments[0].id}))
    return case, stored


@pytest.mark.parametrize(("days", "when"), [(0, "刚才"), (1, "上一场")])
async def test_a_late_answer_names_the_question(world: World, days: int, when: str) -> None:
    case, stored = await old_question(world, days=days)
    first, second = stored.comments
    told = [
        Decision(one.id, OutcomeKind.QUEUED_FOR_REVIEW, "no_support", "依据不足", START)
        for one in (first, second)
    ]
    earlier = Commit(comments=(first, second), decisions=told, questions=(stored.question,))
    sealed = {first.id: Vault().seal("to-v8")}
    await world.live._core.commit(replace(earlier, addresses=sealed))
    await resolve(world, Resolve(resolution(case), (case,), {case.question_id: stored}))
    cue = (await world.records.cues(SESSION))[-1]
    assert cue.text == f"{when}有2位网友问：补贴多少？三个工作日办结"
    assert cue.spoken == cue.text
    assert cue.asked_by == 2
    assert world.replier.texts("to-v8")[-1] == lines.LATER + "三个工作日办结"
    assert world.replier.texts("to-v9") == []
    rows = await world.reads.questions("earlier")
    assert [one.state for one in rows] == [QuestionState.ANSWERED]


async def test_a_question_that_may_not_be_said_is_not_repeated(world: World) -> None:
    case, stored = await old_question(world, days=1, text="毒舌补贴多少")
    await resolve(world, Resolve(resolution(case), (case,), {case.question_id: stored}))
    (cue,) = await world.records.cues(SESSION)
    assert cue.text == "上一场有2位网友提问，三个工作日办结"


async def test_a_session_that_ends_leaves_it_to_the_next(world: World) -> None:
    first = await world.ask("补贴多少")
    case = desk_case(world, first.id)
    core = world.live._core
    await core.put_room(replace(core.room, state=RoomState.CLOSING))
    with pytest.raises(Conflict):
        await world.live.command(Resolve(resolution(case), (case,)), "审核台")
    assert (await stored_case(world, case.id)).settled_at is None


async def test_the_console_s_approval_is_the_desk_s_decision_too(world: World) -> None:
    first = await world.ask("补贴多少")
    second = await world.ask("补贴怎么领")
    ids = {one.question_id: one.id for one in await world.reads.open_cases()}
    await world.live.command(Approve(first.id, by="a1"), "王芳")
    await world.live.command(Approve(second.id, "到窗口领", aloud=False, by="a1"), "王芳")
    async with world.database.read() as connection:
        rows = await connection.execute(select(*RESOLUTIONS.columns).order_by("id"))
        made = [RESOLUTIONS.value(row) for row in rows]
    assert [(one.kind, one.case_ids, one.actor, one.actor_name) for one in made] == [
        (Kind.APPROVE, (ids[first.id],), "a1", "王芳"),
        (Kind.EDIT, (ids[second.id],), "a1", "王芳"),
    ]
    assert not any(one.learn for one in made)


async def test_an_answer_comes_too_late_for_a_question_that_a_person_settled(world: World) -> None:
    world.answers.gate = asyncio.Event()
    comment = world.comment("急！怎么办")
    await world.say(comment, settle=False)
    await asyncio.sleep(0)
    case = desk_case(world, comment.id)
    await world.live.command(Resolve(resolution(case), (case,)), "审核台")
    world.answers.gate.set()
    await world.live.settle()
    assert (await world.decided())[comment.id] == "replied/by_person"
    assert question(world, comment.id).answer == "三个工作日办结"
    assert len(await world.records.cues(SESSION)) == 1
