"""Passages that were found lately, so that most questions need no look into the database.

A passage never changes under its key (keys are not used again), so nothing here can be stale.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence

from assistant.domain.passage import Passage

Read = Callable[[Sequence[int]], Awaitable[Mapping[int, Passage]]]


class PassageCache:
    """Reads passages by key and keeps the last `size` of them, a few KiB each."""

    def __init__(self, read: Read, size: int = 8_192) -> None:
        self._read = read
        self._size = size
        self._kept: OrderedDict[int, Passage] = OrderedDict()

    async def warm(self, keys: Sequence[int]) -> None:
        """Read the last `size` of these keys beforehand, so that the first viewer need not wait."""
        await self.get(keys[-self._size :])

    async def get(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages of some keys; unknown keys are absent."""
        found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in keys if key not in found]
        if missing:
            found |= await self._read(missing)
        for key, passage in found.items():
            self._kept[key] = passage
            self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return found
