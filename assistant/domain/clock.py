"""Time and identity as injected abilities."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the present moment in UTC."""

    def __call__(self) -> datetime:
        """Now."""
        ...


class NewId(Protocol):
    """Gives a new unique id (a ULID in production)."""

    def __call__(self) -> str:
        """An id that was never given before."""
        ...


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


def china_day(now: datetime) -> date:
    """The day where the viewers are."""
    return (now.astimezone(UTC) + timedelta(hours=8)).date()
