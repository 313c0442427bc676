"""The morning's report as values: what one night brought, and what waits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from assistant.domain.ledger import LedgerCounts
from assistant.insight.ways import ANSWERED, Way


@dataclass(frozen=True, slots=True)
class Night:
    """From the last close of work up to the hour of `day` at which work begins, or up to now.

    `over` says that the whole of it lies behind.
    """

    day: date
    since: datetime
    until: datetime
    over: bool = True


@dataclass(frozen=True, slots=True)
class Airtime:
    """How long a room was on air in the night, in seconds, and in how many streams."""

    room_id: str
    room: str
    seconds: float
    streams: int


@dataclass(frozen=True, slots=True)
class Slow:
    """A question that waited long, in seconds. `text` is masked."""

    id: str
    question_id: str | None
    room: str
    at: datetime
    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Waits:
    """How long something took, in seconds, and the worst of it, the longest first."""

    measured: int = 0
    median: float | None = None
    p95: float | None = None
    worst: tuple[Slow, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong, and what became of it. `mended_at`: None while it stands."""

    at: datetime
    room: str
    kind: str
    text: str
    level: str = ""
    told_at: datetime | None = None
    told: str = ""
    mended_at: datetime | None = None
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """What no source answered, by item: its questions, the most asked first.

    `source_id` and `item` are of the guide that the drafts were about, "" where there was none.
    """

    topic: str
    asked_by: int
    questions: tuple[str, ...]
    item: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A group at the head of the review queue."""

    case_id: str
    question: str
    room: str
    since: datetime
    due_at: datetime | None
    urgency: str
    asked_by: int


@dataclass(frozen=True, slots=True)
class Morning:
    """All of it. `ways` counts the ledger's rows, each once; `ledger` are the ledger's own counts.

    `to_outcome` runs from a comment's receipt to its decision, `to_sound` from there to the first
    sound of the answer where one was said for it.
    """

    night: Night
    made_at: datetime
    received: int = 0
    ledger: LedgerCounts = field(default_factory=LedgerCounts)
    ways: Mapping[Way, int] = field(default_factory=dict)
    airtime: tuple[Airtime, ...] = ()
    to_outcome: Waits = Waits()
    to_sound: Waits = Waits()
    incidents: tuple[Incident, ...] = ()
    lacks: tuple[Lack, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    waiting_cases: int = 0
    overdue_cases: int = 0
    rooms: tuple[str, ...] = ()
    """Names of the rooms that were asked for; () for all."""

    @property
    def seconds_on_air(self) -> float:
        """Of all rooms together."""
        return sum(one.seconds for one in self.airtime)

    @property
    def answered(self) -> int:
        """Questions whose viewers got something."""
        return sum(self.ways.get(way, 0) for way in ANSWERED)

    def as_json(self) -> dict[str, Any]:
        """For programs; times in UTC."""
        told: dict[str, Any] = _plain(asdict(self))
        return told | {"seconds_on_air": self.seconds_on_air, "answered": self.answered}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value
