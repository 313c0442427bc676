"""Carries the watch over drift through restarts and over processes; off the way of an answer."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from assistant.answering.drift import DriftWatch, Numbers
from assistant.domain.answer import Route


class DriftStore(Protocol):
    """Where the numbers of the latest drafts lie (records.drift_batches)."""

    async def add(self, drafts: Mapping[str, Sequence[Numbers]]) -> None:
        """Keep drafts by kind; only the newest of a kind stay."""
        ...

    async def newest(self) -> str | None:
        """Changes when anything was added, here or elsewhere."""
        ...

    async def latest(self) -> dict[str, list[Numbers]]:
        """The newest drafts of each kind, oldest first."""
        ...


class KeptDrift:
    """A watch and its store."""

    def __init__(self, watch: DriftWatch, store: DriftStore) -> None:
        self._watch = watch
        self._store = store
        self._seen: str | None = None

    async def follow(self) -> bool:
        """Store what was noted since and take up what others noted; a chore, never more at once.

        Where storing fails, the drafts wait for the next time.
        """
        await self.save()
        newest = await self._store.newest()
        if newest != self._seen:
            stored = await self._store.latest()
            self._watch.load({Route(kind): rows for kind, rows in stored.items()})
            self._seen = newest
        return False

    async def save(self) -> None:
        """Store what was noted since: also the last thing that a process does."""
        fresh = self._watch.unsaved()
        if fresh:
            await self._store.add({route.value: rows for route, rows in fresh.items()})
            self._watch.saved(fresh)
