"""The review of a stream (复盘): what came, what became of it, how long it took, what lacks."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from assistant.domain.gaps import Gap, gaps, is_gap
from assistant.domain.live import Cue, LiveQuestion, OutcomeKind, QuestionState
from assistant.domain.live_commit import Entry

TOP = 10
_ANSWERED = frozenset({QuestionState.ANSWERED, QuestionState.CLARIFIED})


@dataclass(frozen=True, slots=True)
class TopQuestion:
    """One of the questions that most viewers asked."""

    text: str
    asked_by: int
    state: str


@dataclass(slots=True)
class Summary:
    """The figures of one session; times in seconds.

    `questions` counts comments that ask; `waiting` runs from receipt to the beginning of the
    spoken answer, or to the reply.
    """

    room_id: str
    session_id: str
    opened_at: datetime
    closed_at: datetime
    received: int = 0
    questions: int = 0
    distinct_questions: int = 0
    viewers: int = 0
    undecided: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    reviewed: dict[str, int] = field(default_factory=dict)
    by_platform: dict[str, dict[str, int]] = field(default_factory=dict)
    answered_questions: int = 0
    waiting_median: float | None = None
    waiting_p95: float | None = None
    decision_ms_median: float | None = None
    decision_ms_p95: float | None = None
    top_questions: list[TopQuestion] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For `summary.json`."""
        rows = asdict(self)
        return rows | {
            "opened_at": self.opened_at.isoformat(),
            "closed_at": self.closed_at.isoformat(),
        }


async def summarise(
    summary: Summary,
    entries: AsyncIterator[Entry],
    questions: Sequence[LiveQuestion],
    cues: Iterable[Cue],
) -> Summary:
    """Fill the figures from what is stored."""
    said = {cue.question_id: cue.started_at for cue in cues if cue.started_at}
    tally = _Tally(said)
    async for entry in entries:
        tally.count(entry)
    summary.received = tally.received
    summary.questions = tally.questions
    summary.viewers = len(tally.viewers)
    summary.undecided = tally.undecided
    summary.outcomes = {kind.value: tally.kinds[kind] for kind in OutcomeKind}
    summary.set_aside = dict(tally.aside.most_common())
    summary.reviewed = dict(tally.reviewed.most_common())
    summary.by_platform = {name: dict(rows) for name, rows in sorted(tally.platforms.items())}
    summary.waiting_median, summary.waiting_p95 = _middle(tally.waits)
    summary.decision_ms_median, summary.decision_ms_p95 = _middle(tally.decisions)
    _ask(summary, questions)
    return summary


def _ask(summary: Summary, questions: Sequence[LiveQuestion]) -> None:
    most = sorted(questions, key=lambda one: (-one.asked_by, one.first_at, one.id))
    summary.distinct_questions = len(questions)
    summary.answered_questions = sum(one.state in _ANSWERED for one in questions)
    summary.top_questions = [
        TopQuestion(one.text, one.asked_by, one.state.value) for one in most[:TOP]
    ]
    summary.gaps = gaps([one for one in questions if is_gap(one)])


class _Tally:
    """Counts comments one by one: a session may have more than fit in memory."""

    def __init__(self, said: Mapping[str | None, datetime]) -> None:
        self._said = said
        self.received = 0
        self.questions = 0
        self.undecided = 0
        self.viewers: set[str] = set()
        self.kinds: Counter[OutcomeKind] = Counter()
        self.aside: Counter[str] = Counter()
        self.reviewed: Counter[str] = Counter()
        self.platforms: dict[str, Counter[str]] = {}
        self.waits: list[float] = []
        self.decisions: list[float] = []

    def count(self, entry: Entry) -> None:
        """One comment more."""
        comment, decision = entry.comment, entry.decision
        self.received += 1
        self.viewers.add(comment.viewer)
        platform = self.platforms.setdefault(comment.platform, Counter())
        platform["received"] += 1
        if decision is None:
            self.undecided += 1
            return
        self.kinds[decision.kind] += 1
        self.questions += decision.is_question
        self.decisions.append(decision.decision_ms)
        platform["questions"] += decision.is_question
        platform[decision.kind] += 1
        if decision.kind is OutcomeKind.SET_ASIDE:
            self.aside[decision.code] += 1
        if decision.kind is OutcomeKind.QUEUED_FOR_REVIEW:
            self.reviewed[decision.code] += 1
        if decision.is_question:
            self._wait(entry)

    def _wait(self, entry: Entry) -> None:
        decision = entry.decision
        if decision is None:
            return
        end = decision.decided_at if decision.kind is OutcomeKind.REPLIED else None
        if decision.kind is OutcomeKind.SPOKEN:
            end = self._said.get(decision.question_id)
        if end is not None:
            self.waits.append((end - entry.comment.received_at).total_seconds())


def _middle(values: list[float]) -> tuple[float | None, float | None]:
    """Median and 95th percentile; None for nothing."""
    if not values:
        return None, None
    ordered = sorted(values)
    last = len(ordered) - 1
    return round(ordered[round(last * 0.5)], 3), round(ordered[round(last * 0.95)], 3)
