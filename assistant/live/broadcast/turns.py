"""Turns between script and answers: where many ask, the script is not silent for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(seconds=90)
"""So long answers are given one after the other; then the script has its turn."""
LEAST = timedelta(seconds=30)
"""For so long it is not interrupted then, but for what presses."""


@dataclass(slots=True)
class Turns:
    """When the script fell silent, and until when its turn lasts."""

    silent_since: datetime | None = None
    until: datetime | None = None

    def begins(self, now: datetime) -> None:
        """The script is said."""
        if self.is_due(now):
            self.until = now + LEAST
        self.silent_since = None

    def ends(self, now: datetime) -> None:
        """It is silent, for whatever reason."""
        self.silent_since = now

    def is_due(self, now: datetime) -> bool:
        """Whether others have had the word for long enough."""
        return self.silent_since is not None and now - self.silent_since >= LONGEST

    def is_owed(self, now: datetime) -> bool:
        """Whether its turn lasts."""
        return self.until is not None and now < self.until
