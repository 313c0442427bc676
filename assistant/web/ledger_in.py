"""What a request to the ledger asks for, for the page and the API alike."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.answer import Route
from assistant.domain.ledger import LedgerCounts, LedgerFilter, LedgerPage
from assistant.domain.live import OutcomeKind, QuestionState, Room
from assistant.domain.region import RegionTree
from assistant.domain.verdict import Action
from assistant.errors import BadInput, NotFound
from assistant.records.ledger import LedgerReads
from assistant.review.ledger import CHINA
from assistant.web.access.session import require
from assistant.web.inputs import OptionalDay, OptionalRegion, SearchText
from assistant.web.live.house import house_of

SeeingLedger = Annotated[Account, Depends(require(Permission.SEE_LEDGER))]
MOST_WORDS = 8


def _none_for_nothing(value: object) -> object:
    """A form sends "" for what was not chosen."""
    return None if value == "" else value


_Empty = BeforeValidator(_none_for_nothing)
_Id = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
Id = Annotated[_Id | None, _Empty]


class LedgerIn(BaseModel):
    """The filter, and which page of it."""

    model_config = ConfigDict(populate_by_name=True)

    room: Id = None
    session: Id = None
    since: OptionalDay = Field(default=None, alias="from", description="首日")
    until: OptionalDay = Field(default=None, alias="to", description="末日，含当日")
    outcome: Annotated[OutcomeKind | None, _Empty] = None
    action: Annotated[Action | None, _Empty] = None
    route: Annotated[Route | None, _Empty] = None
    state: Annotated[QuestionState | None, _Empty] = None
    platform: Id = None
    region: OptionalRegion = None
    handed: Annotated[bool | None, _Empty] = Field(default=None, description="是否转办")
    overdue: Annotated[bool | None, _Empty] = Field(default=None, description="是否超期")
    q: SearchText = Field(default="", description="在提问、答复和文号里查；几个词都要有")
    cursor: Id = None
    limit: int = Field(default=50, ge=1, le=200)

    def named(self) -> dict[str, str]:
        """What was asked for, as parameters of an address."""
        given = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in given.items()
            if name not in {"cursor", "limit"}
        }


Wanted = Annotated[LedgerIn, Query()]


def ledger_of(request: Request) -> LedgerReads:
    """The ledger of the running app. Raises NotFound where it has none."""
    ledger: LedgerReads | None = getattr(request.app.state.running.assistant, "ledger", None)
    if ledger is None:
        raise NotFound("这里没有台账")
    return ledger


async def visible_rooms(request: Request, account: Account) -> list[Room]:
    """The rooms whose rows the account may see."""
    tree: RegionTree = request.app.state.running.assistant.regions
    rooms = await house_of(request).desk.rooms()
    return [room for room in rooms if may_at(account, Permission.SEE_LEDGER, room.region, tree)]


async def filter_of(request: Request, account: Account, wanted: LedgerIn) -> LedgerFilter:
    """The filter, kept to what the account may see. Raises BadInput."""
    rooms, regions = None, None
    if account.regions:
        rooms = tuple(room.id for room in await visible_rooms(request, account))
    if wanted.region is not None:
        tree: RegionTree = request.app.state.running.assistant.regions
        known = await ledger_of(request).regions()
        regions = tuple(code for code in known if wanted.region in tree.lineage(code))
    return LedgerFilter(
        rooms=rooms,
        room_id=wanted.room,
        session_id=wanted.session,
        since=_midnight(wanted.since),
        until=_midnight(wanted.until, days=1),
        outcome=wanted.outcome,
        action=wanted.action,
        route=wanted.route,
        state=wanted.state,
        platform=wanted.platform,
        regions=regions,
        handed=wanted.handed,
        overdue=wanted.overdue,
        words=_words(wanted.q),
    )


async def page_and_counts(
    ledger: LedgerReads, which: LedgerFilter, limit: int, cursor: str | None
) -> tuple[LedgerPage, LedgerCounts]:
    """Both at once: a rare word makes each look through all rows."""
    page, counts = await asyncio.gather(ledger.page(which, limit, cursor), ledger.counts(which))
    return page, counts


def _words(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(text.split()))
    if len(words) > MOST_WORDS:
        raise BadInput(f"一次最多查 {MOST_WORDS} 个词")
    return words


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """When a day begins in China, or one that is so many days later."""
    if day is None:
        return None
    begun = datetime.combine(day, time(), CHINA) + timedelta(days=days)
    return begun.astimezone(UTC)
