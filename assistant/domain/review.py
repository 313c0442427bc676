"""The review desk's values: cases with deadlines, how a person settled them, what came of it.

A room opens a case (`live.ReviewCase`); the desk adds who holds it, until when it must be settled,
and which cases are settled together. See decisions/0021.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.answer import Citation
from assistant.domain.live import Urgency


class CaseState(StrEnum):
    """How far a case has come. `NEXT` says what may follow what."""

    WAITING = "waiting"
    SENDING = "sending"
    """Settled, and still to be taken back with one key."""
    RESOLVED = "resolved"
    """Settled for good; what was said to it may still be on its way into the room."""
    HANDED = "handed"
    """A department has it."""


NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.WAITING: frozenset({CaseState.SENDING, CaseState.RESOLVED}),
    CaseState.SENDING: frozenset({CaseState.WAITING, CaseState.RESOLVED, CaseState.HANDED}),
    CaseState.HANDED: frozenset({CaseState.WAITING}),
    CaseState.RESOLVED: frozenset(),
}
"""WAITING → RESOLVED without SENDING: the room itself settled it (the console's approval)."""


def may_follow(before: CaseState, after: CaseState) -> bool:
    """Whether a case may go from one state to another."""
    return after in NEXT[before]


class ResolutionKind(StrEnum):
    """What a person decided."""

    APPROVE = "approve"
    """The draft as it stood."""
    EDIT = "edit"
    """The draft, changed."""
    ANSWER = "answer"
    """An answer of their own, with a source or as their own word."""
    ASK_BACK = "ask_back"
    REJECT = "reject"
    """No answer on air; a line for the viewer."""
    HAND_OVER = "hand_over"
    CONFIRM = "confirm"
    """An answer that was given already was right (spot check, suspended answer)."""


SAID = frozenset({ResolutionKind.APPROVE, ResolutionKind.EDIT, ResolutionKind.ANSWER})
"""Kinds whose words are an answer: voiced or sent, and learnt."""


SECOND = "second"
"""The code of a case that asks another person to agree to an answer without a source."""
SUSPENDED = "suspended"
"""The code of a case that asks whether a learnt answer is still right."""
OWN_CODES = frozenset({SECOND, SUSPENDED})
"""Cases that the desk opens about learnt answers. `settled_at` is set from the beginning: no room
has anything to say to them."""
SPOT_CHECK = "spot_check"
"""The code of a case that asks whether an answer given automatically was right."""
ROOMLESS = OWN_CODES | {SPOT_CHECK}
"""Cases for which no room waits; what the room said says nothing of whether they are settled."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A source on which an answer rests. `quote` is verbatim from that version."""

    source_id: str
    version: int
    quote: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class DeskCase:
    """A case as the desk keeps it; the fields up to `settled_how` are the room's.

    `settled_at` is when the room had said what there was to say. `group_id` is the id of the case
    that leads its group (None: it leads, or is alone); `merged_into` is set too where a person put
    it there. `due_at` is the next deadline, `due_class` the rule that set it; `step` counts the
    escalations for this deadline so far.
    """

    id: str
    room_id: str
    session_id: str
    question_id: str
    code: str
    reason: str
    made_at: datetime
    urgency: Urgency = Urgency.NORMAL
    settled_at: datetime | None = None
    settled_how: str | None = None
    state: CaseState = CaseState.WAITING
    is_urgent: bool = False
    """A person marked it so; the room's own judgement is `urgency`."""
    region: str | None = None
    group_id: str | None = None
    merged_into: str | None = None
    due_at: datetime | None = None
    due_from: datetime | None = None
    """From when the deadline counts: the case's opening, its return, the mark that it is urgent."""
    due_class: str = ""
    step: int = 0
    holder: str | None = None
    """The account that looks at it now."""
    held_until: datetime | None = None
    token: int = 0
    """Grows each time someone takes the case; who settles must still have the newest one."""
    resolution_id: str | None = None
    unit: str = ""
    unit_due_at: datetime | None = None
    unit_note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one state that are settled together; one that is alone is a group too.

    The lease of a group is that of its lead. Where the case that led it is no longer in this state
    (the room settled it by itself), the first of those that are left leads.
    """

    lead: DeskCase
    others: tuple[DeskCase, ...] = ()

    @property
    def cases(self) -> tuple[DeskCase, ...]:
        """All of them, the lead first."""
        return (self.lead, *self.others)


def key_of(case: DeskCase) -> str:
    """What the cases of a group have in common."""
    return case.group_id or case.id


def grouped(cases: Sequence[DeskCase]) -> Group:
    """The group of some cases, which may not be none."""
    ordered = sorted(cases, key=lambda case: (case.group_id is not None, case.id))
    return Group(ordered[0], tuple(ordered[1:]))


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person decided about one case or a group.

    Undone while `sent_at` is None and `sends_at` lies ahead. `seen` is what they had before them
    (draft, evidence, confidence), kept as a label for calibration; `took_ms` how long they looked.
    `personal`: about a single person's case, never learnt. `aloud`: voiced too, not only sent.
    `needs_second`: no source, so another person must agree before it is learnt.
    """

    id: str
    kind: ResolutionKind
    case_ids: tuple[str, ...]
    text: str
    spoken: str
    actor: str
    actor_name: str
    made_at: datetime
    sends_at: datetime
    citations: tuple[Citation, ...] = ()
    basis: tuple[Basis, ...] = ()
    note: str = ""
    aloud: bool = True
    learn: bool = True
    personal: bool = False
    similar: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    seen: str = "{}"
    took_ms: float = 0.0
    sent_at: datetime | None = None
    undone_at: datetime | None = None
    second_by: str | None = None
    second_at: datetime | None = None

    @property
    def needs_second(self) -> bool:
        """Whether another person must agree before it becomes a FAQ."""
        return self.learn and not self.personal and not self.basis and self.second_by is None


class LearnedState(StrEnum):
    """Whether an answer that was learnt still answers."""

    PENDING = "pending"
    """Waits for a second person."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """A source under it changed; it is back on the desk."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class LearnedAnswer:
    """A FAQ that came from the desk, and what it rests on.

    `case_id` is the case on the desk that is about it now: a second person's, or after suspension.
    """

    faq_id: str
    resolution_id: str
    state: LearnedState
    question: str
    answer: str
    region: str
    basis: tuple[Basis, ...]
    changed_at: datetime
    why: str = ""
    case_id: str | None = None


NIGHT = "night"
"""The class of deadline of what a stream left while the office was closed."""
WITHDRAWN = "withdrawn"
"""The code of a case in which the correction of a withdrawn answer is approved."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An answer that was wrong on air and was taken back.

    One an answer and stream: where an answer was given in several, their cases are one group.
    `fingerprint` is that of the answer (`answering.withheld`): it is not given again. `case_id` is
    the case in which the correction is approved; `audience` counts the viewers who had got it,
    `unreached` those of them whom the correction could not be sent to. `faq_ids` were retired.
    """

    id: str
    room_id: str
    session_id: str
    question_id: str
    outcome_id: str | None
    fingerprint: str
    answer: str
    source_ids: tuple[str, ...]
    approver: str
    reason: str
    actor: str
    made_at: datetime
    audience: int = 0
    case_id: str | None = None
    applied_at: datetime | None = None
    """When the room had stopped it."""
    corrected_at: datetime | None = None
    """When the correction was on its way, or the answer was found right after all."""
    unreached: int = 0
    faq_ids: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    """What the answer cited: what else states that is in doubt."""
