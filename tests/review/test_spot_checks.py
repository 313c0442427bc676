"""A share of the automatic answers comes before a person: drawn by chance, each once."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.ids import new_ulid
from assistant.domain.live import Decision, LiveQuestion, OutcomeKind, QuestionState, ReviewCase
from assistant.domain.live_commit import Commit
from assistant.domain.review import CaseState, ResolutionKind
from assistant.domain.verdict import Action
from assistant.records.spot_checks import SpotCheckRecords
from assistant.review.orders import Settle
from assistant.review.spot_checks import CODE, Draw, SpotChecks, since
from tests.support.live_values import comment
from tests.support.review_office import CITED, DRAFT, OFFICE, ROOM, SESSION, SUN, ReviewOffice
from tests.support.review_office import outcome as drafted

pytestmark = pytest.mark.contract

ALL = Draw(b"k" * 32, 1.0)


async def answered(
    office: ReviewOffice, number: int, kind: OutcomeKind = OutcomeKind.SPOKEN, **changes
) -> str:
    """A question that the room answered by itself."""
    outcome_id = await office.outcomes.record(drafted("问", DRAFT, (CITED,)))
    values = {"state": QuestionState.ANSWERED, "action": Action.ANSWER, "outcome_id": outcome_id}
    values |= {"answered_at": office.clock(), "answer": DRAFT}
    question = LiveQuestion(
        f"c{number:04d}", ROOM, SESSION, "问", office.clock(), **values | changes
    )
    said = comment(number, session_id=SESSION)
    decision = Decision(
        said.id, kind, "answered", "", office.clock(), question_id=question.id,
        action=question.action,
    )  # fmt: skip
    await office.commit(Commit(comments=[said], decisions=[decision], questions=[question]))
    return question.id


async def checked(office: ReviewOffice, draw: Draw = ALL) -> list[str]:
    """The questions that have a case after one look."""
    records = SpotCheckRecords(office.database, OFFICE)
    await SpotChecks(records, draw, office.clock).run()
    page = await office.desk.queue(SUN, code=CODE, limit=200)
    return sorted([(await office.case(row.case_id)).question_id for row in page.rows])


@given(st.lists(st.integers(0, 10**9), unique=True, min_size=2, max_size=20))
def test_each_question_has_one_case_id(numbers: list[int]) -> None:
    ids = [ALL.case_id(f"{number:026d}") for number in numbers]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 26 for one in ids)
    assert ids == [ALL.case_id(f"{number:026d}") for number in numbers]


def test_the_share_is_kept_and_nobody_foresees_it() -> None:
    ids = [f"{number:026d}" for number in range(20_000)]
    first, other = Draw(b"a" * 32), Draw(b"b" * 32)
    drawn = {one for one in ids if first.takes(one)}
    assert 500 < len(drawn) < 700  # 600 ± 4 standard deviations
    again = {one for one in ids if other.takes(one)}
    assert len(drawn & again) < 60
    assert not any(Draw(b"a" * 32, 0.0).takes(one) for one in ids[:100])
    assert all(ALL.takes(one) for one in ids[:100])


def test_what_a_ulid_begins_with(clock) -> None:
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    assert since(now - timedelta(seconds=1)) < new_ulid() < since(now + timedelta(seconds=60))
    assert len(since(clock())) == 10


async def test_automatic_answers_get_a_case(office: ReviewOffice) -> None:
    spoken = await answered(office, 1)
    replied = await answered(office, 2, OutcomeKind.REPLIED)
    assert await checked(office) == [spoken, replied]
    case = await office.case(ALL.case_id(spoken))
    assert (case.state, case.settled_at) == (CaseState.WAITING, office.clock())
    view = await office.desk.view(SUN, case.id)
    assert view.given == DRAFT


async def test_what_a_person_had_a_hand_in_gets_none(office: ReviewOffice) -> None:
    await answered(office, 1, OutcomeKind.QUEUED_FOR_REVIEW)
    await answered(office, 2, OutcomeKind.MERGED)
    await answered(office, 3, state=QuestionState.IN_REVIEW)
    await answered(office, 4, state=QuestionState.CLARIFIED, action=Action.CLARIFY)
    await answered(office, 5, outcome_id=None)
    asked = await answered(office, 6)
    case = ReviewCase("k6", ROOM, SESSION, asked, "unsolved", "", office.clock())
    await office.commit(Commit(cases=[case]))
    await office.set("k6", resolution_id="r", state=CaseState.RESOLVED)
    assert await checked(office) == []


async def test_once_a_question_in_any_process_and_never_again(office: ReviewOffice) -> None:
    question = await answered(office, 1)
    chores = [
        SpotChecks(SpotCheckRecords(office.database, OFFICE), ALL, office.clock) for _ in range(3)
    ]
    await asyncio.gather(*(one.run() for one in chores))
    assert await checked(office) == [question]
    case_id = ALL.case_id(question)
    view = await office.desk.take(SUN, case_id)
    order = Settle(case_id, view.token, ResolutionKind.CONFIRM, at_once=True)
    await office.desk.settle(SUN, order)
    await office.finish()
    assert await checked(office) == []
    assert (await office.case(case_id)).state is CaseState.RESOLVED


async def test_only_what_was_drawn(office: ReviewOffice) -> None:
    given = [await answered(office, number) for number in range(1, 40)]
    draw = replace(ALL, share=0.3)
    assert await checked(office, draw) == [one for one in given if draw.takes(one)]
    assert await checked(office, replace(ALL, share=0.0)) == await checked(office, draw)


async def test_each_office_has_its_own(office: ReviewOffice) -> None:
    await answered(office, 1)
    assert await SpotCheckRecords(office.database, "other").given("", CODE) == []
