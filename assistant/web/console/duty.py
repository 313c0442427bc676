"""The duty page: who is told in which order, when they are on, when a room answers by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.access.accounts import Account, Permission, may
from assistant.domain.audit import AuditEvent
from assistant.domain.duty import CONFIRM, QUIET, DutyPlan, Officer
from assistant.domain.live import Room
from assistant.domain.workdays import CHINA
from assistant.errors import AssistantError, BadInput, Forbidden, NotFound
from assistant.live.duty_keeper import DutyKeeper
from assistant.web.access.pages import staff_page
from assistant.web.access.session import access_of, require
from assistant.web.console.access import Running, may_in, room_for
from assistant.web.console.shift_words import HINT, read_shifts, shift_words
from assistant.web.problems import of_error

router = APIRouter(prefix="/console", include_in_schema=False)
Changing = Annotated[Account, Depends(require(Permission.SWITCH_AUTOMATIC))]
"""Hours for automatic answers approve what will be said in them."""
LONGEST_NAME, LONGEST = 40, 400
MOST = 20
BLANK = 2
"""Empty lines below the rota."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form, as it was typed."""

    name: str = ""
    account: str = ""
    mail: str = ""
    robot: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class DutyForm:
    """What the form says."""

    lines: tuple[Line, ...]
    hours: str
    quiet: int
    confirm: int

    def plan(self, room_id: str, actor: str) -> DutyPlan:
        """The plan. Raises BadInput."""
        filled = [line for line in self.lines if line.name or line.mail or line.account]
        if len(filled) > MOST:
            raise BadInput(f"值班表最多 {MOST} 人")
        if self.quiet not in QUIET:
            raise BadInput(f"离开页面的分钟数应为 {QUIET[0]} 到 {QUIET[-1]}")
        if self.confirm and self.confirm not in CONFIRM:
            raise BadInput(f"确认的间隔应为 {CONFIRM[0]} 到 {CONFIRM[-1]} 分钟，或填 0")
        officers = tuple(map(_officer, filled))
        if len({one.name for one in officers}) < len(officers):
            raise BadInput("值班表里有重名的人", hint="同一个人的几个时段写在一行，用分号隔开")
        hours = read_shifts(self.hours)
        return DutyPlan(room_id, officers, hours, self.quiet, self.confirm, actor)


def _officer(line: Line) -> Officer:
    if not 1 <= len(line.name) <= LONGEST_NAME:
        raise BadInput(f"值班人员的姓名应为 1 到 {LONGEST_NAME} 个字")
    if line.mail and ("@" not in line.mail or any(one.isspace() for one in line.mail)):
        raise BadInput(f"{line.name} 的邮箱不对")
    return Officer(line.name, line.account, line.mail, line.robot, read_shifts(line.hours))


