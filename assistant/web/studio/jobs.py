"""Briefs and drafting jobs: read a line, ask back, draft, tell how far it is, give up."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import StreamingResponse

from assistant.access.accounts import Account, Permission
from assistant.studio.building import Studio
from assistant.web.access.session import still
from assistant.web.live.sse import Event, event_stream
from assistant.web.openapi import PROBLEMS
from assistant.web.review.access import Key, Once
from assistant.web.state import Here as App
from assistant.web.studio.access import Here, Writes
from assistant.web.studio.models_in import AskIn, BriefIn, BriefOut, JobOut, JobsOut

router = APIRouter(prefix="/api/v1/studio", tags=["studio"], responses=PROBLEMS)
JobId = Annotated[str, Path(min_length=1, max_length=100)]


@router.post("/briefs", summary="读懂一句需求")
async def brief(sent: AskIn, who: Writes, studio: Here, app: App) -> BriefOut:
    """What is understood, what must be asked back, and the sources it would rest on."""
    region = sent.region or (who.regions[0] if who.regions else app.options.region)
    found = await studio.jobs.brief(who, sent.text, region)
    return BriefOut.of(found, app.assistant.index.headers, app.today())


@router.post("/jobs", status_code=202, summary="起草")
async def start(sent: BriefIn, who: Writes, studio: Here, once: Once, key: Key = None) -> JobOut:
    """Begin to draft; the job goes on whatever becomes of this connection."""

    async def work() -> JobOut:
        return JobOut.of(await studio.jobs.start(who, sent.brief()))

    return await once.once(who.id, key, ("job", sent), work, JobOut)


@router.get("/jobs", summary="正在起草的")
async def jobs(who: Writes, studio: Here) -> JobsOut:
    """Your jobs that are not over."""
    return JobsOut(jobs=tuple(map(JobOut.of, await studio.jobs.running(who))))


@router.get("/jobs/{job_id}", summary="一个起草任务")
async def job(job_id: JobId, who: Writes, studio: Here) -> JobOut:
    """How far it is."""
    return JobOut.of(await studio.jobs.get(who, job_id))


@router.get("/jobs/{job_id}/events", summary="起草进度（SSE）")
async def events(request: Request, job_id: JobId, who: Writes, studio: Here) -> StreamingResponse:
    """An event `job` each time that it went on; the stream ends with the job."""
    await studio.jobs.get(who, job_id)
    told = _told(studio, who, job_id)
    return event_stream(request, told, lambda: still(request, Permission.WRITE_SCRIPTS))


@router.post("/jobs/{job_id}/cancel", summary="取消起草")
async def cancel(job_id: JobId, who: Writes, studio: Here) -> JobOut:
    """Give it up; what is over stays as it is."""
    return JobOut.of(await studio.jobs.cancel(who, job_id))


async def _told(studio: Studio, who: Account, job_id: str) -> AsyncIterator[Event]:
    async for one in studio.jobs.progress(who, job_id, asyncio.sleep):
        yield "job", JobOut.of(one).model_dump(mode="json")
