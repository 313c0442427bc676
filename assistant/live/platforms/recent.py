"""The ids that came lately, so that a repeat is known without asking the records."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from assistant.domain.live import LiveEvent


class Recent:
    """The newest ids of a connector, at most `size`.

    It only spares work: across restarts, and beyond `size`, `Intake` knows repeats by its journal.
    """

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.repeats = 0

    def fresh(self, events: Iterable[LiveEvent]) -> list[LiveEvent]:
        """The events that are new, in their order, each once. Remembers nothing: see `keep`."""
        new: dict[tuple[str, str], LiveEvent] = {}
        for event in events:
            key = (event.platform, event.event_id)
            if key not in self._seen and key not in new:
                new[key] = event
        return list(new.values())

    def keep(self, events: Sequence[LiveEvent], repeats: int = 0) -> None:
        """Remember events that were handed over. Before that a repeat must not be dropped."""
        self.repeats += repeats
        for event in events:
            self._seen[event.platform, event.event_id] = None
        while len(self._seen) > self._size:
            self._seen.popitem(last=False)
