"""An approved script in a room: which ones may go on air there now, and putting one on air."""

from typing import cast

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from assistant.access.accounts import Account, Permission, may
from assistant.domain.broadcast import Taking
from assistant.domain.live import Room
from assistant.domain.studio_flow import STATE_NAMES, Stream
from assistant.errors import NotFound
from assistant.live import lines
from assistant.live.broadcast.programme import Programme
from assistant.web.console.access import Running, Watching, room_for

router = APIRouter(prefix="/console/rooms/{room_id}/broadcast", include_in_schema=False)


class BeginIn(BaseModel):
    """Which stream; `taking` where it is not the room's own setting."""

    stream_id: str = Field(min_length=1, max_length=100)
    taking: Taking | None = None


@router.get("")
async def ready(request: Request, room_id: str, account: Watching) -> Response:
    """What may go on air here today, and the lines that anybody may have said."""
    room = await room_for(request, account, room_id)
    shown = [
        {
            "id": one.id,
            "title": one.title,
            "state": STATE_NAMES[one.state],
            "starts_at": one.starts_at.isoformat() if one.starts_at else None,
            "alarm": one.alarm,
        }
        for one in await planned(request, account, room)
    ]
    return JSONResponse({"streams": shown, "lines": lines.PICKED})


@router.post("", status_code=204)
async def begin(request: Request, room_id: str, sent: BeginIn, account: Running) -> None:
    """Put an approved script on air; who began it is in its own audit entry."""
    await room_for(request, account, room_id, Permission.RUN_ROOM)
    await _programme(request).begin(account, room_id, sent.stream_id, sent.taking)


async def planned(request: Request, account: Account, room: Room) -> list[Stream]:
    """The scripts that someone may put on air in a room today; none where there is no studio."""
    found: Programme | None = _found(request)
    if found is None or not may(account, Permission.READ_SCRIPTS):
        return []
    return await found.ready(account, room)


def _found(request: Request) -> Programme | None:
    found = getattr(request.app.state.running.assistant, "programme", None)
    return cast("Programme | None", found)


def _programme(request: Request) -> Programme:
    """What puts scripts on air. Raises NotFound where there is no studio."""
    found = _found(request)
    if found is None:
        raise NotFound("这里没有开通直播工作室")
    return found
