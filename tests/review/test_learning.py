"""Approved answers become FAQs, once; a person's own word needs another person."""

import pytest

from assistant.domain.answer import Citation
from assistant.domain.review import SECOND, Basis, CaseState, LearnedState, ResolutionKind
from assistant.domain.source import FaqBasis
from assistant.errors import Conflict, Forbidden
from assistant.retrieval.formats import parse_source, to_row
from assistant.review.orders import Settle
from tests.support.learning_office import RESTS, Learner
from tests.support.review_office import COUNTY, DRAFT, FAR, LI, LOAN, OUTSOURCED, QUOTE, SUN

pytestmark = pytest.mark.contract
Kind, L = ResolutionKind, LearnedState
WORD = "请到二楼咨询台领取表格。"


@pytest.fixture
def learner(office) -> Learner:
    return Learner(office)


async def test_an_approval_becomes_a_faq_with_its_sources(learner, office, clock) -> None:
    made = await learner.settle(await office.ask(text="公积金贷款要缴多久"))
    faq, row = await learner.faq(made), await learner.learned(made)
    assert faq is not None
    assert row is not None
    assert (faq.question, faq.answer, faq.region) == ("公积金贷款要缴多久", DRAFT, COUNTY)
    assert faq.basis == (FaqBasis("loan", QUOTE),)
    assert (faq.effective_from, faq.effective_to) == (LOAN.effective_from, None)
    assert (faq.approved_by, faq.approved_at) == ("孙立1", clock().isoformat())
    assert parse_source(to_row(faq)) == faq
    assert row.state is L.ACTIVE
    assert row.basis == (Basis("loan", 1, QUOTE, "第二条"),)
    assert [p.text for p in await office.sources.passages_of(faq.id)] == [DRAFT]
    assert f"review:{made}" in await office.sources.origins()
    assert "learned.active" in await office.actions()


async def test_an_event_that_comes_again_changes_nothing(learner, office) -> None:
    made = await learner.settle(await office.ask())
    before, seen = await learner.learned(made), await office.sources.last_change()
    await learner.again()
    assert await learner.learned(made) == before
    assert await office.sources.last_change() == seen


async def test_what_a_stop_left_undone_is_done_when_the_event_comes_again(learner, office) -> None:
    made = await learner.settle(await office.ask())
    await office.sources.retire(f"faq-{made.lower()}")  # the row was written, the FAQ not yet
    await learner.again()
    assert await learner.faq(made) is not None


async def test_the_group_gives_similar_questions_masked(learner, office) -> None:
    a = await office.ask(1, text="公积金贷款要缴多久")
    b = await office.ask(2, text="缴几个月公积金能贷款，我电话13800000000")
    c = await office.ask(3, text="请问公积金贷款要缴多久？")
    await office.group(a, b, c)
    made = await learner.settle(a, similar=("公积金缴满多久能贷",), negatives=("公积金多久能提取",))
    faq = await learner.faq(made)
    assert faq is not None
    assert len(faq.similar_questions) == 2  # the third is the first, but for courtesies
    assert faq.similar_questions[0].startswith("缴几个月公积金能贷款")
    assert "13800000000" not in "".join(faq.similar_questions)
    assert faq.similar_questions[1] == "公积金缴满多久能贷"
    assert faq.negative_questions == ("公积金多久能提取",)


@pytest.mark.parametrize("more", [{"personal": True}, {"learn": False}])
async def test_one_persons_case_is_never_learnt(learner, office, more) -> None:
    made = await learner.settle(await office.ask(), **more)
    assert await learner.learned(made) is None
    assert await learner.faq(made) is None


@pytest.mark.parametrize("kind", [Kind.REJECT, Kind.ASK_BACK])
async def test_what_answers_nothing_is_not_learnt(learner, office, kind) -> None:
    made = await learner.settle(await office.ask(), kind, "请问您在哪个县？")
    assert await learner.learned(made) is None


async def test_the_same_question_gets_a_new_version(learner, office) -> None:
    first = await learner.settle(
        await office.ask(1, text="公积金贷款要缴多久"), similar=("缴多久能贷",)
    )
    case = await office.ask(2, text="请问公积金贷款要缴多久呢？")
    second = await learner.settle(case, Kind.EDIT, "连续缴存满六个月。", sources=RESTS)
    assert await learner.learned(second) is None
    faq = await learner.faq(first)
    assert faq is not None
    assert faq.answer == "连续缴存满六个月。"
    assert "缴多久能贷" in faq.similar_questions
    header = await office.sources.header(faq.id)
    assert header is not None
    assert header.version == 2
    await learner.again()  # the older event too
    assert await learner.faq(first) == faq


