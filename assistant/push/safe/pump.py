"""Hands pictures and samples to ffmpeg at an even pace, in a thread of its own."""

import fcntl
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import structlog

from assistant.push.safe.sound import Samples
from assistant.push.seams import FRAMES

log = structlog.get_logger()
_ROOM = 1 << 20
"""Bytes that a pipe may hold: fewer turns for a picture of 1.4 MB."""
BEHIND = 1.0
"""Seconds: who is later begins to count anew, and hands nothing twice and nothing less."""


class Drawn(Protocol):
    """A picture and its sound, one after the other."""

    @property
    def data(self) -> bytearray:
        """The bytes of the picture that stands now."""
        ...

    def tick(self) -> Samples:
        """Go on to the next picture; its samples."""
        ...


class Pump:
    """`picture` and `sound` are pipes; both belong to it. `prepare` runs before each picture."""

    def __init__(
        self, drawn: Drawn, picture: int, sound: int, prepare: Callable[[], None] = lambda: None
    ) -> None:
        self.handed = 0
        """Pictures that were handed over whole, each with its samples."""
        self.fault = ""
        self._drawn, self._picture, self._sound, self._prepare = drawn, picture, sound, prepare
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="safe-stage", daemon=True)

    def start(self) -> None:
        """Begin."""
        with suppress(OSError):
            fcntl.fcntl(self._picture, fcntl.F_SETPIPE_SZ, _ROOM)
        self._thread.start()

    def stop(self) -> None:
        """End after the picture that is being written; a reader that is gone ends it too."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        try:
            self._hand_over()
        except (BrokenPipeError, ConnectionError):
            self.fault = self.fault or "" if self._stop.is_set() else "ffmpeg"
        except Exception as error:  # a picture that cannot be drawn ends the source, not the house
            log.exception("safe_stage_failed", kind=type(error).__name__)
            self.fault = "stage"
        finally:
            os.close(self._picture)
            os.close(self._sound)

    def _hand_over(self) -> None:
        begun, number = time.monotonic(), 0
        while not self._stop.is_set():
            self._prepare()
            samples = self._drawn.tick()
            _write(self._sound, samples.tobytes())
            _write(self._picture, self._drawn.data)
            self.handed += 1
            number += 1
            ahead = begun + number / FRAMES - time.monotonic()
            if ahead > 0:
                self._stop.wait(ahead)
            elif ahead < -BEHIND:
                begun, number = time.monotonic(), 0


def _write(pipe: int, data: bytes | bytearray) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]
