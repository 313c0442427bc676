"""The service of the crash drill: real journal, intake, records, desk, room, speech and delivery.

What a comment means and what is answered are stand-ins (tests/live/fakes.py): the drill is about
what happens to comments, replies and cues, not about words. It speaks JSON lines on loopback.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ulid import ULID

from assistant.domain.live import (
    NOBODY,
    Asking,
    Cue,
    EventType,
    LiveEvent,
    LiveSession,
    LiveUser,
    Room,
    StageEvent,
    StageEventKind,
)
from assistant.domain.speech import Said
from assistant.errors import AssistantError, Conflict
from assistant.live.clocks import SystemClock
from assistant.live.desk import DeskParts, LiveDesk
from assistant.live.incoming import Incoming
from assistant.live.intake import Intake
from assistant.live.journal import Journal, JournalRules, folder_of
from assistant.live.seams import Stage
from assistant.live.services import RoomConfig, RoomServices
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.live_reads import LiveReads
from assistant.records.outcomes import OutcomeRepository
from tests.live import fakes

ROOM = "hall"
PLATFORM = "webhook"
OWNER = "drill"
LEASE = 0.3
"""Seconds: a killed process holds the room no longer than that."""

Asked = dict[str, Any]


class Line:
    """A connection to the world outside: one JSON line asks, one answers."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lock = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, message: Asked) -> Asked:
        """Send a line and wait for the answer."""
        async with self._lock:
            reader, writer = await self.streams()
            writer.write(json.dumps(message).encode() + b"\n")
            answer: Asked = json.loads(await reader.readline())
            return answer

    async def streams(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The open connection."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return self._streams


class RemoteStage:
    """The stage stands outside: it counts what it begins."""

    def __init__(self, port: int) -> None:
        self._commands = Line(port)
        self._events = Line(port)

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """Hand a cue over."""
        del asking
        await self._commands.ask({"op": "play", "id": cue.id, "text": cue.spoken})

    async def rejoin(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """The stage outside lived on: it knows what it began, and tells how far it is."""
        await self.play(cue, asking)

    async def stop(self) -> Said | None:
        """Stop what is said; nobody tells how far it was heard."""
        await self._commands.ask({"op": "stop"})
        return None

    def progress(self, cue_id: str) -> Said | None:
        """Nobody tells."""
        del cue_id
        return None

    def ahead(self, waiting: Sequence[tuple[Cue, Asking]], script: Cue | None = None) -> None:
        """Nothing is shown or voiced."""

    async def events(self) -> AsyncIterator[StageEvent]:
        """What the stage acknowledges, for ever."""
        reader, writer = await self._events.streams()
        writer.write(b'{"op": "stage"}\n')
        while line := await reader.readline():
            row = json.loads(line)
            yield StageEvent(row["cue"], StageEventKind(row["kind"]), datetime.now(UTC))


class Replier:
    """The platform stands outside too: several replies at once."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def reply(self, address: str, text: str, key: str) -> None:
        """Send once."""
        message = {"op": "reply", "address": address, "text": text, "key": key}
        await Line(self._port).ask(message)


class Service:
    """One life of the process."""

    def __init__(self, folder: Path, world: int) -> None:
        self._folder = folder
        self._world = world
        self._clock = SystemClock()

    async def run(self, listen: int) -> None:
        """Serve until killed."""
        url = f"sqlite+aiosqlite:///{self._folder / 'drill.sqlite3'}"
        self._database = await Database.open(url)
        self._records = LiveRepository(self._database, OWNER, self._clock.now)
        self._reads = LiveReads(self._database, OWNER)
        self._desk = LiveDesk(self._parts())
        if await self._records.room(ROOM) is None:
            await self._records.put_room(Room(ROOM, "大厅", automatic=True, automatic_by="演练"))
        await self._take_up()
        server = await asyncio.start_server(self._serve, "127.0.0.1", listen)
        async with server:
            await server.serve_forever()

    async def _take_up(self) -> None:
        """Open the room as soon as the killed process's lease has run out."""
        while True:
            try:
                await self._desk.open(ROOM)
            except Conflict:
                await asyncio.sleep(LEASE / 8)
            else:
                return

    def _parts(self) -> DeskParts:
        return DeskParts(
            records=self._records,
            clock=self._clock,
            new_id=_new_id,
            services=self._services,
            stage=lambda _: RemoteStage(self._world),
            inlet=self._inlet,
            platforms=lambda _: (),
            lease_seconds=LEASE,
        )

    def _services(self, room: Room, stage: Stage) -> RoomServices:
        del room
        now = self._clock.now
        return RoomServices(
            records=self._records,
            askers=self._reads.of_question,
            outcomes=OutcomeRepository(self._database, OWNER, now, _new_id),
            answers=fakes.Answers(),
            mask=fakes.mask,
            screen=fakes.screen,
            floods=fakes.Floods,
            triage=fakes.triage,
            merger=fakes.Merger,
            stage=stage,
            vault=fakes.Vault(),
            notify=fakes.Notified(),
            clock=self._clock,
            new_id=_new_id,
            repliers={PLATFORM: Replier(self._world)},
            config=RoomConfig(heartbeat=None),
        )

    async def _inlet(self, room: Room, session_id: str) -> Intake:
        incoming = Incoming(
            mask=fakes.mask,
            pseudonyms=lambda platform, user: f"{platform}:{user}",
            shown_name=lambda _: "网友",
            vault=fakes.Vault(),
            clock=self._clock,
            new_id=_new_id,
        )
        folder = folder_of(self._folder / "journal", room.id)
        journal = await Journal.open(folder, self._clock.now, JournalRules(segment_bytes=65536))
        return await Intake.open(
            room.id, session_id, incoming=incoming, journal=journal, records=self._records
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        operations: dict[str, Callable[[Asked], Awaitable[Asked]]] = {
            "events": self._events,
            "idle": self._idle,
            "outcomes": self._outcomes,
        }
        while line := await reader.readline():
            asked = json.loads(line)
            try:
                answer = {"ok": True} | await operations[asked["op"]](asked)
            except AssistantError as error:
                answer = {"ok": False, "error": str(error)}
            writer.write(json.dumps(answer).encode() + b"\n")

    async def _events(self, asked: Asked) -> Asked:
        """A push of comments; the answer is the acknowledgement."""
        now = self._clock.now()
        events = [
            LiveEvent(
                row["id"],
                PLATFORM,
                EventType.COMMENT,
                now,
                user=LiveUser(row["user"]),
                text=row["text"],
                reply_to=row["id"],
            )
            for row in asked["events"]
        ]
        await self._desk.inlet(ROOM).receive(events)
        return {}

    async def _idle(self, asked: Asked) -> Asked:
        """Whether nothing is left to do."""
        del asked
        live = self._desk.live(ROOM)
        await live.settle()
        shown = live.snapshot()
        backlog = await self._records.backlog(live.session_id)
        return {
            "undecided": len(backlog.comments),
            "cues": len(backlog.cues),
            "replies": len(backlog.replies),
            "idle": not (backlog.comments or backlog.cues or backlog.replies or shown.current),
        }

    async def _outcomes(self, asked: Asked) -> Asked:
        """The outcomes export of the session, and how many replies ended in which state."""
        del asked
        session_id = self._desk.live(ROOM).session_id
        session = await self._reads.session(session_id)
        assert isinstance(session, LiveSession)
        lines = await self._desk.outcomes(session)
        replies = await self._reads.replies(session_id)
        return {
            "lines": [line.model_dump(mode="json") for line in lines],
            "replies": [[one.id, one.state] for one in replies],
            "cues": [[one.id, one.state] for one in await self._records.cues(session_id)],
        }


def _new_id() -> str:
    return str(ULID())


def main(folder: str, world: int, listen: int) -> None:
    """Run in a process group of its own until killed."""
    os.setsid()
    import logging

    import structlog

    logging.disable(logging.INFO)
    level = structlog.make_filtering_bound_logger(logging.ERROR)
    file = (Path(folder) / "service.log").open("a", encoding="utf-8")
    structlog.configure(wrapper_class=level, logger_factory=structlog.PrintLoggerFactory(file))
    asyncio.run(Service(Path(folder), world).run(listen))
