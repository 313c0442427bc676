"""Who is told of what is overdue: each step once, in the audit chain, whoever is at work."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.live import Urgency
from assistant.domain.review import ResolutionKind
from assistant.errors import Conflict
from assistant.records.escalations import ESCALATED, SYSTEM
from assistant.review.deadlines import read_deadlines
from assistant.review.escalation import Step
from assistant.review.orders import Settle
from tests.support.review_office import LI, NEAR, SUN, ReviewOffice
from tests.support.review_times import HEAD, Times

pytestmark = pytest.mark.contract

DUE = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
"""What was asked on Monday morning is due on Wednesday."""


@pytest.fixture
def times(office: ReviewOffice) -> Times:
    return Times(office)


async def overdue(times: Times, number: int = 1, **changes):
    """A case off air whose deadline has just come; and what was told of it."""
    await times.off_air()
    case = await times.received(number, **changes)
    times.office.clock.now = case.due_at
    return case, await times.pass_by()


async def test_reviewers_another_one_the_head(times: Times) -> None:
    case, told = await overdue(times)
    assert [(one.step, set(one.to)) for one in told] == [
        (Step.REMIND, {SUN.display_name, LI.display_name, NEAR.display_name})
    ]
    assert told[0].case_ids == (case.id,)
    assert "1件" in told[0].text
    assert "咨询" in told[0].text
    assert await times.pass_by(minutes=29) == []
    (other,) = await times.pass_by(minutes=1)
    assert (other.step, len(other.to)) == (Step.OTHER, 1)
    (head,) = await times.pass_by(minutes=30)
    assert (head.step, head.to) == (Step.HEAD, (HEAD.display_name,))
    assert await times.pass_by(days=5) == []
    assert (await times.office.case(case.id)).step == 3
    told = [e for e, _ in await times.office.audit.recent(50) if e.action == ESCALATED]
    assert [(one.actor, one.subject) for one in told] == [(SYSTEM, case.id)] * 3


async def test_whoever_holds_it_is_reminded_then_it_is_free(times: Times) -> None:
    office = times.office
    await times.off_air()
    case = await times.received(1)
    office.clock.now = DUE
    view = await office.desk.take(SUN, case.id)
    (told,) = await times.pass_by()
    assert told.to == (SUN.display_name,)
    await office.desk.renew(SUN, case.id, view.token)
    office.clock.advance(minutes=29)
    view = await office.desk.take(SUN, case.id)
    (told,) = await times.pass_by(minutes=1)
    assert told.to[0] in {LI.display_name, NEAR.display_name}
    assert (await office.case(case.id)).holder is None
    with pytest.raises(Conflict):
        await office.desk.settle(
            SUN, Settle(case.id, view.token, ResolutionKind.ANSWER, "带身份证。")
        )
    await office.desk.take(LI, case.id)


async def test_a_missed_minute_on_air_is_told_once_and_the_next_deadline_counts(times) -> None:
    case = await times.received(1)
    assert await times.pass_by(seconds=59) == []
    (told,) = await times.pass_by(seconds=1)
    assert told.step is Step.REMIND
    assert "直播中" in told.text
    case = await times.office.case(case.id)
    assert (case.due_class, case.due_at, case.step) == ("consult", DUE, 0)
    assert await times.pass_by(hours=5) == []
    assert case.due_from == case.made_at


async def test_danger_to_life_goes_up_at_once(times: Times) -> None:
    await times.received(1, urgency=Urgency.EMERGENCY)
    told = [await times.pass_by(seconds=30) for _ in range(4)]
    steps = [[(one.step, one.is_emergency) for one in each] for each in told]
    assert steps == [[(step, True)] for step in Step] + [[]]


async def test_what_is_settled_is_told_no_more(times: Times) -> None:
    office = times.office
    case, _ = await overdue(times)
    view = await office.desk.take(SUN, case.id)
    await office.desk.settle(SUN, Settle(case.id, view.token, ResolutionKind.ANSWER, "带身份证。"))
    assert await times.pass_by(hours=3) == []
    assert (await office.case(case.id)).step == 1


async def test_many_at_once_are_one_notice(times: Times) -> None:
    await times.off_air()
    for number in range(1, 8):
        await times.received(number)
    times.office.clock.now = DUE
    (told,) = await times.pass_by()
    assert len(told.case_ids) == 7
    assert "7件" in told.text


async def test_a_group_is_told_of_once(times: Times) -> None:
    await times.off_air()
    lead = await times.received(1, "要带什么")
    times.office.clock.advance(minutes=1)
    await times.received(2, "要带什么")
    times.office.clock.now = DUE
    (told,) = await times.pass_by()
    assert told.case_ids == (lead.id,)
    assert await times.pass_by(minutes=20) == []


async def test_nobody_to_review_then_the_head(times: Times) -> None:
    times.staff = (HEAD,)
    _, told = await overdue(times)
    assert told[0].to == (HEAD.display_name,)
    times.staff = (SUN,)
    (told,) = await times.pass_by(minutes=30)
    assert (told.step, told.to) == (Step.OTHER, (SUN.display_name,))
    (told,) = await times.pass_by(minutes=30)
    assert (told.step, told.to) == (Step.HEAD, ())


async def test_the_only_reviewer_is_not_another_one(times: Times) -> None:
    times.staff = (SUN, HEAD)
    case, _ = await overdue(times)
    times.office.clock.advance(minutes=30)
    await times.office.desk.take(SUN, case.id)
    (told,) = await times.pass_by()
    assert (told.step, told.to) == (Step.OTHER, (HEAD.display_name,))


async def test_who_cannot_be_told_is_told_later(times: Times) -> None:
    times.deaf = True
    case, told = await overdue(times)
    assert told == []
    assert (await times.office.case(case.id)).step == 1
    times.deaf = False
    assert await times.pass_by(seconds=5) == []  # not again and again
    (told,) = await times.pass_by(seconds=10)
    assert told.step is Step.REMIND
    assert await times.pass_by(seconds=60) == []


async def test_it_is_not_tried_for_ever(times: Times) -> None:
    times.deaf = True
    await overdue(times)
    for _ in range(70):
        await times.pass_by(seconds=15)
    times.deaf = False
    told = await times.pass_by(seconds=15)
    assert [one.step for one in told] == []


async def test_no_step_twice_with_several_processes(office: ReviewOffice) -> None:
    all_of_them = [Times(office) for _ in range(4)]
    await all_of_them[0].off_air()
    for number in range(1, 13):
        await all_of_them[0].received(number)
    office.clock.now = DUE
    for minutes in (0, 30, 60):
        office.clock.now = DUE + timedelta(minutes=minutes)
        await asyncio.gather(*(one.escalation.run() for one in all_of_them))
    told = [
        (case, notice.step)
        for one in all_of_them
        for notice in one.told
        for case in notice.case_ids
    ]
    assert len(told) == len(set(told)) == 36
    entries = [e.subject for e, _ in await office.audit.recent(100) if e.action == ESCALATED]
    assert len(entries) == 36


async def test_the_steps_are_the_office_s(office: ReviewOffice) -> None:
    own = read_deadlines({"classes": {"consult": {"steps": [60, 120]}}})
    times = Times(office, own)
    case, told = await overdue(times)
    assert told == []
    steps = [[n.step for n in await times.pass_by(seconds=60)] for _ in range(4)]
    assert steps == [[Step.REMIND], [Step.OTHER], [], []]
    assert (await office.case(case.id)).step == 2
