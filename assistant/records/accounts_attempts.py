"""Failed logins as stored, so that a restart forgives nobody. Keys are digests, never names."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.account import Attempts
from assistant.domain.clock import Clock
from assistant.records.accounts_schema import login_attempts
from assistant.records.database import Database

Rule = Callable[[Attempts, datetime], Attempts]
"""What one more failure makes of those before."""


class AttemptRecords:
    """The failed logins at one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def count(self, rules: Mapping[str, Rule]) -> datetime | None:
        """Count a try under every key before it is checked; a success takes it back.

        Counting first means that a thousand tries at once are a thousand tries. Where a key is
        blocked, nothing is counted, and the time until which it is blocked comes back.
        """
        now = self._clock()
        async with self._database.write() as connection:
            known = {key: await self._held(connection, key, now) for key in sorted(rules)}
            ends = (each.blocked_until for each in known.values())
            blocked = [end for end in ends if end is not None and end > now]
            if blocked:
                return max(blocked)
            for key, rule in rules.items():
                await self._store(connection, key, rule(known[key], now))
        return None

    async def forget(self, key: str) -> None:
        """Forgive all under a key."""
        async with self._database.write() as connection:
            await connection.execute(delete(login_attempts).where(*self._is(key)))

    async def succeeded(self, forgiven: str, counted: str, before: datetime) -> None:
        """Forgive all under one key and one try under another; drop what is older than a time."""
        mine = login_attempts.c.organization_id == self._organization
        old = delete(login_attempts).where(mine, login_attempts.c.last_at < before)
        async with self._database.write() as connection:
            known = await self._held(connection, counted, self._clock())
            fewer = Attempts(max(known.failures - 1, 0), known.last_at)
            await self._store(connection, counted, fewer)
            await connection.execute(delete(login_attempts).where(*self._is(forgiven)))
            await connection.execute(old)

    async def _held(self, connection: AsyncConnection, key: str, now: datetime) -> Attempts:
        """What is known of a key, its row locked until the transaction ends."""
        query = select(login_attempts).where(*self._is(key)).with_for_update()
        row = (await connection.execute(query)).first()
        if row is None:
            await self._begin(connection, key, now)
            row = (await connection.execute(query)).one()
        return Attempts(row.failures, row.last_at, row.blocked_until)

    async def _begin(self, connection: AsyncConnection, key: str, now: datetime) -> None:
        values = {"organization_id": self._organization, "key": key} | asdict(Attempts(0, now))
        try:
            async with connection.begin_nested():
                await connection.execute(insert(login_attempts).values(values))
        except IntegrityError:
            return  # another process was quicker

    async def _store(self, connection: AsyncConnection, key: str, attempts: Attempts) -> None:
        changed = update(login_attempts).where(*self._is(key)).values(asdict(attempts))
        await connection.execute(changed)

    def _is(self, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return (
            login_attempts.c.organization_id == self._organization,
            login_attempts.c.key == key,
        )
