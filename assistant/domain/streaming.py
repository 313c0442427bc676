"""What befell a stream: each step and each fault that a person must know of, with its time."""

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.live import AlertLevel


@dataclass(frozen=True, slots=True)
class Happening:
    """`code` is a word for statistics, `text` is for staff. `level` is None where nobody is told.

    `id` is a ULID: one that is reported twice is one.
    """

    id: str
    at: datetime
    code: str
    text: str
    level: AlertLevel | None = None
