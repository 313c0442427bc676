"""New cases get region, deadline and group, once, whatever number of processes there is."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain.live import ReviewCase, Urgency
from assistant.domain.live_commit import Commit
from assistant.domain.review import CaseState, ResolutionKind
from assistant.domain.workdays import CalendarDay
from assistant.review.likeness import ALONE
from assistant.review.orders import HandOver, Mark, Settle, Split
from tests.support.review_office import COUNTY, OTHER, SUN, ReviewOffice
from tests.support.review_times import Times

pytestmark = pytest.mark.contract

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
"""Eight in the morning in China; the clock's first moment."""


def end_of(day: int, month: int = 3) -> datetime:
    """17:30 in China."""
    return datetime(2026, month, day, 9, 30, tzinfo=UTC)


@pytest.fixture
def times(office: ReviewOffice) -> Times:
    return Times(office)


async def test_on_air_a_minute(times: Times) -> None:
    case = await times.received(1)
    assert (case.due_class, case.due_at) == ("stream", MONDAY + timedelta(seconds=60))
    assert case.region == COUNTY  # the room's
    assert (case.step, case.group_id) == (0, None)
    assert not await times.reception.receive()


@pytest.mark.parametrize(
    ("changes", "due_class", "due"),
    [
        ({}, "consult", end_of(4)),
        ({"code": "complaint"}, "help", end_of(9)),
        ({"urgency": Urgency.URGENT}, "urgent", end_of(2)),
        ({"urgency": Urgency.EMERGENCY}, "emergency", MONDAY + timedelta(seconds=30)),
        ({"code": "withdrawn"}, "recheck", end_of(3)),
        ({"code": "suspended"}, "recheck", end_of(3)),
        ({"code": "spot_check", "settled_at": MONDAY}, "spot_check", end_of(4)),
    ],
)
async def test_off_air_by_class(times: Times, changes, due_class: str, due: datetime) -> None:
    await times.off_air()
    case_id = await times.open(1, **changes)
    await times.office.set(case_id, state=CaseState.WAITING)
    await times.receive()
    case = await times.office.case(case_id)
    assert (case.due_class, case.due_at, case.due_from) == (due_class, due, MONDAY)


async def test_when_the_stream_ends_the_next_deadline_counts_from_the_opening(times) -> None:
    case = await times.received(1)
    assert await times.pass_by(seconds=59) == []
    await times.off_air()
    assert await times.pass_by(seconds=5) == []  # ended before it was missed: nobody is reminded
    case = await times.office.case(case.id)
    assert (case.due_class, case.due_at, case.due_from) == ("consult", end_of(4), MONDAY)


async def test_the_region_of_the_question_goes_before_the_room_s(times: Times) -> None:
    assert (await times.received(1, region=OTHER)).region == OTHER


async def test_the_same_question_joins_the_earlier_one(times: Times) -> None:
    lead = await times.received(1, "要带什么")
    await times.on_air("s2")
    same = await times.received(2, "要带什么", session="s2")
    other = await times.received(3, "要多少钱")
    third = await times.received(4, "要带什么")
    assert (same.group_id, third.group_id, other.group_id) == (lead.id, lead.id, None)
    assert same.merged_into is None


async def test_of_one_look_too(times: Times) -> None:
    ids = [await times.open(number, "要带什么") for number in (1, 2, 3)]
    await times.receive()
    assert [(await times.office.case(one)).group_id for one in ids] == [None, ids[0], ids[0]]


async def test_not_that_of_another_region(times: Times) -> None:
    await times.received(1, "要带什么", region=COUNTY)
    assert (await times.received(2, "要带什么", region=OTHER)).group_id is None
    assert (await times.received(3, "要带什么", region=OTHER)).group_id == "k00002"


@pytest.mark.parametrize("code", sorted(ALONE))
async def test_what_concerns_one_viewer_stays_alone(times: Times, code: str) -> None:
    await times.received(1, "要带什么", code=code)
    assert (await times.received(2, "要带什么")).group_id is None
    assert (await times.received(3, "要带什么", code=code)).group_id is None


async def test_not_that_of_a_settled_case(times: Times) -> None:
    office = times.office
    first = await times.received(1, "要带什么")
    view = await office.desk.take(SUN, first.id)
    order = Settle(first.id, view.token, ResolutionKind.ANSWER, "带身份证。")
    settled = await office.desk.settle(SUN, order)
    second = await times.received(2, "要带什么")
    assert second.group_id is None  # the first is on its way out
    await office.desk.undo(SUN, settled.resolution_id)
    third = await times.received(3, "要带什么")
    assert third.group_id in {first.id, second.id}


