"""What putting sources changes: decided first, then written with one statement a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.records.schema import index_outbox, passages, source_versions, sources
from assistant.records.source_rows import (
    NewSource,
    Values,
    passage_values,
    source_values,
    version_values,
)

SLICE_PASSAGES = 500
SLICE_SOURCES = 200
"""How much one transaction writes: about 20 ms on a slow disk, so that nobody waits long."""


@dataclass(frozen=True, slots=True)
class Put:
    """What a put did and which version is current after it."""

    status: Literal["created", "changed", "unchanged"]
    version: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds of a source before a put."""

    version: int
    digest: str
    origin: str | None
    retired: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A source, what is stored of it, and so what must be done."""

    new: NewSource
    stored: Stored | None

    @property
    def same(self) -> bool:
        """Nothing to write: the same content, in force, from the same place."""
        return self.unchanged and self.stored.origin == self.new.origin if self.stored else False

    @property
    def unchanged(self) -> bool:
        """The same content, in force."""
        stored = self.stored
        return stored is not None and stored.digest == self.new.digest and not stored.retired

    @property
    def restored(self) -> bool:
        """The same content as before it was retired: its version comes back."""
        stored = self.stored
        return stored is not None and stored.digest == self.new.digest and stored.retired

    @property
    def result(self) -> Put:
        """What is told to the caller."""
        if self.stored is None:
            return Put("created", 1)
        if self.unchanged:
            return Put("unchanged", self.stored.version)
        return Put("changed", self.stored.version + (not self.restored))


def slices(rows: Iterable[NewSource]) -> Iterator[list[NewSource]]:
    """Whole sources in groups that one short transaction can write, no id twice in a group."""
    group: dict[str, NewSource] = {}
    size = 0
    for row in rows:
        full = len(group) >= SLICE_SOURCES or size + len(row.passages) > SLICE_PASSAGES
        if group and (full or row.source.id in group):
            yield list(group.values())
            group, size = {}, 0
        group[row.source.id] = row
        size += len(row.passages)
    if group:
        yield list(group.values())


async def plan(
    connection: AsyncConnection, organization: str, rows: Sequence[NewSource]
) -> list[Change]:
    """Compare sources with what is stored."""
    stored = await _stored(connection, organization, [row.source.id for row in rows])
    return [Change(row, stored.get(row.source.id)) for row in rows]


async def apply(
    connection: AsyncConnection, organization: str, changes: Sequence[Change], at: datetime
) -> None:
    """Write changes and their outbox rows."""
    fresh = [change for change in changes if not change.unchanged and not change.restored]
    created = [change for change in fresh if change.stored is None]
    changed = [change for change in fresh if change.stored is not None]
    await _insert(connection, sources, (_source(change, organization) for change in created))
    await _update(connection, [_source(change, organization) for change in changed])
    await _insert(connection, source_versions, (_version(c, organization, at) for c in fresh))
    await _insert(connection, passages, (row for c in fresh for row in _passages(c, organization)))
    await _update(connection, [_place(c, organization) for c in changes if _kept(c)])
    touched = [change for change in changes if not change.unchanged]
    await announce(connection, organization, "put", _versions(touched), at)


async def announce(
    connection: AsyncConnection,
    organization: str,
    op: Literal["put", "retire"],
    versions: Mapping[str, int],
    at: datetime,
) -> None:
    """Leave rows in the index outbox."""
    common = {"organization_id": organization, "op": op, "at": at}
    rows = ({**common, "source_id": id_, "version": n} for id_, n in versions.items())
    await _insert(connection, index_outbox, rows)


def _kept(change: Change) -> bool:
    return change.restored or (change.unchanged and not change.same)


def _versions(changes: Iterable[Change]) -> dict[str, int]:
    return {change.new.source.id: change.result.version for change in changes}


def _source(change: Change, organization: str) -> Values:
    return source_values(change.new, change.result.version, organization)


def _version(change: Change, organization: str, at: datetime) -> Values:
    return version_values(change.new, change.result.version, organization, at)


def _passages(change: Change, organization: str) -> list[Values]:
    return passage_values(change.new, change.result.version, organization)


def _place(change: Change, organization: str) -> Values:
    """A source that keeps its version: it is in force, and it may have moved."""
    return {
        "organization_id": organization,
        "source_id": change.new.source.id,
        "origin": change.new.origin,
        "retired_at": None,
    }


async def _stored(
    connection: AsyncConnection, organization: str, ids: Sequence[str]
) -> dict[str, Stored]:
    c = sources.c
    query = select(c.source_id, c.version, c.digest, c.origin, c.retired_at).where(
        c.organization_id == organization, c.source_id.in_(ids)
    )
    return {
        source_id: Stored(version, digest, origin, retired_at is not None)
        for source_id, version, digest, origin, retired_at in await connection.execute(query)
    }


async def _insert(connection: AsyncConnection, table: Table, rows: Iterable[Values]) -> None:
    if values := list(rows):
        await connection.execute(insert(table), values)


async def _update(connection: AsyncConnection, rows: Sequence[Values]) -> None:
    """Update rows of `sources` by their keys; every row names the same columns."""
    if not rows:
        return
    keys = ("organization_id", "source_id")
    columns: Values = {name: bindparam(f"new_{name}") for name in rows[0] if name not in keys}
    matching = [sources.c[name] == bindparam(f"new_{name}") for name in keys]
    renamed = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    await connection.execute(update(sources).where(*matching).values(columns), renamed)
