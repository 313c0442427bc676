"""When each room's stream was last heard of, on the disk: a service that begins misses it too."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

EVERY = 10.0
"""Seconds between two marks of a room."""


@dataclass(slots=True)
class SeenStreams:
    """A file for each room, whose time is that of the mark. `clock` is the wall's, in seconds."""

    folder: Path
    clock: Callable[[], float] = time.time
    _marked: dict[str, float] = field(default_factory=dict)

    def mark(self, room_id: str) -> None:
        """It was heard of just now; a disk that does not take it loses the mark."""
        now = self.clock()
        if 0 <= now - self._marked.get(room_id, float("-inf")) < EVERY:
            return
        self._marked[room_id] = now
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / room_id).touch()

    def forget(self, room_id: str) -> None:
        """It was ended by a person."""
        self._marked.pop(room_id, None)
        with suppress(OSError):
            (self.folder / room_id).unlink(missing_ok=True)

    def age(self, room_id: str) -> float | None:
        """Seconds since the last mark; None where there is none."""
        with suppress(OSError):
            return self.clock() - (self.folder / room_id).stat().st_mtime
        return None

    @property
    def rooms(self) -> list[str]:
        """Those that have a mark."""
        with suppress(OSError):
            return [one.name for one in self.folder.iterdir()]
        return []
