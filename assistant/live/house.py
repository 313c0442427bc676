"""The live rooms of one process, put together: desk, stages, connectors, journals."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from assistant.domain.broadcast import Taking
from assistant.domain.duty import DutyBook
from assistant.domain.live import Room
from assistant.errors import NotFound
from assistant.live.broadcast.scripts import Scripts
from assistant.live.broadcast.taking import taking_of
from assistant.live.building import LiveParts
from assistant.live.clocks import SystemClock
from assistant.live.desk import DeskParts, LiveDesk
from assistant.live.intake import Intake
from assistant.live.journal import Journal, folder_of
from assistant.live.notices import HOLDING, keep_noticed
from assistant.live.platforms.building import Platforms, Tools, platforms_from
from assistant.live.platforms.event_rows import PLATFORMS
from assistant.live.platforms.page import FetchReplies, Page
from assistant.live.platforms.page_channels import PageReply
from assistant.live.room import LiveRoom
from assistant.live.running import Inlet
from assistant.live.seams import LiveClock, Platform, Replying, Stage
from assistant.live.services import Notify, RoomConfig, RoomServices
from assistant.live.simulated import SimulatedStage
from assistant.live.sorting import unsafe
from assistant.live.states import ON_AIR
from assistant.records.live_reads import LiveReads
from assistant.stage.hub import StageHub
from assistant.stage.look import StageLook, look_of
from assistant.stage.slides import SlideStore
from assistant.stage.voicing import StageVoice

PREPARE = 5.0
"""Seconds on air after which a room is made ready for a crowd."""


@dataclass(frozen=True, slots=True)
class HouseParts:
    """What the house is built of.

    `rooms` are the operator's tables `[rooms.<id>]`, whose `platforms` are the connectors and whose
    `stage` is its look; `tools` is what connectors need, with the way to read stored replies put in
    by the house. `presenters` holds the operator's own picture sets and models,
    `slides` what cues show.
    """

    live: LiveParts
    rooms: Mapping[str, Mapping[str, object]]
    journals: Path
    tools: Callable[[LiveClock, FetchReplies], Tools]
    notify: Notify
    stage_secret: bytes
    offline: bool = False
    voice: StageVoice = field(default_factory=StageVoice)
    presenters: Path = Path("presenters")
    slides: Path = Path("slides")
    config: RoomConfig = field(default_factory=RoomConfig)
    duty: Callable[[], DutyBook] = DutyBook
    """Who is on duty, and in which hours rooms answer by themselves."""
    scripts: Callable[[SlideStore], Scripts] | None = None
    """Loads approved scripts, their slides into the store."""


class LiveHouse:
    """All rooms of this process. `start` takes up those that were on air; `stop` lets them go."""

    def __init__(self, parts: HouseParts) -> None:
        self._parts = parts
        self._clock = SystemClock()
        self._stages: dict[str, StageHub] = {}
        self._platforms: dict[str, Platforms] = {}
        self._noticing: set[asyncio.Task[None]] = set()
        self._looks = {
            room_id: look_of(room_id, table.get("stage")) for room_id, table in parts.rooms.items()
        }
        self._taking = {
            room_id: taking_of(room_id, table.get("broadcast"))
            for room_id, table in parts.rooms.items()
        }
        live = parts.live
        self.desk = LiveDesk(
            DeskParts(
                records=live.records,
                clock=self._clock,
                new_id=live.new_id,
                services=self._services,
                stage=self._stage_of,
                inlet=self._inlet,
                platforms=self._connectors,
                opened=self._opened,
            )
        )

    async def start(self) -> None:
        """Take up the rooms that were on air; their stages' pages are on their way back."""
        for room in await self._parts.live.records.rooms():
            if room.state in ON_AIR:
                stage = self.stage(room.id)
                stage.await_page()
                stage.hold(HOLDING)
        await self.desk.start()

    async def leave(self, limit: float) -> None:
        """Give the rooms to the next process; the stages show the holding card until it has them.

        What is being said may end, for `limit` seconds at most; nothing new is begun.
        """
        for room_id in self.desk.open_rooms:
            self.stage(room_id).hold(HOLDING, last=True)
        await self.desk.leave(limit)

    @property
    def reads(self) -> LiveReads:
        """Stored comments, questions, cues and cases."""
        return self._parts.live.reads

    @property
    def stage_secret(self) -> bytes:
        """What the keys of the stages are made of."""
        return self._parts.stage_secret

    def unsafe(self, text: str) -> str:
        """Why a text may not be shown in a room; "" where it may."""
        live = self._parts.live
        return unsafe(text, live.mask(text), live.screen(text))

    def stage(self, room_id: str) -> StageHub:
        """The stage of a room; it outlives the sessions, so that OBS stays connected."""
        if room_id not in self._stages:
            simulated = SimulatedStage(self._clock)
            self._stages[room_id] = StageHub(simulated, self._clock.now, self._parts.voice)
        return self._stages[room_id]

    def look(self, room_id: str) -> StageLook:
        """How its stage looks."""
        return self._looks.get(room_id) or StageLook()

    def taking(self, room_id: str) -> Taking:
        """When its broadcasts take questions, unless somebody says otherwise."""
        return self._taking.get(room_id, Taking.AT_ONCE)

    @property
    def voice(self) -> StageVoice:
        """How the stages read and speak."""
        return self._parts.voice

    @property
    def presenters(self) -> Path:
        """The folder of the operator's own picture sets."""
        return self._parts.presenters

    @property
    def slides(self) -> SlideStore:
        """The slides that cues show."""
        return SlideStore(self._parts.slides)

    def platforms(self, room_id: str) -> Platforms:
        """The connectors of a room. Raises NotFound where it is not on air here."""
        self.desk.live(room_id)
        with suppress(KeyError):
            return self._platforms[room_id]
        raise NotFound(f"直播间 {room_id} 没有在本进程开播")

    def _stage_of(self, room: Room) -> StageHub:
        """The stage, which reads place names as they are read where the room is."""
        stage = self.stage(room.id)
        stage.region = room.region
        return stage

    def _opened(self, live: LiveRoom) -> None:
        """The stage shows the room's state; the task ends with the room."""
        asyncio.get_running_loop().call_later(PREPARE, self._parts.live.judging.begin)
        task = asyncio.create_task(keep_noticed(live, self.stage(live.room.id)))
        self._noticing.add(task)
        task.add_done_callback(self._noticing.discard)

    def _services(self, room: Room, stage: Stage) -> RoomServices:
        config = self._parts.rooms.get(room.id, {}).get("platforms", {})
        tables = config if isinstance(config, Mapping) else {}
        tools = self._parts.tools(self._clock, partial(self._stored_replies, room.id))
        built = platforms_from(room.id, tables, tools, offline=self._parts.offline)
        self._platforms[room.id] = built
        live, voice = self._parts.live, self._parts.voice
        services = live.services(self._clock, stage, self._parts.notify, _repliers(built))
        load = self._parts.scripts
        return replace(
            services,
            seconds=lambda text: voice.seconds(text, room.region),
            scripts=load(self.slides) if load else None,
            config=self._parts.config,
            duty=self._parts.duty,
        )

    def _connectors(self, room: Room) -> Sequence[Platform]:
        return list(self._platforms[room.id])

    async def _stored_replies(self, room_id: str, event_ids: Sequence[str]) -> list[PageReply]:
        """What the records hold for viewers of the page; the event's id stands for the client's."""
        found = await self.reads.replies_to(room_id, Page.name, event_ids)
        return [PageReply(one.id, event, one.text, one.made_at) for event, one in found]

    async def _inlet(self, room: Room, session_id: str) -> Inlet:
        live = self._parts.live
        incoming = live.incoming(self._clock, live.new_id)
        folder = folder_of(self._parts.journals, room.id)
        journal = await Journal.open(folder, self._clock.now)
        return await Intake.open(
            room.id, session_id, incoming=incoming, journal=journal, records=live.records
        )


def _repliers(platforms: Platforms) -> dict[str, Replying]:
    """Who answers a viewer of each platform, where anyone can."""
    found = {name: platforms.replying(name) for name in PLATFORMS}
    return {name: one for name, one in found.items() if one is not None}
