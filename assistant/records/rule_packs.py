"""Rule packs as an office edited them. Versions are only added; the newest of a name is active.

A pack that was never edited has no row: then the one that comes with the program counts. The text
is checked by `safety.packs` before it comes here; to go back is to add the old text again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, func, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.domain.clock import Clock
from assistant.errors import Conflict, NotFound
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.schema import UtcDateTime, metadata

rule_packs = Table(
    "rule_packs",
    metadata,
    Column("organization_id", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("actor", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PackVersion:
    """One saved version of a pack; `number` begins at 1, `note` says why it was saved."""

    name: str
    number: int
    text: str
    actor: str
    note: str
    created_at: datetime


class RulePackRecords:
    """The edited packs of one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def active(self) -> dict[str, PackVersion]:
        """The newest version of each edited pack, by name."""
        return {row.name: row for row in await self._versions(self._mine())}

    async def versions(self, name: str) -> list[PackVersion]:
        """Every version of a pack, oldest first."""
        return await self._versions(self._mine().where(rule_packs.c.name == name))

    async def save(
        self, name: str, text: str, *, actor: str, note: str = "", after: int | None = None
    ) -> PackVersion:
        """Add a version. Raises Conflict where the newest is no longer number `after`."""
        mine = (rule_packs.c.organization_id == self._organization, rule_packs.c.name == name)
        try:
            async with self._database.write() as connection:
                newest = await connection.scalar(select(func.max(rule_packs.c.number)).where(*mine))
                number = newest or 0
                if after is not None and number != after:
                    raise Conflict("规则包已被别人改过", hint="先看最新版本，再保存")
                version = PackVersion(name, number + 1, text, actor, note, self._clock())
                await connection.execute(insert(rule_packs).values(self._values(version)))
        except IntegrityError as error:
            raise Conflict("规则包刚被别人改过", hint="先看最新版本，再保存") from error
        return version

    async def revert(self, name: str, number: int, *, actor: str) -> PackVersion:
        """Make an old version the newest again. Raises NotFound where there is none."""
        old = [version for version in await self.versions(name) if version.number == number]
        if not old:
            raise NotFound(f"规则包 {name} 没有第 {number} 版")
        return await self.save(name, old[0].text, actor=actor, note=f"恢复第 {number} 版")

    def _mine(self) -> AnyQuery:
        mine = select(rule_packs).where(rule_packs.c.organization_id == self._organization)
        return mine.order_by(rule_packs.c.name, rule_packs.c.number)

    async def _versions(self, query: AnyQuery) -> list[PackVersion]:
        async with self._database.read() as connection:
            return [_version(row) for row in (await connection.execute(query)).all()]

    def _values(self, version: PackVersion) -> dict[str, object]:
        return {
            "organization_id": self._organization,
            "name": version.name,
            "number": version.number,
            "text": version.text,
            "actor": version.actor,
            "note": version.note,
            "created_at": version.created_at,
        }


def _version(row: AnyRow) -> PackVersion:
    return PackVersion(row.name, row.number, row.text, row.actor, row.note, row.created_at)
