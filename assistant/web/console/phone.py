"""The duty officer's page for a phone: how my rooms are, and what one thumb must be able to do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from assistant.access.accounts import Account, Permission
from assistant.domain.live import Alert, Room, Telling
from assistant.live import orders
from assistant.live.duty_keeper import DutyKeeper
from assistant.live.room import LiveRoom
from assistant.live.states import ON_AIR, state_name
from assistant.web.access.pages import staff_page
from assistant.web.console.access import Running, may_in, record
from assistant.web.console.duty import keeper_of
from assistant.web.console.views import held_name
from assistant.web.live.house import house_of

router = APIRouter(prefix="/console/phone", include_in_schema=False)
ALERTS = 4
Json = dict[str, Any]


@router.get("")
async def page(request: Request, account: Running) -> Response:
    """The page; its script asks for the rest."""
    del account
    return await staff_page(request, "console/phone.html")


@router.get("/state")
async def state(request: Request, account: Running) -> Response:
    """My rooms, those on air first."""
    desk, keeper = house_of(request).desk, keeper_of(request)
    mine = await _mine(request, account)
    mine.sort(key=lambda one: (one.state not in ON_AIR, one.name))
    found = {one.id: await keeper.records.alerts(one.id, ALERTS) for one in mine}
    told = await keeper.records.tellings([one.id for each in found.values() for one in each])
    now = request.app.state.running.assistant.clock()
    rooms = [
        _room(room, [_alert(one, told.get(one.id, ())) for one in found[room.id]])
        | {"here": room.id in desk.open_rooms, "on_duty": _names(keeper, room, now, account.id)}
        | _queue(desk.open_rooms, room)
        | _presence(keeper, room)
        for room in mine
    ]
    return JSONResponse({"now": now.isoformat(), "rooms": rooms})


@router.post("/beat", status_code=204)
async def beat(request: Request, account: Running) -> None:
    """The page is open; it decides nothing and is not recorded."""
    await _tell_mine(request, account, orders.Beat())


@router.post("/present", status_code=204)
async def present(request: Request, account: Running) -> None:
    """我在: a person looks after all of their rooms."""
    told = await _tell_mine(request, account, orders.Present())
    await record(request, account, "room.present", "、".join(told) or "没有开播的直播间")


async def _tell_mine(
    request: Request, account: Account, order: orders.Beat | orders.Present
) -> list[str]:
    desk = house_of(request).desk
    mine = [one.id for one in await _mine(request, account) if one.id in desk.open_rooms]
    for room_id in mine:
        await desk.command(room_id, order, account.display_name)
    return mine


async def _mine(request: Request, account: Account) -> list[Room]:
    rooms = await house_of(request).desk.rooms()
    return [one for one in rooms if may_in(request, account, Permission.RUN_ROOM, one)]


def _room(room: Room, alerts: Sequence[Json]) -> Json:
    return {
        "id": room.id,
        "name": room.name,
        "state": room.state,
        "state_name": state_name(room.state),
        "on_air": room.state in ON_AIR,
        "automatic": room.automatic,
        "held": held_name(room.held) if room.automatic and room.state in ON_AIR else "",
        "muted": room.muted,
        "silent": room.silent,
        "carded": room.carded,
        "alerts": list(alerts),
    }


def _queue(open_rooms: Mapping[str, LiveRoom], room: Room) -> Json:
    live = open_rooms.get(room.id)
    if live is None:
        return {"waiting": 0, "saying": ""}
    now = live.snapshot()
    return {"waiting": now.checking, "saying": now.current.text if now.current else ""}


def _presence(keeper: DutyKeeper, room: Room) -> Json:
    """Who was there last, and until when an open page counts without another 我在."""
    plan, said = keeper().plan(room.id), room.present_at
    lasts = timedelta(minutes=plan.confirm_minutes)
    until = said + lasts if said and lasts else None
    return {
        "present_by": room.present_by,
        "present_at": said.isoformat() if said else None,
        "confirm_by": until.isoformat() if until else None,
        "quiet_minutes": plan.quiet_minutes,
    }


def _names(keeper: DutyKeeper, room: Room, now: datetime, me: str) -> list[str]:
    """Who is on duty now; of whom one is who asks, where the rota knows their account."""
    on_duty = keeper().officers(room.id, now)
    named = [f"{one.name}（您）" if one.account_id == me else one.name for one in on_duty]
    return named or list(room.officers)


def _alert(one: Alert, told: Iterable[Telling]) -> Json:
    return {
        "id": one.id,
        "level": one.level,
        "text": one.text,
        "at": one.raised_at.isoformat(),
        "told": [_telling(each) for each in told],
        "by": one.acknowledged_by or "",
        "seen_at": one.acknowledged_at.isoformat() if one.acknowledged_at else None,
    }


def _telling(one: Telling) -> Json:
    return {"who": one.officer, "at": one.at.isoformat(), "worked": one.worked}
