"""The numbers of the latest drafts, in small batches: what drift is measured from.

Numbers only, no words of a question. Every process adds its own; the newest of each kind are
enough. `made_by` says which embedding, ranking and features gave the numbers: those of others
would compare two programs instead of two times.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Index, Integer, String, Table, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.clock import Clock, NewId
from assistant.records.database import AnyRow, Database
from assistant.records.schema import UtcDateTime, metadata

_DIGITS = 4
Numbers = Mapping[str, float]

drift_batches = Table(
    "drift_batches",
    metadata,
    Column("organization_id", String, nullable=False),
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("drafts", Integer, nullable=False),
    Column("numbers", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("drift_batches_of_kind", "organization_id", "made_by", "kind", "id"),
)
_c = drift_batches.c


class DriftBatches:
    """The latest drafts of one organisation, by one program."""

    def __init__(
        self,
        database: Database,
        organization: str,
        clock: Clock,
        new_id: NewId,
        *,
        made_by: str,
        kept: int,
    ) -> None:
        """`kept` drafts of each kind stay."""
        self._kept = kept
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._organization = organization
        self._made_by = made_by
        self._mine = (_c.organization_id == organization, _c.made_by == made_by)

    async def add(self, drafts: Mapping[str, Sequence[Numbers]]) -> None:
        """Keep drafts by kind; those of a kind that are no longer among the newest go."""
        async with self._database.write() as connection:
            for kind, rows in drafts.items():
                if rows:
                    await connection.execute(insert(drift_batches).values(self._row(kind, rows)))
                    await self._trim(connection, kind)

    async def newest(self) -> str | None:
        """The id of the newest batch: whether anything was added since."""
        query = select(_c.id).where(*self._mine).order_by(_c.id.desc()).limit(1)
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(query)
        return found

    async def latest(self) -> dict[str, list[Numbers]]:
        """The newest drafts of each kind, oldest first."""
        query = select(_c.kind, _c.numbers).where(*self._mine).order_by(_c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return await asyncio.to_thread(_by_kind, rows, self._kept)

    async def _trim(self, connection: AsyncConnection, kind: str) -> None:
        query = select(_c.id, _c.drafts).where(*self._mine, _c.kind == kind)
        rows = (await connection.execute(query.order_by(_c.id.desc()))).all()
        gone = _beyond(rows, self._kept)
        if gone:
            await connection.execute(delete(drift_batches).where(_c.id.in_(gone)))

    def _row(self, kind: str, rows: Sequence[Numbers]) -> dict[str, object]:
        return {
            "organization_id": self._organization,
            "id": self._new_id(),
            "kind": kind,
            "made_by": self._made_by,
            "drafts": len(rows),
            "numbers": _packed(rows),
            "at": self._clock(),
        }


def _beyond(rows: Sequence[AnyRow], kept: int) -> list[str]:
    """The batches, of all newest first, that lie wholly behind so many newest drafts."""
    gone, before = [], 0
    for batch_id, drafts in rows:
        if before >= kept:
            gone.append(batch_id)
        before += drafts
    return gone


def _by_kind(rows: Sequence[AnyRow], kept: int) -> dict[str, list[Numbers]]:
    found: defaultdict[str, list[Numbers]] = defaultdict(list)
    for kind, numbers in rows:
        found[kind] += _unpacked(numbers)
    return {kind: drafts[-kept:] for kind, drafts in found.items()}


def _packed(rows: Sequence[Numbers]) -> str:
    names = sorted({name for row in rows for name in row})
    values = [[round(row.get(name, 0.0), _DIGITS) for name in names] for row in rows]
    return json.dumps({"names": names, "rows": values}, separators=(",", ":"))


def _unpacked(text: str) -> list[Numbers]:
    batch = json.loads(text)
    return [dict(zip(batch["names"], row, strict=True)) for row in batch["rows"]]
