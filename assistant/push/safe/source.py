"""The picture source without a browser (`push.seams.PictureSource`)."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.push.encoder import Encoder
from assistant.push.safe import canvas, sound
from assistant.push.safe.facts import Facts, kept
from assistant.push.safe.line import StageClient
from assistant.push.safe.painter import Painter
from assistant.push.safe.places import TALL, WIDE, Places, theme_of
from assistant.push.safe.played import Played
from assistant.push.safe.pump import Drawn, Pump
from assistant.push.safe.scene import Pictures
from assistant.push.safe.stage import SafeStage
from assistant.push.seams import FRAMES, Now, PageReading, Shape, SourceReadings


@dataclass(frozen=True, slots=True)
class Room:
    """What a source must know. `folder` keeps what was said and the room's look."""

    url: str
    room_id: str
    key: str
    folder: Path
    shape: Shape
    wall: Callable[[], datetime]

    @property
    def places(self) -> Places:
        """Where things stand."""
        return TALL if self.shape.is_portrait else WIDE

    @property
    def facts_file(self) -> Path:
        """The look, as the server told it last."""
        return self.folder / f"{self.room_id}-look.json"

    @property
    def facts(self) -> Facts:
        """What is in it."""
        return kept(self.facts_file)


class _Drawing:
    """An encoder, and a pump into it."""

    def __init__(self, room: Room, now: Now) -> None:
        self.room, self.now = room, now
        self.encoder = Encoder(room.shape, now)
        self.pump: Pump | None = None

    async def start(self, drawn: Drawn, prepare: Callable[[], None]) -> asyncio.StreamReader:
        (picture, to_picture), (heard, to_heard) = os.pipe(), os.pipe()
        try:
            given = (picture, heard)
            stream = await self.encoder.start(inputs(self.room.shape, *given), pipes=given)
        except BaseException:
            os.close(to_picture)
            os.close(to_heard)
            raise
        finally:
            os.close(picture)
            os.close(heard)
        self.pump = Pump(drawn, to_picture, to_heard, prepare)
        self.pump.start()
        return stream

    async def stop(self) -> None:
        pump = self.pump
        ending = asyncio.create_task(asyncio.to_thread(pump.stop)) if pump else None
        await self.encoder.stop()  # a pump that waits for its reader goes on when that is gone
        if ending is not None:
            await ending

    def readings(self, page: PageReading) -> SourceReadings:
        faults = [self.pump.fault] if self.pump and self.pump.fault else []
        faults += ["ffmpeg"] if self.encoder.has_ended else []
        parts = tuple(dict.fromkeys(faults))
        return SourceReadings(self.encoder.picture, self.encoder.sound, page, parts)


def inputs(shape: Shape, picture: int, heard: int) -> tuple[str, ...]:
    """The options of ffmpeg for both pipes."""
    size = ("-s", f"{shape.width}x{shape.height}", "-r", str(FRAMES))
    return (
        *(*canvas.FORMAT, *size, *canvas.COLOURS, "-thread_queue_size", "8"),
        *("-i", f"pipe:{picture}"),
        *(*sound.FORMAT, "-thread_queue_size", "64", "-i", f"pipe:{heard}"),
    )


class SafeSource:
    """The stage, drawn here: it says and acknowledges cues as the page does."""

    name = "safe"

    def __init__(self, room: Room, now: Now) -> None:
        self._drawing = _Drawing(room, now)
        places, facts, pictures = room.places, room.facts, Pictures()
        left, upper, right, lower = places.side
        self._client = StageClient(
            *(room.url, room.room_id, room.key),
            slide_size=(right - left, lower - upper),
            facts_file=room.facts_file,
        )
        painter = Painter(places, theme_of(facts.theme), facts.presenter, pictures)
        played = Played(room.folder / f"{room.room_id}-said.json")
        self.stage = SafeStage(self._client, painter, pictures, played, room.wall)
        self.stage.know(facts)
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> asyncio.StreamReader:
        """Draw, and join the stage. Raises Unavailable."""
        stream = await self._drawing.start(self.stage, self._prepare)
        self._running = asyncio.create_task(self._client.run(self.stage))
        return stream

    async def stop(self) -> None:
        """Leave the stage, end the encoder; may be called twice."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        await self._drawing.stop()

    def readings(self) -> SourceReadings:
        """What it shows and sounds like now."""
        stage, now = self.stage, self._drawing.now()
        page = PageReading(now, stage.frames, stage.speaks, stage.is_connected, moves=True)
        return self._drawing.readings(page)

    async def reload(self) -> None:
        """There is no page."""

    def preview(self) -> bytes | None:
        """A small JPEG of what is shown now."""
        return self._drawing.encoder.preview()

    def _prepare(self) -> None:
        """Everything that has come is done, in the stage's own thread."""
        while not self._client.inbox.empty():
            self._client.inbox.get()()
