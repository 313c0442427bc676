"""The desk's life of a case: taken, settled, taken back, final; on both databases."""

from dataclasses import replace

import pytest

from assistant.domain.review import CaseState, ResolutionKind
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.review.orders import HandOver, Settle
from tests.support.review_office import (
    BAD_WORD,
    DRAFT,
    FAR,
    LI,
    NEAR,
    OPERATOR,
    OTHER,
    OUTSOURCED,
    PRIVATE,
    QUOTE,
    SUN,
    WINDOW,
    ReviewOffice,
)

pytestmark = pytest.mark.contract
Kind, S = ResolutionKind, CaseState


async def approve(office: ReviewOffice, case_id: str, account=SUN, **more):
    view = await office.desk.take(account, case_id)
    return await office.desk.settle(account, Settle(case_id, view.token, Kind.APPROVE, **more))


async def test_an_approval_waits_and_becomes_final_once(office, clock) -> None:
    case = await office.ask()
    settled = await approve(office, case, took_ms=1500)
    assert settled.sends_at == clock() + WINDOW
    assert await office.states(case) == [S.SENDING]
    await office.finish()
    assert await office.states(case) == [S.SENDING]
    clock.advance(seconds=10)
    await office.finish()
    await office.finish()
    assert await office.states(case) == [S.RESOLVED]
    made = await office.resolutions.get(settled.resolution_id)
    assert (made.text, made.sent_at, made.took_ms) == (DRAFT, clock(), 1500)
    assert [(one.source_id, one.version, one.quote) for one in made.basis] == [("loan", 1, QUOTE)]
    told = await office.events.after("anybody")
    assert [(e.kind, e.subject, e.body) for e in told] == [
        ("case.resolved", made.id, {"kind": "approve"})
    ]
    assert (await office.case(case)).settled_at is None  # the room says when it has said it
    assert await office.actions() == ["review.settle", "review.final"]


async def test_a_group_is_settled_by_one_approval(office, clock) -> None:
    a, b, c = [await office.ask(n) for n in (1, 2, 3)]
    await office.group(a, b, c)
    settled = await approve(office, a, without=(b,), at_once=True)
    assert settled.case_ids == (a, c)
    await office.finish()
    assert await office.states(a, b, c) == [S.RESOLVED, S.WAITING, S.RESOLVED]
    assert (await office.case(b)).group_id is None


async def test_taking_back_gives_the_group_to_who_took_it_back(office, clock) -> None:
    a, b = [await office.ask(n) for n in (1, 2)]
    await office.group(a, b)
    settled = await approve(office, a)
    clock.advance(seconds=9.9)
    assert await office.desk.undo(LI, settled.resolution_id) == a
    clock.advance(seconds=1)
    await office.finish()
    assert await office.states(a, b) == [S.WAITING, S.WAITING]
    held = await office.case(a)
    assert (held.holder, held.resolution_id) == (LI.id, None)
    assert (await office.desk.view(LI, a)).typed == DRAFT
    await office.desk.settle(LI, Settle(a, held.token, Kind.ANSWER, "另一个答复"))
    assert await office.actions() == ["review.settle", "review.undo", "review.settle"]


@pytest.mark.parametrize("late", ["window", "sent"])
async def test_it_cannot_be_taken_back_too_late(office, clock, late: str) -> None:
    settled = await approve(office, await office.ask())
    if late == "window":
        clock.advance(seconds=10)
    else:
        await office.desk.send_now(SUN, settled.resolution_id)
    for step in (office.desk.undo, office.desk.send_now):
        with pytest.raises(Conflict):
            await step(SUN, settled.resolution_id)


async def test_sending_now_does_not_wait(office) -> None:
    settled = await approve(office, case := await office.ask())
    await office.desk.send_now(SUN, settled.resolution_id)
    await office.finish()
    assert await office.states(case) == [S.RESOLVED]


async def test_two_never_hold_one_case(office, clock) -> None:
    case = await office.ask()
    mine = await office.desk.take(SUN, case)
    with pytest.raises(Conflict, match="孙立1"):
        await office.desk.take(LI, case)
    theirs = await office.desk.take(LI, case, over=True)
    assert theirs.token > mine.token
    assert await office.actions() == ["review.take_over"]
    for step in (
        office.desk.renew(SUN, case, mine.token),
        office.desk.settle(SUN, Settle(case, mine.token, Kind.APPROVE)),
    ):
        with pytest.raises(Conflict):
            await step
    await office.desk.release(SUN, case, mine.token)  # not theirs to give back
    assert (await office.case(case)).holder == LI.id


async def test_a_lease_lapses_and_can_be_renewed(office, clock) -> None:
    case = await office.ask()
    mine = await office.desk.take(SUN, case)
    clock.advance(seconds=80)
    await office.desk.renew(SUN, case, mine.token)
    clock.advance(seconds=80)
    with pytest.raises(Conflict):
        await office.desk.take(LI, case)
    clock.advance(seconds=11)
    assert (await office.desk.take(LI, case)).token > mine.token


async def test_what_the_room_settled_by_itself_is_nobody_s(office, clock) -> None:
    case = await office.ask()
    view = await office.desk.take(SUN, case)
    await office.set(case, state=S.RESOLVED, settled_at=clock())
    with pytest.raises(Conflict, match="处理完毕"):
        await office.desk.settle(SUN, Settle(case, view.token, Kind.APPROVE))


