"""How often a room may do a thing: greet, send people on, alert for the same cause."""

from datetime import datetime

from assistant.live.core import Core

KEPT = 1000


class Limits:
    """How often something may happen, by name; time is the room's."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._last: dict[str, datetime] = {}

    def may(self, name: str, every: float) -> bool:
        """True, and counted, where it did not happen within the last `every` seconds."""
        now, last = self._core.now, self._last.get(name)
        if last is not None and (now - last).total_seconds() < every:
            return False
        if len(self._last) >= KEPT:
            self._last = {
                key: at for key, at in self._last.items() if (now - at).total_seconds() < every
            }
        self._last[name] = now
        return True
