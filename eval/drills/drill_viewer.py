"""A viewer of the stream: notes when the picture lived."""

import asyncio
import time
from contextlib import suppress
from itertools import pairwise

import numpy as np

RATE = 4
SIZE = (320, 180)
MOVED = 12
"""Levels of grey by which a pixel must differ: more than an encoder's own noise."""
BLACK = 12.0
"""Mean level of a black picture."""
USUAL = 2.0
"""Seconds: the stage's clock moves each second, so a longer pause is a picture that is gone."""


class Viewer:
    """Watches streams one after the other; `lived` are moments at which the picture moved."""

    def __init__(self) -> None:
        self.lived: list[float] = []
        self.seen = 0
        self._last: np.ndarray | None = None

    def gap(self, since: float, until: float) -> float:
        """The longest time without a living picture; 0 where it never left."""
        moments = [since, *(at for at in self.lived if since < at < until), until]
        longest = max(b - a for a, b in pairwise(moments))
        return round(longest, 1) if longest > USUAL else 0.0

    async def look(self, pictures: asyncio.StreamReader) -> None:
        """Take decoded pictures (grey, `SIZE`) until there are no more."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                data = await pictures.readexactly(SIZE[0] * SIZE[1])
                self.see(np.frombuffer(data, np.uint8).astype(np.int16), time.monotonic())

    def see(self, picture: np.ndarray, at: float) -> None:
        """One picture."""
        self.seen += 1
        last, self._last = self._last, picture
        if last is None or picture.mean() < BLACK:
            return
        if np.abs(picture - last).max() >= MOVED:
            self.lived.append(at)