async def test_a_group_outlives_its_lead(office, clock) -> None:
    a, b, c = [await office.ask(n) for n in (1, 2, 3)]
    await office.group(a, b, c)
    await office.set(a, state=S.RESOLVED, settled_at=clock())
    page = await office.desk.queue(SUN)
    assert [(row.case_id, row.cases) for row in page.rows] == [(b, 2)]
    await approve(office, b, at_once=True)
    await office.finish()
    assert await office.states(b, c) == [S.RESOLVED, S.RESOLVED]


async def test_confirming_says_nothing(office, clock) -> None:
    case = await office.ask()
    view = await office.desk.take(SUN, case)
    await office.desk.settle(SUN, Settle(case, view.token, Kind.CONFIRM, at_once=True))
    await office.finish()
    found = await office.case(case)
    assert (found.state, found.settled_at) == (S.RESOLVED, clock())


async def test_a_department_gets_a_case_and_gives_it_back(office, clock) -> None:
    case = await office.ask()
    view = await office.desk.take(SUN, case)
    due = clock() + WINDOW * 1000
    settled = await office.desk.hand_over(SUN, HandOver(case, view.token, "公积金中心", due))
    clock.advance(seconds=10)
    await office.finish()
    found = await office.case(case)
    assert (found.state, found.unit, found.unit_due_at) == (S.HANDED, "公积金中心", due)
    assert "公积金中心" in (await office.resolutions.get(settled.resolution_id)).text
    await office.desk.returned(SUN, case)
    found = await office.case(case)
    assert (found.state, found.unit, found.resolution_id) == (S.WAITING, "", None)
    with pytest.raises(Conflict):
        await office.desk.returned(SUN, case)


async def test_undoing_a_hand_over_forgets_the_department(office, clock) -> None:
    case = await office.ask()
    view = await office.desk.take(SUN, case)
    order = HandOver(case, view.token, "公积金中心", clock() + WINDOW)
    await office.desk.undo(SUN, (await office.desk.hand_over(SUN, order)).resolution_id)
    assert (await office.case(case)).unit == ""


@pytest.mark.parametrize("account", [OUTSOURCED, FAR, OPERATOR], ids=lambda one: one.id)
async def test_who_may_not_may_nothing(office, account) -> None:
    case = await office.ask()
    held = await office.desk.take(SUN, case)
    settled = await approve(office, await office.ask(2))
    desk, order = office.desk, Settle(case, held.token, Kind.APPROVE)
    for step in (
        desk.take(account, case, over=True),
        desk.view(account, case),
        desk.settle(account, order),
        desk.undo(account, settled.resolution_id),
        desk.send_now(account, settled.resolution_id),
        desk.returned(account, case),
        desk.save_draft(account, case, "字"),
        desk.hand_over(account, HandOver(case, held.token, "部门", settled.sends_at)),
    ):
        with pytest.raises(Forbidden):
            await step
    assert await office.states(case) == [S.WAITING]
    assert (await office.case(case)).holder == SUN.id


async def test_a_limited_reviewer_works_in_their_region(office) -> None:
    case, elsewhere = await office.ask(), await office.ask(2, desk={"region": OTHER})
    await office.ask(3, desk={"region": None})
    county = replace(NEAR, regions=("990181",))
    assert [row.case_id for row in (await office.desk.queue(county)).rows] == [case]
    assert [row.case_id for row in (await office.desk.queue(NEAR)).rows] == [case, elsewhere]
    assert (await office.desk.queue(county)).waiting == 1
    await approve(office, case, county)


async def test_every_text_is_screened(office) -> None:
    case = await office.ask()
    view = await office.desk.take(SUN, case)
    for bad in (BAD_WORD, PRIVATE):
        for place, words in (
            ("text", bad), ("note", bad), ("similar", (bad,)), ("negatives", (bad,)),
        ):  # fmt: skip
            order = replace(Settle(case, view.token, Kind.ANSWER, "可以。"), **{place: words})
            with pytest.raises(BadInput, match="含有"):
                await office.desk.settle(SUN, order)
        hand_over = HandOver(case, view.token, "部门", office.clock() + WINDOW)
        for place in ("unit", "note", "line"):
            with pytest.raises(BadInput, match="含有"):
                await office.desk.hand_over(SUN, replace(hand_over, **{place: bad}))
        with pytest.raises(BadInput, match="含有"):
            await office.desk.save_draft(SUN, case, bad)
    assert await office.states(case) == [S.WAITING]


async def test_what_is_typed_survives_a_reload(office) -> None:
    case = await office.ask()
    await office.desk.save_draft(SUN, case, "写了一半")
    assert (await office.desk.take(SUN, case)).typed == "写了一半"
    assert (await office.desk.view(LI, case)).typed == ""
    await approve(office, case)
    assert (await office.desk.view(SUN, case)).typed == ""


async def test_an_unknown_case_is_not_found(office) -> None:
    for step in (office.desk.take, office.desk.view, office.desk.returned):
        with pytest.raises(NotFound):
            await step(SUN, "nothing")
