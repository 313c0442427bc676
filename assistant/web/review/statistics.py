"""The desk's numbers: how good drafts and automatic answers are, in plain words."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.answer import Route
from assistant.domain.rates import Share
from assistant.insight.words import span
from assistant.review.statistics import Sees, Statistics, Times
from assistant.web.access.pages import staff_page
from assistant.web.openapi import PROBLEMS
from assistant.web.review.access import Numbers, Reading
from assistant.web.review.models import Out
from assistant.web.review.names import KIND_NAMES, ROUTE_NAMES
from assistant.web.state import Here, Running

pages = APIRouter(prefix="/console/review/stats", include_in_schema=False)
api = APIRouter(prefix="/api/v1/review/statistics", tags=["review"], responses=PROBLEMS)
PERIODS = (7, 30, 90, 365)


class ShareOut(BaseModel):
    """So many of so many; the interval holds with 95 %."""

    hits: int
    total: int
    rate: float | None
    low: float
    high: float

    @classmethod
    def of(cls, one: Share) -> "ShareOut":
        """With its interval."""
        low, high = one.interval
        return cls(hits=one.hits, total=one.total, rate=one.rate, low=low, high=high)


class TimesOut(Out):
    """Seconds that cases were looked at."""

    measured: int
    median: float | None
    p90: float | None


class RouteOut(BaseModel):
    """Drafts of one kind."""

    route: Route
    agreed: ShareOut


class BandOut(BaseModel):
    """Drafts of one band of confidence."""

    low: float
    high: float
    agreed: ShareOut


class ReviewerOut(BaseModel):
    """What one reviewer settled."""

    account_id: str
    name: str
    settled: int
    agreed: ShareOut
    times: TimesOut


class StatisticsOut(BaseModel):
    """`agreed`: drafts that went out unchanged. `errors`: spot checks that found one wrong."""

    since: datetime
    until: datetime
    settled: int
    agreed: ShareOut
    by_route: tuple[RouteOut, ...]
    by_confidence: tuple[BandOut, ...]
    times: TimesOut
    reviewers: tuple[ReviewerOut, ...]
    automatic: int
    errors: ShareOut
    spot_checks_waiting: int
    withdrawn: int

    @classmethod
    def of(cls, one: Statistics, *, people: bool) -> "StatisticsOut":
        """Without what each reviewer did, where that is not for the reader."""
        return cls(
            since=one.period.since,
            until=one.period.until,
            settled=one.settled,
            agreed=ShareOut.of(one.agreed),
            by_route=tuple(RouteOut(route=r, agreed=ShareOut.of(s)) for r, s in one.by_route),
            by_confidence=tuple(
                BandOut(low=b.low, high=b.high, agreed=ShareOut.of(b.agreed))
                for b in one.by_confidence
            ),
            times=_times(one.times),
            reviewers=tuple(
                ReviewerOut(
                    account_id=r.account_id,
                    name=r.name,
                    settled=r.settled,
                    agreed=ShareOut.of(r.agreed),
                    times=_times(r.times),
                )
                for r in one.reviewers
                if people
            ),
            automatic=one.automatic,
            errors=ShareOut.of(one.errors),
            spot_checks_waiting=one.spot_checks_waiting,
            withdrawn=one.withdrawn,
        )


@api.get("", summary="复核的统计")
async def statistics(
    request: Request,
    who: Reading,
    numbers: Numbers,
    here: Here,
    days: Annotated[int, Query(ge=1, le=3660)] = 30,
) -> StatisticsOut:
    """The numbers of the last days."""
    until = here.assistant.clock()
    found = await numbers.between(until - timedelta(days=days), until, _sees(who, here))
    return StatisticsOut.of(found, people=sees_people(request, who))


@pages.get("")
async def stats_page(
    request: Request,
    who: Reading,
    numbers: Numbers,
    here: Here,
    days: Annotated[int, Query(ge=1, le=3660)] = 30,
) -> Response:
    """How good drafts and automatic answers are, in plain words."""
    until = here.assistant.clock()
    context = {
        "days": days,
        "periods": PERIODS,
        "figures": await numbers.between(until - timedelta(days=days), until, _sees(who, here)),
        "places": [_name(one, here) for one in who.regions],
        "routes": ROUTE_NAMES,
        "kinds": KIND_NAMES,
        "span": span,
        "percent": percent,
        "sees_people": sees_people(request, who),
    }
    return await staff_page(request, "console/review_stats.html", context)


def percent(rate: float | None) -> str:
    """A share as people write it: no more digits than it deserves."""
    if rate is None:
        return "无"
    shown = 100 * rate
    return f"{shown:.1f}%" if 0 < shown < 10 or 90 < shown < 100 else f"{shown:.0f}%"


def sees_people(request: Request, who: Account) -> bool:
    """Whether someone may see what each reviewer did: reviewers and administrators."""
    del who  # a program's key counts by its scopes
    return any(
        request.state.signed_in.may(one) for one in (Permission.APPROVE, Permission.MANAGE_ACCOUNTS)
    )


def _sees(who: Account, here: Running) -> Sees:
    """The queue's rule: one's own regions and those below them."""
    regions = here.assistant.regions
    return lambda region: may_at(who, Permission.SEE_LEDGER, region, regions)


def _name(region: str, here: Running) -> str:
    place = here.assistant.regions.get(region)
    return place.name if place else region


def _times(one: Times) -> TimesOut:
    return TimesOut.model_validate(one)
