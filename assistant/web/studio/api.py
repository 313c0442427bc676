"""`/api/v1/studio/streams`: reading, writing and commenting. A browser sends its CSRF token."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from assistant.domain.studio_flow import StreamState
from assistant.studio.desk import Said
from assistant.web.openapi import PROBLEMS
from assistant.web.review.access import Key, Once
from assistant.web.studio.access import Here, Reads, StreamId, Writes, names_of
from assistant.web.studio.models import StreamOut, StreamsOut
from assistant.web.studio.models_in import (
    CheckedIn,
    CommentIn,
    RedoIn,
    SentenceIn,
    SettleIn,
    WordsIn,
)
from assistant.web.studio.models_versions import ChangesOut, DifferenceOut, NoteOut
from assistant.web.studio.models_view import ViewOut

router = APIRouter(prefix="/api/v1/studio/streams", tags=["studio"], responses=PROBLEMS)
Number = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("", summary="直播稿")
async def streams(
    request: Request,
    who: Reads,
    studio: Here,
    state: Annotated[list[StreamState] | None, Query()] = None,
    text: Annotated[str, Query(max_length=100)] = "",
) -> StreamsOut:
    """Streams that you may see, the last changed first."""
    found = await studio.desk.streams(who, state or list(StreamState), text.strip())
    names = await names_of(request)
    return StreamsOut(streams=tuple(StreamOut.of(one, names) for one in found))


@router.get("/{stream_id}", summary="一场直播的稿子")
async def stream(request: Request, stream_id: StreamId, who: Reads, studio: Here) -> ViewOut:
    """Its words, what stands against an approval, and what you may do."""
    return ViewOut.of(await studio.desk.view(who, stream_id), await names_of(request))


@router.put("/{stream_id}/words", summary="改一处")
async def words(
    request: Request, stream_id: StreamId, sent: WordsIn, who: Writes, studio: Here
) -> ViewOut:
    """Put another text at a place; 409 where somebody else changed it meanwhile."""
    view = await studio.desk.edit(who, stream_id, Said(sent.place, sent.text, sent.was))
    return ViewOut.of(view, await names_of(request))


@router.post("/{stream_id}/sentences", summary="加一句")
async def sentence(
    request: Request,
    stream_id: StreamId,
    sent: SentenceIn,
    who: Writes,
    studio: Here,
    once: Once,
    key: Key = None,
) -> ViewOut:
    """A new sentence behind another one."""

    async def work() -> ViewOut:
        view = await studio.desk.insert(who, stream_id, sent.after, sent.text)
        return ViewOut.of(view, await names_of(request))

    return await once.once(who.id, key, ("sentence", stream_id, sent), work, ViewOut)


@router.post("/{stream_id}/checked", summary="已核对")
async def checked(
    request: Request, stream_id: StreamId, sent: CheckedIn, who: Writes, studio: Here
) -> ViewOut:
    """Marked parts were looked at and stand as they are."""
    view = await studio.desk.checked(who, stream_id, sent.places)
    return ViewOut.of(view, await names_of(request))


@router.post("/{stream_id}/redo", summary="重写一段或一页")
async def redo(
    request: Request,
    stream_id: StreamId,
    sent: RedoIn,
    who: Writes,
    studio: Here,
    once: Once,
    key: Key = None,
) -> ViewOut:
    """A part anew: with a wish reworded, without one drafted from today's sources."""

    async def work() -> ViewOut:
        view = await studio.redoing.redo(who, stream_id, sent.place, sent.wish)
        return ViewOut.of(view, await names_of(request))

    return await once.once(who.id, key, ("redo", stream_id, sent), work, ViewOut)


@router.post("/{stream_id}/comments", summary="批注")
async def comment(
    request: Request,
    stream_id: StreamId,
    sent: CommentIn,
    who: Reads,
    studio: Here,
    once: Once,
    key: Key = None,
) -> ViewOut:
    """Remark on a sentence, or suggest another one."""

    async def work() -> ViewOut:
        await studio.desk.comment(who, stream_id, sent.place, sent.text, sent.suggestion)
        return ViewOut.of(await studio.desk.view(who, stream_id), await names_of(request))

    return await once.once(who.id, key, ("comment", stream_id, sent), work, ViewOut)


@router.post("/{stream_id}/comments/{comment_id}", summary="处理批注")
async def settle(
    request: Request,
    stream_id: StreamId,
    comment_id: Annotated[str, Path(min_length=1, max_length=100)],
    sent: SettleIn,
    who: Reads,
    studio: Here,
) -> ViewOut:
    """Done, accepted (its suggestion takes the sentence's place) or refused."""
    view = await studio.desk.settle(who, stream_id, comment_id, sent.state)
    return ViewOut.of(view, await names_of(request))


@router.get("/{stream_id}/versions", summary="版本")
async def versions(
    request: Request, stream_id: StreamId, who: Reads, studio: Here
) -> tuple[NoteOut, ...]:
    """Who changed what, the newest first."""
    names = await names_of(request)
    return tuple(NoteOut.of(one, names) for one in await studio.desk.notes(who, stream_id))


@router.get("/{stream_id}/difference", summary="两个版本的差别")
async def difference(
    stream_id: StreamId, who: Reads, studio: Here, old: Number, new: Number
) -> ChangesOut:
    """What differs between two versions, piece by piece."""
    found = await studio.desk.difference(who, stream_id, old, new)
    words = (await studio.desk.version(who, stream_id, new)).draft
    told = tuple(DifferenceOut.of(one, words) for one in found)
    return ChangesOut(old=old, new=new, differences=told)
