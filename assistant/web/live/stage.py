"""The stage: a page for OBS that shows and says cues, over a WebSocket.

With the room's key in its address the page speaks; without it, it mirrors.
"""

import asyncio
import json
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, WebSocket
from starlette.websockets import WebSocketDisconnect

from assistant.errors import NotFound
from assistant.stage.hub import StageHub, StageLine
from assistant.stage.keys import is_stage_key
from assistant.web.live.house import house_of, room_of
from assistant.web.pages import templates

router = APIRouter(include_in_schema=False)
LABEL = "AI数字人 · 内容由人工智能生成"
"""Never covered, always there (《人工智能生成合成内容标识办法》, GB 45438-2025)."""
_LONGEST_MESSAGE = 1000
_UNKNOWN_ROOM = 4404

Key = Annotated[str, Query(max_length=100)]


@router.get("/stage/{room_id}")
async def stage_page(request: Request, room_id: str) -> Response:
    """The page; it reads the key from its own address."""
    room = await room_of(request, room_id)
    context = {"room": room, "label": LABEL}
    return templates.TemplateResponse(request, "live/stage.html", context)


@router.websocket("/stage/{room_id}/line")
async def stage_line(socket: WebSocket, room_id: str, key: Key = "") -> None:
    """The line of one page."""
    await socket.accept()
    try:
        house = house_of(socket)
        hub = house.stage(room_id)
    except NotFound:
        await socket.close(_UNKNOWN_ROOM)
        return
    line = hub.join(may_speak=is_stage_key(house.stage_secret, room_id, key))
    telling = asyncio.create_task(_tell(socket, line))
    try:
        await _hear(socket, hub, line)
    finally:
        hub.leave(line)
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def _tell(socket: WebSocket, line: StageLine) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        async for message in line:
            await socket.send_text(json.dumps(message, ensure_ascii=False))
        await socket.close()


async def _hear(socket: WebSocket, hub: StageHub, line: StageLine) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            text = await socket.receive_text()
            with suppress(ValueError):
                said = json.loads(text) if len(text) <= _LONGEST_MESSAGE else None
                if isinstance(said, dict):
                    hub.heard(line, said)
