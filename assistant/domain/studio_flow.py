"""How a stream's draft goes from writing to air: states, versions, comments, jobs. Pure rules.

draft → in review → changes asked → approved → scheduled → on air → aired → archived. Every step is
a row of `MOVES`; only the schedule may be left out, by an operator who begins it by hand.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from assistant.domain.studio import Brief, StreamDraft, StreamKind


class StreamState(StrEnum):
    """Where a stream stands. DROPPED: given up before anybody approved it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    ON_AIR = "on_air"
    AIRED = "aired"
    ARCHIVED = "archived"
    DROPPED = "dropped"


class Step(StrEnum):
    """What can be done with a stream.

    The program's own: RETURN (a source has changed), END and STOP (what became of a broadcast).
    """

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ASK_CHANGES = "ask_changes"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    REOPEN = "reopen"
    RETURN = "return"
    AIR = "air"
    END = "end"
    STOP = "stop"
    ARCHIVE = "archive"
    DROP = "drop"


MOVES: Mapping[tuple[StreamState, Step], StreamState] = MappingProxyType(
    {
        (StreamState.DRAFT, Step.SUBMIT): StreamState.IN_REVIEW,
        (StreamState.DRAFT, Step.DROP): StreamState.DROPPED,
        (StreamState.IN_REVIEW, Step.TAKE_BACK): StreamState.DRAFT,
        (StreamState.IN_REVIEW, Step.ASK_CHANGES): StreamState.CHANGES_ASKED,
        (StreamState.IN_REVIEW, Step.APPROVE): StreamState.APPROVED,
        (StreamState.CHANGES_ASKED, Step.SUBMIT): StreamState.IN_REVIEW,
        (StreamState.CHANGES_ASKED, Step.DROP): StreamState.DROPPED,
        (StreamState.APPROVED, Step.SCHEDULE): StreamState.SCHEDULED,
        (StreamState.APPROVED, Step.REOPEN): StreamState.CHANGES_ASKED,
        (StreamState.APPROVED, Step.RETURN): StreamState.IN_REVIEW,
        (StreamState.SCHEDULED, Step.SCHEDULE): StreamState.SCHEDULED,
        (StreamState.SCHEDULED, Step.UNSCHEDULE): StreamState.APPROVED,
        (StreamState.SCHEDULED, Step.REOPEN): StreamState.CHANGES_ASKED,
        (StreamState.SCHEDULED, Step.RETURN): StreamState.IN_REVIEW,
        (StreamState.APPROVED, Step.AIR): StreamState.ON_AIR,
        (StreamState.SCHEDULED, Step.AIR): StreamState.ON_AIR,
        (StreamState.ON_AIR, Step.RETURN): StreamState.IN_REVIEW,
        (StreamState.ON_AIR, Step.STOP): StreamState.APPROVED,
        (StreamState.ON_AIR, Step.END): StreamState.AIRED,
        (StreamState.AIRED, Step.ARCHIVE): StreamState.ARCHIVED,
    }
)
STATE_NAMES: Mapping[StreamState, str] = MappingProxyType(
    {
        StreamState.DRAFT: "草稿",
        StreamState.IN_REVIEW: "待审核",
        StreamState.CHANGES_ASKED: "退回修改",
        StreamState.APPROVED: "已批准",
        StreamState.SCHEDULED: "已排期",
        StreamState.ON_AIR: "播出中",
        StreamState.AIRED: "已播出",
        StreamState.ARCHIVED: "已归档",
        StreamState.DROPPED: "已弃用",
    }
)
WRITABLE = frozenset({StreamState.DRAFT, StreamState.CHANGES_ASKED})
"""Only then words may change."""
FROZEN = frozenset(
    {StreamState.APPROVED, StreamState.SCHEDULED, StreamState.ON_AIR}
    | {StreamState.AIRED, StreamState.ARCHIVED}
)
"""Then an approval holds, and with it the digest of what was approved."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which words: `digest` is `frozen_digest` of that version with this `audio`.

    `audio` are places of sentences that were synthesised by then, with the keys of their sounds.
    `films` is the job that makes its clips, "" without any.
    """

    digest: str
    version: int
    by: str
    at: datetime
    audio: tuple[tuple[str, str], ...] = ()
    films: str = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """A part whose facts were worded anew elsewhere, or whose source changed: look at it again."""

    place: str
    facts: tuple[str, ...]
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream without its words. `writers` are all who ever wrote in it; they cannot approve it.

    `alarm` says why the program took an approval back, or did not begin it. `sources` are what its
    facts come from. `on_free_day`: it was scheduled knowing that no office works then.
    """

    id: str
    title: str
    kind: StreamKind
    made_by: str
    made_at: datetime
    changed_at: datetime
    region: str | None = None
    day: date | None = None
    state: StreamState = StreamState.DRAFT
    version: int = 1
    writers: tuple[str, ...] = ()
    approval: Approval | None = None
    starts_at: datetime | None = None
    room_id: str | None = None
    aired_at: datetime | None = None
    alarm: str = ""
    sources: tuple[str, ...] = ()
    marks: tuple[Stale, ...] = ()
    asked: str = ""
    on_free_day: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """The words at one time. A version that nobody has looked at may still be amended."""

    stream_id: str
    number: int
    actor: str
    at: datetime
    what: str
    draft: StreamDraft


@dataclass(frozen=True, slots=True)
class VersionNote:
    """A version without its words: who changed what, when."""

    number: int
    actor: str
    at: datetime
    what: str


class CommentState(StrEnum):
    """OPEN until somebody deals with it."""

    OPEN = "open"
    DONE = "done"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a sentence: `place` as in a `Finding` (`s3.2`), `quote` is what it said then.

    `suggestion` is the sentence as the author would have it; "" for a mere remark.
    """

    id: str
    stream_id: str
    place: str
    quote: str
    text: str
    author: str
    at: datetime
    suggestion: str = ""
    state: CommentState = CommentState.OPEN
    settled_by: str = ""
    settled_at: datetime | None = None


