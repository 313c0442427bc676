"""The stage: a page for OBS that shows and says cues, over a WebSocket.

With the room's key in its address the page speaks; without it, it mirrors.
"""

import asyncio
import json
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, WebSocket
from starlette.responses import FileResponse, JSONResponse
from starlette.websockets import WebSocketDisconnect

from assistant.domain.live import Room
from assistant.errors import NotFound
from assistant.printing.qr import qr_png, qr_svg
from assistant.stage.hub import StageHub
from assistant.stage.keys import is_stage_key
from assistant.stage.labels import LABEL, LABELS
from assistant.stage.line import Role, StageLine
from assistant.stage.look import (
    LAYOUTS,
    PRESENTERS,
    THEMES,
    is_presenter,
    model_file,
    model_name,
    picture,
)
from assistant.studio.clips.shelf import ShownClip, loop_of
from assistant.web.clips import loop_view, shelf_of
from assistant.web.guard import CONTENT_POLICY
from assistant.web.links import web_address
from assistant.web.live.house import house_of, room_of
from assistant.web.live.idle import suggestions
from assistant.web.pages import templates

router = APIRouter(include_in_schema=False)
_LONGEST_MESSAGE = 1000
_UNKNOWN_ROOM = 4404
_WITH_MODEL = CONTENT_POLICY.replace("data:", "data: blob:").replace(
    "connect-src 'self'", "connect-src 'self' blob:"
)
"""A model's pictures are unpacked in the page itself."""
_INERT = "sandbox; default-src 'none'; frame-ancestors 'none'"
_KEPT = "private, max-age=86400, immutable"

Key = Annotated[str, Query(max_length=100)]


@router.get("/stage/{room_id}")
async def stage_page(
    request: Request, room_id: str, theme: str = "", presenter: str = "", layout: str = ""
) -> Response:
    """The page; it reads the key from its own address."""
    room, look = await room_of(request, room_id), house_of(request).look(room_id)
    chosen = presenter if is_presenter(presenter) else look.presenter
    model = model_name(chosen)
    host = PRESENTERS[0] if model else chosen
    context = {
        "room": room,
        "label": LABEL,
        "labels": LABELS,
        "theme": theme if theme in THEMES else look.theme,
        "layout": layout if layout in LAYOUTS else look.layout,
        "presenter": host,
        "is_drawn": host in PRESENTERS,
        "model": model,
    }
    headers = {"Content-Security-Policy": _WITH_MODEL} if model else None
    return templates.TemplateResponse(request, "live/stage.html", context, headers=headers)


@router.get("/stage/{room_id}/audio/{name}")
async def audio(request: Request, room_id: str, name: str) -> Response:
    """The sound of a sentence that this room's pages were told of. A name stands for one sound."""
    house = house_of(request)
    voicing = house.voice.voicing
    file = voicing.file(name) if voicing and name in house.stage(room_id).given else None
    if file is None:
        raise NotFound("没有这段声音")
    return FileResponse(file, headers={"Cache-Control": _KEPT})


@router.get("/stage/{room_id}/slide/{name}")
async def slide(request: Request, room_id: str, name: str) -> Response:
    """A slide that this room's pages were told of: a drawing, inert wherever it is opened."""
    house = house_of(request)
    file = house.slides.file(name) if name in house.stage(room_id).given else None
    if file is None:
        raise NotFound("没有这一页")
    alone = {"Content-Security-Policy": _INERT, "Cache-Control": _KEPT}
    return FileResponse(file, media_type="text/html", headers=alone)


@router.get("/stage/{room_id}/idle")
async def idle(request: Request, room_id: str) -> Response:
    """What is shown while nothing is said: announcements, what one may ask, approved clips.

    With the room's name and look, for the stage without a browser (push/safe).
    """
    room = await room_of(request, room_id)
    look = house_of(request).look(room_id)
    shown = {
        "room": room.name,
        "theme": look.theme,
        "presenter": look.presenter,
        "phone": look.phone,
        "announcements": list(look.announcements),
        "ask": await suggestions(request, room),
        "clips": loop_view(await _clips(request, room)),
    }
    return JSONResponse(shown, headers={"Cache-Control": "no-cache"})


async def _clips(request: Request, room: Room) -> list[ShownClip]:
    """The approved guide clips that the room's region sees."""
    shelf = shelf_of(request)
    shown = await shelf.shown("") if shelf else ()
    return loop_of(shown, room.region, request.app.state.running.assistant.regions)


@router.get("/stage/{room_id}/qr/{source_id:path}")
async def qr(request: Request, room_id: str, source_id: str, form: str = "svg") -> Response:
    """The QR code of a source's own link; viewers scan it from the picture.

    `form=png` gives it one pixel a module, for the stage without a browser (push/safe).
    """
    del room_id
    header = request.app.state.running.assistant.index.headers.get(source_id)
    address = web_address(header.source_url) if header else None
    if address is None:
        raise NotFound("这份来源没有公开的链接")
    kept = {"Cache-Control": "private, max-age=3600"}
    if form == "png":
        return Response(qr_png(address, 1), media_type="image/png", headers=kept)
    code = qr_svg(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(code, media_type="image/svg+xml", headers=kept)


@router.get("/stage/{room_id}/presenter/{name}/{shape}")
async def presenter_picture(request: Request, room_id: str, name: str, shape: str) -> Response:
    """A picture of an operator's own presenter."""
    del room_id
    file = await asyncio.to_thread(picture, house_of(request).presenters, name, shape)
    if file is None:
        raise NotFound("没有这张图")
    return FileResponse(file, headers={"Cache-Control": "private, max-age=3600"})


@router.get("/stage/{room_id}/model/{name}")
async def presenter_model(request: Request, room_id: str, name: str) -> Response:
    """An operator's own VRM model."""
    del room_id
    file = await asyncio.to_thread(model_file, house_of(request).presenters, name)
    if file is None:
        raise NotFound("没有这个模型")
    kept = {"Cache-Control": "private, max-age=3600"}
    return FileResponse(file, media_type="model/gltf-binary", headers=kept)


@router.websocket("/stage/{room_id}/line")
async def stage_line(
    socket: WebSocket, room_id: str, key: Key = "", role: Role = Role.PAGE
) -> None:
    """The line of one page or renderer. A renderer without the key only listens."""
    await socket.accept()
    try:
        house = house_of(socket)
        hub = house.stage(room_id)
    except NotFound:
        await socket.close(_UNKNOWN_ROOM)
        return
    line = hub.join(may_speak=is_stage_key(house.stage_secret, room_id, key), role=role)
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
    while (text := await _received(socket)) is not None:
        with suppress(ValueError):
            said = json.loads(text) if len(text) <= _LONGEST_MESSAGE else None
            if isinstance(said, dict):
                hub.heard(line, said)


async def _received(socket: WebSocket) -> str | None:
    """The next message; None where the page is gone, or we hung up meanwhile (RuntimeError)."""
    with suppress(WebSocketDisconnect, RuntimeError):
        return await socket.receive_text()
    return None
