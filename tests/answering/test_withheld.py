"""A withdrawn answer goes to a person, in the same words or on the same sources worded anew."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.withheld import REASON, Withheld, fingerprint, fingerprints
from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action, Verdict

pytestmark = pytest.mark.unit
CITED = Citation("g1", "办理时限", "五个工作日")


def outcome(text: str = "五个工作日办结。", route: Route = Route.GUIDE, **changes) -> Outcome:
    draft = Draft(route, (Statement(text, text, (changes.pop("cited", CITED),)),))
    verdict = Verdict(changes.pop("action", Action.ANSWER), 0.9, ("依据充分",))
    return Outcome(Question("多久", date(2026, 3, 2)), draft, verdict, text, text)


async def withheld(*prints: str) -> Withheld:
    async def read() -> tuple[str, ...]:
        return prints

    made = Withheld(read)
    assert await made.refresh() is False
    return made


async def test_it_becomes_a_review_that_says_why_and_keeps_the_draft() -> None:
    given = outcome()
    by = await withheld(*fingerprints(given.draft))
    now = by.checked(given)
    assert now.verdict.action is Action.REVIEW
    assert now.verdict.reasons[0] == REASON
    assert now.draft == given.draft
    assert "五个工作日" not in now.text + now.spoken
    assert by.holds("五个工作日，办结！", [CITED])


@pytest.mark.parametrize(
    "other",
    [
        outcome("三个工作日办结。"),
        outcome(cited=replace(CITED, source_id="g2")),
        outcome(cited=replace(CITED, quote="三个工作日")),
    ],
)
async def test_another_answer_is_given(other: Outcome) -> None:
    by = await withheld(*fingerprints(outcome().draft))
    assert by.checked(other) is other


async def test_a_model_s_next_wording_is_known_by_what_it_cites() -> None:
    by = await withheld(*fingerprints(outcome(route=Route.MODEL).draft))
    again = outcome("大约五个工作日就好。", route=Route.MODEL)
    assert by.checked(again).verdict.action is Action.REVIEW
    assert by.checked(outcome("只要五个工作日。")).verdict.action is Action.ANSWER


@pytest.mark.parametrize("action", [Action.REVIEW, Action.REFUSE])
async def test_what_is_not_said_stays_as_it_is(action: Action) -> None:
    given = outcome(action=action)
    assert (await withheld(*fingerprints(given.draft))).checked(given) is given


def test_the_order_of_sources_makes_no_difference() -> None:
    other = replace(CITED, source_id="g2")
    assert fingerprint("答", [CITED, other]) == fingerprint("答", [other, CITED, CITED])
