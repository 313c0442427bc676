"""The same question in other words becomes one: `Merger` of the seams (decision 0015).

A question is read into slots (item, fields, region, year, negation) and words; what certainly
differs in a slot is never merged, of the rest the likeliest above a threshold is.
"""

from collections import OrderedDict
from collections.abc import Collection

from assistant.live.merging_memory import Memory
from assistant.live.merging_reading import Embeds, Reading, Understands, plain_slots, read
from assistant.live.merging_score import score, threshold
from assistant.live.seams import Match

_READ = 256
"""So many readings are kept: what was looked for is mostly added next."""


class SlotMerger:
    """Remembers the questions of one room; not shared between threads or rooms.

    `embed` gives unit vectors (the built-in `StaticEmbedding.embed_array`, for which the weights
    were fitted). `understands` is the desk's reading (`merging_desk.DeskReading`); without it
    items and named places are not known. `least` overrides the shipped threshold.
    """

    def __init__(
        self, embed: Embeds, understands: Understands = plain_slots, least: float | None = None
    ) -> None:
        self._embed = embed
        self._understands = understands
        self._least = threshold() if least is None else least
        self._memory = Memory()
        self._read: OrderedDict[tuple[str, str | None], Reading] = OrderedDict()

    def __len__(self) -> int:
        """How many wordings are remembered."""
        return len(self._memory)

    def find(self, text: str, region: str | None = None) -> Match | None:
        """The same question, asked before; None for a new one."""
        reading = self._reading(text, region)
        near = self._memory.nearest(reading)
        rated = [(score(reading, other), question_id) for question_id, other in near]
        best, question_id = max(rated, default=(0.0, ""))
        return Match(question_id, best) if rated and best >= self._least else None

    def add(self, question_id: str, text: str, region: str | None = None) -> None:
        """Remember a question, or another wording of a known one."""
        self._memory.add(question_id, self._reading(text, region))

    def forget(self, question_ids: Collection[str]) -> None:
        """Drop questions that are too old to be merged with."""
        self._memory.forget(question_ids)

    def _reading(self, text: str, region: str | None) -> Reading:
        key = (text, region)
        if key not in self._read:
            self._read[key] = read(text, region, self._understands, self._embed)
            if len(self._read) > _READ:
                self._read.popitem(last=False)
        self._read.move_to_end(key)
        return self._read[key]
