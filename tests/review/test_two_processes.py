"""Two desks over one database: whoever comes first, and only once."""

import argparse
import asyncio
from collections import Counter

import pytest

from assistant.domain.review import CaseState, ResolutionKind
from assistant.errors import Conflict
from assistant.records.database import Database
from assistant.review.orders import Merge, Settle
from eval.drills.desk_crash import MUST_BE_ZERO, drill, holds
from tests.support.review_office import (
    LI,
    SUN,
    ReviewOffice,
    desk_of,
)

pytestmark = pytest.mark.integration
Kind = ResolutionKind


@pytest.fixture
async def other(office, database_url: str, clock, new_id):
    """The desk of another process."""
    opened = await Database.open(database_url)
    yield desk_of(opened, clock, new_id)
    await opened.close()


async def test_two_take_at_the_same_moment(office, other) -> None:
    for number in range(1, 9):
        case = await office.ask(number)
        both = (office.desk.take(SUN, case), other.desk.take(LI, case))
        done = await asyncio.gather(*both, return_exceptions=True)
        refused = [one for one in done if isinstance(one, Conflict)]
        assert len(refused) == 1, done
        assert not [one for one in done if isinstance(one, Exception) and one not in refused]


async def test_two_take_over_and_settle_at_the_same_moment(office, other) -> None:
    async def work(desk, account, case: str) -> str:
        view = await desk.take(account, case, over=True)
        order = Settle(case, view.token, Kind.ANSWER, "可以。", at_once=True)
        return (await desk.settle(account, order)).resolution_id

    for number in range(1, 9):
        case = await office.ask(number)
        both = (work(office.desk, SUN, case), work(other.desk, LI, case))
        done = await asyncio.gather(*both, return_exceptions=True)
        assert sum(isinstance(one, str) for one in done) == 1, done
        assert all(isinstance(one, str | Conflict) for one in done), done


async def test_undo_and_finish_at_the_same_moment(office, other, clock) -> None:
    ends: Counter[CaseState] = Counter()
    for number in range(1, 13):
        case = await office.ask(number)
        view = await office.desk.take(SUN, case)
        settled = await office.desk.settle(SUN, Settle(case, view.token, Kind.APPROVE))
        due = [] if number % 3 else [office.desk.send_now(SUN, settled.resolution_id)]
        both = (other.desk.undo(LI, settled.resolution_id), office.finish(), *due)
        await asyncio.gather(*both, return_exceptions=True)
        await office.finish()
        made = await office.resolutions.get(settled.resolution_id)
        assert (made.sent_at is None) != (made.undone_at is None)
        state = (await office.case(case)).state
        assert state is (CaseState.WAITING if made.undone_at else CaseState.RESOLVED)
        ends[state] += 1
    assert ends[CaseState.WAITING] > 0


async def test_two_finish_at_the_same_moment(office: ReviewOffice, other, clock) -> None:
    for number in range(1, 11):
        case = await office.ask(number)
        view = await office.desk.take(SUN, case)
        await office.desk.settle(SUN, Settle(case, view.token, Kind.APPROVE))
    clock.advance(seconds=10)
    (theirs,) = [one for one in other.chores if one.name == "review.finishing"]
    await asyncio.gather(office.finish(), theirs.run())
    await office.finish()
    told = await office.events.after("anybody", 100)
    assert len(told) == len({one.subject for one in told}) == 10


async def test_two_merge_crosswise(office, other) -> None:
    for number in range(1, 13, 2):
        a, b = await office.ask(number), await office.ask(number + 1)
        both = (office.desk.merge(SUN, Merge(a, b)), other.desk.merge(LI, Merge(b, a)))
        done = await asyncio.gather(*both, return_exceptions=True)
        assert sum(one is None for one in done) == 1, done
        assert sum(isinstance(one, Conflict) for one in done) == 1, done


def test_the_drill_in_short(database_url: str, tmp_path) -> None:
    """Real processes, killed; `eval.drills.desk_crash` in full."""
    given = argparse.Namespace(
        cases=120, kills=5, seed=7, patience=120.0, database_url=database_url
    )
    result = asyncio.run(drill(given, tmp_path))
    assert result["holds"], result


@pytest.mark.parametrize("fault", [*MUST_BE_ZERO, "final resolutions", "kills at work"])
def test_the_drill_s_verdict_can_fail(fault: str) -> None:
    good = dict.fromkeys(MUST_BE_ZERO, 0) | {"final resolutions": 9, "kills at work": 3}
    assert holds(good)
    assert not holds(good | {fault: 1 if fault in MUST_BE_ZERO else 0})
