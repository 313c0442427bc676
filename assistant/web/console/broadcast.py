"""An approved script in a room: which ones may go on air there now, and putting one on air."""

from typing import cast

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from assistant.access.accounts import Permission, may
from assistant.domain.broadcast import Taking
from assistant.domain.studio_flow import STATE_NAMES
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
    found = []
    if may(account, Permission.READ_SCRIPTS):
        found = await _programme(request).ready(account, room)
    shown = [
        {
            "id": one.id,
            "title": one.title,
            "state": STATE_NAMES[one.state],
            "starts_at": one.starts_at.isoformat() if one.starts_at else None,
            "alarm": one.alarm,
        }
        for one in found
    ]
    return JSONResponse({"streams": shown, "lines": lines.PICKED})


@router.post("", status_code=204)
async def begin(request: Request, room_id: str, sent: BeginIn, account: Running) -> None:
    """Put an approved script on air; who began it is in its own audit entry."""
    await room_for(request, account, room_id, Permission.RUN_ROOM)
    await _programme(request).begin(account, room_id, sent.stream_id, sent.taking)


def _programme(request: Request) -> Programme:
    """What puts scripts on air. Raises NotFound where there is no studio."""
    found = getattr(request.app.state.running.assistant, "programme", None)
    if found is None:
        raise NotFound("这里没有开通直播工作室")
    return cast("Programme", found)
