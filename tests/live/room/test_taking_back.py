"""A withdrawn answer stops in the room; the correction reaches who had got it."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from assistant.domain.live import (
    Comment,
    CueKind,
    CueState,
    LiveQuestion,
    QuestionState,
    ReplyState,
)
from assistant.domain.review import WITHDRAWN, CaseState, DeskCase, Incident, ResolutionKind
from assistant.live import lines
from assistant.live.orders import Resolve, StoredQuestion, TakeBack
from assistant.live.seams import Connected
from assistant.records.live_rows import INCIDENTS
from tests.live.fakes import ROOM, SESSION, Replier, World, not_sent
from tests.live.room.test_resolving import question, resolution

pytestmark = pytest.mark.integration


class Page(Replier):
    """A platform that knows who is there: viewers in `here`."""

    def __init__(self) -> None:
        super().__init__()
        self.here: dict[str, str] = {}

    def address_of(self, event_id: str) -> str | None:
        return self.here.get(event_id)


def taken_back(world: World, asked: LiveQuestion, *comments: Comment) -> TakeBack:
    case = DeskCase(
        f"w-{asked.id}", ROOM, SESSION, asked.id, WITHDRAWN, "答复已撤回", world.clock.now()
    )
    incident = Incident(
        "i1", ROOM, SESSION, asked.id, asked.outcome_id, "print", asked.answer, ("guide-1",),
        "自动", "过期", "a1", world.clock.now(), audience=len(comments), case_id=case.id,
    )  # fmt: skip
    return TakeBack(incident, (case,), {asked.id: StoredQuestion(asked, comments)})


async def withdraw(world: World, *comments: Comment) -> TakeBack:
    asked = question(world, comments[0].id)
    world.withheld.add(asked.answer)
    order = taken_back(world, asked, *comments)
    await world.live.command(order, "审核台")
    return order


async def test_what_is_being_said_stops_and_who_asks_again_waits(world: World) -> None:
    first = await world.ask("社保怎么办")
    await world.pass_(1)
    assert world.live.snapshot().current is not None
    await withdraw(world, first)
    assert world.live.snapshot().current is None
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.SKIPPED
    assert question(world, first.id).state is QuestionState.IN_REVIEW
    await world.ask("社保怎么办", "v2")
    assert world.replier.texts("to-v2") == [lines.HOLDING]
    await world.pass_(5)
    assert len(await world.records.cues(SESSION)) == 1


async def test_every_console_hears_of_the_case_of_the_correction(world: World) -> None:
    first = await world.ask("社保怎么办")
    console = world.live.subscribe()
    await withdraw(world, first)
    heard = [case for event in console.ready() for case in event.changed.cases]
    assert [(case.question_id, case.code) for case in heard] == [(first.id, "withdrawn")]


async def test_a_cue_that_the_stage_has_not_begun_is_not_offered_again(world: World) -> None:
    first, second = await world.ask("社保怎么办"), await world.ask("医保怎么办", "v2")
    await world.pass_(1)
    (waiting,) = world.live.snapshot().waiting
    await withdraw(world, second if waiting.question_id == second.id else first)
    assert world.live.snapshot().waiting == ()
    await world.pass_(60)
    assert waiting.id not in world.stage.played


async def test_questions_with_the_same_answer_wait_too(world: World) -> None:
    world.answers.words = lambda _: "三个工作日"
    first, second = await world.ask("社保怎么办"), await world.ask("社保多少天", "v2")
    await withdraw(world, first)
    assert question(world, second.id).state is QuestionState.IN_REVIEW
    assert {one.question_id for one in world.live.snapshot().cases} == {first.id, second.id}
    third = await world.ask("社保怎么弄", "v3")  # the desk still gives it: it is held back
    assert question(world, third.id).state is QuestionState.IN_REVIEW
    assert (await world.decided())[third.id] == "queued_for_review/unsafe_answer"


class Held(Replier):
    """A platform that is asked, waits, and then did not take it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.gate = asyncio.Event(), asyncio.Event()

    async def reply(self, address: str, text: str, key: str) -> None:
        self.asked.set()
        await self.gate.wait()
        raise not_sent(retryable=True)


async def test_a_reply_that_did_not_arrive_is_not_sent_again(world: World) -> None:
    held = Held()
    await world.live.stop()
    await world.open(repliers={"page": held})
    comment = world.comment("社保怎么办")
    await world.say(comment, settle=False)
    await held.asked.wait()
    await withdraw(world, comment)
    held.gate.set()
    await world.live.settle()
    (reply,) = await world.reads.replies(SESSION)
    assert (reply.state, reply.tries) == (ReplyState.FAILED, 1)


async def test_the_correction_reaches_who_is_there_and_counts_who_is_not(world: World) -> None:
    page = Page()
    assert isinstance(page, Connected)
    await world.live.stop()
    await world.open(repliers={"page": page})
    comments = [await world.ask("社保怎么办", viewer) for viewer in ("v1", "v2", "v3")]
    asked = question(world, comments[0].id)
    world.withheld.add(asked.answer)
    page.here = {comments[1].event_id: "to-v2"}  # there now, and gone when the correction comes
    order = taken_back(world, asked, *comments)
    await world.live.command(order, "审核台")
    page.here = {comments[0].event_id: "to-v1"}
    case = replace(order.cases[0], state=CaseState.RESOLVED)
    made = resolution(case, kind=ResolutionKind.EDIT)
    stored = {asked.id: StoredQuestion(asked, tuple(comments), frozenset({comments[1].id}))}
    await world.live.command(Resolve(made, (case,), stored, (order.incident,)), "审核台")
    await world.live.settle()
    right = lines.CORRECTED + "三个工作日办结"
    told = {to for to, text, _ in page.sent if text == right}
    assert told == {"to-v1", "to-v2"}
    cue = (await world.records.cues(SESSION))[-1]
    assert (cue.kind, cue.text) == (CueKind.CORRECTION, "更正：三个工作日办结")
    assert cue.spoken == "更正：三个工作日办结"
    assert question(world, asked.id).answer == "三个工作日办结"
    (incident,) = await stored_incidents(world)
    assert incident.applied_at is not None
    assert incident.corrected_at is not None
    assert (incident.audience, incident.unreached) == (3, 1)


async def stored_incidents(world: World) -> list[Incident]:
    async with world.database.read() as connection:
        rows = await connection.execute(select(*INCIDENTS.columns))
        return [INCIDENTS.value(row) for row in rows]


async def test_an_answer_that_was_right_after_all_stands_again(world: World) -> None:
    first = await world.ask("社保怎么办")
    order = await withdraw(world, first)
    await world.ask("社保怎么办", "v2")
    world.withheld.clear()
    case = replace(order.cases[0], state=CaseState.RESOLVED)
    made = resolution(case, kind=ResolutionKind.CONFIRM, text="", citations=())
    await world.live.command(Resolve(made, (case,)), "审核台")
    await world.live.settle()
    assert world.replier.texts("to-v2")[-1] == lines.CONFIRMED + "答：社保怎么办"
    assert question(world, first.id).state is QuestionState.ANSWERED
