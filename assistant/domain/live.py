"""The live room's values: events of platforms, masked comments, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assistant.domain.answer import Citation
from assistant.domain.duty import Hold
from assistant.domain.speech import Said, Voiced
from assistant.domain.verdict import Action


class EventType(StrEnum):
    """What can happen on a platform (FORMATS §5)."""

    COMMENT = "comment"
    LIKE = "like"
    GIFT = "gift"
    FOLLOW = "follow"
    ENTER = "enter"
    STREAM_START = "stream_start"
    STREAM_END = "stream_end"
    PLATFORM_WARNING = "platform_warning"


@dataclass(frozen=True, slots=True)
class LiveUser:
    """A viewer as the platform names them: personal data, never stored or logged."""

    id: str
    name: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event as it came: not masked, so it never leaves memory before `Intake` has masked it.

    `at` is when the platform says it happened. `reply_to` is what the platform needs to send this
    viewer a reply ("" where it can send none).
    """

    event_id: str
    platform: str
    type: EventType
    at: datetime
    user: LiveUser | None = None
    text: str = ""
    count: int = 1
    reply_to: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, masked: the form in which it is journaled, stored, shown and answered.

    `viewer` is a keyed pseudonym. `hidden` names the kinds of personal data that were masked.
    """

    id: str
    room_id: str
    session_id: str
    platform: str
    event_id: str
    received_at: datetime
    viewer: str
    text: str
    viewer_name: str = ""
    hidden: tuple[str, ...] = ()


class OutcomeKind(StrEnum):
    """The five ends of a comment (FORMATS §5)."""

    SPOKEN = "spoken"
    REPLIED = "replied"
    QUEUED_FOR_REVIEW = "queued_for_review"
    MERGED = "merged"
    SET_ASIDE = "set_aside"


class Urgency(StrEnum):
    """How soon a person must know."""

    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one comment: exactly one a comment, ever.

    `reason` is a short Chinese sentence, `code` a word for statistics. `decision_ms` is wall time
    from receipt. `kind` may later change between SPOKEN and REPLIED only (speech that found no
    time goes out as text).
    """

    comment_id: str
    kind: OutcomeKind
    code: str
    reason: str
    decided_at: datetime
    decision_ms: float = 0.0
    is_question: bool = False
    question_id: str | None = None
    action: Action | None = None


class QuestionState(StrEnum):
    """How far a question of the room has come."""

    OPEN = "open"
    ANSWERED = "answered"
    CLARIFIED = "clarified"
    IN_REVIEW = "in_review"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """One question of the room, asked by one viewer or by many.

    `asked_by` counts different viewers. `outcome_id` is the row of `questions` (OutcomeRepository)
    that holds draft, verdict and evidence; `answer`, `spoken` and `citations` repeat what is said.
    """

    id: str
    room_id: str
    session_id: str
    text: str
    first_at: datetime
    state: QuestionState = QuestionState.OPEN
    region: str | None = None
    urgency: Urgency = Urgency.NORMAL
    asked_by: int = 1
    action: Action | None = None
    outcome_id: str | None = None
    answer: str = ""
    spoken: str = ""
    citations: tuple[Citation, ...] = ()
    answered_at: datetime | None = None


class CueState(StrEnum):
    """The life of a cue. After `STARTED` it is never sent again."""

    WAITING = "waiting"
    SENT = "sent"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"