class JobState(StrEnum):
    """WAITING jobs, and RUNNING ones whose lease is over, are taken up by any process."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class DraftJob:
    """A draft that is being made. `done` of `total` segments are stored and are not made again."""

    id: str
    brief: Brief
    made_by: str
    made_at: datetime
    state: JobState = JobState.WAITING
    done: int = 0
    total: int = 0
    says: str = ""
    stream_id: str | None = None
    ended_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands against an approval. `blocks` is false for what a reviewer should only know."""

    place: str
    words: str
    reason: str
    suggestion: str = ""
    blocks: bool = True
    code: str = ""


def holds(approval: Approval, draft: StreamDraft) -> bool:
    """Whether these are the very words, slides and sounds that were approved."""
    return approval.digest == frozen_digest(draft, dict(approval.audio))


def moved(state: StreamState, step: Step) -> StreamState | None:
    """The state after a step; None where it cannot be taken from there."""
    return MOVES.get((state, step))


def steps_from(state: StreamState) -> tuple[Step, ...]:
    """What can be done from a state."""
    return tuple(step for at, step in MOVES if at is state)


def frozen_digest(draft: StreamDraft, audio: Mapping[str, str] | None = None) -> str:
    """SHA-256 over all that is said and shown, and the audio keys of what is synthesised.

    `audio` maps a sentence's place to the key of its sound. Facts are in it as well: an approval is
    of these words on this ground.
    """
    said = {
        "facts": [asdict(one) for one in draft.facts],
        "segments": [asdict(one) for one in draft.segments],
        "deck": asdict(draft.deck),
        "clips": [asdict(one) for one in draft.clips],
        "announcement": asdict(draft.announcement),
        "plan": asdict(draft.plan),
        "audio": dict(audio or {}),
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
