"""One case as its reviewer sees it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.answer import NO_DRAFT
from assistant.domain.clock import Clock
from assistant.domain.live import LiveQuestion, QuestionState, Urgency
from assistant.domain.outcome import Outcome
from assistant.domain.review import WITHDRAWN, DeskCase, Group, LearnedAnswer
from assistant.domain.source import SourceKind
from assistant.records.live_reads import LiveReads
from assistant.records.outcomes import OutcomeRepository, RecordedOutcome
from assistant.records.review import ReviewRecords
from assistant.records.review_queue import RANKS, ReviewQueue, Row
from assistant.records.sources import SourceRepository
from assistant.review.evidence import EvidenceDesk
from assistant.review.safe_texts import SafeTexts
from assistant.review.settling import Before
from assistant.review.views import CaseView, LikeFaq, Member, QueueRow

WORDINGS = 5
"""Other words in which the same was asked, at most so many."""
_GIVEN = frozenset({QuestionState.ANSWERED, QuestionState.CLARIFIED})

Near = Callable[[str, str | None, str], Awaitable[Sequence[LikeFaq]]]
"""FAQs that are near a question of a region, or in conflict with an answer to it."""
Learned = Callable[[DeskCase], Awaitable[LearnedAnswer | None]]
"""The learnt answer that a case is about."""


async def no_near(text: str, region: str | None, answer: str) -> Sequence[LikeFaq]:
    """No FAQ is near."""
    del text, region, answer
    return ()


async def not_learned(case: DeskCase) -> LearnedAnswer | None:
    """No case is about a learnt answer."""
    del case
    return None


@dataclass(frozen=True, slots=True)
class CaseReading:
    """What pages of cases are made from."""

    records: ReviewRecords
    queue: ReviewQueue
    reads: LiveReads
    outcomes: OutcomeRepository
    sources: SourceRepository
    evidence: EvidenceDesk
    texts: SafeTexts
    clock: Clock
    day: Callable[[], date]
    near: Near = no_near
    learned: Learned = not_learned


class CasePages:
    """Reads the pages of cases."""

    def __init__(self, on: CaseReading) -> None:
        self._on = on

    async def before(self, case: DeskCase) -> Before:
        """What the reviewer of a case has before them."""
        question = await self._on.reads.question(case.question_id)
        return await self._before(case, question)

    async def near(self, case: DeskCase, answer: str) -> tuple[LikeFaq, ...]:
        """FAQs near what a case asks, and in conflict with an answer to it."""
        question = await self._on.reads.question(case.question_id)
        text = question.text if question else ""
        return tuple(await self._on.near(text, case.region, answer))

    async def page(self, group: Group, actor: str) -> CaseView:
        """A group with everything on it, as someone sees it."""
        on, case = self._on, group.lead
        row = await on.queue.row(case.id)
        question = await on.reads.question(case.question_id)
        before = await self._before(case, question)
        outcome = before.recorded.outcome if before.recorded else None
        draft = outcome.draft if outcome else NO_DRAFT
        mine = case.holder == actor and case.held_until is not None
        return CaseView(
            row=shown(row, on.clock),
            token=case.token if mine else 0,
            held_until=case.held_until if mine else None,
            history=outcome.question.history if outcome else (),
            comments=await self._wordings(case, row.question),
            item=await self._item(outcome),
            route=draft.route if outcome else None,
            draft=before.draft,
            draft_spoken="" if before.learned else draft.spoken,
            evidence=before.evidence,
            confidence=outcome.verdict.confidence if outcome else None,
            reasons=_reasons(case, outcome),
            risks=self._risks(row.question, before),
            members=await self._members(group),
            near=tuple(await on.near(row.question, case.region, before.draft)),
            learned=before.learned,
            typed=await on.records.draft(case.id, actor),
            given=_given(case, question, before),
        )

    async def _before(self, case: DeskCase, question: LiveQuestion | None) -> Before:
        recorded: RecordedOutcome | None = None
        if question is not None and question.outcome_id is not None:
            recorded = await self._on.outcomes.get(question.outcome_id)
        day, learned = self._on.day(), await self._on.learned(case)
        if learned is not None:
            return Before(recorded, await self._on.evidence.under(learned.basis, day), day, learned)
        cited = recorded.outcome.draft.citations if recorded else ()
        return Before(recorded, await self._on.evidence.views(cited, day), day)

    async def _wordings(self, case: DeskCase, text: str) -> tuple[str, ...]:
        entries = await self._on.reads.of_question(case.question_id)
        words = dict.fromkeys(entry.comment.text for entry in entries)
        return tuple(one for one in words if one != text)[:WORDINGS]

    async def _item(self, outcome: Outcome | None) -> str:
        """The guide that the draft rests on."""
        if outcome is None:
            return ""
        cited = (one.source_id for one in outcome.draft.citations)
        for source_id in dict.fromkeys((*cited, *outcome.draft.source_ids)):
            header = await self._on.sources.header(source_id)
            if header is not None and header.kind is SourceKind.GUIDE:
                return header.title
        return ""

    def _risks(self, question: str, before: Before) -> tuple[str, ...]:
        cited = [one.citation for one in before.evidence]
        texts = (("问题", question), ("草拟的答复", before.draft))
        found = ((place, self._on.texts.why_not(text, cited)) for place, text in texts)
        return tuple(f"{place}{why}" for place, why in found if why)

    async def _members(self, group: Group) -> tuple[Member, ...]:
        if not group.others:
            return ()
        found = await self._on.queue.members([one.id for one in group.others])
        return tuple(Member(*one) for one in found)


def shown(row: Row, clock: Clock) -> QueueRow:
    """A row as the page shows it."""
    case = row.lead
    lapsed = case.held_until is None or case.held_until <= clock()
    return QueueRow(
        case_id=case.id,
        question=row.question,
        room_id=case.room_id,
        room_name=row.room_name,
        region=case.region,
        code=case.code,
        reason=case.reason,
        urgency=_urgency(row),
        state=case.state,
        cases=row.cases,
        asked_by=row.asked_by,
        made_at=case.made_at,
        due_at=row.due_at,
        due_class=case.due_class,
        step=case.step,
        holder="" if lapsed else row.holder_name,
        on_air=row.on_air,
        holder_id="" if lapsed else case.holder or "",
        question_id=case.question_id,
        is_urgent=case.is_urgent,
    )


def _given(case: DeskCase, question: LiveQuestion | None, before: Before) -> str:
    """What viewers have got, from a room or by a learnt answer; had, where it is withdrawn."""
    if before.learned is not None:
        return before.learned.answer
    has = question is not None and (question.state in _GIVEN or case.code == WITHDRAWN)
    return question.answer if question and has else ""


def _urgency(row: Row) -> Urgency:
    return RANKS[row.place.rank]


def _reasons(case: DeskCase, outcome: Outcome | None) -> tuple[str, ...]:
    """Why a person must look: the case's own reason, then those of the verdict."""
    reasons = (*outcome.verdict.reasons, *outcome.draft.notes) if outcome else ()
    return tuple(dict.fromkeys(one for one in (case.reason, *reasons) if one))
