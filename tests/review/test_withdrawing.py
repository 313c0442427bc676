"""One key takes an answer back: all that follows from it is one transaction, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from assistant.answering.withheld import fingerprint
from assistant.domain.live import (
    Comment,
    Decision,
    LiveQuestion,
    OutcomeKind,
    QuestionState,
    Urgency,
)
from assistant.domain.live_commit import Commit
from assistant.domain.review import WITHDRAWN, CaseState, Incident, LearnedState, ResolutionKind
from assistant.domain.source import Faq
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.records.carrying import CarryRecords
from assistant.records.doubts import DoubtReads
from assistant.records.events import EventRecords
from assistant.records.incidents import IncidentRecords
from assistant.records.ledger import LedgerReads
from assistant.records.review_groups import CASES
from assistant.records.schema_live import review_cases
from assistant.review.orders import Settle
from tests.support.learning_office import Learner
from tests.support.review_office import (
    CITED,
    COUNTY,
    DRAFT,
    FAR,
    OFFICE,
    OPERATOR,
    OUTSOURCED,
    PRIVATE,
    ROOM,
    SESSION,
    SUN,
    ReviewOffice,
    outcome,
)

pytestmark = pytest.mark.contract
WHY = "期限写错了"


@pytest.fixture
def incidents(office) -> IncidentRecords:
    events = EventRecords(office.database, OFFICE)
    return IncidentRecords(office.database, OFFICE, office.clock, office.audit, events)


async def answered(
    office: ReviewOffice, number: int = 1, viewers: tuple[str, ...] = ("v1", "v2"), **changes
) -> LiveQuestion:
    """A question that viewers were answered, by the machine unless told otherwise."""
    text = f"公积金贷款要缴多久？第{number}问"
    question = LiveQuestion(
        f"q{number:05d}", ROOM, SESSION, text, office.clock(), QuestionState.ANSWERED,
        region=COUNTY, asked_by=len(viewers), answer=DRAFT, spoken=DRAFT, citations=(CITED,),
        outcome_id=await office.outcomes.record(outcome(text, DRAFT, (CITED,))),
    )  # fmt: skip
    question = replace(question, **changes)
    comments = [
        Comment(
            f"c{number}{at}", ROOM, SESSION, "page", f"e{number}{at}", office.clock(), viewer, text
        )
        for at, viewer in enumerate(viewers)
    ]
    decisions = [
        Decision(
            one.id, OutcomeKind.SPOKEN, "answered", "", office.clock(), question_id=question.id
        )
        for one in comments
    ]
    commit = Commit(comments=comments, decisions=decisions, questions=[question])
    await office.commit(commit)
    return question


async def cases_of(office: ReviewOffice, code: str = WITHDRAWN):
    query = select(*CASES.columns).where(review_cases.c.code == code).order_by(review_cases.c.id)
    async with office.database.read() as connection:
        return [CASES.value(row) for row in await connection.execute(query)]


async def test_all_that_follows_is_there_at_once(office, incidents) -> None:
    first, second = await answered(office), await answered(office, 2, ("v2", "v3"))
    other = await answered(office, 3, answer="别的答复")
    made = await office.desk.withdraw(SUN, first.id, WHY)
    assert made == await incidents.get(made.id)
    assert (made.audience, made.approver, made.reason, made.actor) == (3, "自动", WHY, SUN.id)
    assert made.source_ids == ("loan",)
    (doubt,) = await DoubtReads(office.database, OFFICE).standing()
    assert (doubt.id, doubt.citations, doubt.source_ids) == (made.id, (CITED,), ("loan",))
    assert await DoubtReads(office.database, "other").standing() == []
    assert await incidents.withheld() == {fingerprint(DRAFT, [CITED])}
    lead, also = await cases_of(office)
    assert (lead.question_id, also.question_id) == (first.id, second.id)
    assert (lead.id, also.group_id) == (made.case_id, lead.id)
    assert {lead.urgency, also.urgency} == {Urgency.URGENT}
    assert lead.region == COUNTY
    (event,) = await office.events.after("nobody")
    assert (event.kind, event.subject) == ("answer.withdrawn", made.id)
    assert event.body["questions"].split() == [first.id, second.id]
    assert "answer.withdrawn" in await office.actions()
    to_stop = await CarryRecords(office.database, OFFICE).to_stop()
    assert {one.question_id for one in to_stop} == {first.id, second.id}
    assert other.id not in {one.question_id for one in to_stop}
    view = await office.desk.view(SUN, lead.id)
    assert view.given == DRAFT
    ledger = LedgerReads(office.database, OFFICE, office.clock)
    both = {first.id: made.id, second.id: made.id}
    assert await ledger.incidents({first.id, second.id, other.id}) == both


async def test_it_is_taken_back_once(office) -> None:
    asked = await answered(office)
    await office.desk.withdraw(SUN, asked.id, WHY)
    with pytest.raises(Conflict):
        await office.desk.withdraw(SUN, asked.id, WHY)
    assert len(await cases_of(office)) == 1


@pytest.mark.parametrize("account", [OUTSOURCED, FAR, OPERATOR])
async def test_only_who_may_approve_there_takes_back(office, incidents, account) -> None:
    asked = await answered(office)
    with pytest.raises(Forbidden):
        await office.desk.withdraw(account, asked.id, WHY)
    assert await incidents.withheld() == set()


async def test_there_must_be_an_answer_and_a_reason(office) -> None:
    asked = await answered(office)
    waits = await answered(office, 2, state=QuestionState.IN_REVIEW)
    with pytest.raises(NotFound):
        await office.desk.withdraw(SUN, "nothing", WHY)
    with pytest.raises(Conflict):
        await office.desk.withdraw(SUN, waits.id, WHY)
    for reason in ("", " ", "长" * 201, f"打{PRIVATE}"):
        with pytest.raises(BadInput):
            await office.desk.withdraw(SUN, asked.id, reason)


async def test_its_faq_answers_no_more_and_again_when_it_was_right(office, incidents) -> None:
    learner = Learner(office)
    made = await learner.settle(await office.ask())
    faq = await learner.faq(made)
    assert faq is not None
    asked = replace((await office_question(office)), state=QuestionState.ANSWERED, answer=DRAFT)
    await office.commit(Commit(questions=[asked]))
    incident = await office.desk.withdraw(SUN, asked.id, WHY)
    assert incident.approver == SUN.display_name
    assert incident.faq_ids == (faq.id,)
    assert await learner.faq(made) is None
    assert (await learner.learned(made)).state is LearnedState.WITHDRAWN
    await learner.run()
    await learner.again()
    assert await learner.faq(made) is None
    doubts = DoubtReads(office.database, OFFICE)
    assert [one.id for one in await doubts.standing()] == [incident.id]
    await incidents.lift([incident], SUN.id)
    await incidents.lift([incident], SUN.id)
    assert await doubts.standing() == []
    await learner.run()
    assert await learner.faq(made) is not None
    assert (await learner.learned(made)).state is LearnedState.ACTIVE
    assert await incidents.withheld() == set()
    assert (await office.actions()).count("answer.restored") == 1


async def office_question(office: ReviewOffice) -> LiveQuestion:
    (asked,) = (await CarryRecords(office.database, OFFICE).questions(["q00001"])).values()
    return asked


async def test_what_was_not_learnt_yet_never_is(office) -> None:
    learner = Learner(office)
    case_id = await office.ask()
    view = await office.desk.take(SUN, case_id)
    order = Settle(case_id, view.token, ResolutionKind.APPROVE, at_once=True)
    settled = await office.desk.settle(SUN, order)
    await office.finish()
    asked = replace((await office_question(office)), state=QuestionState.ANSWERED, answer=DRAFT)
    await office.commit(Commit(questions=[asked]))
    await office.desk.withdraw(SUN, asked.id, WHY)
    await learner.run()
    assert await learner.faq(settled.resolution_id) is None


async def test_an_imported_faq_is_retired_too(office, incidents) -> None:
    faq = Faq("faq-file", "问", DRAFT, region=COUNTY)
    await office.sources.put(faq, (), digest="1", origin="file")
    cited = replace(CITED, source_id=faq.id)
    asked = await answered(office, citations=(cited,))
    incident = await office.desk.withdraw(SUN, asked.id, WHY)
    assert incident.faq_ids == (faq.id,)
    assert await office.sources.get(faq.id) is None
    await incidents.lift([incident], SUN.id)
    assert await office.sources.get(faq.id) == faq
    assert await office.sources.get("loan") is not None


async def test_the_same_words_are_not_approved_again(office) -> None:
    """Here `withheld` is not wired; the real one stands in the integration test."""
    asked = await answered(office)
    incident: Incident = await office.desk.withdraw(SUN, asked.id, WHY)
    view = await office.desk.take(SUN, incident.case_id)
    order = Settle(incident.case_id, view.token, ResolutionKind.CONFIRM, at_once=True)
    await office.desk.settle(SUN, order)
    await office.finish()
    (due,) = await CarryRecords(office.database, OFFICE).confirmed()
    assert [case.state for case in due.cases] == [CaseState.RESOLVED]
