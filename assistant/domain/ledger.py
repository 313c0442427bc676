"""The 台账: one row for every comment that is a question or went to a person (DOMAIN §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.answer import Citation, Route
from assistant.domain.live import OutcomeKind, QuestionState, Urgency
from assistant.domain.review import CaseState, ResolutionKind
from assistant.domain.verdict import Action


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which rows are looked at; None and empty mean all.

    `rooms` are those that the asker may see (None: every one). `since` and `until` bound the time
    of receipt, the end excluded. Each of `words` must stand in the question (either wording), the
    answer that was given, or a 文号 of its basis. `regions` are codes, those below them listed too.
    """

    rooms: tuple[str, ...] | None = None
    room_id: str | None = None
    session_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcome: OutcomeKind | None = None
    action: Action | None = None
    route: Route | None = None
    state: QuestionState | None = None
    platform: str | None = None
    regions: tuple[str, ...] | None = None
    handed: bool | None = None
    overdue: bool | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerCase:
    """What the desk has of a question: its newest case and how that was settled.

    `unit` is the department that has, or last had, any case of it. `open_until` is the first
    deadline of those of its cases on which somebody must still act.
    """

    id: str
    code: str
    state: CaseState
    made_at: datetime
    due_at: datetime | None = None
    unit: str = ""
    unit_due_at: datetime | None = None
    unit_note: str = ""
    kind: ResolutionKind | None = None
    text: str = ""
    citations: tuple[Citation, ...] = ()
    actor_name: str = ""
    note: str = ""
    decided_at: datetime | None = None
    sent_at: datetime | None = None
    open_until: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether a deadline has passed while somebody must still act."""
        return self.open_until is not None and self.open_until < now


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One comment with everything that the ledger tells of it. Texts are masked.

    `repeats` counts the comments that asked the same question, this one included. `said_at` is
    when an answer to it was first begun to be said after it had come. `item` is the code of the
    service item whose guide is cited; `approver` who let the words out, where a person did.
    """

    id: str
    room_id: str
    room_name: str
    session_id: str
    opened_at: datetime
    platform: str
    received_at: datetime
    viewer: str
    viewer_name: str
    text: str
    outcome: OutcomeKind
    code: str
    reason: str
    is_question: bool
    decided_at: datetime
    question_id: str | None = None
    question: str = ""
    state: QuestionState | None = None
    action: Action | None = None
    region: str | None = None
    urgency: Urgency = Urgency.NORMAL
    route: Route | None = None
    answer: str = ""
    citations: tuple[Citation, ...] = ()
    item: str = ""
    repeats: int = 1
    said_at: datetime | None = None
    approver: str = ""
    approved_at: datetime | None = None
    case: LedgerCase | None = None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Rows, newest first; `cursor` continues after the last one, None at the end."""

    rows: Sequence[LedgerRow]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """How many rows a filter lets through, and how they ended."""

    rows: int = 0
    questions: int = 0
    spoken: int = 0
    replied: int = 0
    to_person: int = 0
    merged: int = 0
    set_aside: int = 0
    waiting: int = 0
    """Whose question waits for a person now."""
    handed: int = 0
    overdue: int = 0
