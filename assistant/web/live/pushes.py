"""Where platforms push their events: acknowledged once they are on disk, and never before."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from assistant.errors import NotFound
from assistant.web.live.house import platforms_of

router = APIRouter(prefix="/api/v1/rooms", include_in_schema=False)


@router.post("/{room_id}/platforms/webhook")
async def webhook(request: Request, room_id: str) -> Response:
    """The signed webhook: one event, an array or JSON Lines (FORMATS §5)."""
    hook = (await platforms_of(request, room_id)).webhook
    if hook is None:
        raise NotFound("这个直播间没有配置签名推送")
    receipt = await hook.accept(request.headers, await request.body())
    return JSONResponse(asdict(receipt))


@router.post("/{room_id}/platforms/douyin")
async def douyin(request: Request, room_id: str) -> Response:
    """The push of Douyin's live open platform."""
    connector = (await platforms_of(request, room_id)).douyin
    if connector is None:
        raise NotFound("这个直播间没有配置抖音")
    await connector.accept(request.headers, await request.body())
    return JSONResponse({"err_no": 0, "err_tips": "success"})
