"""The review desk, its times, and what it learns."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant
from assistant.bootstrap.duty import notify_of
from assistant.bootstrap.library import Library
from assistant.domain.ids import new_ulid
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.live.building import LiveParts
    from assistant.live.services import Notify
    from assistant.records.regressions import RegressionRecords
    from assistant.review.building import Review
    from assistant.review.escalation import Tell
    from assistant.review.labels import Labels
    from assistant.review.statistics import ReviewStatistics
    from assistant.review.timekeeping import TimeParts


def open_review(
    assistant: Assistant, parts: "LiveParts", finished: Callable[[], None] = lambda: None
) -> "Review":
    """The review desk over an open assistant, with the mask and the screen of its rooms."""
    from assistant.live.sorting import unsafe
    from assistant.review.building import ReviewParts, build_review
    from assistant.review.near import NearFaqs

    return build_review(
        ReviewParts(
            database=assistant.database,
            organization=assistant.settings.organization,
            clock=assistant.clock,
            new_id=new_ulid,
            regions=assistant.regions,
            sources=assistant.sources,
            outcomes=assistant.outcomes,
            near=NearFaqs(assistant.faqs, assistant.regions),
            unsafe=lambda text: unsafe(text, parts.mask(text), parts.screen(text)),
            times=_times(assistant.settings, parts),
            withheld=assistant.withheld.holds,
            finished=finished,
        )
    )


def _times(settings: Settings, parts: "LiveParts") -> "TimeParts":
    """What keeps the desk's time, as the office set it. Raises ConfigurationError."""
    from assistant.review.deadlines import read_deadlines
    from assistant.review.spot_checks import Draw
    from assistant.review.timekeeping import TimeParts

    return TimeParts(
        same=parts.merger,
        tell=teller_of(notify_of(settings)),
        deadlines=read_deadlines(settings.review.get("deadlines")),
        draw=Draw(parts.keys.pseudonyms, settings.spot_check),
    )


def teller_of(notify: "Notify") -> "Tell":
    """Tells of overdue cases by the way by which alerts go."""
    from assistant.domain.live import Alert, AlertLevel
    from assistant.review.escalation import ORDER, Notice

    async def tell(notice: Notice) -> None:
        level = AlertLevel.EMERGENCY if notice.is_emergency else AlertLevel.URGENT
        alert = Alert(
            id=notice.id,
            room_id=notice.room_id,
            code=f"review_{notice.step}",
            level=level,
            text=notice.text,
            raised_at=notice.at,
            step=ORDER.index(notice.step),
        )
        await notify("、".join(notice.to), alert)

    return tell


def statistics_of(library: Library) -> "ReviewStatistics":
    """The numbers of the review desk."""
    from assistant.review.timekeeping import review_statistics

    return review_statistics(library.database, library.settings.organization)


def labels_of(library: Library) -> "Labels":
    """What people decided at the review desk, as labels."""
    from assistant.review.timekeeping import review_labels

    return review_labels(library.database, library.settings.organization)


def regression_records(library: Library) -> "RegressionRecords":
    """The test cases that came from the desk."""
    from assistant.records.regressions import RegressionRecords

    return RegressionRecords(library.database, library.settings.organization)
