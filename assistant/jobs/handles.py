"""Open files and connections of this process: told while there are still some to tell it with."""

import os
import resource
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SHORT = 0.9
"""Of the most that may be open."""
RESERVE = 16
"""So many are kept for the alarm, and for the log of it."""
_OPEN = Path("/dev/fd")


@dataclass(slots=True)
class Handles:
    """`is_short` says how it is; the reserve is then free for whoever tells of it."""

    _reserve: list[int] = field(default_factory=list)

    def is_short(self) -> bool:
        """Whether nearly all are used; the reserve counts as used, given away or not."""
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        try:
            others = len(list(_OPEN.iterdir())) - len(self._reserve)
        except OSError:  # not even one is left
            others = most
        if others + RESERVE >= SHORT * most:
            self.close()
            return True
        self._keep()
        return False

    def close(self) -> None:
        """Give the reserve away."""
        while self._reserve:
            os.close(self._reserve.pop())

    def _keep(self) -> None:
        with suppress(OSError):
            while len(self._reserve) < RESERVE:
                self._reserve.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
