"""One line for every comment of a session (FORMATS §5): `outcomes.jsonl`."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.live import (
    Comment,
    Cue,
    Decision,
    LiveQuestion,
    OutcomeKind,
    QuestionState,
)
from assistant.domain.live_commit import Entry
from assistant.domain.verdict import Action
from assistant.live.seams import LiveRecords

PAGE = 2000
_GIVEN = frozenset({QuestionState.ANSWERED, QuestionState.CLARIFIED})
Seconds = Callable[[datetime], float]


class CitedLine(BaseModel):
    """A verbatim quote and where it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str
    locator: str
    quote: str


class OutcomeLine(BaseModel):
    """What became of one comment; every `*_at` in seconds since the recording began."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Outcome of a comment")

    event_id: str
    outcome: OutcomeKind
    reason: str
    question_id: str | None
    answer: str | None
    citations: tuple[CitedLine, ...]
    received_at: float
    decided_at: float | None
    speech_started_at: float | None
    action: Action | None
    is_question: bool
    decision_ms: float = Field(ge=0)


class LineMaker:
    """Makes the lines of one session; `event_id` turns a stored id into the platform's."""

    def __init__(
        self,
        questions: Sequence[LiveQuestion],
        cues: Sequence[Cue],
        began: datetime,
        event_id: Callable[[str], str] = str,
    ) -> None:
        self._questions: Mapping[str, LiveQuestion] = {one.id: one for one in questions}
        self._said = {cue.question_id: cue.started_at for cue in cues if cue.started_at}
        self._began = began
        self._event_id = event_id

    def line(self, entry: Entry) -> OutcomeLine:
        """The line of one comment. One that nobody decided is a person's to look at."""
        comment, decision = entry.comment, entry.decision
        if decision is None:
            return self._undecided(comment)
        question = self._questions.get(decision.question_id or "")
        given = question is not None and question.state in _GIVEN
        return OutcomeLine(
            event_id=self._event_id(comment.event_id),
            outcome=decision.kind,
            reason=decision.reason,
            question_id=decision.question_id,
            answer=question.answer if question and given else None,
            citations=_cited(question) if question and given else (),
            received_at=self._seconds(comment.received_at),
            decided_at=self._seconds(decision.decided_at),
            speech_started_at=self._spoken(comment, decision),
            action=_action(decision, question),
            is_question=decision.is_question,
            decision_ms=round(decision.decision_ms, 3),
        )

    def _undecided(self, comment: Comment) -> OutcomeLine:
        return OutcomeLine(
            event_id=self._event_id(comment.event_id),
            outcome=OutcomeKind.QUEUED_FOR_REVIEW,
            reason="尚未处理完，留待人工",
            question_id=None,
            answer=None,
            citations=(),
            received_at=self._seconds(comment.received_at),
            decided_at=None,
            speech_started_at=None,
            action=Action.REVIEW,
            is_question=False,
            decision_ms=0.0,
        )

    def _spoken(self, comment: Comment, decision: Decision) -> float | None:
        """When the answer began to be said, where it was said for this comment too."""
        said = self._said.get(decision.question_id or "")
        wanted = decision.kind in (OutcomeKind.SPOKEN, OutcomeKind.MERGED)
        return self._seconds(said) if said and wanted and said >= comment.received_at else None

    def _seconds(self, moment: datetime) -> float:
        return round((moment - self._began).total_seconds(), 3)


def _action(decision: Decision, question: LiveQuestion | None) -> Action | None:
    """The verdict; a repeat has that of the question it repeats."""
    if decision.kind is OutcomeKind.MERGED and question is not None:
        return question.action or decision.action
    return decision.action


def _cited(question: LiveQuestion) -> tuple[CitedLine, ...]:
    return tuple(
        CitedLine(source_id=one.source_id, locator=one.locator, quote=one.quote)
        for one in question.citations
    )


async def entries_of(records: LiveRecords, session_id: str) -> AsyncIterator[Entry]:
    """Every comment of a session, page by page."""
    after = ""
    while page := await records.entries(session_id, after, PAGE):
        for entry in page:
            yield entry
        after = page[-1].comment.id


async def lines_of(records: LiveRecords, session_id: str, maker: LineMaker) -> list[OutcomeLine]:
    """All lines of a session, in the order in which the comments came."""
    made = [maker.line(entry) async for entry in entries_of(records, session_id)]
    return sorted(made, key=lambda line: (line.received_at, line.event_id))


def write_lines(path: Path, made: Sequence[OutcomeLine]) -> None:
    """Write `outcomes.jsonl`."""
    path.write_text("".join(f"{line.model_dump_json()}\n" for line in made), encoding="utf-8")
