"""Answers that were wrong on air and were taken back."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.review import Incident
from assistant.insight.words import span
from assistant.web.access.pages import staff_page
from assistant.web.access.session import access_of
from assistant.web.console.summary import local
from assistant.web.links import source_url
from assistant.web.openapi import PROBLEMS
from assistant.web.review.access import Approving, Key, Once, Reading, TakenBack, Withdrawing
from assistant.web.review.models import Id, In, Line, Out
from assistant.web.review.seams import Incidents
from assistant.web.state import Here, Running
from assistant.web.studio.access import doubted_clips

pages = APIRouter(prefix="/console/review/incidents", include_in_schema=False)
api = APIRouter(prefix="/api/v1/review", tags=["review"], responses=PROBLEMS)
MOST = 200


class WithdrawIn(In):
    """Which answer, and what is wrong with it (for staff only)."""

    question_id: Id
    reason: Line


class IncidentOut(Out):
    """An answer that was taken back; `case_id` is the case of its correction."""

    id: str
    room_id: str
    session_id: str
    question_id: str
    answer: str
    source_ids: tuple[str, ...]
    approver: str
    reason: str
    actor: str
    made_at: datetime
    audience: int
    case_id: str | None
    applied_at: datetime | None
    corrected_at: datetime | None


@api.post("/withdrawals", summary="撤回答复")
async def withdraw(
    sent: WithdrawIn, who: Approving, withdraws: Withdrawing, once: Once, key: Key = None
) -> IncidentOut:
    """Stop an answer that was given; a case for its correction opens."""
    asked = (sent.question_id, sent.reason)

    async def work() -> IncidentOut:
        return IncidentOut.model_validate(await withdraws.withdraw(who, *asked))

    return await once.once(who.id, key, asked, work, IncidentOut)


@api.get("/incidents", summary="撤回记录")
async def incidents(
    request: Request,
    who: Reading,
    taken: TakenBack,
    here: Here,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> tuple[IncidentOut, ...]:
    """Answers that were taken back, the newest first."""
    found = await _seen(request, taken, who, here)
    return tuple(IncidentOut.model_validate(one) for one in found[:limit])


@pages.get("")
async def incidents_page(request: Request, who: Reading, taken: TakenBack, here: Here) -> Response:
    """Who approved it, how many saw it, how soon it stopped, and whether it is corrected."""
    context = {
        "incidents": await _seen(request, taken, who, here),
        "names": {one.id: one.display_name for one in await access_of(request).staff.everyone()},
        "titles": {id_: one.title for id_, one in here.assistant.index.headers.items()},
        "local": local,
        "span": span,
        "source_url": source_url,
        "clips": await doubted_clips(request, who),
    }
    return await staff_page(request, "console/review_incidents.html", context)


async def _seen(request: Request, taken: Incidents, who: Account, here: Running) -> list[Incident]:
    """Incidents of the rooms that the account may see."""
    found = await taken.recent(MOST)
    if not who.regions:
        return found
    house = getattr(request.app.state.running.assistant, "live", None)
    regions = here.assistant.regions
    rooms = await house.desk.rooms() if house else []
    seen = {one.id for one in rooms if may_at(who, Permission.SEE_LEDGER, one.region, regions)}
    return [one for one in found if one.room_id in seen]
