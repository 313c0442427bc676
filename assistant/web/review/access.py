"""Who may work at the review desk, and where the routes find it."""

from typing import Annotated

from fastapi import Depends, Header, Request

from assistant.access.accounts import Account, Permission
from assistant.errors import NotFound
from assistant.web.access.session import require
from assistant.web.review.repeats import Repeats
from assistant.web.review.seams import ReviewDesk

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
    desk: ReviewDesk | None = getattr(request.app.state.running.assistant, "review", None)
    if desk is None:
        raise NotFound("这里没有开通复核台")
    return desk


def repeats_of(request: Request) -> Repeats:
    """What this process answered a moment ago, by key."""
    known: Repeats | None = getattr(request.app.state, "repeats", None)
    if known is None:
        known = request.app.state.repeats = Repeats()
    return known


Desk = Annotated[ReviewDesk, Depends(desk_of)]
Once = Annotated[Repeats, Depends(repeats_of)]
