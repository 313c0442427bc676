"""The queue: by urgency, then deadline, then id; page by page; what is next."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from assistant.domain.live import Urgency
from assistant.domain.review import NIGHT, CaseState, ResolutionKind
from assistant.errors import BadInput
from assistant.records.review_queue import Filter, ReviewQueue
from assistant.review.orders import Settle
from tests.support.review_office import COUNTY, LI, OFFICE, SUN, ReviewOffice

pytestmark = pytest.mark.contract


def due(office: ReviewOffice, minutes: int) -> dict:
    return {"region": COUNTY, "due_at": office.clock() + timedelta(minutes=minutes)}


async def fill(office: ReviewOffice) -> list[str]:
    """Five groups, in the order in which the queue should show them."""
    late = await office.ask(1, desk=due(office, 60))
    none = await office.ask(2)
    soon = await office.ask(3, desk=due(office, 5))
    urgent = await office.ask(4, desk=due(office, 90), urgency=Urgency.URGENT)
    worst = await office.ask(5, urgency=Urgency.EMERGENCY)
    return [worst, urgent, soon, late, none]


async def test_by_urgency_then_deadline_and_page_by_page(office, clock) -> None:
    expected, found, cursor = await fill(office), [], None
    while True:
        page = await office.desk.queue(SUN, cursor=cursor, limit=2)
        found += [row.case_id for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == expected
    assert (page.waiting, page.overdue) == (5, 0)
    clock.advance(minutes=61)
    assert (await office.desk.queue(SUN)).overdue == 2


async def test_a_group_stands_where_its_most_urgent_case_stands(office) -> None:
    worst, urgent, soon, late, none = await fill(office)
    await office.group(none, urgent)
    await office.group(late, soon)
    rows = (await office.desk.queue(SUN)).rows
    assert [row.case_id for row in rows] == [worst, none, late]
    assert [row.urgency for row in rows] == [Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL]
    assert rows[2].due_at == office.clock() + timedelta(minutes=5)


async def test_what_the_night_left_comes_first_in_the_morning(office) -> None:
    overdue = await office.ask(1, desk=due(office, -900))
    night = await office.ask(2, desk=due(office, 60) | {"due_class": NIGHT})
    urgent = await office.ask(3, desk=due(office, 90), urgency=Urgency.URGENT)
    rows = (await office.desk.queue(SUN)).rows
    assert [row.case_id for row in rows] == [urgent, night, overdue]
    assert [row.urgency for row in rows] == [Urgency.URGENT, Urgency.NORMAL, Urgency.NORMAL]


async def test_filters(office) -> None:
    one = await office.ask(1, text="公积金100%提取_吗")
    other = await office.ask(2, text="社保卡丢了怎么办")
    desk = office.desk

    async def ids(**which) -> list[str]:
        return [row.case_id for row in (await desk.queue(SUN, **which)).rows]

    assert await ids(text="社保") == [other]
    assert await ids(text="100%提取_") == [one]
    assert await ids(text="_") == [one]
    assert await ids(code="no_source") == [one, other]
    assert await ids(code="manual") == await ids(room_id="no") == []
    assert await ids(state=CaseState.SENDING) == []


@pytest.mark.parametrize("cursor", ["", "x", "1~2~3", "1~2026-01-01~k", "99~2026-01-01T00:00Z~k"])
async def test_a_foreign_cursor_is_refused(office, cursor: str) -> None:
    if cursor:
        with pytest.raises(BadInput):
            await office.desk.queue(SUN, cursor=cursor)
    else:
        assert (await office.desk.queue(SUN, cursor=cursor)).rows == ()


async def test_what_is_next(office, clock) -> None:
    worst, urgent, soon, late, none = await fill(office)
    for one in (worst, urgent):
        await office.desk.take(LI, one)
    assert await office.desk.next_case(SUN) == soon
    assert await office.desk.next_case(SUN, soon) == late
    assert await office.desk.next_case(SUN, none) == soon  # from the beginning again
    clock.advance(seconds=91)
    assert await office.desk.next_case(SUN) == worst
    assert await office.desk.next_case(SUN, soon) == late  # the urgent ones were looked at
    new = await office.ask(6, urgency=Urgency.URGENT)
    assert await office.desk.next_case(SUN, soon) == new


async def test_settling_tells_what_is_next(office) -> None:
    worst, urgent, *_ = await fill(office)
    view = await office.desk.take(SUN, worst)
    order = Settle(worst, view.token, ResolutionKind.APPROVE)
    assert (await office.desk.settle(SUN, order)).next_case_id == urgent


async def test_who_holds_it_is_shown_while_they_do(office, clock) -> None:
    case = await office.ask()
    await office.desk.take(LI, case)
    assert [row.holder for row in (await office.desk.queue(SUN)).rows] == ["孙立2"]
    clock.advance(seconds=91)
    assert [row.holder for row in (await office.desk.queue(SUN)).rows] == [""]


async def test_the_queue_is_read_from_its_index_alone(sqlite_database) -> None:
    """Else every page would read the whole rows of all open cases."""
    groups = ReviewQueue(sqlite_database, OFFICE)._groups(Filter())
    literal = {"compile_kwargs": {"literal_binds": True}}
    query = select(groups).compile(dialect=sqlite.dialect(), **literal)
    async with sqlite_database.read() as connection:
        plan = [row[3] for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert any("COVERING INDEX review_cases_queue" in step for step in plan), plan
