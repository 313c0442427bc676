"""A learnt answer whose source changed stops answering and comes back for review."""

import asyncio
from datetime import date, timedelta

import pytest

from assistant.domain.review import SUSPENDED, CaseState, LearnedState, ResolutionKind
from assistant.domain.source import PolicyDocument, Status
from assistant.errors import BadInput
from assistant.review.orders import HandOver, Settle, Source
from tests.support.learning_office import Learner
from tests.support.review_office import COUNTY, DRAFT, LI, LOAN, QUOTE

pytestmark = pytest.mark.contract
Kind, L = ResolutionKind, LearnedState
CHANGED = LOAN.text.replace("六个月", "十二个月")
NEW_QUOTE = QUOTE.replace("六个月", "十二个月")
ELSEWHERE = LOAN.text.replace("规范住房公积金贷款", "规范贷款")
NEWER = PolicyDocument(
    "loan-2026", "新办法（示例）", "第一条　另行规定。", region=COUNTY,
    effective_from=date(2026, 3, 5), supersedes=("loan",),
)  # fmt: skip


@pytest.fixture
def learner(office) -> Learner:
    return Learner(office)


@pytest.fixture
async def made(learner, office) -> str:
    """The resolution of an answer that was learnt and rests on a document."""
    made = await learner.settle(await office.ask(text="公积金贷款要缴多久"))
    assert await learner.faq(made) is not None
    return made


async def suspended(learner, office, made: str) -> str:
    """Checks that it is, and gives the case that asks about it."""
    await learner.run()
    row = await learner.learned(made)
    assert row is not None
    assert row.state is L.SUSPENDED
    assert await learner.faq(made) is None
    case = await office.case(row.case_id)
    assert (case.code, case.state, case.region) == (SUSPENDED, CaseState.WAITING, COUNTY)
    assert case.reason == f"{row.why}，请重新确认这条答复"
    return case.id


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": CHANGED}, "已更新，引用的段落有改动"),
        ({"status": Status.REPEALED}, "已废止"),
        ({"effective_to": date(2026, 2, 1)}, "已于 2026-02-01 到期"),
        ({"effective_to": date(2027, 2, 1)}, "的效力、日期或地区有变动"),
        ({"region": "990182"}, "的效力、日期或地区有变动"),
    ],
)
async def test_a_change_that_matters_suspends_it(learner, office, made, changes, why) -> None:
    await learner.change_loan(**changes)
    case_id = await suspended(learner, office, made)
    row = await learner.learned(made)
    assert row is not None
    assert row.why == f"依据《{LOAN.title}》{why}"
    view = await office.desk.view(LI, case_id)
    assert (view.draft, view.given, view.learned) == (DRAFT, DRAFT, row)
    assert [one.citation.quote for one in view.evidence] == [QUOTE]
    assert "learned.suspended" in await office.actions()


async def test_a_source_out_of_use_suspends_it(learner, office, made) -> None:
    await office.sources.retire("loan")
    await suspended(learner, office, made)


async def test_a_document_in_its_place_suspends_it_from_its_first_day(
    learner, office, made, clock
) -> None:
    await learner.put(NEWER)
    await learner.run()
    faq = await learner.faq(made)
    assert faq is not None
    clock.advance(days=2)
    await learner.run()
    assert await learner.faq(made) is not None
    clock.advance(days=1)
    await suspended(learner, office, made)


async def test_an_end_that_comes_suspends_it_on_the_day_after(learner, office, clock) -> None:
    await learner.change_loan(effective_to=date(2026, 3, 3))
    made = await learner.settle(await office.ask())
    faq = await learner.faq(made)
    assert faq is not None
    assert faq.effective_to == date(2026, 3, 3)
    clock.advance(days=1)
    await learner.run()
    assert await learner.faq(made) is not None
    clock.advance(days=1)
    await suspended(learner, office, made)


async def test_another_change_leaves_it_and_it_follows_the_version(learner, office, made) -> None:
    await learner.change_loan(text=ELSEWHERE)
    await learner.run()
    row = await learner.learned(made)
    assert row is not None
    assert (row.state, row.basis[0].version) == (L.ACTIVE, 2)
    assert await learner.faq(made) is not None
    await learner.change_loan(text=ELSEWHERE.replace("六个月", "十二个月"))
    await suspended(learner, office, made)


async def test_a_change_between_settling_and_learning_is_not_missed(learner, office) -> None:
    case = await office.ask()
    view = await office.desk.take(LI, case)

    order = Settle(case, view.token, Kind.APPROVE, at_once=True)
    settled = await office.desk.settle(LI, order)
    await office.finish()
    await learner.change_loan(text=CHANGED)
    follow = next(one for one in office.review.chores if one.name == "suspending")
    while await follow.run():  # it looks before there is anything to suspend
        pass
    await suspended(learner, office, settled.resolution_id)