async def test_an_undone_case_has_its_old_deadline(times: Times) -> None:
    office = times.office
    case = await times.received(1)
    view = await office.desk.take(SUN, case.id)
    settled = await office.desk.settle(
        SUN, Settle(case.id, view.token, ResolutionKind.ANSWER, "带身份证。")
    )
    assert await times.pass_by(seconds=5) == []
    await office.desk.undo(SUN, settled.resolution_id)
    assert (await office.case(case.id)).due_at == case.due_at


async def test_what_is_on_its_way_is_not_overdue(times: Times) -> None:
    office = times.office
    case = await times.received(1)
    office.clock.advance(seconds=55)
    view = await office.desk.take(SUN, case.id)
    await office.desk.settle(SUN, Settle(case.id, view.token, ResolutionKind.ANSWER, "带身份证。"))
    assert await times.pass_by(seconds=8) == []  # past the minute, within the time to undo
    await office.finish()
    assert await times.pass_by(minutes=5) == []


async def test_marked_urgent_it_is_due_today(times: Times) -> None:
    await times.off_air()
    case = await times.received(1)
    await times.pass_by(days=1)
    await times.office.desk.mark(SUN, Mark(case.id, urgent=True))
    await times.pass_by()
    case = await times.office.case(case.id)
    assert (case.due_class, case.due_at) == ("urgent", end_of(3))
    await times.office.desk.mark(SUN, Mark(case.id, urgent=False))
    await times.pass_by()
    case = await times.office.case(case.id)
    assert (case.due_class, case.due_at) == ("consult", end_of(4))


async def test_urgent_never_makes_it_later(times: Times) -> None:
    await times.off_air()
    case = await times.received(1)
    await times.pass_by(days=2, hours=10)  # overdue
    await times.office.desk.mark(SUN, Mark(case.id, urgent=True))
    await times.pass_by()
    assert (await times.office.case(case.id)).due_at == end_of(4)


async def test_as_urgent_as_the_room_says_later(times: Times) -> None:
    await times.off_air()
    case = await times.received(1)
    same = case.id, case.room_id, case.session_id, case.question_id, case.code
    row = ReviewCase(*same, "", MONDAY, Urgency.EMERGENCY)
    await times.office.commit(Commit(cases=[row]))
    times.office.clock.advance(minutes=3)
    await times.reception.move()
    case = await times.office.case(case.id)
    assert case.due_class == "emergency"
    assert case.due_at == MONDAY + timedelta(minutes=3, seconds=30)


async def test_a_changed_calendar_counts_open_cases_anew(times: Times) -> None:
    await times.off_air()
    case = await times.received(1)
    await times.calendar.set_day("王芳", CalendarDay(date(2026, 3, 4), False, "停电"))
    await times.receive()
    changed = await times.office.case(case.id)
    assert (changed.due_at, changed.due_class, changed.group_id) == (end_of(5), "consult", None)
    await times.calendar.clear_day("王芳", date(2026, 3, 4))
    await times.receive()
    assert (await times.office.case(case.id)).due_at == case.due_at


async def test_a_case_that_a_department_gave_back_counts_from_now(times: Times) -> None:
    office = times.office
    case = await times.received(1)
    view = await office.desk.take(SUN, case.id)
    unit_due = MONDAY + timedelta(days=3)
    await office.desk.hand_over(SUN, HandOver(case.id, view.token, "社保局", unit_due))
    office.clock.advance(seconds=11)
    await office.finish()
    office.clock.advance(days=3)
    await office.desk.returned(SUN, case.id)
    await times.receive()
    back = await office.case(case.id)
    assert (back.due_class, back.due_at) == ("consult", end_of(9))
    assert back.due_from == office.clock()


async def test_a_case_that_was_split_stays_alone(times: Times) -> None:
    first = await times.received(1, "要带什么")
    second = await times.received(2, "要带什么")
    assert second.group_id == first.id
    await times.office.desk.split(SUN, Split(second.id))
    await times.calendar.set_day("王芳", CalendarDay(date(2026, 3, 4), False, ""))
    await times.receive()
    assert (await times.office.case(second.id)).group_id is None


async def test_two_processes_receive_each_case_once(times: Times, office: ReviewOffice) -> None:
    other = Times(office)
    for number in range(1, 31):
        await times.open(number, f"问{number % 5}")
    await asyncio.gather(times.receive(), other.receive())
    cases = [await office.case(f"k{number:05d}") for number in range(1, 31)]
    assert all(one.due_class == "stream" and one.due_at for one in cases)
    leads = {one.id for one in cases if one.group_id is None}
    assert all(one.group_id in leads for one in cases if one.group_id)
    assert len(leads) == 5


async def test_a_process_knows_what_another_received(times: Times, office: ReviewOffice) -> None:
    await times.received(1, "要带什么")
    assert (await Times(office).received(2, "要带什么")).group_id == "k00001"
    assert (await times.received(3, "要带什么")).group_id == "k00001"
