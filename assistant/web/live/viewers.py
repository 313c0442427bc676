"""The viewers' page of a room: a chat beside the stage, for an office's own site and as fall-back.

A viewer is a random id in a cookie that no script reads. Comments and replies go through the same
path as those of every other platform.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from assistant.domain.live import RoomState
from assistant.errors import Forbidden, NotFound
from assistant.live.core import is_harmful
from assistant.live.orders import NeedPerson
from assistant.live.platforms.page import Page, TooOften, event_id, new_viewer, reply_address
from assistant.stage.labels import LABEL, LABEL_PERSON, LABEL_SAID
from assistant.stage.look import PRESENTERS
from assistant.web.access.origin import own_page
from assistant.web.live.house import house_of, platforms_of, room_of
from assistant.web.live.sse import Event, event_stream
from assistant.web.pages import templates
from assistant.web.problems import Problem, respond

router = APIRouter(include_in_schema=False)
COOKIE = "room_viewer"
_YEAR = 365 * 86400


class CommentIn(BaseModel):
    """A comment; `client_id` is the browser's own id of it."""

    text: str = Field(max_length=2000)
    client_id: str = Field(max_length=64)


class SeenIn(BaseModel):
    """Keys of replies that the page shows."""

    keys: list[str] = Field(max_length=1000)


class HelpIn(BaseModel):
    """没解决 or 找人工, about the comment with this client id."""

    client_id: str = Field(max_length=64)
    unsolved: bool = False


@router.get("/room/{room_id}")
async def room_page(request: Request, room_id: str) -> Response:
    """The page; a new viewer gets an id."""
    room = await room_of(request, room_id)
    chosen = house_of(request).look(room_id).presenter
    host = chosen if chosen in PRESENTERS else PRESENTERS[0]
    context = {
        "room": room,
        "label": LABEL,
        "label_said": LABEL_SAID,
        "label_person": LABEL_PERSON,
        "is_open": room.state in _ON_AIR,
        "presenter": host,
    }
    response = templates.TemplateResponse(request, "live/room.html", context)
    if not request.cookies.get(COOKIE):
        safe = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, new_viewer(), max_age=_YEAR, httponly=True, samesite="lax", secure=safe
        )
    response.headers["Referrer-Policy"] = "same-origin"
    return response


_ON_AIR = {RoomState.OPEN, RoomState.PAUSED, RoomState.TAKEN_OVER, RoomState.CLOSING}


@router.post("/room/{room_id}/comments", status_code=202)
async def post_comment(request: Request, room_id: str, comment: CommentIn) -> Response:
    """Take a comment; when this answers it is on disk."""
    viewer, page = _viewer(request), await _page(request, room_id)
    try:
        await page.post(viewer, comment.text, comment.client_id)
    except TooOften as error:
        wait = {"Retry-After": str(max(1, round(error.retry_after)))}
        return respond(request, Problem(429, str(error), headers=wait))
    return Response(status_code=202)


@router.get("/room/{room_id}/replies")
async def replies(
    request: Request, room_id: str, pending: Annotated[str, Query(max_length=8000)] = ""
) -> Response:
    """The viewer's replies as server-sent events; `pending` are the client ids that wait."""
    page = await _page(request, room_id)
    waiting = [client_id for client_id in pending.split(",") if client_id]
    return event_stream(request, _replies(page, _viewer(request, changes=False), waiting))


async def _replies(page: Page, viewer: str, waiting: list[str]) -> AsyncIterator[Event]:
    async for reply in page.stream(viewer, waiting):
        data = {"key": reply.key, "client_id": reply.client_id, "text": reply.text}
        yield "reply", data | {"at": reply.at.isoformat()}


@router.post("/room/{room_id}/replies/seen", status_code=204)
async def seen(request: Request, room_id: str, shown: SeenIn) -> None:
    """The page shows these replies."""
    (await _page(request, room_id)).acknowledge(_viewer(request), shown.keys)


@router.post("/room/{room_id}/help", status_code=202)
async def ask_person(request: Request, room_id: str, wanted: HelpIn) -> Response:
    """Put the viewer's own question before a person."""
    viewer, house = _viewer(request), house_of(request)
    event = event_id(viewer, wanted.client_id)
    entry = await house.reads.comment_of(room_id, Page.name, event)
    if entry is None:
        raise NotFound("没有找到这条提问", hint="请重新发送后再试")
    if entry.decision is not None and is_harmful(entry.decision):
        raise Forbidden("这条内容不能转交人工")
    about = entry.decision.question_id if entry.decision else None
    address = reply_address(viewer, wanted.client_id)
    order = NeedPerson(entry.comment, about, wanted.unsolved, address)
    await house.desk.command(room_id, order, "网友")
    return Response(status_code=202)


async def _page(request: Request, room_id: str) -> Page:
    return (await platforms_of(request, room_id)).page


def _viewer(request: Request, *, changes: bool = True) -> str:
    """Who asks. Raises Forbidden for a stranger, or for a change that another site's page sends."""
    viewer = request.cookies.get(COOKIE, "")
    if not viewer or (changes and not own_page(request)):
        raise Forbidden("页面会话无效", hint="请刷新页面")
    return viewer
