"""What a reviewer sees: the queue in rows, one case in full. Times are UTC; texts are masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.answer import Citation, Route
from assistant.domain.live import Urgency
from assistant.domain.review import CaseState, LearnedAnswer, ResolutionKind
from assistant.domain.source import Status


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A group of similar cases, or one case alone, in the queue.

    `cases` counts the members, `asked_by` the viewers who ask any of them.
    """

    case_id: str
    question: str
    room_id: str
    room_name: str
    region: str | None
    code: str
    reason: str
    urgency: Urgency
    state: CaseState
    cases: int
    asked_by: int
    made_at: datetime
    due_at: datetime | None
    due_class: str
    step: int
    holder: str
    """Shown name of who looks at it now; "" where nobody does."""
    on_air: bool
    """Whether its session still runs: the answer can be voiced at once."""
    holder_id: str = ""
    """The account that looks at it now: two people may have the same shown name."""
    question_id: str = ""
    is_urgent: bool = False
    """A person marked it so."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows by urgency, then by deadline; `cursor` continues after the last one."""

    rows: Sequence[QueueRow]
    cursor: str | None
    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Validity:
    """A cited source as it is today, beside the version that the draft quoted."""

    source_id: str
    title: str
    document_number: str | None
    version: int
    status: Status | None
    effective_from: date | None
    effective_to: date | None
    in_force: bool
    why: str
    """In plain words, where it is not: 已废止, 尚未施行 …"""
    url: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One quote of the draft, with its source."""

    citation: Citation
    validity: Validity | None


@dataclass(frozen=True, slots=True)
class Member:
    """Another case of the group."""

    case_id: str
    question: str
    asked_by: int
    room_name: str


@dataclass(frozen=True, slots=True)
class LikeFaq:
    """A FAQ that is near the question: `kind` is `same`, `near` or `conflict`."""

    faq_id: str
    question: str
    answer: str
    likeness: float
    kind: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with everything that its reviewer needs on one page."""

    row: QueueRow
    token: int
    """0 where the asker does not hold it."""
    held_until: datetime | None
    history: tuple[str, ...]
    """What the same viewer asked before."""
    comments: tuple[str, ...]
    """The wordings of those who ask it, masked, a few."""
    item: str
    """The service item that was understood; "" where none was."""
    route: Route | None
    draft: str
    draft_spoken: str
    evidence: tuple[EvidenceView, ...]
    confidence: float | None
    reasons: tuple[str, ...]
    risks: tuple[str, ...]
    """What the screen says of question and draft, in plain words."""
    members: tuple[Member, ...]
    near: tuple[LikeFaq, ...]
    learned: LearnedAnswer | None = None
    """The learnt answer that this case is about (suspended, or waiting for a second person)."""
    typed: str = ""
    """What this reviewer had typed before a reload."""
    given: str = ""
    """The answer that viewers already have (spot check, 没解决, withdrawn)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the reviewer is told after settling: until when it can be taken back."""

    resolution_id: str
    kind: ResolutionKind
    sends_at: datetime
    case_ids: tuple[str, ...]
    next_case_id: str | None = None
