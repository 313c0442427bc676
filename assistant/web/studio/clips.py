"""`/api/v1/studio/clips`: the shelf as staff see it: what is shown, what is not and why."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from starlette.responses import FileResponse

from assistant.domain.clips import ClipState
from assistant.errors import NotFound
from assistant.studio.clips.making import CAPTIONS, COVER, SUBTITLES, VIDEO
from assistant.web.openapi import PROBLEMS
from assistant.web.studio.access import Here, Reads, names_of
from assistant.web.studio.models_clips import ClipOut, ClipsOut
from assistant.web.studio.models_in import In

router = APIRouter(prefix="/api/v1/studio/clips", tags=["studio"], responses=PROBLEMS)
ClipId = Annotated[str, Path(min_length=1, max_length=100)]
TYPES = {
    VIDEO: "video/mp4",
    CAPTIONS: "text/vtt; charset=utf-8",
    SUBTITLES: "application/x-subrip; charset=utf-8",
    COVER: "image/png",
}
_FRESH = {"Cache-Control": "no-store"}


class WhyIn(In):
    """A reason, for the audit chain."""

    why: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("", summary="短视频")
async def clips(
    request: Request,
    who: Reads,
    studio: Here,
    state: Annotated[ClipState, Query()] = ClipState.APPROVED,
) -> ClipsOut:
    """The approved clips that you may see with how each stands today, or those taken off."""
    names = await names_of(request)
    found = await studio.clips.listed(who, state)
    return ClipsOut(clips=tuple(ClipOut.of(one, names) for one in found))


@router.post("/{clip_id}/withdraw", summary="下架")
async def withdraw(
    request: Request, clip_id: ClipId, sent: WhyIn, who: Reads, studio: Here
) -> ClipOut:
    """Take it off the shelf for good, for who writes or approves there."""
    await studio.clips.withdraw(clip_id, sent.why, who)
    return ClipOut.of(await studio.clips.get(who, clip_id), await names_of(request))


@router.post("/{clip_id}/clear", summary="核对后恢复")
async def clear(
    request: Request, clip_id: ClipId, sent: WhyIn, who: Reads, studio: Here
) -> ClipOut:
    """A reviewer looked at it after an answer of the same basis was withdrawn: it is right."""
    await studio.clips.clear(clip_id, sent.why, who)
    return ClipOut.of(await studio.clips.get(who, clip_id), await names_of(request))


@router.get("/{clip_id}/files/{name}", summary="短视频的文件")
async def file(
    clip_id: ClipId,
    name: Annotated[str, Path(max_length=40)],
    who: Reads,
    studio: Here,
    save: bool = False,
) -> Response:
    """`clip.mp4` (by parts too), `clip.vtt`, `clip.srt` or `cover.png`, shown or not."""
    one = await studio.clips.get(who, clip_id)
    path = one.folder / name
    if name not in TYPES or not path.is_file():
        raise NotFound("没有这个文件")
    headers = dict(_FRESH)
    if save:
        title = quote(f"{one.clip.card.clip.title}{path.suffix}")
        headers["Content-Disposition"] = (
            f"attachment; filename=\"{name}\"; filename*=UTF-8''{title}"
        )
    return FileResponse(path, media_type=TYPES[name], headers=headers)
