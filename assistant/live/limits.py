"""How often a room may do a thing: greet, send people on, alert for the same cause."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from assistant.domain.live import Cue
from assistant.live.core import Core

KEPT = 1000


class Limits:
    """How often something may happen, by name; time is the room's."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._last: dict[str, datetime] = {}

    def restore(self, names: Mapping[str, str], cues: Iterable[Cue]) -> None:
        """What was said before a restart counts too; `names` are those of the limits, by words."""
        for cue in cues:
            if name := names.get(cue.text):
                self._last[name] = max(cue.made_at, self._last.get(name, cue.made_at))

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