async def test_another_region_has_its_own(learner, office) -> None:
    first = await learner.settle(await office.ask(1, text="公积金贷款要缴多久"))
    case = await office.ask(2, text="公积金贷款要缴多久", desk={"region": "990182"})
    second = await learner.settle(case)
    assert await learner.faq(first)
    assert await learner.faq(second)


async def own_word(learner, office) -> tuple[str, str]:
    made = await learner.settle(await office.ask(text="表格在哪领"), Kind.ANSWER, WORD)
    row = await learner.learned(made)
    assert row is not None
    assert row.state is L.PENDING
    assert row.case_id
    assert await learner.faq(made) is None
    return made, row.case_id


async def test_an_own_word_waits_for_another_person_at_the_desk(learner, office) -> None:
    made, case_id = await own_word(learner, office)
    case = await office.case(case_id)
    assert (case.code, case.state, case.region) == (SECOND, CaseState.WAITING, COUNTY)
    assert case.settled_at is not None  # no room has anything to say to it
    view = await office.desk.view(LI, case_id)
    assert (view.draft, view.given) == (WORD, WORD)
    assert view.learned is not None
    assert view.learned.faq_id == f"faq-{made.lower()}"
    with pytest.raises(Forbidden, match="另一人"):
        await learner.settle(case_id, Kind.CONFIRM)
    await office.desk.release(SUN, case_id, (await office.case(case_id)).token)
    await learner.settle(case_id, Kind.CONFIRM, account=LI)
    faq = await learner.faq(made)
    assert faq is not None
    assert faq.answer == WORD
    assert (await office.resolutions.get(made)).second_by == LI.id
    await learner.again()
    assert await learner.faq(made) == faq


@pytest.mark.parametrize("kind", [Kind.CONFIRM, Kind.APPROVE])
async def test_taking_an_agreement_back_leaves_the_case_waiting(learner, office, kind) -> None:
    made, case_id = await own_word(learner, office)
    view = await office.desk.take(LI, case_id)
    settled = await office.desk.settle(LI, Settle(case_id, view.token, kind))
    await office.desk.undo(LI, settled.resolution_id)
    assert await office.states(case_id) == [CaseState.WAITING]
    await learner.settle(case_id, kind, account=LI)
    assert await learner.faq(made) is not None


async def test_another_person_may_refuse(learner, office) -> None:
    made, case_id = await own_word(learner, office)
    await learner.settle(case_id, Kind.REJECT, account=LI)
    row = await learner.learned(made)
    assert row is not None
    assert row.state is L.WITHDRAWN
    assert await learner.faq(made) is None


async def test_a_second_word_over_the_interface(learner, office) -> None:
    made, case_id = await own_word(learner, office)
    faq_id, learning = f"faq-{made.lower()}", office.review.learning
    for account in (SUN, OUTSOURCED, FAR):
        with pytest.raises(Forbidden):
            await learning.second(account, faq_id, agree=True)
    agreed = await learning.second(LI, faq_id, agree=True)
    assert agreed.state is L.ACTIVE
    assert await office.states(case_id) == [CaseState.RESOLVED]
    assert await learner.faq(made) is not None
    with pytest.raises(Conflict):
        await learning.second(LI, faq_id, agree=False)


async def test_a_second_own_word_on_the_case_waits_for_a_third(learner, office) -> None:
    made, case_id = await own_word(learner, office)
    await learner.settle(case_id, Kind.EDIT, "请到三楼领取。", account=LI)
    row = await learner.learned(made)
    assert row is not None
    assert row.state is L.PENDING
    assert row.answer == "请到三楼领取。"
    assert row.case_id not in (None, case_id)
    await learner.settle(row.case_id, Kind.CONFIRM, account=SUN)
    faq = await learner.faq(made)
    assert faq is not None
    assert faq.answer == "请到三楼领取。"


async def test_what_answers_goes_on_until_an_own_word_is_agreed_to(learner, office) -> None:
    first = await learner.settle(await office.ask(1, text="公积金贷款要缴多久"))
    case = await office.ask(2, text="公积金贷款要缴多久")
    second = await learner.settle(case, Kind.ANSWER, WORD)
    assert await learner.faq(first)
    assert not await learner.faq(second)
    await office.review.learning.second(LI, f"faq-{second.lower()}", agree=True)
    assert await learner.faq(second)
    assert not await learner.faq(first)


async def test_an_approved_learnt_answer_rests_on_the_same_source(learner, office) -> None:
    first = await learner.settle(await office.ask(1, text="公积金贷款要缴多久"))
    faq = await learner.faq(first)
    assert faq is not None
    cited = (Citation(faq.id, "常见问题", faq.answer, title=faq.question),)
    case = await office.ask(2, text="缴公积金满几个月可以贷款买房", draft=faq.answer, cited=cited)
    row = await learner.learned(await learner.settle(case))
    assert row is not None
    assert [one.source_id for one in row.basis] == ["loan"]
