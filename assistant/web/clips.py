"""`/clips`: the approved guide clips, for everybody: seen, found by name, led on to the item."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import FileResponse

from assistant.errors import NotFound
from assistant.studio.clips.making import CAPTIONS, COVER, VIDEO
from assistant.studio.clips.shelf import ClipShelf, ShownClip
from assistant.web.access.session import signed_in
from assistant.web.inputs import SearchText
from assistant.web.links import source_url, web_address
from assistant.web.pages import templates

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])
LABEL = "视频由人工智能生成，经工作人员审核"
KINDS = {VIDEO: "video/mp4", CAPTIONS: "text/vtt; charset=utf-8", COVER: "image/png"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}
"""A clip that was taken off is gone from a phone too: it asks again before it shows one."""


def shelf_of(request: Request) -> ClipShelf | None:
    """The clips of the running office; None where it has no shelf."""
    found: ClipShelf | None = getattr(request.app.state.running.assistant, "clips", None)
    return found


@router.get("/clips")
async def clips_page(request: Request, q: SearchText = "") -> Response:
    """The clips of today, or those that a search is about."""
    shelf = shelf_of(request)
    found = await shelf.shown(q) if shelf else ()
    context = {"clips": [_view(one) for one in found], "q": q, "label": LABEL}
    return templates.TemplateResponse(request, "clips.html", context)


@router.get("/clips/{clip_id}/{name}")
async def clip_file(request: Request, clip_id: str, name: str) -> Response:
    """The film (by parts too: Range), its captions, its cover. Raises NotFound once it is off."""
    shelf = shelf_of(request)
    one = await shelf.get(clip_id) if shelf and name in KINDS else None
    if one is None:
        raise NotFound("没有这条短视频", hint="可能已经下架")
    return FileResponse(one.folder / name, media_type=KINDS[name], headers=_ASK_AGAIN)


def loop_view(clips: Sequence[ShownClip]) -> list[dict[str, Any]]:
    """Clips as the stage's idle loop plays them: addresses, length, what is said."""
    return [
        {
            "id": one.id,
            "title": one.title,
            "video": _address(one, VIDEO),
            "captions": _address(one, CAPTIONS),
            "seconds": one.clip.card.seconds,
            "label": LABEL,
        }
        for one in clips
    ]


def _view(one: ShownClip) -> dict[str, Any]:
    card = one.clip.card
    return {
        "id": one.id,
        "title": one.title,
        "office": card.office,
        "seconds": round(card.seconds),
        "shape": card.shape.value,
        "sentences": [each.text for each in card.clip.sentences[1:]],
        "video": _address(one, VIDEO),
        "captions": _address(one, CAPTIONS),
        "cover": _address(one, COVER),
        "item": source_url(card.clip.source_id),
        "item_title": one.source_title,
        "link": web_address(card.clip.link),
        "until": _until(one.until),
    }


def _until(day: date | None) -> str:
    return day.isoformat() if day else ""


def _address(one: ShownClip, name: str) -> str:
    return f"/clips/{one.id}/{name}"