class CueKind(StrEnum):
    """What a cue says; only these may be voiced (DESIGN §3, Utterance)."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FIXED_LINE = "fixed_line"
    OPERATOR_SAID = "operator_said"
    CORRECTION = "correction"
    """What a person says in place of an answer that was taken back."""
    SCRIPT = "script"
    """A part of an approved script; it names the approval."""


@dataclass(frozen=True, slots=True)
class SlideAt:
    """A stored slide and when it comes: `at` characters of the cue's `spoken` go before it.

    White space is not counted: a reading drops it at the ends of its sentences.
    """

    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say on the stage. `seconds` is how long saying it takes, as estimated.

    `heard` counts the characters of the said sentences that viewers heard, `voiced` are those
    sentences; None and () where no page reported.
    """

    id: str
    room_id: str
    session_id: str
    kind: CueKind
    text: str
    spoken: str
    made_at: datetime
    question_id: str | None = None
    citations: tuple[Citation, ...] = ()
    asked_by: int = 1
    actor: str | None = None
    seconds: float = 0.0
    state: CueState = CueState.WAITING
    started_at: datetime | None = None
    ended_at: datetime | None = None
    heard: int | None = None
    voiced: tuple[Voiced, ...] = ()
    approval: str = ""
    """The digest of the script that was approved (StreamDraft); for SCRIPT alone."""
    slides: tuple[SlideAt, ...] = ()
    """In the order in which they come."""

    def __post_init__(self) -> None:
        if (self.kind is CueKind.SCRIPT) != bool(self.approval):
            raise ValueError("a script is said by its approval, and nothing else is")


@dataclass(frozen=True, slots=True)
class Asking:
    """What stands beside an answer: the question, safe to show, and who asked, masked."""

    question: str = ""
    viewer: str = ""


NOBODY = Asking()


class StageEventKind(StrEnum):
    """What a stage acknowledges."""

    STARTED = "started"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StageEvent:
    """An acknowledgement of the stage. `at` is the room's time; `said` comes with an end."""

    cue_id: str
    kind: StageEventKind
    at: datetime
    said: Said | None = None


class ReplyState(StrEnum):
    """The life of a reply; SENDING found after a crash becomes UNCERTAIN, never sent again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Reply:
    """A text for one viewer. `id` is the idempotency key; the address lies in the vault by it."""

    id: str
    room_id: str
    session_id: str
    comment_id: str
    platform: str
    viewer: str
    text: str
    made_at: datetime
    state: ReplyState = ReplyState.PENDING
    tries: int = 0


class AlertLevel(StrEnum):
    """Who must look: the duty officer soon, or at once."""

    WARNING = "warning"
    URGENT = "urgent"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a named person must acknowledge. `step` counts the people told so far."""

    id: str
    room_id: str
    code: str
    level: AlertLevel
    text: str
    raised_at: datetime
    comment_id: str | None = None
    assignee: str = ""
    step: int = 0
    told_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """That somebody was told of an alert, as the `step`-th; `worked`: it surely reached a way."""

    alert_id: str
    step: int
    officer: str
    at: datetime
    worked: bool


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A question that a person must settle (the review desk works on these).

    `settled_how` is one word: `said`, `sent` (by text alone), `withheld` (did not pass the screen),
    `done` (nothing was to be said), `room_gone`, `too_old`.
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


class RoomState(StrEnum):
    """idle → open → (paused | taken over) → closing → closed."""

    IDLE = "idle"
    OPEN = "open"
    PAUSED = "paused"
    TAKEN_OVER = "taken_over"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Room:
    """A room of an organisation. `automatic` is off until a named person turns it on.

    `officers` are told of alerts one after the other where no rota says who is on duty.
    `heartbeat_at`: an open page of somebody who may run the room; `present_at`, `present_by`: a
    person said 我在, or gave an order. `silent`: the stage's sound is off, captions go on.
    `carded`: a holding card covers the picture, and nothing is said.
    """

    id: str
    name: str
    region: str | None = None
    state: RoomState = RoomState.IDLE
    automatic: bool = False
    automatic_by: str = ""
    muted: bool = False
    topic: str = ""
    officers: tuple[str, ...] = ()
    session_id: str | None = None
    heartbeat_at: datetime | None = None
    held: Hold = Hold.NONE
    """Why no answer is given by itself, though the room is in automatic mode."""
    held_since: datetime | None = None
    present_at: datetime | None = None
    present_by: str = ""
    silent: bool = False
    carded: bool = False


@dataclass(frozen=True, slots=True)
class LiveSession:
    """One stream (场次) of a room."""

    id: str
    room_id: str
    opened_at: datetime
    closed_at: datetime | None = None