class DutyIn(BaseModel):
    """The fields of the form; those of the rota come once a line."""

    name: list[str] = Field([], max_length=40)
    account: list[str] = Field([], max_length=40)
    mail: list[str] = Field([], max_length=40)
    robot: list[str] = Field([], max_length=40)
    on: list[str] = Field([], max_length=40)
    hours: str = Field("", max_length=LONGEST)
    quiet: int = 0
    confirm: int = 0

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rota, line by line. Raises BadInput."""
        columns = (self.name, self.account, self.mail, self.robot, self.on)
        if len({len(each) for each in columns}) > 1:
            raise BadInput("表格不完整，请刷新后再填")
        cut = ([text.strip()[:LONGEST] for text in each] for each in columns)
        return tuple(Line(*row) for row in zip(*cut, strict=True))


def _form_of(sent: Annotated[DutyIn, Form()]) -> DutyForm:
    return DutyForm(sent.lines, sent.hours, sent.quiet, sent.confirm)


Filled = Annotated[DutyForm, Depends(_form_of)]


@router.get("/duty")
async def office_page(request: Request, account: Running) -> Response:
    """The duty of the whole office, for rooms without one of their own."""
    return await _page(request, account, None)


@router.post("/duty")
async def put_office(request: Request, account: Changing, form: Filled) -> Response:
    """Change it."""
    return await _put(request, account, None, form)


@router.get("/rooms/{room_id}/duty")
async def room_page(request: Request, room_id: str, account: Running) -> Response:
    """The duty of a room."""
    room = await room_for(request, account, room_id, Permission.RUN_ROOM)
    return await _page(request, account, room)


@router.post("/rooms/{room_id}/duty")
async def put_room(request: Request, room_id: str, account: Changing, form: Filled) -> Response:
    """Change it; it counts at once, in other processes within seconds."""
    room = await room_for(request, account, room_id, Permission.RUN_ROOM)
    return await _put(request, account, room, form)


def keeper_of(request: Request) -> DutyKeeper:
    """The duty of the running app. Raises NotFound where it has none."""
    keeper: DutyKeeper | None = getattr(request.app.state.running.assistant, "duty", None)
    if keeper is None:
        raise NotFound("这里没有值班表")
    return keeper


async def _put(request: Request, account: Account, room: Room | None, form: DutyForm) -> Response:
    room_id = room.id if room else ""
    try:
        if not _may_change(request, account, room):
            raise Forbidden("改值班表和自动答复时段须有开关自动模式的权限", hint="请联系管理员")
        plan = form.plan(room_id, account.display_name)
        keeper = keeper_of(request)
        event = AuditEvent(account.id, "duty.plan", room_id or "全部直播间", _told(plan))
        await keeper.records.put(plan, event)
        await keeper.follow()
    except AssistantError as error:
        return await _page(request, account, room, form, error)
    return RedirectResponse(f"{_path(room)}?done=1", 303)


def _may_change(request: Request, account: Account, room: Room | None) -> bool:
    if room is None:
        return may(account, Permission.SWITCH_AUTOMATIC) and not account.regions
    return may_in(request, account, Permission.SWITCH_AUTOMATIC, room)


async def _page(
    request: Request,
    account: Account,
    room: Room | None,
    form: DutyForm | None = None,
    error: AssistantError | None = None,
) -> Response:
    keeper = keeper_of(request)
    book, room_id = keeper(), room.id if room else ""
    staff = await access_of(request).staff.everyone()
    context: Mapping[str, Any] = {
        "room": room,
        "path": _path(room),
        "form": _with_blanks(form or _typed(book.plan(room_id))),
        "is_own": room_id in book.plans,
        "plan": book.plan(room_id),
        "on_duty": book.officers(room_id, request.app.state.running.assistant.clock()),
        "may_edit": _may_change(request, account, room),
        "accounts": [one for one in staff if may(one, Permission.RUN_ROOM)],
        "robots": robot_names_of(request),
        "china": CHINA,
        "hint": HINT,
        "bounds": (QUIET, CONFIRM),
        "done": request.query_params.get("done") == "1",
        "fault": of_error(error).detail if error else "",
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/duty.html", context, status)


def robot_names_of(request: Request) -> Sequence[str]:
    """The robots that a rota may name."""
    names: Sequence[str] = getattr(request.app.state.running.assistant, "robot_names", ())
    return names


def _typed(plan: DutyPlan) -> DutyForm:
    lines = [
        Line(one.name, one.account_id, one.mail, one.robot, shift_words(one.shifts))
        for one in plan.officers
    ]
    hours = shift_words(plan.hours)
    return DutyForm(tuple(lines), hours, plan.quiet_minutes, plan.confirm_minutes)


def _with_blanks(form: DutyForm) -> DutyForm:
    filled = tuple(line for line in form.lines if line != Line())
    blank = (Line(),) * BLANK
    return DutyForm((*filled, *blank), form.hours, form.quiet, form.confirm)


def _path(room: Room | None) -> str:
    return f"/console/rooms/{room.id}/duty" if room else "/console/duty"


def _told(plan: DutyPlan) -> dict[str, object]:
    """What the chain keeps: whom, when; not where they are reached."""
    return {
        "officers": [f"{one.name} {shift_words(one.shifts)}".strip() for one in plan.officers],
        "hours": shift_words(plan.hours),
        "quiet": plan.quiet_minutes,
        "confirm": plan.confirm_minutes,
    }
