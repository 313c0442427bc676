"""What a person decided becomes a test case of FORMATS §4, masked, once."""

from datetime import date

import pytest
from sqlalchemy import insert

from assistant.domain.live import ReviewCase
from assistant.domain.live_commit import Commit
from assistant.domain.review import WITHDRAWN, Incident, ResolutionKind
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case, parse_case
from assistant.evaluation.matching import states
from assistant.records.live_rows import Rows
from assistant.records.regressions import RegressionRecords
from assistant.records.schema_review import incidents
from assistant.review.regressions import facts_of
from tests.support.learning_office import RESTS, Learner
from tests.support.review_office import COUNTY, DRAFT, LI, OFFICE, ROOM, SESSION

pytestmark = pytest.mark.contract
Kind = ResolutionKind
TEXT = "连续缴存满6个月可以申请，最高八十万元，咨询0000-1234567。"


@pytest.fixture
def learner(office) -> Learner:
    return Learner(office)


async def kept(office) -> list[Case]:
    records = RegressionRecords(office.database, OFFICE)
    lines = await records.lines()
    assert await records.count() == len(lines)
    cases = [parse_case(line) for _, line in lines]
    assert [case.id for case in cases] == [case_id for case_id, _ in lines]
    return cases


async def test_an_approved_answer_is_to_be_given_again(learner, office) -> None:
    case = await office.ask(text="公积金贷款要缴多久，我电话13800000000")
    made = await learner.settle(case, Kind.EDIT, TEXT, sources=RESTS)
    (one,) = await kept(office)
    assert one.id == f"desk-{made.lower()}"
    assert "13800000000" not in one.question
    assert one.expected_action is Action.ANSWER
    assert (one.region, one.as_of, one.tags) == (COUNTY, date(2026, 3, 2), ("regression",))
    assert one.is_regression
    assert one.reference == TEXT
    assert one.reference_ids == ("loan", f"faq-{made.lower()}")
    assert one.must_contain == ("6个月", "八十万元", "0000-1234567")
    assert all(states(TEXT, fact) for fact in one.must_contain)


async def test_an_event_that_comes_again_adds_nothing(learner, office) -> None:
    await learner.settle(await office.ask())
    before = await kept(office)
    async with office.database.write() as connection:
        (event,) = await office.events.after("nobody")
        await office.events.append(connection, event.kind, event.subject, event.body, event.at)
    await learner.run()
    assert await kept(office) == before


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        (Kind.APPROVE, {}, Action.ANSWER),
        (Kind.APPROVE, {"personal": True}, Action.REVIEW),
        (Kind.ASK_BACK, {"text": "您在哪个县？"}, Action.CLARIFY),
        (Kind.REJECT, {}, Action.REFUSE),
    ],
)
async def test_what_is_expected_is_what_the_person_did(learner, office, kind, more, wanted) -> None:
    await learner.settle(await office.ask(), kind, **more)
    (one,) = await kept(office)
    assert one.expected_action is wanted
    assert (one.reference == DRAFT) == (wanted is Action.ANSWER)


async def withdraw(office, case: str, answer: str = "满3个月，最高八十万元。") -> None:
    """The case is one that withdrawing opened."""
    wrong = Incident(
        f"i-{case}", ROOM, SESSION, (await office.case(case)).question_id, None, "f", answer, (),
        "", "", "r1", office.clock(), case_id=case,
    )  # fmt: skip
    await office.set(case, code=WITHDRAWN)
    async with office.database.write() as connection:
        row = Rows(Incident, incidents).values(OFFICE, wrong)
        await connection.execute(insert(incidents).values(row))


async def test_a_correction_keeps_the_wrong_figures_out(learner, office) -> None:
    case = await office.ask()
    await withdraw(office, case)
    await learner.settle(case, Kind.ANSWER, TEXT, sources=RESTS)
    (one,) = await kept(office)
    assert one.must_not_contain == ("3个月",)


async def test_a_correction_that_was_held_back_and_asked_again_does_so_too(learner, office) -> None:
    """The room opens a new case, which no incident names, for each question of the first one."""
    first, second = await office.ask(1), await office.ask(2)
    await withdraw(office, first)
    await office.set(second, code=WITHDRAWN)
    await office.group(first, second)
    for case in (first, second):
        await office.room_settles(case)
    again = [
        ReviewCase(
            f"z{n}", ROOM, SESSION, f"q{n:05d}", WITHDRAWN, "批准的答复含联系方式", office.clock()
        )
        for n in (1, 2)
    ]
    await office.commit(Commit(cases=again))
    for case in again:
        await learner.settle(case.id, Kind.ANSWER, TEXT, sources=RESTS)
    assert [one.must_not_contain for one in await kept(office)] == [("3个月",), ("3个月",)]


async def test_what_was_withdrawn_elsewhere_is_no_matter(learner, office) -> None:
    other, case = await office.ask(2), await office.ask(1)
    await withdraw(office, other)
    await withdraw(office, case, "满9个月。")
    await learner.settle(case, Kind.ANSWER, TEXT, sources=RESTS)
    (one,) = await kept(office)
    assert one.must_not_contain == ("9个月",)


async def test_a_second_persons_word_is_no_case_of_its_own(learner, office) -> None:
    made = await learner.settle(await office.ask(), Kind.ANSWER, TEXT)
    row = await learner.learned(made)
    assert row is not None
    await learner.settle(row.case_id, Kind.CONFIRM, account=LI)
    assert len(await kept(office)) == 1


def test_facts_are_the_figures_as_written_each_once() -> None:
    assert facts_of("5个工作日内办结，5个工作日，不收费。") == ["5个工作日"]
