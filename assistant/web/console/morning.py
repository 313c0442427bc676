"""The morning's report: what the night brought, what to add today, what waits first."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from assistant.access.accounts import Account
from assistant.domain.live import Room
from assistant.errors import NotFound
from assistant.insight import words
from assistant.insight.morning import Mornings
from assistant.insight.paper import pdf_of
from assistant.insight.report import Morning
from assistant.insight.ways import WAY_NAMES
from assistant.records.morning_letters import Letter, LetterState
from assistant.web.access.pages import staff_page
from assistant.web.console.access import record
from assistant.web.inputs import OptionalDay
from assistant.web.ledger_in import Id, SeeingLedger, visible_rooms

router = APIRouter(prefix="/console/morning", include_in_schema=False)
LETTERS = {
    LetterState.WAITING: "邮件没有送出，稍后再试",
    LetterState.SENDING: "邮件正在发送",
    LetterState.UNCERTAIN: "发送中断，邮件可能没有送达，不会再发",
}


class MorningIn(BaseModel):
    """Which morning, and which room."""

    model_config = ConfigDict(extra="ignore")

    day: OptionalDay = None
    room: Id = None


Wanted = Annotated[MorningIn, Query()]


@router.get("")
async def morning_page(request: Request, account: SeeingLedger, wanted: Wanted) -> Response:
    """The report of one morning, today's by default."""
    rooms = await visible_rooms(request, account)
    report = await _report(request, account, wanted, rooms)
    night = report.night
    named = {"day": night.day.isoformat(), **({"room": wanted.room} if wanted.room else {})}
    context = {
        "report": report,
        "of": words,
        "ways": WAY_NAMES,
        "rooms": rooms,
        "room": wanted.room,
        "query": urlencode(named),
        "before": (night.day - timedelta(days=1)).isoformat(),
        "after": (night.day + timedelta(days=1)).isoformat() if night.over else "",
        "letter": _letter_line(await _letter(request, report)),
        "ledger": urlencode({"room": wanted.room} if wanted.room else {}),
    }
    return await staff_page(request, "console/morning.html", context)


@router.get("/report.pdf")
async def morning_pdf(request: Request, account: SeeingLedger, wanted: Wanted) -> Response:
    """The same on paper; who took it away is in the chain."""
    rooms = await visible_rooms(request, account)
    report = await _report(request, account, wanted, rooms)
    producer = request.app.state.running.options.producer
    data = await asyncio.to_thread(pdf_of, report, producer)
    day = report.night.day.isoformat()
    await record(request, account, "morning.export", day, {"rooms": report.rooms})
    name = quote(f"{words.TITLE}-{day}.pdf")
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
    }
    return Response(data, media_type="application/pdf", headers=headers)


async def _report(
    request: Request, account: Account, wanted: MorningIn, rooms: Sequence[Room]
) -> Morning:
    mornings: Mornings | None = getattr(request.app.state.running.assistant, "mornings", None)
    if mornings is None:
        raise NotFound("这里没有晨报")
    return await mornings.report(wanted.day, _chosen(account, wanted.room, rooms))


def _chosen(account: Account, room_id: str | None, rooms: Sequence[Room]) -> Collection[str] | None:
    """The rooms that are counted: the chosen one, else all that the account may see."""
    seen = {room.id for room in rooms}
    if room_id is not None:
        if room_id not in seen:
            raise NotFound(f"没有直播间 {room_id}")
        return {room_id}
    return seen if account.regions else None


async def _letter(request: Request, report: Morning) -> Letter | None:
    letters = getattr(request.app.state.running.assistant, "letters", None)
    return await letters.letter(report.night.day) if letters else None


def _letter_line(letter: Letter | None) -> str:
    if letter is None:
        return ""
    if letter.state is LetterState.SENT:
        return f"邮件已于 {words.clock(letter.sent_at)} 发出"
    return LETTERS[letter.state]
