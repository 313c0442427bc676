"""Lay terms that a chat model proposed for guides: apart from the guides, with their origin.

One row a guide says how far the work is (it is taken under a lease, so that it survives a restart
and no two processes do it); one row a term says whether it is searched. What staff removed stays
removed, whatever is proposed later. A change of what is searched is told to the index.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.proposals import Progress, ProposedTerm, TermState
from assistant.errors import NotFound
from assistant.records import source_writes
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import AnyRow, Database
from assistant.records.schema import UtcDateTime, metadata, sources

REMOVED = "lay_term.removed"

guide_proposals = Table(
    "guide_proposals",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("told", Text, nullable=False),
)
proposed_terms = Table(
    "proposed_terms",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("term", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("why_not", Text, nullable=False),
    Column("origin", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
_g, _t = guide_proposals.c, proposed_terms.c


class ProposedLay:
    """The proposals of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def progress(self) -> dict[str, Progress]:
        """How far each guide is that was ever taken up, by its id."""
        columns = (_g.source_id, _g.version, _g.done, _g.tries, _g.until, _g.told)
        query = select(*columns).where(_g.organization_id == self._organization)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {row[0]: Progress(*row[1:]) for row in rows}

    async def take(self, source_id: str, version: int, until: datetime) -> Progress | None:
        """Take a version of a guide up until a moment; None where another process has it."""
        try:
            async with self._database.write() as connection:
                return await self._take(connection, source_id, version, until)
        except IntegrityError:
            return None

    async def put_off(self, source_id: str, held: Progress, until: datetime, told: str) -> None:
        """Try again after a moment, and say why."""
        async with self._database.write() as connection:
            await self._change(connection, source_id, held, {"until": until, "told": told})

    async def finish(
        self, source_id: str, held: Progress, terms: Mapping[str, str], origin: str
    ) -> bool:
        """Store what was proposed, each term with why it is not kept (empty: it is).

        Takes the place of earlier proposals. False where another process took the guide over.
        """
        async with self._database.write() as connection:
            await self._database.write_in_order(connection)
            if not await self._change(connection, source_id, held, {"done": True, "told": ""}):
                return False
            before = await self._terms(connection, source_id)
            removed = {one.term for one in before if one.state is TermState.REMOVED}
            mine = self._own(source_id)
            await connection.execute(
                delete(proposed_terms).where(*mine, _t.state != TermState.REMOVED)
            )
            rows = [
                self._row(source_id, term, why, origin)
                for term, why in terms.items()
                if term not in removed
            ]
            if rows:
                await connection.execute(insert(proposed_terms), rows)
            now = {row["term"] for row in rows if row["state"] == TermState.KEPT}
            if now != {one.term for one in before if one.state is TermState.KEPT}:
                await self._announce(connection, source_id)
        return True

    async def kept(self, source_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The terms that are searched with some guides."""
        query = (
            select(_t.source_id, _t.term)
            .order_by(_t.source_id, _t.term)
            .where(
                _t.organization_id == self._organization,
                _t.source_id.in_(list(source_ids)),
                _t.state == TermState.KEPT,
            )
        )
        found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        async with self._database.read() as connection:
            for source_id, term in await connection.execute(query):
                found[source_id] += (term,)
        return dict(found)

    async def of(self, source_id: str) -> Sequence[ProposedTerm]:
        """Everything that was proposed for a guide, kept first."""
        async with self._database.read() as connection:
            found = await self._terms(connection, source_id)
        order = list(TermState)
        return sorted(found, key=lambda one: (order.index(one.state), one.term))

    async def remove(self, source_id: str, term: str, actor: str) -> None:
        """Search a term no more, whatever is proposed later. Raises NotFound."""
        values = {"state": TermState.REMOVED.value, "actor": actor, "at": self._clock()}
        kept = (*self._own(source_id), _t.term == term, _t.state == TermState.KEPT)
        async with self._database.write() as connection:
            await self._database.write_in_order(connection)
            gone = await connection.execute(update(proposed_terms).where(*kept).values(values))
            if not gone.rowcount:
                raise NotFound("没有这个提议的俗称，或已删去")
            await self._audit.append(
                connection, AuditEvent(actor, REMOVED, source_id, {"text": term})
            )
            await self._announce(connection, source_id)

    async def _take(
        self, connection: AsyncConnection, source_id: str, version: int, until: datetime
    ) -> Progress | None:
        columns = (_g.version, _g.done, _g.tries, _g.until)
        row = (await connection.execute(select(*columns).where(*self._guide(source_id)))).first()
        if row is None:
            made = Progress(version, False, 1, until)
            await connection.execute(
                insert(guide_proposals).values(self._guide_row(source_id, made))
            )
            return made
        same = row.version == version
        if same and (row.done or row.until > self._clock()):
            return None
        made = Progress(version, False, row.tries + 1 if same else 1, until)
        old = Progress(*row)
        changed = await self._change(connection, source_id, old, self._guide_row(source_id, made))
        return made if changed else None

    async def _change(
        self,
        connection: AsyncConnection,
        source_id: str,
        held: Progress,
        values: Mapping[str, object],
    ) -> bool:
        still = (_g.version == held.version, _g.tries == held.tries, _g.until == held.until)
        query = update(guide_proposals).where(*self._guide(source_id), *still)
        return bool((await connection.execute(query.values(dict(values)))).rowcount)

    async def _terms(self, connection: AsyncConnection, source_id: str) -> list[ProposedTerm]:
        columns = (_t.term, _t.state, _t.why_not, _t.origin, _t.at)
        rows = await connection.execute(select(*columns).where(*self._own(source_id)))
        return [_term(row) for row in rows]

    async def _announce(self, connection: AsyncConnection, source_id: str) -> None:
        """The index reads a guide in use anew."""
        c = sources.c
        query = select(c.version).where(
            c.organization_id == self._organization,
            c.source_id == source_id,
            c.retired_at.is_(None),
        )
        version = await connection.scalar(query)
        if version is not None:
            at, owner = self._clock(), self._organization
            await source_writes.announce(connection, owner, "put", {source_id: version}, at)

    def _own(self, source_id: str) -> tuple[ColumnElement[bool], ...]:
        return (_t.organization_id == self._organization, _t.source_id == source_id)

    def _guide(self, source_id: str) -> tuple[ColumnElement[bool], ...]:
        return (_g.organization_id == self._organization, _g.source_id == source_id)

    def _guide_row(self, source_id: str, made: Progress) -> dict[str, object]:
        return {
            "organization_id": self._organization,
            "source_id": source_id,
            "version": made.version,
            "done": made.done,
            "tries": made.tries,
            "until": made.until,
            "told": made.told,
        }

    def _row(self, source_id: str, term: str, why_not: str, origin: str) -> dict[str, object]:
        return {
            "organization_id": self._organization,
            "source_id": source_id,
            "term": term,
            "state": (TermState.REFUSED if why_not else TermState.KEPT).value,
            "why_not": why_not,
            "origin": origin,
            "actor": "",
            "at": self._clock(),
        }


def _term(row: AnyRow) -> ProposedTerm:
    return ProposedTerm(row.term, TermState(row.state), row.why_not, row.origin, row.at)
