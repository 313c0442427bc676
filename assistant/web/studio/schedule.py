"""When a stream goes out: a month of the office's calendar, and plain forms."""

import calendar as weeks
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.access.accounts import Account
from assistant.domain.studio_flow import Step, Stream, StreamState
from assistant.domain.workdays import CHINA, Calendar
from assistant.errors import AssistantError, BadInput
from assistant.studio.building import Studio
from assistant.studio.stepping import OFFICE_HOURS
from assistant.web.access.pages import staff_page
from assistant.web.problems import of_error
from assistant.web.state import Here as App
from assistant.web.studio.access import Here, Reads, StreamId
from assistant.web.studio.pages import base

router = APIRouter(prefix="/console/studio/streams/{stream_id}/schedule", include_in_schema=False)
Text = Annotated[str, Field(max_length=100)]
PLANNED = frozenset({StreamState.SCHEDULED, StreamState.ON_AIR, StreamState.AIRED})


class Chosen(BaseModel):
    """What the form sends."""

    csrf: Text = ""
    what: Text = ""
    day: Text = ""
    begins: Text = ""
    room: Text = ""


@router.get("")
async def schedule_page(
    request: Request,
    stream_id: StreamId,
    who: Reads,
    studio: Here,
    app: App,
    day: date | None = None,
    month: Annotated[str, Query(pattern=r"^(\d{4}-\d{2})?$")] = "",
) -> Response:
    """The month of the day that is chosen, with what is planned already."""
    return await _page(request, studio, app, who, stream_id, {"chosen": day, "month": month})


@router.post("")
async def set_schedule(
    request: Request,
    stream_id: StreamId,
    who: Reads,
    studio: Here,
    app: App,
    sent: Annotated[Chosen, Form()],
) -> Response:
    """Set the time, or take it back."""
    try:
        if sent.what == "clear":
            await studio.stepping.unschedule(who, stream_id)
        else:
            starts = read_start(sent.day, sent.begins)
            await studio.stepping.schedule(who, stream_id, starts, sent.room or None)
    except AssistantError as error:
        more = {"chosen": read_day(sent.day), "begins": sent.begins}
        return await _page(request, studio, app, who, stream_id, more, error)
    return RedirectResponse(f"/console/studio/streams/{stream_id}/schedule", 303)


def read_start(day: str, begins: str) -> datetime:
    """A day and an hour of China. Raises BadInput."""
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(begins), CHINA)
    except ValueError:
        raise BadInput("请选择日期和时间") from None


def read_day(day: str) -> date | None:
    """A day, None for words that are none."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


async def _page(
    request: Request,
    studio: Studio,
    app: App,
    who: Account,
    stream_id: str,
    more: dict[str, Any],
    error: AssistantError | None = None,
) -> Response:
    view = await studio.desk.view(who, stream_id)
    stream, suggested = view.stream, await studio.stepping.suggested(5)
    starts = stream.starts_at.astimezone(CHINA) if stream.starts_at else None
    chosen = more.get("chosen") or (starts.date() if starts else stream.day)
    chosen = chosen or suggested[0].astimezone(CHINA).date()
    begins = more.get("begins") or (starts or view.draft.brief.begins or OFFICE_HOURS[0])
    shown = _month(more.get("month", ""), chosen)
    days = await studio.stepping.workdays()
    context = base(request, stream, who) | {
        "may_set": Step.SCHEDULE in view.steps,
        "may_clear": Step.UNSCHEDULE in view.steps,
        "starts": starts,
        "chosen": chosen,
        "begins": begins if isinstance(begins, str) else f"{begins:%H:%M}",
        "fixed": view.draft.brief.day,
        "shown": shown,
        "weeks": _weeks(shown, days),
        "planned": await _planned(studio, who),
        "suggested": [one.astimezone(CHINA) for one in suggested],
        "works": days.is_workday(chosen),
        "certain": days.certain(shown.year),
        "today": app.today(),
        "rooms": await _rooms(app),
        "fault": of_error(error).detail if error else "",
        "before": _step(shown, -1),
        "behind": _step(shown, 1),
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/studio_schedule.html", context, status)


def _month(text: str, chosen: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return chosen.replace(day=1)


def _step(month: date, by: int) -> str:
    at = month.year * 12 + month.month - 1 + by
    return f"{at // 12:04d}-{at % 12 + 1:02d}"


def _weeks(month: date, days: Calendar) -> list[list[tuple[date, bool] | None]]:
    """The month's days with whether offices work."""
    return [
        [(d, days.is_workday(d)) if d.month == month.month else None for d in week]
        for week in weeks.Calendar().monthdatescalendar(month.year, month.month)
    ]


async def _planned(studio: Studio, who: Account) -> dict[date, list[Stream]]:
    """What is planned, by its day."""
    found: dict[date, list[Stream]] = {}
    for one in await studio.desk.streams(who, PLANNED):
        if one.starts_at:
            found.setdefault(one.starts_at.astimezone(CHINA).date(), []).append(one)
    return found


async def _rooms(app: App) -> list[tuple[str, str]]:
    """The rooms of the office by id and name; none where there is no live part."""
    house = getattr(app.assistant, "live", None)
    if house is None:
        return []
    return [(room.id, room.name) for room in await house.desk.rooms()]
