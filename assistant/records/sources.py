"""Sources, their versions and passages: what ingest writes, what the index and answers read.

A source has one current version; older ones stay, because the ledger quotes them. Every change
leaves a row in the index outbox in the same transaction.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, and_, func, select, update

from assistant.domain.clock import Clock
from assistant.domain.passage import Passage
from assistant.domain.source import Faq, ServiceGuide, Source, SourceHeader, SourceKind
from assistant.records import source_writes
from assistant.records.codec import from_json, source_from_json
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.schema import index_outbox, passages, source_versions, sources
from assistant.records.source_rows import (
    HEADER_COLUMNS,
    PASSAGE_COLUMNS,
    NewSource,
    check_storable,
    header_from_row,
    passage_from_row,
)
from assistant.records.source_writes import Put

__all__ = ["IndexChange", "NewSource", "Put", "SourceRepository"]

T = TypeVar("T", ServiceGuide, Faq)

CHUNK = 200
"""Rows decoded at a time, so that the event loop is never held for more than a few ms."""

IN_LIMIT = 500
"""Values in one IN list."""


@dataclass(frozen=True, slots=True)
class IndexChange:
    """One row of the outbox; `seq` grows with every commit."""

    seq: int
    op: Literal["put", "retire"]
    source_id: str
    version: int


class SourceRepository:
    """The sources of one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def put(
        self, source: Source, passages: Sequence[Passage], *, digest: str, origin: str | None
    ) -> Put:
        """Store a source with its passages in one transaction; see `put_many`."""
        return (await self.put_many([NewSource(source, passages, digest, origin)]))[0]

    async def put_many(self, rows: Sequence[NewSource]) -> list[Put]:
        """Store sources, in order. Each is whole or absent, whenever the program is stopped.

        The same digest changes nothing (a source found at another place keeps its version); a
        retired source comes back. Raises BadInput, before anything is written, for text that no
        database keeps (NUL, lone surrogates).
        """
        await asyncio.to_thread(_check_all, rows)
        return [put for group in source_writes.slices(rows) for put in await self._put(group)]

    async def retire(self, source_id: str) -> bool:
        """Take a source out of use; its versions stay. False where there is none in use."""
        at = self._clock()
        async with self._database.write() as connection:
            await self._database.write_in_order(connection)
            statement = update(sources).where(self._current(), sources.c.source_id == source_id)
            statement = statement.values(retired_at=at)
            found = await connection.execute(statement.returning(sources.c.version))
            version = found.scalar()
            if version is not None:
                versions = {source_id: version}
                await source_writes.announce(connection, self._organization, "retire", versions, at)
        return version is not None

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        """The current version of a source in use, or any version by its number."""
        query = self._bodies() if version is None else self._versions(version)
        rows = await self._rows(query.where(source_versions.c.source_id == source_id))
        return source_from_json(rows[0].kind, rows[0].body) if rows else None

    async def newest(self, source_id: str) -> Source | None:
        """The newest version of a source, in use or not."""
        c = source_versions.c
        query = select(c.kind, c.body).where(c.organization_id == self._organization)
        query = query.where(c.source_id == source_id).order_by(c.version.desc()).limit(1)
        rows = await self._rows(query)
        return source_from_json(rows[0].kind, rows[0].body) if rows else None

    async def header(self, source_id: str) -> SourceHeader | None:
        """The header of a source in use."""
        rows = await self._rows(self._headers().where(sources.c.source_id == source_id))
        return header_from_row(rows[0]) if rows else None

    async def headers(self) -> list[SourceHeader]:
        """The headers of all sources in use, by id."""
        query = self._headers().order_by(sources.c.source_id)
        return [header_from_row(row) async for rows in self._chunks(query) for row in rows]

    async def superseding(self) -> list[SourceHeader]:
        """The headers of sources in use that take the place of others: few among many."""
        query = self._headers().where(sources.c.supersedes != "[]")
        return [header_from_row(row) for row in await self._rows(query)]

    async def guides(self, ids: Sequence[str] | None = None) -> list[ServiceGuide]:
        """Service guides in use: all, or those of some ids; by id."""
        return await self._of_kind(SourceKind.GUIDE, ServiceGuide, ids)

    async def faqs(self, ids: Sequence[str] | None = None) -> list[Faq]:
        """Question-and-answer pairs in use: all, or those of some ids; by id."""
        return await self._of_kind(SourceKind.FAQ, Faq, ids)

    async def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Passages by key, of any version. On the answer path: one statement for 60 keys."""
        found: dict[int, Passage] = {}
        for start in range(0, len(keys), IN_LIMIT):
            wanted = passages.c.key.in_(keys[start : start + IN_LIMIT])
            query = select(*PASSAGE_COLUMNS, passages.c.organization_id).where(wanted)
            # Compared here: in the statement it would draw SQLite to the organisation's index,
            # which reads 200,000 entries to find 60.
            mine = (row for row in await self._rows(query) if row[-1] == self._organization)
            found |= {row.key: passage_from_row(row[:-1]) for row in mine}
        return found

    async def passages_of(self, source_id: str) -> list[Passage]:
        """The passages of a source in use, in their order."""
        query = select(*PASSAGE_COLUMNS).join(sources, self._passage_of_current())
        query = query.where(self._current(), sources.c.source_id == source_id)
        rows = await self._rows(query.order_by(passages.c.ordinal, passages.c.key))
        return [passage_from_row(row) for row in rows]

    async def all_passages(self) -> AsyncIterator[list[Passage]]:
        """Every passage of the sources in use, in batches, by key: what a rebuild reads."""
        query = select(*PASSAGE_COLUMNS).join(sources, self._passage_of_current())
        query = query.where(self._current()).order_by(passages.c.key)
        async for rows in self._chunks(query):
            yield [passage_from_row(row) for row in rows]

    async def changes(self, after: int, limit: int = 1000) -> list[IndexChange]:
        """Outbox rows after a number, in order. None is ever seen late (`write_in_order`)."""
        c = index_outbox.c
        query = select(c.seq, c.op, c.source_id, c.version)
        query = query.where(c.organization_id == self._organization, c.seq > after)
        rows = await self._rows(query.order_by(c.seq).limit(limit))
        return [IndexChange(*row) for row in rows]

    async def last_change(self) -> int:
        """The number of the newest outbox row; 0 when there is none."""
        query = select(func.max(index_outbox.c.seq))
        query = query.where(index_outbox.c.organization_id == self._organization)
        return int((await self._rows(query))[0][0] or 0)

    async def origins(self) -> dict[str, list[str]]:
        """The ids of sources in use by the place they were read from."""
        places: defaultdict[str, list[str]] = defaultdict(list)
        query = select(sources.c.origin, sources.c.source_id).order_by(sources.c.source_id)
        query = query.where(self._current(), sources.c.origin.is_not(None))
        for origin, source_id in await self._rows(query):
            places[origin].append(source_id)
        return dict(places)

    async def digests(self) -> dict[str, str]:
        """The digest of each source in use by its id."""
        query = select(sources.c.source_id, sources.c.digest).where(self._current())
        return {row.source_id: row.digest for row in await self._rows(query)}

    async def _put(self, rows: Sequence[NewSource]) -> list[Put]:
        async with self._database.read() as connection:
            changes = await source_writes.plan(connection, self._organization, rows)
        if not all(change.same for change in changes):
            changes = await self._write(rows)
        return [change.result for change in changes]

    async def _write(self, rows: Sequence[NewSource]) -> list[source_writes.Change]:
        async with self._database.write() as connection:
            await self._database.write_in_order(connection)
            changes = await source_writes.plan(connection, self._organization, rows)
            await source_writes.apply(connection, self._organization, changes, self._clock())
        return changes

    async def _of_kind(
        self, kind: SourceKind, value: type[T], ids: Sequence[str] | None
    ) -> list[T]:
        query = self._bodies().where(source_versions.c.kind == kind)
        query = query.order_by(source_versions.c.source_id)
        found: list[T] = []
        for part in _parts(query, ids):
            async for rows in self._chunks(part):
                found += await asyncio.to_thread(_decode, value, rows)
        return found

    async def _rows(self, query: AnyQuery) -> Sequence[AnyRow]:
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()

    async def _chunks(self, query: AnyQuery) -> AsyncIterator[Sequence[AnyRow]]:
        async with self._database.read() as connection:
            result = await connection.stream(query)
            async for rows in result.partitions(CHUNK):
                yield rows

    def _current(self) -> ColumnElement[bool]:
        here = sources.c.organization_id == self._organization
        return and_(here, sources.c.retired_at.is_(None))

    def _headers(self) -> AnyQuery:
        return select(*HEADER_COLUMNS).where(self._current())

    def _bodies(self) -> AnyQuery:
        columns = select(source_versions.c.kind, source_versions.c.body)
        return columns.join(sources, _same_version(source_versions)).where(self._current())

    def _versions(self, version: int) -> AnyQuery:
        c = source_versions.c
        here = c.organization_id == self._organization
        return select(c.kind, c.body).where(here, c.version == version)

    def _passage_of_current(self) -> ColumnElement[bool]:
        return _same_version(passages)


def _same_version(table: Any) -> ColumnElement[bool]:
    return and_(
        table.c.organization_id == sources.c.organization_id,
        table.c.source_id == sources.c.source_id,
        table.c.version == sources.c.version,
    )


def _parts(query: AnyQuery, ids: Sequence[str] | None) -> list[AnyQuery]:
    if ids is None:
        return [query]
    ordered = sorted(set(ids))
    starts = range(0, len(ordered), IN_LIMIT)
    chosen = (ordered[start : start + IN_LIMIT] for start in starts)
    return [query.where(source_versions.c.source_id.in_(part)) for part in chosen]


def _check_all(rows: Sequence[NewSource]) -> None:
    for row in rows:
        check_storable(row)


def _decode(value: type[T], rows: Sequence[AnyRow]) -> list[T]:
    return [from_json(value, row.body) for row in rows]
