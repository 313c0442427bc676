"""A session, or one question, replayed: on a page, and to take away with its proof."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from assistant.access.accounts import Account, Permission, may, may_at
from assistant.domain.answer import Citation
from assistant.domain.live import Room
from assistant.errors import NotFound
from assistant.review import names
from assistant.review.ledger import CHINA
from assistant.review.replay import Moment, Replay, Stream
from assistant.review.replay_export import SessionExport
from assistant.web.access.pages import staff_page
from assistant.web.access.session import access_of
from assistant.web.console.ledger import download
from assistant.web.console.summary import local
from assistant.web.ledger_in import SeeingLedger, ledger_of
from assistant.web.links import placed
from assistant.web.live.house import room_of

router = APIRouter(prefix="/console/ledger", include_in_schema=False)
PAGE = 200


@router.get("/sessions/{session_id}")
async def session_page(
    request: Request, session_id: str, account: SeeingLedger, after: str = "", noise: bool = False
) -> Response:
    """A session in the order of time; `noise` shows what is in no ledger too."""
    stream = await _stream(request, account, session_id)
    moments = await replay_of(request).moments(session_id, after, PAGE + 1, noise=noise)
    more = moments[PAGE - 1].entry.comment.id if len(moments) > PAGE else ""
    context = {"stream": stream, "noise": noise, "after": after, "more": more, "question": None}
    return await _page(request, moments[:PAGE], context)


@router.get("/sessions/{session_id}/export.zip")
async def export(request: Request, session_id: str, account: SeeingLedger) -> Response:
    """The whole session with proof; the links of the whole chain for who may see the chain."""
    stream = await _stream(request, account, session_id)
    writer = SessionExport(replay_of(request), access_of(request).audit, _office(request))
    linked = may(account, Permission.SEE_AUDIT) and not account.regions
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="replay-"))
    try:
        file = await writer.write(stream, folder, account.id, linked=linked)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return download(file, "application/zip", gone)


@router.get("/questions/{question_id}")
async def question_page(request: Request, question_id: str, account: SeeingLedger) -> Response:
    """One question: who asked it, what was judged, what was said."""
    replay = replay_of(request)
    question = await replay.reads.question(question_id)
    if question is None:
        raise NotFound("没有这个问题")
    stream = await _stream(request, account, question.session_id)
    moments = await replay.of_question(question)
    context = {"stream": stream, "noise": True, "after": "", "more": "", "question": question}
    return await _page(request, moments, context)


def replay_of(request: Request) -> Replay:
    """The replay of the running app. Raises NotFound where it has none."""
    replay: Replay | None = getattr(request.app.state.running.assistant, "replay", None)
    if replay is None:
        raise NotFound("这里没有台账")
    return replay


async def _stream(request: Request, account: Account, session_id: str) -> Stream:
    """A session in a room that the account may see. Raises NotFound."""
    session = await replay_of(request).reads.session(session_id)
    if session is None:
        raise NotFound("没有这一场直播")
    room: Room = await room_of(request, session.room_id)
    tree = request.app.state.running.assistant.regions
    if not may_at(account, Permission.SEE_LEDGER, room.region, tree):
        raise NotFound("没有这一场直播")
    return Stream(session, room)


async def _page(request: Request, moments: list[Moment], context: dict[str, object]) -> Response:
    asked = {one.story.question.id for one in moments if one.story}
    shown = {
        "moments": moments,
        "incidents": await ledger_of(request).incidents(asked),
        "urls": await _urls(request, moments),
        "names": names,
        "local": local,
        "clock": lambda at: at.astimezone(CHINA).strftime("%H:%M:%S") if at else "",
    }
    return await staff_page(request, "console/replay.html", context | shown)


async def _urls(request: Request, moments: list[Moment]) -> dict[Citation, str]:
    """The page of each citation, at the place and in the version that was cited."""
    stories = [one.story for one in moments if one.story and one.tells]
    cited = list(dict.fromkeys(cited for story in stories for cited in story.cited))
    found = await placed(cited, request.app.state.running.assistant.sources)
    return {one: place.url for one, place in zip(cited, found, strict=True)}


def _office(request: Request) -> str:
    organization: str = request.app.state.running.assistant.settings.organization
    return organization
