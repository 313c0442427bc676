"""What a room writes in one step, and what it finds unfinished when it starts again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.broadcast import Broadcast
from assistant.domain.live import (
    Alert,
    Comment,
    Cue,
    Decision,
    LiveQuestion,
    Reply,
    ReviewCase,
    Telling,
)
from assistant.domain.review import Incident, Resolution


@dataclass(frozen=True, slots=True)
class Commit:
    """What one step of a room changes: all of it in one transaction, or nothing.

    Writing a row twice changes nothing: comments, decisions and replies are kept as they were
    first written (a decision may only go from SPOKEN to REPLIED or back, a reply's state and tries
    only forward), the others replaced.
    """

    comments: Sequence[Comment] = ()
    decisions: Sequence[Decision] = ()
    questions: Sequence[LiveQuestion] = ()
    cues: Sequence[Cue] = ()
    replies: Sequence[Reply] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Sealed addresses by comment id; erased by `LiveRecords.erase_addresses`."""
    cases: Sequence[ReviewCase] = ()
    alerts: Sequence[Alert] = ()
    resolutions: Sequence[Resolution] = ()
    """What was decided in the room itself, final at once; its cases get its id."""
    incidents: Sequence[Incident] = ()
    """Answers that were taken back, as far as the room has come with them."""
    broadcasts: Sequence[Broadcast] = ()
    tellings: Sequence[Telling] = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a session has that is not finished, for a room that starts again."""

    comments: Sequence[Comment]
    """Without a decision, oldest first."""
    questions: Sequence[LiveQuestion]
    """All of the session."""
    cues: Sequence[Cue]
    """WAITING or SENT."""
    replies: Sequence[Reply]
    """PENDING or SENDING."""
    alerts: Sequence[Alert] = ()
    """Not acknowledged."""
    cases: Sequence[ReviewCase] = ()
    """Not settled."""
    broadcasts: Sequence[Broadcast] = ()
    """RUNNING: one at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment of a session and what became of it; None where that is not decided yet."""

    comment: Comment
    decision: Decision | None = None
