"""Puts the review desk together. What it does by itself stands in one list: `Review.chores`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone

from assistant.domain.clock import Clock, NewId
from assistant.domain.region import RegionTree
from assistant.domain.review import OWN_CODES, DeskCase, LearnedAnswer
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.events import EventRecords
from assistant.records.given import GivenAnswers
from assistant.records.incidents import IncidentRecords
from assistant.records.learned import LearnedRecords
from assistant.records.live_reads import LiveReads
from assistant.records.outcomes import OutcomeRepository
from assistant.records.regressions import RegressionRecords
from assistant.records.review import ReviewRecords
from assistant.records.review_queue import ReviewQueue
from assistant.records.review_resolutions import ResolutionRecords
from assistant.records.sources import SourceRepository
from assistant.review.case_pages import CasePages, CaseReading, Near, no_near
from assistant.review.chores import Chore
from assistant.review.desk import DeskParts, ReviewDesk
from assistant.review.evidence import EvidenceDesk
from assistant.review.finishing import Finishing
from assistant.review.handling import handling
from assistant.review.learning import Learning, LearningParts
from assistant.review.learnt_faqs import LearntFaqs
from assistant.review.regressions import Regressions
from assistant.review.rights import Rights
from assistant.review.safe_texts import SafeTexts, Unsafe, Withheld, never_withheld
from assistant.review.settling import UNDO_WINDOW, Settling
from assistant.review.standing import Standing
from assistant.review.suspending import Suspending, SuspendingParts
from assistant.review.timekeeping import Timekeeping, TimeParts
from assistant.review.withdrawing import Withdrawing, WithdrawingParts

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A day begins at midnight there."""


@dataclass(frozen=True, slots=True)
class ReviewParts:
    """What the desk is built from. `unsafe` says why a text may not go out, "" where it may.

    `withheld` says whether an answer was taken back.
    """

    database: Database
    organization: str
    clock: Clock
    new_id: NewId
    regions: RegionTree
    sources: SourceRepository
    outcomes: OutcomeRepository
    unsafe: Unsafe
    withheld: Withheld = never_withheld
    finished: Callable[[], None] = lambda: None
    """Told when something became final or was withdrawn here: a room may have to say it."""
    near: Near = no_near
    undo_window: timedelta = UNDO_WINDOW
    times: TimeParts = field(default_factory=TimeParts)


@dataclass(frozen=True, slots=True)
class Review:
    """The desk, and what is done by itself while the service runs."""

    desk: ReviewDesk
    learning: Learning
    times: Timekeeping
    learnt: LearnedRecords
    chores: Sequence[Chore]


def build_review(parts: ReviewParts) -> Review:
    """The desk of one organisation."""
    audit = AuditRecords(parts.database, parts.organization, parts.clock)
    events = EventRecords(parts.database, parts.organization)
    resolutions = ResolutionRecords(parts.database, parts.organization, parts.clock, audit, events)
    finishing = Finishing(resolutions, parts.clock, parts.finished)
    taught = teach(parts, audit, events)
    withdrawing = _withdrawing(parts, audit, events)
    desk = _desk(parts, audit, resolutions, finishing.chore.wake, taught, withdrawing)
    times = Timekeeping.build(
        parts.database, parts.organization, parts.clock, parts.regions, parts.times
    )
    return Review(
        desk,
        taught.learning,
        times,
        taught.records,
        chores=(
            finishing.chore,
            *taught.chores,
            *times.chores,
        ),
    )


@dataclass(frozen=True, slots=True)
class Taught:
    """What comes of settled cases: FAQs that follow their sources, and test cases."""

    records: LearnedRecords
    learning: Learning
    chores: Sequence[Chore]


def teach(parts: ReviewParts, audit: AuditRecords, events: EventRecords) -> Taught:
    """The learning of one organisation."""
    records = LearnedRecords(parts.database, parts.organization, audit)
    standing = Standing(parts.sources)
    faqs = LearntFaqs(records, parts.sources, standing)
    suspending = Suspending(
        SuspendingParts(records, faqs, standing, parts.sources, events, parts.clock, parts.new_id)
    )
    learning = Learning(
        LearningParts(records, faqs, standing, suspending, parts.regions, parts.clock, parts.new_id)
    )
    kept = RegressionRecords(parts.database, parts.organization)
    handlers = (learning.handler, Regressions(records, kept).handler)
    chores = [handling(events, handler) for handler in handlers]
    return Taught(records, learning, (*chores, suspending.chore))


def _desk(
    parts: ReviewParts,
    audit: AuditRecords,
    resolutions: ResolutionRecords,
    wake: Callable[[], None],
    taught: Taught,
    withdrawing: Withdrawing,
) -> ReviewDesk:
    records = ReviewRecords(parts.database, parts.organization, parts.clock, audit)
    queue = ReviewQueue(parts.database, parts.organization)
    evidence, texts = EvidenceDesk(parts.sources), SafeTexts(parts.unsafe, parts.withheld)
    reading = CaseReading(
        records=records,
        queue=queue,
        reads=LiveReads(parts.database, parts.organization),
        outcomes=parts.outcomes,
        sources=parts.sources,
        evidence=evidence,
        texts=texts,
        clock=parts.clock,
        day=lambda: _today(parts.clock),
        near=parts.near,
        learned=lambda case: learnt_by(taught.records, case),
    )
    return ReviewDesk(
        DeskParts(
            records=records,
            resolutions=resolutions,
            queue=queue,
            pages=CasePages(reading),
            settling=Settling(evidence, texts, parts.clock, parts.new_id, parts.undo_window),
            texts=texts,
            rights=Rights(parts.regions),
            clock=parts.clock,
            wake=wake,
            allowed=taught.learning.check_order,
            withdrawing=withdrawing,
            withdrawn=parts.finished,
        )
    )


def _withdrawing(parts: ReviewParts, audit: AuditRecords, events: EventRecords) -> Withdrawing:
    owner = (parts.database, parts.organization)
    return Withdrawing(
        WithdrawingParts(
            given=GivenAnswers(*owner),
            incidents=IncidentRecords(*owner, parts.clock, audit, events),
            outcomes=parts.outcomes,
            texts=SafeTexts(parts.unsafe),
            rights=Rights(parts.regions),
            clock=parts.clock,
            new_id=parts.new_id,
        )
    )


async def learnt_by(records: LearnedRecords, case: DeskCase) -> LearnedAnswer | None:
    """The learnt answer that a case of the desk's own is about."""
    return await records.of_case(case.id) if case.code in OWN_CODES else None


def _today(clock: Clock) -> date:
    return clock().astimezone(CHINA).date()
