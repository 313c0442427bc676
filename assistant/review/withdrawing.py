"""One key takes an answer back that was wrong: see decisions/0021.

Everything is one transaction: from then on no process gives the answer, and the room's holder stops
what is on its way. The correction is the resolution of the case that this opens.
"""

from dataclasses import dataclass, replace

from assistant.access.accounts import Account
from assistant.answering.withheld import fingerprint, fingerprints
from assistant.domain.clock import Clock, NewId
from assistant.domain.live import LiveQuestion, QuestionState, Urgency
from assistant.domain.review import (
    WITHDRAWN,
    DeskCase,
    Incident,
    LearnedAnswer,
    LearnedState,
    Resolution,
)
from assistant.domain.source import NATIONAL
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.records.given import Given, GivenAnswers
from assistant.records.incidents import WHY, IncidentRecords, Withdrawal
from assistant.records.outcomes import OutcomeRepository, RecordedOutcome
from assistant.review.learnt_faqs import faq_id_of
from assistant.review.rights import Rights
from assistant.review.safe_texts import SafeTexts

AUTOMATIC = "自动"
"""Stands where nobody approved it but the verdict."""
REASON = "答复已撤回，请批准更正"
LONGEST = 200
_GIVEN = frozenset({QuestionState.ANSWERED, QuestionState.CLARIFIED})


@dataclass(frozen=True, slots=True)
class WithdrawingParts:
    """What it works with."""

    given: GivenAnswers
    incidents: IncidentRecords
    outcomes: OutcomeRepository
    texts: SafeTexts
    rights: Rights
    clock: Clock
    new_id: NewId


class Withdrawing:
    """Takes answers back."""

    def __init__(self, on: WithdrawingParts) -> None:
        self._on = on

    async def withdraw(self, account: Account, question_id: str, reason: str) -> Incident:
        """Take the answer to a question back, wherever it was given with the same words.

        Raises NotFound, Forbidden for who may not approve at its region, Conflict where there is
        no answer or it is taken back already, BadInput for a reason that cannot stand.
        """
        given = await self._on.given.of(question_id)
        if given is None:
            raise NotFound("没有这个问题")
        if not self._on.rights.may(account, given.region):
            raise Forbidden("您没有这个问题所在地区的复核权限")
        if given.question.state not in _GIVEN or not given.question.answer:
            raise Conflict("这个问题没有已给出的答复，或答复已经撤回")
        return await self._on.incidents.withdraw(
            await self._withdrawal(account, given, self._checked(reason))
        )

    async def _withdrawal(self, account: Account, given: Given, reason: str) -> Withdrawal:
        recorded = await self._recorded(given.question)
        made = await self._incidents(account, given, reason)
        cited = (one.source_id for one in given.question.citations)
        drafted = recorded.outcome.draft.source_ids if recorded else ()
        newest = given.resolutions[:1]
        return Withdrawal(
            incidents=tuple(one for one, _ in made),
            cases=tuple(case for _, cases in made for case in cases),
            fingerprints=_prints(given, recorded),
            source_ids=tuple(dict.fromkeys((*cited, *drafted))),
            resolution_ids=tuple(one.id for one in newest),
            unlearnt=tuple(self._unlearnt(given, one) for one in newest if _is_learnt(one)),
        )

    async def _incidents(
        self, account: Account, given: Given, reason: str
    ) -> list[tuple[Incident, list[DeskCase]]]:
        """One a stream, that of the question first, each with the cases of its questions."""
        question = given.question
        streams: dict[str, list[LiveQuestion]] = {question.session_id: [question]}
        for one in given.alike:
            streams.setdefault(one.session_id, []).append(one)
        found: list[tuple[Incident, list[DeskCase]]] = []
        lead: str | None = None
        for asked in streams.values():
            cases = [self._case(one, given, reason) for one in asked]
            lead = lead or cases[0].id
            grouped = [replace(one, group_id=None if one.id == lead else lead) for one in cases]
            audience = await self._on.incidents.audience([one.id for one in asked])
            incident = self._incident(account, given, asked[0], reason)
            found.append((replace(incident, audience=audience, case_id=cases[0].id), grouped))
        return found

    def _incident(
        self, account: Account, given: Given, asked: LiveQuestion, reason: str
    ) -> Incident:
        by = given.resolutions[0].actor_name if given.resolutions else given.actor
        cited = dict.fromkeys(one.source_id for one in given.question.citations)
        return Incident(
            id=self._on.new_id(),
            room_id=asked.room_id,
            session_id=asked.session_id,
            question_id=asked.id,
            outcome_id=asked.outcome_id,
            fingerprint=fingerprint(asked.answer, asked.citations),
            answer=asked.answer,
            source_ids=tuple(cited),
            approver=by or AUTOMATIC,
            reason=reason,
            actor=account.id,
            made_at=self._on.clock(),
            citations=asked.citations,
        )

    def _case(self, asked: LiveQuestion, given: Given, reason: str) -> DeskCase:
        return DeskCase(
            id=self._on.new_id(),
            room_id=asked.room_id,
            session_id=asked.session_id,
            question_id=asked.id,
            code=WITHDRAWN,
            reason=f"{REASON}（{reason}）",
            made_at=self._on.clock(),
            urgency=Urgency.URGENT,
            region=asked.region or given.region,
        )

    def _unlearnt(self, given: Given, made: Resolution) -> LearnedAnswer:
        """What would be learnt from it, if it has not been yet."""
        return LearnedAnswer(
            faq_id=faq_id_of(made.id),
            resolution_id=made.id,
            state=LearnedState.WITHDRAWN,
            question=given.question.text,
            answer=made.text,
            region=given.region or NATIONAL,
            basis=made.basis,
            changed_at=self._on.clock(),
            why=WHY,
        )

    async def _recorded(self, question: LiveQuestion) -> RecordedOutcome | None:
        return await self._on.outcomes.get(question.outcome_id) if question.outcome_id else None

    def _checked(self, reason: str) -> str:
        said = reason.strip()
        if not said or len(said) > LONGEST:
            raise BadInput(f"撤回原因应为 1 到 {LONGEST} 个字")
        self._on.texts.check([("撤回原因", said)])
        return said


def _prints(given: Given, recorded: RecordedOutcome | None) -> tuple[str, ...]:
    """What the answer is known by on each source; of a model's wording, also what it cites."""
    asked = (given.question, *given.alike)
    own = [fingerprint(one.answer, one.citations) for one in asked]
    drafted = fingerprints(recorded.outcome.draft) if recorded else ()
    return tuple(dict.fromkeys((*own, *(drafted if own[0] in drafted else ()))))


def _is_learnt(made: Resolution) -> bool:
    return made.learn and not made.personal
