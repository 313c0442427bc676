"""What a reviewer tells the desk about a case. `token` proves that they hold it."""

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.review import ResolutionKind


@dataclass(frozen=True, slots=True)
class Source:
    """A source that the reviewer names; `quote` must be verbatim from its current version."""

    source_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle a case with its whole group.

    `text` is empty for APPROVE and CONFIRM. `aloud`: voice it too, not only send it. `personal`:
    about one person's case, never learnt. `similar` and `negatives` go into the FAQ. `without`
    names cases of the group that are not meant. `at_once` gives up the time for taking it back.
    """

    case_id: str
    token: int
    kind: ResolutionKind
    text: str = ""
    sources: tuple[Source, ...] = ()
    note: str = ""
    aloud: bool = True
    learn: bool = True
    personal: bool = False
    similar: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    took_ms: float = 0.0
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give a case to a department; `line` is what the viewer is told."""

    case_id: str
    token: int
    unit: str
    due_at: datetime
    note: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Urgent, or no longer."""

    case_id: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """Settle a case with another one from now on."""

    case_id: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Settle a case by itself again."""

    case_id: str
