"""Puts the review desk together. What it does by itself stands in one list: `Review.chores`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, timezone

from assistant.domain.clock import Clock, NewId
from assistant.domain.region import RegionTree
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.events import EventRecords
from assistant.records.live_reads import LiveReads
from assistant.records.outcomes import OutcomeRepository
from assistant.records.review import ReviewRecords
from assistant.records.review_queue import ReviewQueue
from assistant.records.review_resolutions import ResolutionRecords
from assistant.records.sources import SourceRepository
from assistant.review.case_pages import CasePages, CaseReading, Learned, Near, no_near, not_learned
from assistant.review.chores import Chore
from assistant.review.desk import DeskParts, ReviewDesk
from assistant.review.evidence import EvidenceDesk
from assistant.review.finishing import Finishing
from assistant.review.rights import Rights
from assistant.review.safe_texts import SafeTexts, Unsafe
from assistant.review.settling import UNDO_WINDOW, Settling

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A day begins at midnight there."""


@dataclass(frozen=True, slots=True)
class ReviewParts:
    """What the desk is built from. `unsafe` says why a text may not go out, "" where it may."""

    database: Database
    organization: str
    clock: Clock
    new_id: NewId
    regions: RegionTree
    sources: SourceRepository
    outcomes: OutcomeRepository
    unsafe: Unsafe
    near: Near = no_near
    learned: Learned = not_learned
    undo_window: timedelta = UNDO_WINDOW


@dataclass(frozen=True, slots=True)
class Review:
    """The desk, and what is done by itself while the service runs."""

    desk: ReviewDesk
    chores: Sequence[Chore]


def build_review(parts: ReviewParts) -> Review:
    """The desk of one organisation."""
    audit = AuditRecords(parts.database, parts.organization, parts.clock)
    events = EventRecords(parts.database, parts.organization)
    resolutions = ResolutionRecords(parts.database, parts.organization, parts.clock, audit, events)
    finishing = Finishing(resolutions, parts.clock)
    desk = _desk(parts, audit, resolutions, finishing.chore.wake)
    return Review(
        desk,
        chores=(
            finishing.chore,
            # Reception, escalation, learning: theirs come here.
        ),
    )


def _desk(
    parts: ReviewParts,
    audit: AuditRecords,
    resolutions: ResolutionRecords,
    wake: Callable[[], None],
) -> ReviewDesk:
    records = ReviewRecords(parts.database, parts.organization, parts.clock, audit)
    queue = ReviewQueue(parts.database, parts.organization)
    evidence, texts = EvidenceDesk(parts.sources), SafeTexts(parts.unsafe)
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
        learned=parts.learned,
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
        )
    )


def _today(clock: Clock) -> date:
    return clock().astimezone(CHINA).date()
