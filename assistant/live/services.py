"""What a room is given, and the numbers it goes by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from assistant.domain.answer import Citation
from assistant.domain.clock import NewId, china_day
from assistant.domain.duty import BEAT, DutyBook
from assistant.domain.live import Alert
from assistant.domain.live_commit import Entry
from assistant.domain.outcome import Outcome
from assistant.live.broadcast.scripts import Scripts
from assistant.live.judging import Judge
from assistant.live.seams import (
    AddressVault,
    Answers,
    Floods,
    LiveClock,
    LiveRecords,
    Mask,
    Merger,
    Replying,
    Screen,
    Stage,
    Triage,
)
from assistant.records.outcomes import RecordedOutcome


class StoredOutcomes(Protocol):
    """Keeps what came of a question, before anything of it is said."""

    async def record(self, outcome: Outcome, key: str | None = None) -> str:
        """Store it; gives its id."""
        ...

    async def get(self, outcome_id: str) -> RecordedOutcome | None:
        """One that was stored."""
        ...


class Askers(Protocol):
    """Who asked a question, for a room that starts again (records.live_reads)."""

    async def __call__(self, question_id: str) -> Sequence[Entry]:
        """The comments that asked it, oldest first."""
        ...


class Notify(Protocol):
    """Tells a named person of an alert."""

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Tell them; raises Unavailable where they surely or possibly were not told."""
        ...


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """Times in seconds of the room; `patience` is how long an answer may wait to be voiced."""

    patience: float = 180.0
    merge_window: float = 900.0
    history_window: float = 300.0
    escalate_after: float = 180.0
    emergency_after: float = 60.0
    """So long one person has to acknowledge an alert, before the next on the rota is told."""
    rounds: int = 3
    """How often the rota is gone through for one alert."""
    heartbeat: float | None = BEAT.total_seconds()
    """So old the last beat of an open page may be; None: somebody is always there."""
    greeting_every: float = 60.0
    redirect_every: float = 120.0
    alert_every: float = 60.0
    checking_after: float = 10.0
    checking_every: float | None = 120.0
    """How long a case waits until the stage says so, and how often it says it; None: never."""
    audible_label: Literal["start", "end", "off"] = "off"
    label_every: float = 600.0
    """Where the voice says that AI made it; at the end of exchanges at most so often."""
    answering: int = 2
    longest_queue: int = 400
    receipt_from: int = 8
    """So many questions before one's own: the viewer is told that it was received."""
    remembered: int = 2000
    """Questions that a room keeps in memory to merge with."""


def never_withheld(text: str, cited: Iterable[Citation]) -> bool:
    """Nothing was taken back."""
    del text, cited
    return False


RATE = 4.0
"""Characters a second: 240 a minute (DOMAIN §5), where no voice says better."""


def plain_seconds(spoken: str) -> float:
    """How long a text takes to say, where there is no voice."""
    return len(spoken) / RATE


@dataclass(frozen=True, slots=True)
class RoomServices:
    """Everything a room works with; built by bootstrap, faked in tests.

    `floods` and `merger` are made anew for each session. `today` is the day for which answers
    must hold.
    """

    records: LiveRecords
    askers: Askers
    outcomes: StoredOutcomes
    answers: Answers
    mask: Mask
    screen: Screen
    floods: Callable[[], Floods]
    triage: Triage
    merger: Callable[[], Merger]
    stage: Stage
    vault: AddressVault
    notify: Notify
    clock: LiveClock
    new_id: NewId
    judge: Judge | None = None
    """Judges many texts at once; without it triage and screen are asked one by one."""
    repliers: Mapping[str, Replying] = field(default_factory=dict)
    config: RoomConfig = RoomConfig()
    today: Callable[[datetime], date] = china_day
    withheld: Callable[[str, Iterable[Citation]], bool] = never_withheld
    """Whether an answer was withdrawn and may not be given."""
    seconds: Callable[[str], float] = plain_seconds
    """How long a text takes to say."""
    duty: Callable[[], DutyBook] = DutyBook
    """Who is on duty, and in which hours the room answers by itself."""
    scripts: Scripts | None = None
    """Loads approved scripts; None where there is no studio."""
