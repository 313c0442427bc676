"""One room on air: its page, its changes, and the orders of people."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from assistant.access.accounts import Account, Permission
from assistant.domain.live import Room
from assistant.domain.workdays import CHINA
from assistant.live.states import ON_AIR
from assistant.stage.keys import stage_key
from assistant.web.access.pages import staff_page
from assistant.web.access.session import still
from assistant.web.console.access import Running, Watching, may_in, record, room_for
from assistant.web.console.broadcast import planned
from assistant.web.console.duty import keeper_of
from assistant.web.console.live import room_events
from assistant.web.console.orders_in import UNRECORDED, OrderIn, made, needed, told
from assistant.web.console.views import platform_view, stage_view
from assistant.web.live.house import house_of, room_of
from assistant.web.live.sse import event_stream
from assistant.web.review.access import repeats_of

router = APIRouter(prefix="/console/rooms/{room_id}", include_in_schema=False)


class PastedIn(BaseModel):
    """Comments of a platform without a connector, one a line."""

    text: str = Field(max_length=100_000)
    paste_id: str = Field(default="", max_length=64)


class Done(BaseModel):
    """An order was carried out."""

    ok: bool = True


@router.get("")
async def room_page(request: Request, room_id: str, account: Watching) -> Response:
    """The console of a room."""
    room = await room_for(request, account, room_id)
    runs = may_in(request, account, Permission.RUN_ROOM, room)
    context = {
        "planned": await planned(request, account, room),
        "china": CHINA,
        "room": room,
        "on_air": room.state in ON_AIR,
        "may_run": runs,
        "may_say": may_in(request, account, Permission.SAY, room),
        "may_pick": may_in(request, account, Permission.PICK_LINE, room),
        "may_approve": may_in(request, account, Permission.APPROVE, room),
        "may_switch": may_in(request, account, Permission.SWITCH_AUTOMATIC, room),
        "confirm": keeper_of(request)().plan(room.id).confirm_minutes,
        "stage_url": _stage_url(request, room) if runs else "",
        "viewer_url": str(request.base_url.replace(path=f"/room/{room.id}")),
    }
    return await staff_page(request, "console/room.html", context)


@router.get("/live")
async def live(request: Request, room_id: str, account: Watching) -> Response:
    """The room's changes; the stream ends when the account may no longer see them."""
    await room_for(request, account, room_id)
    may_go_on = _still(request, account, room_id)
    return event_stream(request, room_events(house_of(request).desk, room_id, may_go_on), may_go_on)


@router.get("/pulse")
async def pulse(request: Request, room_id: str, account: Watching) -> Response:
    """How the connectors are doing."""
    await room_for(request, account, room_id)
    house = house_of(request)
    states = [platform_view(one) for one in house.desk.platform_states(room_id)]
    hub = house.stage(room_id)
    return JSONResponse({"platforms": states, "stage_pages": hub.pages, "stage": stage_view(hub)})


@router.post("/orders", status_code=204)
async def order(request: Request, room_id: str, sent: OrderIn, account: Watching) -> None:
    """Carry out an order, once for its key."""
    await room_for(request, account, room_id, needed(sent))

    async def carried_out() -> Done:
        await house_of(request).desk.command(room_id, made(sent, account.id), account.display_name)
        if sent.order not in UNRECORDED:
            await record(request, account, f"room.{sent.order}", room_id, told(sent))
        return Done()

    if not sent.key:
        await carried_out()
        return
    asked = ("order", room_id, sent.model_dump_json())
    await repeats_of(request).once(account.id, sent.key, asked, carried_out, Done)


@router.post("/comments")
async def paste(request: Request, room_id: str, pasted: PastedIn, account: Running) -> Response:
    """Take comments that a member of staff typed or pasted."""
    await room_for(request, account, room_id, Permission.RUN_ROOM)
    receipt = await house_of(request).platforms(room_id).console.enter(pasted.text, pasted.paste_id)
    await record(request, account, "room.paste", room_id, {"accepted": len(receipt.accepted)})
    return JSONResponse({"accepted": len(receipt.accepted)})


def _stage_url(request: Request, room: Room) -> str:
    key = stage_key(house_of(request).stage_secret, room.id)
    return str(request.base_url.replace(path=f"/stage/{room.id}", query=f"key={key}"))


def _still(request: Request, account: Account, room_id: str) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        """Logged in, allowed, and the room is still of a region that the account may see."""
        if not await still(request, Permission.WATCH_ROOM):
            return False
        who = request.state.signed_in
        room = await room_of(request, room_id)
        same = bool(who.account.id == account.id)
        return same and may_in(request, who.account, Permission.WATCH_ROOM, room)

    return check
