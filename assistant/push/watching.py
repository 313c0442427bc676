"""What the watchers' pipes of an encoder tell: is the picture black or still, is there sound."""

import asyncio
import io
from contextlib import suppress

import numpy as np

from assistant.push.encoding import LEVEL_RATE, view_of
from assistant.push.seams import Now, PictureReading, Shape, SoundReading

QUIET = -50.0
"""dB of full scale; a voice that is turned down is above it."""
SILENCE = -100.0
_MOVED = 3
"""Levels by which a pixel must differ: what is grabbed from a screen has no noise."""
_HALF = LEVEL_RATE  # bytes of half a second: two a sample


class PictureWatch:
    """Takes the small pictures."""

    def __init__(self, shape: Shape, now: Now) -> None:
        self._size = view_of(shape)
        self._now = now
        self._last: np.ndarray | None = None
        self.reading: PictureReading | None = None

    async def watch(self, pipe: asyncio.StreamReader) -> None:
        """Read until the pipe ends."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                self.see(await pipe.readexactly(self._size.width * self._size.height * 3))

    def see(self, data: bytes) -> None:
        """One picture, RGB."""
        size, now = self._size, self._now()
        picture = np.frombuffer(data, np.uint8).reshape(size.height, size.width, 3)
        grey = picture.mean(axis=2)
        moved_at = self.reading.moved_at if self.reading else now
        if self._last is not None and _differ(picture, self._last):
            moved_at = now
        self._last = picture
        self.reading = PictureReading(now, float(grey.mean()), float(grey.std()), moved_at)

    def jpeg(self) -> bytes | None:
        """The newest picture."""
        if self._last is None:
            return None
        from PIL import Image

        written = io.BytesIO()
        Image.fromarray(self._last).save(written, "JPEG", quality=70)
        return written.getvalue()


def _differ(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.abs(one.astype(np.int16) - other).max() >= _MOVED)


class SoundWatch:
    """Takes the sound."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.reading: SoundReading | None = None

    async def watch(self, pipe: asyncio.StreamReader) -> None:
        """Read until the pipe ends."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                self.hear(await pipe.readexactly(_HALF))

    def hear(self, data: bytes) -> None:
        """Half a second, 16 bits a sample."""
        now, samples = self._now(), np.frombuffer(data, "<i2").astype(np.float64)
        power = float(np.mean(samples**2)) / 32768.0**2
        level = max(SILENCE, 10 * float(np.log10(power))) if power > 0 else SILENCE
        heard_at = self.reading.heard_at if self.reading else -float("inf")
        self.reading = SoundReading(now, level, now if level > QUIET else heard_at)
