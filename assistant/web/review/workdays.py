"""The calendar of workdays: a page of a year, and its days over the API."""

import calendar as weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.access.accounts import Permission
from assistant.domain.workdays import Calendar, CalendarDay
from assistant.errors import AssistantError, BadInput
from assistant.web.access.pages import staff_page
from assistant.web.openapi import PROBLEMS
from assistant.web.problems import of_error
from assistant.web.review.access import Managing, Reading, Workdays
from assistant.web.review.seams import Days
from assistant.web.state import Here

pages = APIRouter(prefix="/console/review/calendar", include_in_schema=False)
api = APIRouter(prefix="/api/v1/review/calendar", tags=["review"], responses=PROBLEMS)
Year = Annotated[int, Path(ge=2000, le=2100)]
Text = Annotated[str, Form(max_length=20_000)]
WORK, FREE = {"班", "上班", "调休上班"}, {"休", "放假", "休息"}


class DayOut(BaseModel):
    """A day that is not as its weekday says; `own`: the office set it."""

    day: date
    is_workday: bool
    name: str
    own: bool


class YearOut(BaseModel):
    """`certain` is false where the year's arrangement is a guess."""

    year: int
    certain: bool
    days: tuple[DayOut, ...]


class DayIn(BaseModel):
    """What a day is from now on."""

    is_workday: bool
    name: Annotated[str, Field(max_length=40)] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A day on the page."""

    day: date
    look: str
    title: str


@api.get("/{year}", summary="一年的放假与调休")
async def year(year: Year, who: Reading, days: Workdays) -> YearOut:
    """The days that are not as their weekday says."""
    del who  # their right is all that matters
    current, found = await days.current(), await days.days(year)
    told = (DayOut(day=d.day, is_workday=d.is_workday, name=d.name, own=d.own) for d in found)
    return YearOut(year=year, certain=current.certain(year), days=tuple(told))


@api.put("/days/{day}", status_code=204, summary="设置一天")
async def put_day(day: date, sent: DayIn, who: Managing, days: Workdays) -> None:
    """Set one day; open cases get their deadlines anew."""
    await days.set_day(who.id, CalendarDay(day, sent.is_workday, sent.name, own=True))


@api.delete("/days/{day}", status_code=204, summary="恢复一天")
async def clear_day(day: date, who: Managing, days: Workdays) -> None:
    """Let a day be as it was before the office set it."""
    await days.clear_day(who.id, day)


@pages.get("")
async def calendar_page(
    request: Request,
    who: Reading,
    days: Workdays,
    here: Here,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    day: date | None = None,
) -> Response:
    """A year; an administrator chooses a day in it to change."""
    del who
    wanted = day.year if day else year or here.today().year
    return await _page(request, days, wanted, {"day": day})


@pages.post("/days/{day}")
async def change_day(
    request: Request, day: date, who: Managing, days: Workdays, what: Text = "", name: Text = ""
) -> Response:
    """Set a day, or let it be as it was."""
    try:
        if what == "clear":
            await days.clear_day(who.id, day)
        elif what in {"work", "free"}:
            chosen = CalendarDay(day, what == "work", name.strip(), own=True)
            await days.set_day(who.id, chosen)
        else:
            raise BadInput("请选择上班或放假")
    except AssistantError as error:
        return await _page(request, days, day.year, {"day": day}, error)
    return RedirectResponse(f"/console/review/calendar?year={day.year}", 303)


@pages.post("/years/{year}")
async def change_year(
    request: Request, year: Year, who: Managing, days: Workdays, text: Text = ""
) -> Response:
    """Set what the notice of a year says, a day a line."""
    try:
        await days.set_year(who.id, year, read_days(text))
    except AssistantError as error:
        return await _page(request, days, year, {"text": text}, error)
    return RedirectResponse(f"/console/review/calendar?year={year}", 303)


def read_days(text: str) -> list[CalendarDay]:
    """Lines such as `2027-01-01 休 元旦`. Raises BadInput that names the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split(maxsplit=2)
        if not words:
            continue
        try:
            day, what = date.fromisoformat(words[0]), words[1]
        except (ValueError, IndexError):
            hint = "应写作：2027-01-01 休 元旦"
            raise BadInput(f"第 {number} 行读不懂", hint=hint) from None
        if what not in WORK | FREE:
            raise BadInput(f"第 {number} 行：应写“休”或“班”")
        found.append(CalendarDay(day, what in WORK, words[2] if len(words) > 2 else "", own=True))
    return found


async def _page(
    request: Request,
    days: Days,
    year: int,
    more: Mapping[str, Any],
    error: AssistantError | None = None,
) -> Response:
    current = await days.current()
    known = {one.day: one for one in await days.days(year)}
    who = request.state.signed_in
    context = {
        "year": year,
        "certain": current.certain(year),
        "months": [(m, _weeks(year, m, known, current)) for m in range(1, 13)],
        "may_edit": who.may(Permission.MANAGE_ACCOUNTS),
        "known": known,
        "fault": of_error(error).detail if error else "",
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/review_calendar.html", context | dict(more), status)


def _weeks(
    year: int, month: int, known: Mapping[date, CalendarDay], current: Calendar
) -> list[list[Cell | None]]:
    return [
        [_cell(day, known.get(day), current) if day.month == month else None for day in week]
        for week in weeks.Calendar().monthdatescalendar(year, month)
    ]


def _cell(day: date, set_: CalendarDay | None, current: Calendar) -> Cell:
    works = current.is_workday(day)
    look = "day-off" if not works and (set_ or day.weekday() < 5) else ""
    if works and day.weekday() >= 5:
        look = "day-shift"
    if not works and not look:
        look = "day-weekend"
    own = " day-own" if set_ and set_.own else ""
    name = set_.name if set_ else ""
    said = "上班" if works else "放假" if look == "day-off" else "休息"
    return Cell(day, f"{look}{own}".strip(), f"{day} {said}{f'，{name}' if name else ''}")
