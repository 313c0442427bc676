"""The review of a stream (复盘): its figures, what lacks, and every outcome to take away."""

from collections.abc import AsyncIterator
from datetime import datetime

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from assistant.domain.live import LiveSession, Room
from assistant.errors import NotFound
from assistant.insight.words import span
from assistant.live.outcome_lines import OutcomeLine
from assistant.web.access.pages import staff_page
from assistant.web.console.access import Watching, record, room_for
from assistant.web.console.names import CODE_NAMES, KIND_NAMES, PLATFORM_NAMES, STATE_NAMES
from assistant.web.live.house import house_of
from assistant.web.services import CHINA

router = APIRouter(prefix="/console/rooms/{room_id}/summary", include_in_schema=False)


@router.get("")
async def sessions_page(request: Request, room_id: str, account: Watching) -> Response:
    """The sessions of a room, newest first."""
    room = await room_for(request, account, room_id)
    sessions = await house_of(request).reads.sessions(room_id)
    return await staff_page(
        request, "console/sessions.html", {"room": room, "sessions": sessions, "local": local}
    )


@router.get("/{session_id}")
async def summary_page(
    request: Request, room_id: str, session_id: str, account: Watching
) -> Response:
    """The figures of one session, closed or still on air."""
    room = await room_for(request, account, room_id)
    session = await _session(request, room, session_id)
    context = {
        "room": room,
        "session": session,
        "figures": await house_of(request).desk.review(session),
        "kinds": KIND_NAMES,
        "states": STATE_NAMES,
        "codes": CODE_NAMES,
        "platform_names": PLATFORM_NAMES,
        "local": local,
        "span": span,
    }
    return await staff_page(request, "console/summary.html", context)


@router.get("/{session_id}/outcomes.jsonl")
async def outcomes(request: Request, room_id: str, session_id: str, account: Watching) -> Response:
    """What became of every comment (FORMATS §5)."""
    room = await room_for(request, account, room_id)
    session = await _session(request, room, session_id)
    found = await house_of(request).desk.outcomes(session)
    await record(request, account, "room.export", room_id, {"session": session_id})
    headers = {
        "Content-Disposition": f'attachment; filename="outcomes-{session.id}.jsonl"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_lines(found), media_type="application/x-ndjson", headers=headers)


async def _lines(found: list[OutcomeLine]) -> AsyncIterator[str]:
    for line in found:
        yield f"{line.model_dump_json()}\n"


async def _session(request: Request, room: Room, session_id: str) -> LiveSession:
    session = await house_of(request).reads.session(session_id)
    if session is None or session.room_id != room.id:
        raise NotFound("没有这一场直播")
    return session


def local(at: datetime | None) -> str:
    """A moment as a clock on the wall shows it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""
