"""Puts together what keeps the desk's time: calendar, reception, escalation, spot checks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from assistant.domain.clock import Clock
from assistant.domain.region import RegionTree
from assistant.records.accounts import AccountRecords
from assistant.records.accounts_audit import AuditRecords
from assistant.records.calendar import CalendarRecords
from assistant.records.database import Database
from assistant.records.escalations import EscalationRecords
from assistant.records.reception import ReceptionRecords
from assistant.records.spot_checks import SpotCheckRecords
from assistant.records.statistics import StatisticsRecords
from assistant.review.calendar import OfficeCalendar
from assistant.review.chores import Chore
from assistant.review.deadlines import Deadlines, read_deadlines
from assistant.review.escalation import Escalating, Escalation, LogTell, Tell
from assistant.review.labels import Labels
from assistant.review.likeness import Nothing, OpenCases, SameQuestion
from assistant.review.reception import Reception
from assistant.review.rights import Rights
from assistant.review.spot_checks import Draw, SpotChecks
from assistant.review.statistics import ReviewStatistics


@dataclass(frozen=True, slots=True)
class TimeParts:
    """What an office chooses. `same` makes a memory of questions for one region.

    Without a `draw` no automatic answer is looked at.
    """

    same: Callable[[], SameQuestion] = Nothing
    tell: Tell = field(default_factory=LogTell)
    deadlines: Deadlines = field(default_factory=read_deadlines)
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """The calendar, the deadlines, and the chores that keep both. Made by `build`."""

    calendar: OfficeCalendar
    deadlines: Deadlines
    chores: Sequence[Chore]

    @classmethod
    def build(
        cls, database: Database, organization: str, clock: Clock, regions: RegionTree,
        parts: TimeParts,
    ) -> Self:  # fmt: skip
        """Over an open database."""
        audit = AuditRecords(database, organization, clock)
        days = CalendarRecords(database, organization, clock, audit)
        calendar = OfficeCalendar(days, parts.deadlines.in_workdays)
        arrivals = ReceptionRecords(database, organization)
        open_cases = OpenCases(arrivals, parts.same)
        reception = Reception(arrivals, calendar, parts.deadlines, open_cases, clock)
        escalating = Escalating(
            records=EscalationRecords(database, organization, audit),
            calendar=calendar,
            deadlines=parts.deadlines,
            staff=AccountRecords(database, organization, clock, audit).everyone,
            rights=Rights(regions),
            tell=parts.tell,
            clock=clock,
        )
        chores = [*reception.chores, Escalation(escalating).chore]
        if parts.draw is not None:
            records = SpotCheckRecords(database, organization)
            chores.append(SpotChecks(records, parts.draw, clock).chore)
        return cls(calendar, parts.deadlines, tuple(chores))


def review_statistics(database: Database, organization: str) -> ReviewStatistics:
    """The desk's numbers."""
    return ReviewStatistics(StatisticsRecords(database, organization))


def review_labels(database: Database, organization: str) -> Labels:
    """What people decided, as labels."""
    return Labels(StatisticsRecords(database, organization))
