"""The words of what a person settled: for the room to hear, and for each viewer to read. Pure."""

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.answer import Citation
from assistant.domain.clock import china_day
from assistant.domain.live import Comment, CueKind, LiveQuestion, QuestionState, ReviewCase
from assistant.domain.review import SAID, WITHDRAWN, DeskCase, Resolution, ResolutionKind
from assistant.live import lines
from assistant.live.memory import Known

_KIND = ResolutionKind
_PENDING = frozenset({QuestionState.OPEN, QuestionState.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Asked:
    """A case with its question: as the room has it in mind, else as the records have it."""

    case: DeskCase
    question: LiveQuestion
    known: Known | None = None
    telling: tuple[Comment, ...] = ()

    @property
    def is_late(self) -> bool:
        """Nobody in the room has the question in mind any more."""
        return self.known is None

    @property
    def is_pending(self) -> bool:
        """Its viewers have no answer yet."""
        return self.question.state in _PENDING

    @property
    def asked_by(self) -> int:
        """How many viewers ask it."""
        return self.known.asked_by if self.known else self.question.asked_by


def cited(resolution: Resolution) -> tuple[Citation, ...]:
    """What the words rest on."""
    if resolution.citations:
        return resolution.citations
    return tuple(Citation(one.source_id, one.locator, one.quote) for one in resolution.basis)


def is_voiced(resolution: Resolution) -> bool:
    """Whether it is said aloud; what concerns one person alone never is."""
    return resolution.kind in SAID and resolution.aloud and not resolution.personal


def kind_of(resolution: Resolution, *, corrects: bool) -> CueKind:
    """What the room hears: an answer with its sources, or a person's own word."""
    if corrects:
        return CueKind.CORRECTION
    return CueKind.ANSWER if cited(resolution) else CueKind.OPERATOR_SAID


def intro(asked: Asked, count: int, now: datetime, *, corrects: bool, names: bool) -> str:
    """What goes before the words: which question is meant, where nobody remembers it."""
    before = ""
    if asked.is_late:
        question = asked.question.text if names else ""
        today = china_day(asked.question.first_at) == china_day(now)
        before = lines.asked_before(question, count, today=today)
    return before + (lines.CORRECTION if corrects else "")


def line_for(asked: Asked, resolution: Resolution, *, corrects: bool) -> str:
    """What a viewer who asked reads."""
    text = resolution.text
    match resolution.kind:
        case _KIND.CONFIRM:
            return lines.CONFIRMED + asked.question.answer
        case _KIND.REJECT:
            return (lines.TAKEN_BACK if corrects else "") + (text or lines.REFUSED)
        case _KIND.ASK_BACK:
            return (lines.TAKEN_BACK if corrects else "") + text
        case _KIND.HAND_OVER:
            return text or lines.HANDED
        case _:
            if corrects:
                return lines.CORRECTED + text
            return (lines.LATER if asked.is_late else "") + text


def state_after(asked: Asked, resolution: Resolution) -> QuestionState:
    """How far the question has come with it.

    A question that concerns one person is not answered for others: they are told to call. What
    viewers have already stays, whatever one of them is told beside it.
    """
    state = asked.question.state
    if resolution.kind in SAID and not resolution.personal:
        return QuestionState.ANSWERED
    if not asked.is_pending:
        return state
    match resolution.kind:
        case _KIND.ASK_BACK:
            return QuestionState.CLARIFIED
        case _KIND.HAND_OVER:
            return QuestionState.IN_REVIEW
        case _KIND.CONFIRM:
            return QuestionState.ANSWERED if asked.case.code == WITHDRAWN else state
        case _:
            return QuestionState.REFUSED


def room_case(case: DeskCase, at: datetime | None = None, how: str | None = None) -> ReviewCase:
    """The room's part of a case, settled at a moment."""
    return ReviewCase(
        id=case.id,
        room_id=case.room_id,
        session_id=case.session_id,
        question_id=case.question_id,
        code=case.code,
        reason=case.reason,
        made_at=case.made_at,
        urgency=case.urgency,
        settled_at=at,
        settled_how=how,
    )
