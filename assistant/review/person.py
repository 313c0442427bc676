"""A viewer asks what is stored of them, or that it be erased; both are in the audit chain."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.access.audit import Audit
from assistant.domain.clock import NewId
from assistant.errors import NotFound
from assistant.records.person import Person, PersonRecords

Files = Callable[[], int]
"""Deletes files of comments that are in the database already."""


@dataclass(frozen=True, slots=True)
class PersonParts:
    """What the desk is built from. `pseudonym` gives the name of a platform's user."""

    records: PersonRecords
    audit: Audit
    new_id: NewId
    files: Files
    pseudonym: Callable[[str, str], str]


class PersonDesk:
    """Hands out and erases what is stored of a viewer of one organisation.

    The chain names a request by an id of its own: after an erasure not even a pseudonym is left.
    """

    def __init__(self, parts: PersonParts) -> None:
        self._records = parts.records
        self._audit = parts.audit
        self._new_id = parts.new_id
        self._files = parts.files
        self.pseudonym = parts.pseudonym

    async def find(self, viewer: str) -> Person:
        """What is stored of a viewer. Raises NotFound where there is nothing."""
        person = await self._records.find(viewer)
        if not person.entries and not person.audit:
            raise NotFound("没有这个化名的记录")
        return person

    async def export(self, viewer: str, actor: str) -> dict[str, Any]:
        """Everything as JSON. Raises NotFound."""
        person = await self.find(viewer)
        told: dict[str, object] = {"viewer": viewer, **person.counts}
        await self._audit.record(actor, "person.export", self._new_id(), told)
        return person.as_json()

    async def erase(self, viewer: str, actor: str) -> dict[str, int]:
        """Blank it all; how much there was. Raises NotFound, Conflict while on air.

        First the chain's details, then the words by which they were found: what is interrupted
        can be done again.
        """
        person = await self.find(viewer)
        await self._records.refuse_on_air(person)
        for number in person.audit:
            await self._audit.erase(number, actor, "按本人要求删除个人信息")
        await self._records.erase(person)
        await asyncio.to_thread(self._files)
        counts = person.counts
        await self._audit.record(actor, "person.erase", self._new_id(), dict(counts))
        return counts
