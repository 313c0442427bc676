"""What makes the picture, and what is read of it. See decisions/0042.

`now` everywhere in this room is a monotonic clock in seconds; readings carry its time.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

FRAMES = 25
"""Frames a second, of every source."""
SOUND_RATE = 44_100
"""Samples a second, stereo, of every source."""

Now = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the picture in pixels, both even."""

    width: int
    height: int

    @property
    def is_portrait(self) -> bool:
        """Whether it stands upright."""
        return self.height > self.width


LANDSCAPE = Shape(1280, 720)
PORTRAIT = Shape(720, 1280)


@dataclass(frozen=True, slots=True)
class PictureReading:
    """The picture as it is encoded, twice a second. Levels are 0–255.

    `brightness` is the mean, `contrast` the standard deviation: a black picture has neither.
    `moved_at` is when a picture last differed from the one before it.
    """

    at: float
    brightness: float
    contrast: float
    moved_at: float


@dataclass(frozen=True, slots=True)
class SoundReading:
    """The level of half a second of sound, in dB of full scale; -100 is digital silence.

    `heard_at` is when it was last above the level of a quiet voice.
    """

    at: float
    level: float
    heard_at: float


@dataclass(frozen=True, slots=True)
class PageReading:
    """What the source says of itself: the page's heartbeat.

    `frames` counts what it has drawn; `speaks` is whether a sentence sounds now; `is_connected`
    whether the stage's line is open. `moves` says that something must move on the picture.
    """

    at: float
    frames: int
    speaks: bool
    is_connected: bool
    moves: bool
    audio: str = "running"
    is_heard: bool = True
    """Whether the stage lets this page speak; another one with the key may have come first."""


@dataclass(frozen=True, slots=True)
class SourceReadings:
    """The newest of each; None where none came yet. `faults` names parts that have ended."""

    picture: PictureReading | None = None
    sound: SoundReading | None = None
    page: PageReading | None = None
    faults: tuple[str, ...] = ()


class PictureSource(Protocol):
    """Makes picture and sound, encoded as `encoding` says: FLV on a pipe.

    A source is started once: for the next try a new one is made.
    """

    @property
    def name(self) -> str:
        """One word for logs: `browser`, `safe`."""
        ...

    async def start(self) -> asyncio.StreamReader:
        """Start every part; gives the FLV stream. Raises Unavailable, with everything stopped."""
        ...

    async def stop(self) -> None:
        """End every process, remove every file, whatever its state; may be called twice."""
        ...

    def readings(self) -> SourceReadings:
        """What it shows and sounds like now."""
        ...

    async def reload(self) -> None:
        """Begin the page anew without ending the stream; where there is none, nothing."""
        ...

    def preview(self) -> bytes | None:
        """A small JPEG of what is shown now."""
        ...
