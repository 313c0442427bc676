"""What a person may tell a room to do; each order is stored with who gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.broadcast import Broadcast, Taking
from assistant.domain.live import Comment, LiveQuestion
from assistant.domain.review import DeskCase, Incident, Resolution
from assistant.live.states import Move


@dataclass(frozen=True, slots=True)
class Change:
    """Pause, resume, take over, give back, close."""

    move: Move


@dataclass(frozen=True, slots=True)
class Mute:
    """Say nothing (True), or speak again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Skip:
    """End what is being said now."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say a person's own words; they too pass mask and screen."""

    text: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Give the answer that was drafted for a question in review; `text` replaces it.

    `aloud` False: only by text, to those who await it. `by` is the account that approves.
    """

    question_id: str
    text: str = ""
    aloud: bool = True
    by: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A person has helped the viewers who were not content with an answer; nothing is said."""

    question_id: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take what still waits to be said off the queue."""

    cue_id: str


@dataclass(frozen=True, slots=True)
class PutToReview:
    """Take an answer that is still waiting off the air and let a person look at it."""

    question_id: str


@dataclass(frozen=True, slots=True)
class NeedPerson:
    """A viewer says 没解决 or 找人工 about what became of their own comment."""

    comment: Comment
    question_id: str | None = None
    unsolved: bool = False
    address: str = field(default="", repr=False)
    """Where the person's words reach the viewer: the earlier answer's address is erased."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """Automatic mode on or off; who turned it on is kept."""

    on: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """The stage's sound on or off (False); captions and figure go on."""

    on: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """A holding card covers the picture (True) and nothing is said, until it is taken away."""

    on: bool


@dataclass(frozen=True, slots=True)
class Beat:
    """A page of somebody who may run the room is open."""


@dataclass(frozen=True, slots=True)
class Present:
    """A person says that they are there (我在)."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person has seen an alert."""

    alert_id: str


@dataclass(frozen=True, slots=True)
class SetTopic:
    """What the stream is about now."""

    topic: str


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question as the records have it, with the comments that asked it.

    `reachable` are those of the comments whose viewers' addresses are still there.
    """

    question: LiveQuestion
    comments: tuple[Comment, ...] = ()
    reachable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resolve:
    """Say what the review desk has settled: all cases of one resolution in this room.

    `stored` holds the cases' questions by id. `incidents` are those that this corrects.
    """

    resolution: Resolution
    cases: tuple[DeskCase, ...]
    stored: Mapping[str, StoredQuestion] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Stop an answer that was withdrawn: its questions wait for the correction.

    `cases` are those in which it is approved, `stored` their questions by id.
    """

    incident: Incident
    cases: tuple[DeskCase, ...]
    stored: Mapping[str, StoredQuestion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PickLine:
    """Say a line that was approved before (live.lines.PICKED), by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Say an approved script from its beginning."""

    broadcast: Broadcast


@dataclass(frozen=True, slots=True)
class Jump:
    """Go on with another part of the script."""

    part: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Pause the script (True) at its sentence, or go on there; the room stays open."""

    on: bool


@dataclass(frozen=True, slots=True)
class Take:
    """When questions are answered: between two parts, or at once."""

    taking: Taking


@dataclass(frozen=True, slots=True)
class StopBroadcast:
    """End the script before its end."""


BroadcastOrder = Begin | Jump | Hold | Take | StopBroadcast
Order = (
    Change
    | Mute
    | Sound
    | Cover
    | Skip
    | Say
    | PickLine
    | Approve
    | Settled
    | Withdraw
    | PutToReview
    | NeedPerson
    | Automatic
    | Beat
    | Present
    | Acknowledge
    | SetTopic
    | Resolve
    | TakeBack
    | BroadcastOrder
)
