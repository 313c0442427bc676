"""`/api/v1/review`: the queue, one case, and everything that can be done with it.

A browser sends the page's CSRF token with what changes something; a program an API token whose
scopes hold `approve`.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from assistant.review import orders
from assistant.web.openapi import PROBLEMS
from assistant.web.review.access import Approving, Desk, Key, Once
from assistant.web.review.models import (
    CaseOut,
    DraftIn,
    HandOverIn,
    HeldIn,
    HeldOut,
    LikeOut,
    MarkIn,
    MergeIn,
    NearIn,
    NextOut,
    QueueIn,
    QueueOut,
    RowOut,
    SettledOut,
    SettleIn,
    TakeIn,
)
from assistant.web.state import Here

router = APIRouter(prefix="/api/v1/review", tags=["review"], responses=PROBLEMS)
CaseId = Annotated[str, Path(min_length=1, max_length=100)]


@router.get("/queue", summary="等着复核的提问")
async def queue(
    who: Approving,
    desk: Desk,
    here: Here,
    wanted: Annotated[QueueIn, Query()],
) -> QueueOut:
    """Groups of similar cases, the most pressing first."""
    page = await desk.queue(who, **wanted.filters())
    regions = here.assistant.regions
    return QueueOut(
        rows=tuple(RowOut.of(row, who.id, regions) for row in page.rows),
        next=page.cursor,
        waiting=page.waiting,
        overdue=page.overdue,
        now=here.assistant.clock(),
    )


@router.get("/next", summary="接下来看哪一件")
async def next_case(
    who: Approving, desk: Desk, after: Annotated[str | None, Query(max_length=100)] = None
) -> NextOut:
    """The most pressing case that nobody else holds."""
    return NextOut(case_id=await desk.next_case(who, after))


@router.get("/cases/{case_id}", summary="一件")
async def case(case_id: CaseId, who: Approving, desk: Desk, here: Here) -> CaseOut:
    """One case, without holding it."""
    return CaseOut.of(await desk.view(who, case_id), who.id, here.assistant.regions)


@router.post("/cases/{case_id}/take", summary="拿来处理")
async def take(
    case_id: CaseId, who: Approving, desk: Desk, here: Here, sent: TakeIn | None = None
) -> CaseOut:
    """Hold a case; nobody else can settle it until you let go or the time is over."""
    over = sent.over if sent else False
    return CaseOut.of(await desk.take(who, case_id, over=over), who.id, here.assistant.regions)


@router.post("/cases/{case_id}/renew", summary="继续持有")
async def renew(case_id: CaseId, sent: HeldIn, who: Approving, desk: Desk) -> HeldOut:
    """Hold it longer."""
    return HeldOut(held_until=await desk.renew(who, case_id, sent.token))


@router.post("/cases/{case_id}/release", status_code=204, summary="放回队列")
async def release(case_id: CaseId, sent: HeldIn, who: Approving, desk: Desk) -> None:
    """Hold it no longer; a case that you do not hold stays as it is."""
    await desk.release(who, case_id, sent.token)


@router.put("/cases/{case_id}/draft", status_code=204, summary="保存写到一半的内容")
async def save_draft(case_id: CaseId, sent: DraftIn, who: Approving, desk: Desk) -> None:
    """Keep what you typed; it comes back with the case (`typed`)."""
    await desk.save_draft(who, case_id, sent.text)


@router.post("/cases/{case_id}/near", summary="已有的相关问答")
async def near(case_id: CaseId, sent: NearIn, who: Approving, desk: Desk) -> tuple[LikeOut, ...]:
    """FAQs near what the case asks, and whether an answer says something else; nothing is kept."""
    found = await desk.near(who, case_id, sent.answer)
    return tuple(LikeOut.model_validate(one) for one in found)


@router.post("/cases/{case_id}/settle", summary="处理")
async def settle(
    case_id: CaseId, sent: SettleIn, who: Approving, desk: Desk, once: Once, key: Key = None
) -> SettledOut:
    """Decide about a case and its group; it can be taken back until `sends_at`."""
    order = sent.order(case_id)

    async def work() -> SettledOut:
        return SettledOut.model_validate(await desk.settle(who, order))

    return await once.once(who.id, key, order, work, SettledOut)


@router.post("/cases/{case_id}/hand-over", summary="转部门")
async def hand_over(
    case_id: CaseId, sent: HandOverIn, who: Approving, desk: Desk, once: Once, key: Key = None
) -> SettledOut:
    """Give a case to a department; it can be taken back until `sends_at`."""
    order = sent.order(case_id)

    async def work() -> SettledOut:
        return SettledOut.model_validate(await desk.hand_over(who, order))

    return await once.once(who.id, key, order, work, SettledOut)


@router.post("/resolutions/{resolution_id}/undo", summary="撤销")
async def undo(resolution_id: CaseId, who: Approving, desk: Desk) -> NextOut:
    """Take a decision back that was not sent yet; the case waits again, and is yours."""
    return NextOut(case_id=await desk.undo(who, resolution_id))


@router.post("/resolutions/{resolution_id}/send", status_code=204, summary="立即发出")
async def send_now(resolution_id: CaseId, who: Approving, desk: Desk) -> None:
    """Give up the time for taking it back."""
    await desk.send_now(who, resolution_id)


@router.post("/cases/{case_id}/returned", status_code=204, summary="部门退回")
async def returned(case_id: CaseId, who: Approving, desk: Desk) -> None:
    """A department gave the case back: it waits again."""
    await desk.returned(who, case_id)


@router.post("/cases/{case_id}/mark", status_code=204, summary="加急")
async def mark(case_id: CaseId, sent: MarkIn, who: Approving, desk: Desk) -> None:
    """Mark it urgent, or no longer."""
    await desk.mark(who, orders.Mark(case_id, sent.urgent))


@router.post("/cases/{case_id}/merge", status_code=204, summary="合并")
async def merge(case_id: CaseId, sent: MergeIn, who: Approving, desk: Desk) -> None:
    """Settle it with another one from now on."""
    await desk.merge(who, orders.Merge(case_id, sent.into))


@router.post("/cases/{case_id}/split", status_code=204, summary="拆出")
async def split(case_id: CaseId, who: Approving, desk: Desk) -> None:
    """Settle it by itself again."""
    await desk.split(who, orders.Split(case_id))
