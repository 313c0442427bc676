"""Who may work at the review desk, and where the routes find it."""

from typing import Annotated, Any, cast

from fastapi import Depends, Header, Request

from assistant.access.accounts import Account, Permission
from assistant.errors import NotFound
from assistant.web.access.session import require
from assistant.web.review.repeats import Kept, Repeats
from assistant.web.review.seams import (
    Counts,
    Days,
    Incidents,
    Learning,
    Learnt,
    ReviewDesk,
    Withdraws,
)

Approving = Annotated[Account, Depends(require(Permission.APPROVE))]
Reading = Annotated[Account, Depends(require(Permission.SEE_LEDGER))]
Managing = Annotated[Account, Depends(require(Permission.MANAGE_ACCOUNTS))]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="the same key again gives the same reply; nothing is done twice",
    ),
]


def desk_of(request: Request) -> ReviewDesk:
    """The review desk of the running app. Raises NotFound where it has none."""
    return cast("ReviewDesk", _part(request, "review"))


def repeats_of(request: Request) -> Repeats:
    """What was answered lately, by key. Raises NotFound where there is no desk."""
    known: Repeats | None = getattr(request.app.state, "repeats", None)
    if known is None:
        known = request.app.state.repeats = Repeats(cast("Kept", _part(request, "replies")))
    return known


def _part(request: Request, name: str) -> Any:
    """A part of the running app. Raises NotFound where it has none."""
    found = getattr(request.app.state.running.assistant, name, None)
    if found is None:
        raise NotFound("这里没有开通复核台")
    return found


def days_of(request: Request) -> Days:
    """The office's calendar. Raises NotFound."""
    return cast("Days", _part(request, "calendar"))


def counts_of(request: Request) -> Counts:
    """The desk's numbers. Raises NotFound."""
    return cast("Counts", _part(request, "statistics"))


def learning_of(request: Request) -> Learning:
    """Where a second person speaks. Raises NotFound."""
    return cast("Learning", _part(request, "learning"))


def learnt_of(request: Request) -> Learnt:
    """What was learnt. Raises NotFound."""
    return cast("Learnt", _part(request, "learnt"))


def incidents_of(request: Request) -> Incidents:
    """What was taken back. Raises NotFound."""
    return cast("Incidents", _part(request, "incidents"))


def withdraws_of(request: Request) -> Withdraws:
    """The desk, where answers can be taken back. Raises NotFound."""
    desk = _part(request, "review")
    if not hasattr(desk, "withdraw"):
        raise NotFound("这里不能撤回答复")
    return cast("Withdraws", desk)


Desk = Annotated[ReviewDesk, Depends(desk_of)]
Workdays = Annotated[Days, Depends(days_of)]
Numbers = Annotated[Counts, Depends(counts_of)]
Seconding = Annotated[Learning, Depends(learning_of)]
LearntAnswers = Annotated[Learnt, Depends(learnt_of)]
Withdrawing = Annotated[Withdraws, Depends(withdraws_of)]
TakenBack = Annotated[Incidents, Depends(incidents_of)]
Once = Annotated[Repeats, Depends(repeats_of)]
