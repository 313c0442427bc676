"""Which waiting case asks the same as a new one: the questions of open cases, by region."""

import asyncio
from collections.abc import Callable, Collection
from typing import Protocol

from assistant.records.reception import Arrival, ReceptionRecords, parts

ALONE = frozenset(
    {
        "person", "unsolved", "complaint", "urgent", "emergency", "withdrawn", "suspended",
        "second", "spot_check",
    }
)  # fmt: skip
"""Codes of cases that concern one viewer, or one answer, alone: never grouped by meaning."""
AT_ONCE = 400
"""So many open cases are read in one look; after a start the rest follows in the next looks."""


class Same(Protocol):
    """A question that asks the same."""

    @property
    def question_id(self) -> str:
        """The id under which it was remembered."""
        ...


class SameQuestion(Protocol):
    """Finds the same question in other words (`live.merging`). Used by one thread at a time."""

    def find(self, text: str, region: str | None = None) -> Same | None:
        """The same question, asked before; None for a new one."""
        ...

    def add(self, question_id: str, text: str, region: str | None = None) -> None:
        """Remember a question."""
        ...

    def forget(self, question_ids: Collection[str]) -> None:
        """Drop questions."""
        ...


class Nothing:
    """A `SameQuestion` that finds none."""

    def find(self, text: str, region: str | None = None) -> Same | None:
        """None."""
        del text, region
        return None

    def add(self, question_id: str, text: str, region: str | None = None) -> None:
        """Nothing is remembered."""

    def forget(self, question_ids: Collection[str]) -> None:
        """Nothing was remembered."""


class OpenCases:
    """The questions of the waiting cases, as far as they may be grouped; of all processes."""

    def __init__(self, records: ReceptionRecords, same: Callable[[], SameQuestion]) -> None:
        self._records = records
        self._new = same
        self._by_region: dict[str | None, SameQuestion] = {}
        self._region_of: dict[str, str | None] = {}

    async def refresh(self) -> None:
        """Take up what was received, by this process or another, and drop what waits no more."""
        waiting = await self._records.received(ALONE)
        await asyncio.to_thread(self._forget, self._region_of.keys() - waiting)
        missing = sorted(waiting - self._region_of.keys(), reverse=True)[:AT_ONCE]
        for part in parts(missing):
            await asyncio.to_thread(self._add_all, await self._records.of(part))

    async def like(self, arrival: Arrival) -> str | None:
        """The case that asks the same, of the same region."""
        if arrival.case.code in ALONE or not arrival.question:
            return None
        return await asyncio.to_thread(self._find, arrival)

    async def add(self, arrival: Arrival) -> None:
        """Remember a case that was received."""
        await asyncio.to_thread(self._add_all, [arrival])

    def _find(self, arrival: Arrival) -> str | None:
        known = self._by_region.get(arrival.region)
        found = known.find(arrival.question, arrival.region) if known else None
        return found.question_id if found else None

    def _add_all(self, arrivals: Collection[Arrival]) -> None:
        for one in arrivals:
            if one.case.code in ALONE or one.case.id in self._region_of:
                continue
            self._region_of[one.case.id] = one.region
            known = self._by_region.setdefault(one.region, self._new())
            if one.question:
                known.add(one.case.id, one.question, one.region)

    def _forget(self, gone: Collection[str]) -> None:
        for region, known in self._by_region.items():
            known.forget([one for one in gone if self._region_of[one] == region])
        for one in gone:
            del self._region_of[one]
