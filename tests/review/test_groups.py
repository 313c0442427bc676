"""Cases that are settled together: put together, taken apart, never lost on the way."""

import pytest

from assistant.domain.review import CaseState, ResolutionKind
from assistant.errors import Conflict
from assistant.review.orders import Mark, Merge, Settle, Split
from tests.support.review_office import LI, SUN, WINDOW, ReviewOffice

pytestmark = pytest.mark.contract
Kind = ResolutionKind


async def groups(office: ReviewOffice) -> list[tuple[str, int]]:
    return [(row.case_id, row.cases) for row in (await office.desk.queue(SUN)).rows]


async def test_merged_cases_are_one_row(office) -> None:
    a, b, c = [await office.ask(n, asked_by=n) for n in (1, 2, 3)]
    await office.desk.merge(SUN, Merge(b, a))
    await office.desk.merge(SUN, Merge(c, b))
    assert await groups(office) == [(a, 3)]
    view = await office.desk.view(SUN, c)
    assert (view.row.case_id, view.row.asked_by) == (a, 6)
    assert [(one.case_id, one.asked_by) for one in view.members] == [(b, 2), (c, 3)]
    with pytest.raises(Conflict, match="同一组"):
        await office.desk.merge(SUN, Merge(a, c))
    assert await office.actions() == ["review.merge"] * 2


async def test_a_group_moves_whole(office) -> None:
    a, b, c, d = [await office.ask(n) for n in (1, 2, 3, 4)]
    await office.group(a, b)
    await office.group(c, d)
    await office.desk.merge(SUN, Merge(b, d))
    assert await groups(office) == [(c, 4)]


async def test_the_lead_can_go_and_the_others_stay_together(office) -> None:
    a, b, c = [await office.ask(n) for n in (1, 2, 3)]
    await office.group(a, b, c)
    await office.desk.split(SUN, Split(a))
    assert await groups(office) == [(a, 1), (b, 2)]
    await office.desk.split(SUN, Split(c))
    assert await groups(office) == [(a, 1), (b, 1), (c, 1)]
    with pytest.raises(Conflict, match="单独"):
        await office.desk.split(SUN, Split(c))


async def test_what_another_holds_is_not_moved(office, clock) -> None:
    a, b = [await office.ask(n) for n in (1, 2)]
    await office.desk.take(LI, a)
    for order in (Merge(a, b), Merge(b, a)):
        with pytest.raises(Conflict, match="孙立2"):
            await office.desk.merge(SUN, order)
    clock.advance(seconds=91)
    await office.desk.merge(SUN, Merge(a, b))


async def test_merging_into_a_stand_in_takes_it_along(office, clock) -> None:
    a, b, c, d = [await office.ask(n) for n in (1, 2, 3, 4)]
    await office.group(a, b, c)
    await office.set(a, state=CaseState.RESOLVED, settled_at=clock())
    await office.desk.merge(SUN, Merge(d, c))
    assert await groups(office) == [(b, 3)]


async def test_what_was_left_behind_is_not_drawn_back_by_undo(office) -> None:
    a, b, c = [await office.ask(n) for n in (1, 2, 3)]
    await office.group(a, b, c)
    view = await office.desk.take(SUN, a)
    order = Settle(b, view.token, Kind.APPROVE, without=(a,))
    settled = await office.desk.settle(SUN, order)
    assert settled.case_ids == (b, c)
    await office.desk.merge(SUN, Merge(a, await office.ask(4)))
    await office.desk.undo(SUN, settled.resolution_id)
    assert sorted(await groups(office)) == [(b, 2), ("k00004", 2)]


async def test_urgent_goes_first(office, clock) -> None:
    a, b = [await office.ask(n) for n in (1, 2)]
    await office.desk.mark(SUN, Mark(b, urgent=True))
    assert await groups(office) == [(b, 1), (a, 1)]
    await office.desk.mark(SUN, Mark(b, urgent=False))
    assert await groups(office) == [(a, 1), (b, 1)]
    view = await office.desk.take(SUN, a)
    await office.desk.settle(SUN, Settle(a, view.token, Kind.APPROVE))
    clock.advance(seconds=WINDOW.seconds)
    await office.finish()
    with pytest.raises(Conflict, match="处理完毕"):
        await office.desk.mark(SUN, Mark(a, urgent=True))
