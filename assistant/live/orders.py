"""What a person may tell a room to do; each order is stored with who gave it."""

from dataclasses import dataclass

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
    """Say the answer that was drafted for a question in review; `text` replaces it."""

    question_id: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PutToReview:
    """Take an answer that is still waiting off the air and let a person look at it."""

    question_id: str


@dataclass(frozen=True, slots=True)
class NeedPerson:
    """A viewer says 没解决 or 找人工."""

    question_id: str
    unsolved: bool = False


@dataclass(frozen=True, slots=True)
class Automatic:
    """Automatic mode on or off; who turned it on is kept."""

    on: bool


@dataclass(frozen=True, slots=True)
class Beat:
    """The duty officer is there."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person has seen an alert."""

    alert_id: str


@dataclass(frozen=True, slots=True)
class SetTopic:
    """What the stream is about now."""

    topic: str


Order = (
    Change
    | Mute
    | Skip
    | Say
    | Approve
    | PutToReview
    | NeedPerson
    | Automatic
    | Beat
    | Acknowledge
    | SetTopic
)
