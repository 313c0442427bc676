"""The duty of an organisation as a live room reads it: read again every few seconds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from assistant.domain.duty import DutyBook, DutyPlan
from assistant.domain.workdays import Calendar, OfficeHours
from assistant.records.duty import DutyRecords
from assistant.review.chores import Chore

PAUSE = 5.0
"""Seconds after which another process's change of a rota counts here too."""


@dataclass(frozen=True, slots=True)
class DutyParts:
    """`hours` are the office's on a calendar; `otherwise` is the plan of a room without one."""

    records: DutyRecords
    calendar: Callable[[], Awaitable[Calendar]]
    hours: Callable[[Calendar], OfficeHours]
    otherwise: DutyPlan = field(default_factory=DutyPlan)


class DutyKeeper:
    """Keeps the book; empty and closed until it was read once."""

    def __init__(self, parts: DutyParts) -> None:
        self._parts = parts
        self._book = DutyBook(otherwise=parts.otherwise)
        self.chore = Chore("live.duty", self.follow, PAUSE)

    def __call__(self) -> DutyBook:
        """The book as it was read last."""
        return self._book

    @property
    def records(self) -> DutyRecords:
        """Where plans and tellings are kept."""
        return self._parts.records

    async def follow(self) -> bool:
        """Read it anew; whether anything changed."""
        before, parts = self._book, self._parts
        office = parts.hours(await parts.calendar())
        self._book = DutyBook(await parts.records.plans(), office, parts.otherwise)
        return self._book.plans != before.plans
