"""The steps of a stream: hand in, send back, approve, schedule, put away."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from assistant.access.accounts import Account
from assistant.domain.studio_flow import Stream
from assistant.web.openapi import PROBLEMS
from assistant.web.review.access import Key, Once
from assistant.web.review.repeats import Repeats
from assistant.web.studio.access import Here, Judges, Reads, StreamId, Writes, names_of
from assistant.web.studio.models import StreamOut
from assistant.web.studio.models_in import AskedIn, ScheduleIn, SeenIn

router = APIRouter(prefix="/api/v1/studio/streams/{stream_id}", tags=["studio"], responses=PROBLEMS)


class Taking:
    """Takes a step once for each key, and tells the stream as it is then."""

    def __init__(self, request: Request, once: Once, key: Key = None) -> None:
        self._request: Request = request
        self._once: Repeats = once
        self._key = key

    async def __call__(
        self, who: Account, asked: object, work: Callable[[], Awaitable[Stream]]
    ) -> StreamOut:
        """The stream behind the step."""

        async def done() -> StreamOut:
            return StreamOut.of(await work(), await names_of(self._request))

        path = self._request.url.path
        return await self._once.once(who.id, self._key, (path, asked), done, StreamOut)


Step = Annotated[Taking, Depends(Taking)]


@router.post("/submit", summary="提交审核")
async def submit(
    stream_id: StreamId, sent: SeenIn, who: Writes, studio: Here, step: Step
) -> StreamOut:
    """Have it looked at."""
    return await step(who, sent, lambda: studio.stepping.submit(who, stream_id, sent.version))


@router.post("/take-back", summary="撤回")
async def take_back(stream_id: StreamId, who: Writes, studio: Here, step: Step) -> StreamOut:
    """Go on writing before anybody decided."""
    return await step(who, None, lambda: studio.stepping.take_back(who, stream_id))


@router.post("/reopen", summary="重新修改")
async def reopen(stream_id: StreamId, who: Writes, studio: Here, step: Step) -> StreamOut:
    """Change what is approved; the approval is gone."""
    return await step(who, None, lambda: studio.stepping.reopen(who, stream_id))


@router.post("/drop", summary="弃用")
async def drop(stream_id: StreamId, who: Writes, studio: Here, step: Step) -> StreamOut:
    """Give it up."""
    return await step(who, None, lambda: studio.stepping.drop(who, stream_id))


@router.post("/ask-changes", summary="退回修改")
async def ask_changes(
    stream_id: StreamId, sent: AskedIn, who: Judges, studio: Here, step: Step
) -> StreamOut:
    """Send it back with what is to be changed."""
    return await step(
        who, sent, lambda: studio.stepping.ask_changes(who, stream_id, sent.version, sent.text)
    )


@router.post("/approve", summary="批准")
async def approve(
    stream_id: StreamId, sent: SeenIn, who: Judges, studio: Here, step: Step
) -> StreamOut:
    """Freeze these words, slides and sounds; 409 names what blocks it."""
    return await step(who, sent, lambda: studio.stepping.approve(who, stream_id, sent.version))


@router.post("/schedule", summary="排期")
async def schedule(
    stream_id: StreamId, sent: ScheduleIn, who: Reads, studio: Here, step: Step
) -> StreamOut:
    """Set day, time and room; the sources must hold on that day."""
    return await step(
        who, sent, lambda: studio.stepping.schedule(who, stream_id, sent.starts_at, sent.room_id)
    )


@router.post("/unschedule", summary="取消排期")
async def unschedule(stream_id: StreamId, who: Reads, studio: Here, step: Step) -> StreamOut:
    """Take the time back; the approval stands."""
    return await step(who, None, lambda: studio.stepping.unschedule(who, stream_id))


@router.post("/archive", summary="归档")
async def archive(stream_id: StreamId, who: Reads, studio: Here, step: Step) -> StreamOut:
    """Put it away after it was aired."""
    return await step(who, None, lambda: studio.stepping.archive(who, stream_id))
