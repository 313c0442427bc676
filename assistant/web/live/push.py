"""Where `assistant push` reports how a room's stream goes; the room's stage key is its right."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Protocol, cast

import structlog
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse

from assistant.domain.live import AlertLevel
from assistant.domain.streaming import Happening
from assistant.errors import Forbidden, NotFound
from assistant.push.board import PushBoard, StreamReport, TargetReport
from assistant.stage.keys import is_stage_key
from assistant.web.live.house import House, house_of, room_of

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()
Short = Annotated[str, Field(max_length=100)]
Count = Annotated[int, Field(ge=0, le=2**53)]


class Happenings(Protocol):
    """What befell streams, stored (records.stream_happenings)."""

    async def add(self, room_id: str, given: list[Happening]) -> list[Happening]:
        """Store those that are new, and give them."""
        ...

    async def latest(self, room_id: str, limit: int = 20) -> list[Happening]:
        """The newest of a room."""
        ...


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TargetIn(_In):
    """One target, as the stream reports it."""

    name: Short
    host: Short = ""
    state: Short
    since: float = Field(0.0, ge=0, le=1e10)
    bits: Count = 0
    frames: Count = 0
    dropped: Count = 0
    queued: Count = 0
    unsent: Count = 0
    connections: Count = 0
    why: str = Field("", max_length=500)


class FaultIn(_In):
    """A fault that stands."""

    text: str = Field(max_length=500)


class HappeningIn(_In):
    """Something that befell the stream; `alarmed` where people were told already."""

    id: str = Field(pattern=r"^[0-9A-Z]{26}$")
    at: AwareDatetime
    code: str = Field(pattern=r"^[a-z_0-9]{1,60}$")
    text: str = Field(max_length=500)
    level: AlertLevel | None = None
    alarmed: bool = False


class RecordingIn(_In):
    """How the recording goes."""

    state: Short
    file: Short = ""
    bytes: Count = 0
    why: str = Field("", max_length=500)


class ReportIn(_In):
    """A report, once a second."""

    mode: str = Field(pattern=r"^(browser|safe|card)$")
    rate: float = Field(0.0, ge=0, le=1000)
    bits: Count = 0
    offset: int = Field(0, ge=-(2**40), le=2**40)
    frames: Count = 0
    silent: float = Field(0.0, ge=0, le=1e10)
    ends: bool = False
    faults: list[FaultIn] = Field(default_factory=list, max_length=30)
    targets: list[TargetIn] = Field(default_factory=list, max_length=30)
    recording: RecordingIn | None = None
    happenings: list[HappeningIn] = Field(default_factory=list, max_length=200)
    preview: str = Field("", max_length=150_000)


async def keyed(
    request: Request, room_id: str, x_stage_key: Annotated[str, Header(max_length=100)] = ""
) -> House:
    """The rooms, where the caller has the key of this one. Raises NotFound, Forbidden."""
    await room_of(request, room_id)
    house = house_of(request)
    if not is_stage_key(house.stage_secret, room_id, x_stage_key):
        raise Forbidden("直播画面的密钥不对")
    return house


@router.post("/stage/{room_id}/push")
async def report(
    request: Request, room_id: str, told: ReportIn, house: Annotated[House, Depends(keyed)]
) -> Response:
    """Take a report; gives whether the stage is heard now, whom nobody told, whether we end."""
    board = board_of(request)
    board.put(room_id, _report(told), _picture(told.preview))
    new = await happenings_of(request).add(room_id, [_happening(one) for one in told.happenings])
    alarmed = {one.id for one in told.happenings if one.alarmed}
    untold = [
        one.id for one in new if one.id not in alarmed and not await _tell(house, room_id, one)
    ]
    leaves = board.is_told_leaving(room_id)
    speaks = house.stage(room_id).sounds
    return JSONResponse({"speaks": speaks, "untold": untold, "leaving": leaves})


def board_of(connection: HTTPConnection) -> PushBoard:
    """The reports of the running app. Raises NotFound where it takes none."""
    return cast("PushBoard", _part(connection, "pushes"))


def happenings_of(connection: HTTPConnection) -> Happenings:
    """What befell streams. Raises NotFound where none is stored."""
    return cast("Happenings", _part(connection, "happenings"))


def _part(connection: HTTPConnection, name: str) -> Any:
    found = getattr(connection.app.state.running.assistant, name, None)
    if found is None:
        raise NotFound("这里没有开通推流")
    return found


async def _tell(house: House, room_id: str, one: Happening) -> bool:
    """Alarm the people of a room that is on air; False where somebody else must."""
    if one.level is None:
        return True
    try:
        await house.desk.live(room_id).alarm(f"push_{one.code}"[:60], one.level, one.text)
    except NotFound:
        return False
    return True


def _report(told: ReportIn) -> StreamReport:
    return StreamReport(
        mode=told.mode,
        rate=told.rate,
        bits=told.bits,
        offset=told.offset,
        frames=told.frames,
        silent=told.silent,
        faults=tuple(one.text for one in told.faults),
        targets=tuple(TargetReport(**one.model_dump()) for one in told.targets),
        recording=told.recording.model_dump() if told.recording else None,
        ends=told.ends,
    )


def _happening(one: HappeningIn) -> Happening:
    at: datetime = one.at
    return Happening(one.id, at, one.code, one.text, one.level)


def _picture(text: str) -> bytes:
    """A JPEG; anything else is none."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if data.startswith(b"\xff\xd8\xff") else b""