async def test_right_still_it_rests_on_the_new_version(learner, office, made) -> None:
    await learner.change_loan(text=CHANGED)
    case_id = await suspended(learner, office, made)
    await learner.settle(case_id, Kind.CONFIRM, account=LI)
    row, faq = await learner.learned(made), await learner.faq(made)
    assert row is not None
    assert faq is not None
    assert (row.state, row.basis[0].version) == (L.ACTIVE, 2)
    new = await office.sources.get("loan")
    assert isinstance(new, PolicyDocument)
    assert row.basis[0].quote in new.text
    assert (faq.answer, faq.approved_by) == (DRAFT, LI.display_name)
    await learner.again()
    assert await learner.learned(made) == row
    await learner.change_loan(status=Status.REPEALED)
    assert await suspended(learner, office, made) != case_id


async def test_confirmed_without_any_source_left_another_person_must_agree(
    learner, office, made
) -> None:
    await office.sources.retire("loan")
    await learner.settle(await suspended(learner, office, made), Kind.CONFIRM)
    row = await learner.learned(made)
    assert row is not None
    assert row.state is L.PENDING
    await learner.settle(row.case_id, Kind.CONFIRM, account=LI)
    assert await learner.faq(made) is not None


async def test_it_is_not_approved_on_a_source_that_does_not_hold(learner, office, made) -> None:
    await learner.change_loan(status=Status.REPEALED)
    with pytest.raises(BadInput, match="已废止"):
        await learner.settle(await suspended(learner, office, made), Kind.APPROVE)


async def test_another_answer_takes_its_place(learner, office, made) -> None:
    await learner.change_loan(text=CHANGED)
    case_id = await suspended(learner, office, made)
    rests = (Source("loan", NEW_QUOTE),)
    text = "连续缴存满十二个月。"
    await learner.settle(case_id, Kind.EDIT, text, account=LI, sources=rests)
    row, faq = await learner.learned(made), await learner.faq(made)
    assert row is not None
    assert faq is not None
    assert (faq.answer, row.state, row.basis[0].quote) == (text, L.ACTIVE, NEW_QUOTE)
    await learner.again()
    assert await learner.learned(made) == row


async def test_a_department_that_gives_it_back_leaves_no_room_waiting(
    learner, office, made, clock
) -> None:
    await learner.change_loan(text=CHANGED)
    case_id = await suspended(learner, office, made)
    token = (await office.desk.take(LI, case_id)).token
    due = clock() + timedelta(days=3)
    await office.desk.hand_over(LI, HandOver(case_id, token, "公积金中心", due))
    clock.advance(seconds=11)
    await office.finish()
    await office.desk.returned(LI, case_id)
    await suspended(learner, office, made)
    assert (await office.case(case_id)).settled_at is not None


async def test_rejected_it_stays_out_of_use(learner, office, made) -> None:
    await learner.change_loan(text=CHANGED)
    await learner.settle(await suspended(learner, office, made), Kind.REJECT)
    row = await learner.learned(made)
    assert row is not None
    assert row.state is L.WITHDRAWN
    await learner.again()
    assert await learner.faq(made) is None


async def test_a_new_approval_of_the_question_settles_what_the_suspension_asks(
    learner, office, made
) -> None:
    await learner.change_loan(text=CHANGED)
    case_id = await suspended(learner, office, made)
    case = await office.ask(2, text="公积金贷款要缴多久")
    rests = (Source("loan", NEW_QUOTE),)
    await learner.settle(case, Kind.ANSWER, "满十二个月。", sources=rests)
    assert await office.states(case_id) == [CaseState.RESOLVED]
    faq = await learner.faq(made)
    assert faq is not None
    assert faq.answer == "满十二个月。"


async def test_what_a_stop_left_in_use_is_put_right_on_the_next_day(
    learner, office, made, clock
) -> None:
    await learner.run()
    row = await learner.learned(made)
    await office.sources.retire(f"faq-{made.lower()}")
    clock.advance(days=1)
    await learner.run()
    assert await learner.faq(made) is not None
    assert await learner.learned(made) == row


async def test_two_processes_suspend_it_once(learner, office, made) -> None:

    await learner.change_loan(text=CHANGED)
    chore = next(one for one in office.review.chores if one.name == "suspending")
    await asyncio.gather(chore.run(), chore.run())
    await suspended(learner, office, made)
    assert (await office.actions()).count("learned.suspended") == 1
    page = await office.desk.queue(LI, code=SUSPENDED)
    assert len(page.rows) == 1
