"""The list of rooms; making one, changing one, going on air and ending."""

import re
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from assistant.access.accounts import Account, Permission
from assistant.domain.live import Room
from assistant.errors import AssistantError, BadInput, Conflict, Forbidden
from assistant.live.beginning import go_on_air
from assistant.live.room_ids import check_new_room_id
from assistant.live.seams import PlatformState
from assistant.live.states import ON_AIR, state_name
from assistant.web.access.pages import staff_page
from assistant.web.choices import region_choices
from assistant.web.console.access import Running, Watching, may_in, record, room_for
from assistant.web.console.names import PLATFORM_NAMES
from assistant.web.console.orders_in import LONGEST_TOPIC
from assistant.web.live.house import house_of
from assistant.web.problems import of_error
from assistant.web.services import check_region
from assistant.web.state import Here

router = APIRouter(prefix="/console", include_in_schema=False)
Text = Annotated[str, Form(max_length=1000)]
LONGEST_NAME = 40
MOST_OFFICERS = 20


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the list."""

    room: Room
    state: str
    on_air: bool
    here: bool
    may_run: bool
    platforms: tuple[PlatformState, ...]


@dataclass(frozen=True, slots=True)
class RoomForm:
    """What the form says of a room."""

    name: str
    region: str
    topic: str
    officers: str

    def into(self, room: Room) -> Room:
        """The room with what the form says, as far as it can be read."""
        lines = re.split(r"[\n，,、;；]", self.officers)
        names = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
        return replace(
            room,
            name=self.name.strip(),
            region=self.region.strip() or None,
            topic=self.topic.strip(),
            officers=names,
        )


def _form_of(name: Text = "", region: Text = "", topic: Text = "", officers: Text = "") -> RoomForm:
    return RoomForm(name, region, topic, officers)


Filled = Annotated[RoomForm, Depends(_form_of)]


@router.get("")
async def rooms_page(request: Request, account: Watching) -> Response:
    """The rooms that the account may see."""
    desk = house_of(request).desk
    names = request.app.state.running.assistant.regions
    rows = [
        _row(request, account, room, here=room.id in desk.open_rooms)
        for room in await desk.rooms()
        if may_in(request, account, Permission.WATCH_ROOM, room)
    ]
    order = sorted(rows, key=lambda row: (not row.on_air, row.room.name))
    may_add = request.state.signed_in.may(Permission.RUN_ROOM)
    context = {"rows": order, "may_add": may_add, "platform_names": PLATFORM_NAMES}
    return await staff_page(request, "console/rooms.html", context | {"regions": names})


@router.get("/new")
async def new_room_page(request: Request, account: Running, here: Here) -> Response:
    """The form for a new room."""
    only = account.regions[0] if account.regions else here.options.region
    return await _form(request, here, Room("", "", only), is_new=True)


@router.post("/new")
async def add_room(
    request: Request,
    account: Running,
    here: Here,
    form: Filled,
    room_id: Annotated[str, Form(max_length=100, alias="id")] = "",
) -> Response:
    """Make a room."""
    desk = house_of(request).desk
    room = Room(room_id.strip(), "", None)
    try:
        room = form.into(room)
        check_new_room_id(room.id)
        _check(request, here, account, room, Room(room.id, ""))
        if any(one.id == room.id for one in await desk.rooms()):
            raise Conflict(f"编号 {room.id} 已有直播间")
        await desk.put(room)
    except AssistantError as error:
        return await _form(request, here, room, is_new=True, error=error)
    await record(request, account, "room.add", room.id, _told(room))
    return _go(f"/console/rooms/{room.id}")


@router.get("/rooms/{room_id}/edit")
async def edit_page(request: Request, room_id: str, account: Running, here: Here) -> Response:
    """The form of a room."""
    room = await room_for(request, account, room_id, Permission.RUN_ROOM)
    return await _form(request, here, room, is_new=False)


@router.post("/rooms/{room_id}/edit")
async def edit_room(
    request: Request, room_id: str, account: Running, here: Here, form: Filled
) -> Response:
    """Change a room that is not on air."""
    before = await room_for(request, account, room_id, Permission.RUN_ROOM)
    room = before
    try:
        if before.state in ON_AIR:
            raise Conflict("直播中不能修改直播间，请先结束直播")
        room = form.into(before)
        _check(request, here, account, room, before)
        await house_of(request).desk.put(room)
    except AssistantError as error:
        return await _form(request, here, room, is_new=False, error=error)
    await record(request, account, "room.edit", room_id, _told(room))
    return _go(f"/console/rooms/{room_id}")


@router.post("/rooms/{room_id}/open")
async def open_room(request: Request, room_id: str, account: Running) -> Response:
    """Go on air. A new session begins without automatic mode: somebody must turn it on."""
    room = await room_for(request, account, room_id, Permission.RUN_ROOM)
    live = await go_on_air(house_of(request).desk, room)
    await record(request, account, "room.open", room_id, {"session": live.session_id})
    return _go(f"/console/rooms/{room_id}")


@router.post("/rooms/{room_id}/close")
async def close_room(request: Request, room_id: str, account: Running) -> Response:
    """End the session; its review comes next."""
    await room_for(request, account, room_id, Permission.RUN_ROOM)
    session = await house_of(request).desk.close(room_id, account.display_name)
    await record(request, account, "room.close", room_id, {"session": session})
    return _go(f"/console/rooms/{room_id}/summary/{session}")


def _row(request: Request, account: Account, room: Room, *, here: bool) -> RoomRow:
    desk = house_of(request).desk
    states = desk.platform_states(room.id) if here else []
    runs = may_in(request, account, Permission.RUN_ROOM, room)
    return RoomRow(room, state_name(room.state), room.state in ON_AIR, here, runs, tuple(states))


def _check(request: Request, here: Here, account: Account, room: Room, before: Room) -> None:
    """Raises BadInput, Forbidden. Name and topic stand on the stage: they are words on air."""
    if not 1 <= len(room.name) <= LONGEST_NAME:
        raise BadInput(f"名称应为 1 到 {LONGEST_NAME} 个字")
    if len(room.topic) > LONGEST_TOPIC:
        raise BadInput(f"主题最多 {LONGEST_TOPIC} 个字")
    if not room.officers or len(room.officers) > MOST_OFFICERS:
        raise BadInput(f"值班人员应为 1 到 {MOST_OFFICERS} 人", hint="紧急情况按顺序逐个通知")
    if any(len(name) > LONGEST_NAME for name in room.officers):
        raise BadInput("值班人员的姓名太长")
    check_region(room.region, here.assistant)
    if not may_in(request, account, Permission.RUN_ROOM, room):
        raise Forbidden("您只能管理本地区的直播间", hint="请选择您的地区或其下级")
    if (room.name, room.topic) == (before.name, before.topic):
        return
    if not may_in(request, account, Permission.SAY, room):
        raise Forbidden("名称和主题会显示在直播画面上，修改须有播出权限", hint="请联系管理员")
    for shown in (room.name, room.topic):
        if why := house_of(request).unsafe(shown):
            raise BadInput(f"名称或主题不能播出：{why}")


async def _form(
    request: Request, here: Here, room: Room, *, is_new: bool, error: AssistantError | None = None
) -> Response:
    holdings = await here.holdings()
    context = {
        "room": room,
        "is_new": is_new,
        "regions": region_choices(holdings, here.assistant.regions),
        "fault": of_error(error).detail if error else "",
        "longest_topic": LONGEST_TOPIC,
        "longest_name": LONGEST_NAME,
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/room_form.html", context, status)


def _told(room: Room) -> dict[str, object]:
    return {
        "name": room.name,
        "region": room.region,
        "topic": room.topic,
        "officers": list(room.officers),
    }


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
