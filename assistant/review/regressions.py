"""What a person decided becomes a test case (FORMATS §4), so that it stays right.

Such cases are made from the product's own answers: they show that nothing went wrong since, and
never count as accuracy.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import structlog

from assistant.answering.figures import figures
from assistant.answering.masking import masked_text
from assistant.domain.clock import china_day
from assistant.domain.review import OWN_CODES, SAID, WITHDRAWN, ResolutionKind
from assistant.domain.verdict import Action
from assistant.errors import NotFound
from assistant.records.events import Event
from assistant.records.learned import Decided, LearnedRecords
from assistant.records.review_resolutions import RESOLVED
from assistant.review.handling import Handler
from assistant.review.learnt_faqs import faq_id_of

log = structlog.get_logger()
TAG = "regression"
MOST_FACTS = 20
Kind = ResolutionKind


class Kept(Protocol):
    """Keeps the cases (`RegressionRecords`)."""

    async def add(self, case_id: str, origin: str, line: str, at: datetime) -> None:
        """Keep a case; one that is there stays as it is."""
        ...

    async def wrong_answers(self, question_ids: Sequence[str]) -> list[str]:
        """The withdrawn answers to some questions."""
        ...


class Regressions:
    """Makes one test case of each settled case."""

    def __init__(self, records: LearnedRecords, kept: Kept) -> None:
        self._records = records
        self._kept = kept
        self.handler = Handler("regressions", frozenset({RESOLVED}), self.handle)

    async def handle(self, event: Event) -> None:
        """Make a case of one resolution, where it says what is right."""
        try:
            decided = await self._records.decided(event.subject)
        except NotFound:  # purged
            log.warning("no_case_to_keep", resolution=event.subject)
            return
        expected = _expected(decided)
        if expected is None:
            return
        made = decided.resolution
        corrected = [case.question_id for case in decided.cases if case.code == WITHDRAWN]
        wrong = await self._kept.wrong_answers(corrected) if corrected else []
        line = json.dumps(await self._case(decided, expected, wrong), ensure_ascii=False)
        await self._kept.add(_id(made.id), made.id, line, event.at)

    async def _case(
        self, decided: Decided, expected: Action, wrong: Sequence[str]
    ) -> dict[str, object]:
        made = decided.resolution
        case: dict[str, object] = {
            "id": _id(made.id),
            "question": masked_text(decided.asked.text),
            "expected_action": expected.value,
            "as_of": china_day(made.sent_at or made.sends_at).isoformat(),
            "tags": [TAG],
        }
        if region := decided.lead.region or decided.asked.region:
            case["region"] = region
        if expected not in (Action.ANSWER, Action.CLARIFY):
            return case
        approved = made.text or decided.asked.answer
        case["reference"] = approved
        if expected is Action.ANSWER:
            case["must_contain"] = (facts := facts_of(approved))
            case["must_not_contain"] = [f for one in wrong for f in facts_of(one) if f not in facts]
            case["reference_ids"] = await self._sources(decided)
        return {key: value for key, value in case.items() if value != []}

    async def _sources(self, decided: Decided) -> list[str]:
        """What may be cited: the basis, or the FAQ that the answer became."""
        made = decided.resolution
        about = await self._records.of_case(decided.lead.id)
        known = about.faq_id if about else faq_id_of(made.id)
        learnt = [known] if made.learn and not made.personal and made.kind in SAID else []
        based = [one.source_id for one in made.basis]
        cited = [one.source_id for one in made.citations or decided.asked.citations]
        return list(dict.fromkeys([*based, *cited, *learnt]))


def facts_of(answer: str) -> list[str]:
    """The figures of an answer, as it writes them: each must be said again."""
    written = (one.written for one in figures(answer))
    return list(dict.fromkeys(one for one in written if "|" not in one))[:MOST_FACTS]


def _id(resolution_id: str) -> str:
    return f"desk-{resolution_id.lower()}"


def _expected(decided: Decided) -> Action | None:
    """What the product should have done; None where the resolution does not say."""
    made = decided.resolution
    if made.kind in SAID:  # one person's case is always a person's to answer
        return Action.REVIEW if made.personal else Action.ANSWER
    if made.kind is Kind.HAND_OVER or decided.lead.code in OWN_CODES:
        return None
    if made.kind is Kind.CONFIRM:
        return Action.ANSWER if decided.asked.answer else None
    return Action.CLARIFY if made.kind is Kind.ASK_BACK else Action.REFUSE
