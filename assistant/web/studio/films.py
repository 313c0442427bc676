"""`/api/v1/studio/films`: the clips of an approved stream that are being made."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import StreamingResponse

from assistant.access.accounts import Account, Permission
from assistant.errors import NotFound
from assistant.studio.building import Studio
from assistant.web.access.session import still
from assistant.web.live.sse import Event, event_stream
from assistant.web.openapi import PROBLEMS
from assistant.web.studio.access import Here, Reads, StreamId
from assistant.web.studio.models_clips import FilmJobOut

router = APIRouter(prefix="/api/v1/studio", tags=["studio"], responses=PROBLEMS)
JobId = Annotated[str, Path(min_length=1, max_length=100)]


@router.get("/streams/{stream_id}/films", summary="一场直播的短视频制作")
async def of_stream(stream_id: StreamId, who: Reads, studio: Here) -> FilmJobOut:
    """How far the clips of its approval are; 404 where it has none."""
    found = await studio.filming.of(who, stream_id)
    if found is None:
        raise NotFound("这场直播没有在制作的短视频")
    return FilmJobOut.of(found)


@router.get("/films/{job_id}/events", summary="制作进度（SSE）")
async def events(request: Request, job_id: JobId, who: Reads, studio: Here) -> StreamingResponse:
    """An event `films` each time that it went on; the stream ends with the job."""
    await studio.filming.get(who, job_id)
    told = _told(studio, who, job_id)
    return event_stream(request, told, lambda: still(request, Permission.READ_SCRIPTS))


@router.post("/films/{job_id}/cancel", summary="停止制作")
async def cancel(job_id: JobId, who: Reads, studio: Here) -> FilmJobOut:
    """Give it up, for who writes or approves there; clips that are up already stay."""
    return FilmJobOut.of(await studio.filming.cancel(who, job_id))


@router.post("/films/{job_id}/again", summary="再做一次")
async def again(job_id: JobId, who: Reads, studio: Here) -> FilmJobOut:
    """Make those that were not made, for who writes or approves there."""
    return FilmJobOut.of(await studio.filming.again(who, job_id))


async def _told(studio: Studio, who: Account, job_id: str) -> AsyncIterator[Event]:
    async for one in studio.filming.progress(who, job_id, asyncio.sleep):
        yield "films", FilmJobOut.of(one).model_dump(mode="json")
