"""How good the desk's drafts and the machine's own answers are, by what people decided."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from assistant.domain.answer import Route
from assistant.domain.rates import Share
from assistant.domain.review import ResolutionKind
from assistant.records.statistics import ByRegion, Judged, Period, StatisticsRecords
from assistant.review.spot_checks import CODE as SPOT_CHECK

K = TypeVar("K", bound=Hashable)
Sees = Callable[[str | None], bool]
"""Whether a region counts, None being a case whose region is not known."""
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)
"""Bands of confidence: from each up to the next."""
ABOUT_GIVEN = frozenset({SPOT_CHECK, "suspended", "second", "withdrawn"})
"""Codes of cases in which no new draft is judged."""
NOT_JUDGED = frozenset({ResolutionKind.HAND_OVER, ResolutionKind.CONFIRM})


@dataclass(frozen=True, slots=True)
class Band:
    """Drafts of a confidence from `low` to below `high`, and how many were approved unchanged."""

    low: float
    high: float
    agreed: Share


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that cases were looked at; None where none was measured. `p90` by nearest rank."""

    measured: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewerCount:
    """What one reviewer settled."""

    account_id: str
    name: str
    settled: int
    agreed: Share
    times: Times


@dataclass(frozen=True, slots=True)
class Statistics:
    """The desk's numbers of a time.

    `agreed`: of the drafts that were judged, those that went out as they stood. `errors`: of the
    automatic answers that were drawn and looked at, those that were not confirmed; the rate and
    its interval hold for all `automatic` ones, as they were drawn by chance.
    """

    period: Period
    settled: int
    agreed: Share
    by_route: tuple[tuple[Route, Share], ...]
    by_confidence: tuple[Band, ...]
    times: Times
    reviewers: tuple[ReviewerCount, ...]
    automatic: int
    errors: Share
    spot_checks_waiting: int
    withdrawn: int
    """Answers that were taken back, but for those found right afterwards."""


def everywhere(region: str | None) -> bool:
    """Every region counts, as for a reader without a limit."""
    del region
    return True


class ReviewStatistics:
    """The statistics of one organisation."""

    def __init__(self, records: StatisticsRecords) -> None:
        self._records = records

    async def between(
        self, since: datetime, until: datetime, sees: Sees = everywhere
    ) -> Statistics:
        """The numbers of a time, of the regions that their reader may see."""
        period, records = Period(since, until), self._records
        taken_back = await records.taken_back(period)
        return counted(
            period,
            [one for one in await records.judged(period) if sees(one.region)],
            automatic=_sum(await records.given(period), sees),
            waiting=_sum(await records.waiting(SPOT_CHECK), sees),
            withdrawn=sum(sees(one.region) and not one.was_right for one in taken_back),
        )


def counted(
    period: Period, judged: Sequence[Judged], *, automatic: int, waiting: int, withdrawn: int
) -> Statistics:
    """The numbers of what was settled."""
    drafts = [one for one in judged if of_a_draft(one)]
    checked = [one for one in judged if one.code == SPOT_CHECK]
    wrong = sum(one.kind is not ResolutionKind.CONFIRM for one in checked)
    routes = _grouped(drafts, lambda one: one.route or Route.NONE)
    return Statistics(
        period=period,
        settled=len(judged),
        agreed=agreed(drafts),
        by_route=tuple((route, agreed(routes[route])) for route in Route if route in routes),
        by_confidence=tuple(_bands(drafts)),
        times=times(judged),
        reviewers=tuple(_reviewers(judged)),
        automatic=automatic,
        errors=Share(wrong, len(checked)),
        spot_checks_waiting=waiting,
        withdrawn=withdrawn,
    )


def of_a_draft(one: Judged) -> bool:
    """Whether a draft was judged: there was one, and it was approved or something else was."""
    return one.had_draft and one.code not in ABOUT_GIVEN and one.kind not in NOT_JUDGED


def agreed(drafts: Collection[Judged]) -> Share:
    """How many went out as they stood."""
    return Share(sum(one.unchanged for one in drafts), len(drafts))


def times(judged: Iterable[Judged]) -> Times:
    """How long cases were looked at."""
    seconds = sorted(one.took_ms / 1000 for one in judged if one.took_ms > 0)
    count = len(seconds)
    if not count:
        return Times()
    middle = (seconds[(count - 1) // 2] + seconds[count // 2]) / 2
    return Times(count, middle, seconds[-(-count * 9 // 10) - 1])


def _sum(counts: ByRegion, sees: Sees) -> int:
    return sum(count for region, count in counts.items() if sees(region))


def _bands(drafts: Sequence[Judged]) -> Iterable[Band]:
    for low, high in pairwise(BANDS):
        top = high == BANDS[-1]
        held = [
            one
            for one in drafts
            if one.confidence is not None
            and low <= one.confidence
            and (one.confidence < high or top)
        ]
        yield Band(low, high, agreed(held))


def _reviewers(judged: Sequence[Judged]) -> Iterable[ReviewerCount]:
    """Those who settled most first."""
    groups = _grouped(judged, lambda one: one.actor)
    for actor, own in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        drafts = [one for one in own if of_a_draft(one)]
        yield ReviewerCount(actor, own[-1].actor_name, len(own), agreed(drafts), times(own))


def _grouped(judged: Iterable[Judged], key: Callable[[Judged], K]) -> Mapping[K, list[Judged]]:
    groups: dict[K, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return groups
