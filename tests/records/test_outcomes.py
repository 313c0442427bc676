"""Every question asked is kept with its outcome and evidence."""

from datetime import date

import pytest

from assistant.domain.answer import Citation, Draft, Route, Statement, Support
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action, Verdict
from assistant.errors import Conflict
from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository

pytestmark = pytest.mark.contract

CITATION = Citation("g1", "申请材料", "身份证原件一份", "居住证申领", passage_key=7)
DRAFT = Draft(
    Route.GUIDE,
    (Statement("身份证原件一份。", "带身份证。", (CITATION,)),),
    support=Support(0.9, 0.4, 0.8, features={"name": 1.0}),
    source_ids=("g1",),
    notes=("事项名称完全一致",),
)


def outcome(text: str = "要带啥") -> Outcome:
    question = Question(text, date(2026, 3, 2), "440000", ("居住证怎么办",), frozenset({"户籍"}))
    verdict = Verdict(Action.ANSWER, 0.93, ("有依据",))
    return Outcome(question, DRAFT, verdict, DRAFT.text, DRAFT.spoken, ("g1", "p1"), 12.5)


async def test_an_outcome_comes_back_as_it_was(outcomes: OutcomeRepository, clock) -> None:
    stored = await outcomes.get(await outcomes.record(outcome()))
    assert stored is not None
    assert (stored.outcome, stored.at) == (outcome(), clock())


async def test_there_is_none_under_an_unknown_id(outcomes: OutcomeRepository) -> None:
    assert await outcomes.get("nobody") is None


async def test_recent_pages_are_newest_first_and_complete(outcomes: OutcomeRepository) -> None:
    ids = [await outcomes.record(outcome(f"第{n}问")) for n in range(5)]
    page, seen = await outcomes.recent(2), []
    while True:
        seen += [row.id for row in page.rows]
        if page.cursor is None:
            break
        page = await outcomes.recent(2, page.cursor)
    assert seen == ids[::-1]


async def test_an_empty_desk_has_one_empty_page(outcomes: OutcomeRepository) -> None:
    page = await outcomes.recent(10)
    assert (page.rows, page.cursor) == ((), None)


async def test_a_key_finds_its_outcome(outcomes: OutcomeRepository) -> None:
    first = await outcomes.record(outcome("第一问"), "k-1")
    await outcomes.record(outcome("第二问"), "k-2")
    await outcomes.record(outcome("第三问"))
    stored = await outcomes.by_key("k-1")
    assert stored is not None
    assert (stored.id, stored.outcome) == (first, outcome("第一问"))
    assert await outcomes.by_key("k-3") is None


async def test_a_key_is_used_once_and_leaves_nothing_of_the_second(
    outcomes: OutcomeRepository,
) -> None:
    await outcomes.record(outcome("第一问"), "k-1")
    with pytest.raises(Conflict):
        await outcomes.record(outcome("第二问"), "k-1")
    assert len((await outcomes.recent()).rows) == 1


async def test_offices_do_not_share_keys(
    outcomes: OutcomeRepository, database: Database, clock, new_id
) -> None:
    other = OutcomeRepository(database, "other", clock, lambda: f"other-{new_id()}")
    await outcomes.record(outcome("第一问"), "k-1")
    assert await other.by_key("k-1") is None
    await other.record(outcome("第二问"), "k-1")
    stored = await other.by_key("k-1")
    assert stored is not None
    assert stored.outcome == outcome("第二问")
