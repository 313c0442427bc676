"""Where platforms push their events: acknowledged once they are on disk, and never before."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from assistant.errors import NotFound, Unavailable
from assistant.live.platforms.building import Platforms
from assistant.live.states import ON_AIR
from assistant.web.live.house import house_of, room_of

router = APIRouter(prefix="/api/v1/rooms", include_in_schema=False)


@router.post("/{room_id}/platforms/webhook")
async def webhook(request: Request, room_id: str) -> Response:
    """The signed webhook: one event, an array or JSON Lines (FORMATS §5)."""
    hook = (await _platforms(request, room_id)).webhook
    if hook is None:
        raise NotFound("这个直播间没有配置签名推送")
    receipt = await hook.accept(request.headers, await request.body())
    return JSONResponse(asdict(receipt))


@router.post("/{room_id}/platforms/douyin")
async def douyin(request: Request, room_id: str) -> Response:
    """The push of Douyin's live open platform."""
    connector = (await _platforms(request, room_id)).douyin
    if connector is None:
        raise NotFound("这个直播间没有配置抖音")
    await connector.accept(request.headers, await request.body())
    return JSONResponse({"err_no": 0, "err_tips": "success"})


async def _platforms(request: Request, room_id: str) -> Platforms:
    """The connectors of a room. Raises NotFound; Unavailable where it is only between processes.

    A sender gives up what is not found; what is unavailable it sends again.
    """
    try:
        return house_of(request).platforms(room_id)
    except NotFound:
        room = await room_of(request, room_id)
        if room.state not in ON_AIR:
            raise
    raise Unavailable("直播间正在恢复，暂不接收评论", hint="请稍后重发")
