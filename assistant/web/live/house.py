"""What the pages need of the live rooms, as a Protocol; the real one is `live.house.LiveHouse`."""

from pathlib import Path
from typing import Protocol

from fastapi import Request
from starlette.requests import HTTPConnection

from assistant.domain.live import Room
from assistant.errors import NotFound, Unavailable
from assistant.live.desk import LiveDesk
from assistant.live.platforms.building import Platforms
from assistant.live.states import ON_AIR
from assistant.records.live_reads import LiveReads
from assistant.stage.hub import StageHub
from assistant.stage.look import StageLook
from assistant.stage.slides import SlideStore
from assistant.stage.voicing import StageVoice


class House(Protocol):
    """The live rooms of this process."""

    @property
    def desk(self) -> LiveDesk:
        """Opens, closes and commands rooms."""
        ...

    @property
    def reads(self) -> LiveReads:
        """Stored comments, questions, cues and cases."""
        ...

    @property
    def stage_secret(self) -> bytes:
        """What the keys of the stages are made of."""
        ...

    def stage(self, room_id: str) -> StageHub:
        """The stage of a room, on air or not."""
        ...

    def look(self, room_id: str) -> StageLook:
        """How its stage looks."""
        ...

    @property
    def voice(self) -> StageVoice:
        """How the stages read and speak."""
        ...

    @property
    def presenters(self) -> Path:
        """The folder of the operator's own picture sets and models."""
        ...

    @property
    def slides(self) -> SlideStore:
        """The slides that cues show."""
        ...

    def unsafe(self, text: str) -> str:
        """Why a text may not be shown in a room; "" where it may."""
        ...

    def platforms(self, room_id: str) -> Platforms:
        """The connectors of a room. Raises NotFound where it is not on air here."""
        ...

    async def leave(self, limit: float) -> None:
        """Give the rooms to the next process."""
        ...


def house_of(connection: HTTPConnection) -> House:
    """The live rooms of the running app. Raises NotFound where it has none."""
    house: House | None = getattr(connection.app.state.running.assistant, "live", None)
    if house is None:
        raise NotFound("这里没有开通直播间")
    return house


async def room_of(request: Request, room_id: str) -> Room:
    """A room by its id. Raises NotFound."""
    for room in await house_of(request).desk.rooms():
        if room.id == room_id:
            return room
    raise NotFound(f"没有直播间 {room_id}")


async def platforms_of(request: Request, room_id: str) -> Platforms:
    """The connectors of a room. Raises NotFound; Unavailable where it is only between processes.

    A sender gives up what is not found; what is unavailable it sends again.
    """
    try:
        return house_of(request).platforms(room_id)
    except NotFound:
        room = await room_of(request, room_id)
        if room.state not in ON_AIR:
            raise
    raise Unavailable("直播间正在恢复，暂不接收评论", hint="请稍后重发")
