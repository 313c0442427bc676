"""推流: how each room's stream goes, a small picture of it, and what befell it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.access.accounts import Account, Permission
from assistant.domain.live import Room
from assistant.domain.streaming import Happening
from assistant.errors import NotFound
from assistant.push.board import StreamReport
from assistant.web.access.pages import staff_page
from assistant.web.console.access import Watching, may_in, room_for
from assistant.web.console.summary import local
from assistant.web.live.house import house_of
from assistant.web.live.push import board_of, happenings_of

router = APIRouter(prefix="/console/push", include_in_schema=False)
MODE_NAMES = {"browser": "正常画面", "safe": "安全模式", "card": "停播卡"}
STATE_NAMES = {"live": "推流中", "connecting": "连接中", "waiting": "等待重连"}
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A room with its stream; `report` is None where none runs."""

    room: Room
    report: StreamReport | None
    is_missed: bool
    happenings: tuple[Happening, ...]


@router.get("")
async def push_page(request: Request, account: Watching) -> Response:
    """The streams of all rooms that the account may see; a part of it comes anew every second."""
    return await staff_page(request, "console/push.html", await _shown(request, account))


@router.get("/state")
async def push_state(request: Request, account: Watching) -> Response:
    """The part that comes anew."""
    return await staff_page(request, "console/_push_state.html", await _shown(request, account))


@router.get("/{room_id}/preview.jpg")
async def preview(request: Request, room_id: str, account: Watching) -> Response:
    """What viewers see, small."""
    await room_for(request, account, room_id)
    picture = board_of(request).preview(room_id)
    if not picture:
        raise NotFound("没有画面")
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


async def _shown(request: Request, account: Account) -> dict[str, Any]:
    board, kept = board_of(request), happenings_of(request)
    rooms = await house_of(request).desk.rooms()
    rows = []
    for room in rooms:
        if may_in(request, account, Permission.WATCH_ROOM, room):
            latest = tuple(await kept.latest(room.id, _SHOWN))
            missed = board.is_missed(room.id)
            rows.append(StreamRow(room, board.report(room.id), missed, latest))
    rows.sort(key=lambda row: (row.report is None and not row.is_missed, row.room.id))
    return {"rows": rows, "modes": MODE_NAMES, "states": STATE_NAMES, "local": local}
