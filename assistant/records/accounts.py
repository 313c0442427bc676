"""Accounts as stored: every change is in the audit chain, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.account import Account, Role
from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.errors import Conflict, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.accounts_schema import account_sessions, accounts
from assistant.records.codec import from_json, to_json
from assistant.records.database import AnyQuery, AnyRow, Database

Strings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account with the argon2 hash of its password, which leaves `access` for nowhere."""

    account: Account
    password_hash: str


class AccountRecords:
    """The accounts of one organisation."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def by_name(self, name: str) -> StoredAccount | None:
        """The account that logs in with a (normalised) name."""
        row = await self._one(self._mine().where(accounts.c.name == name))
        return StoredAccount(account_of(row), row.password_hash) if row else None

    async def get(self, account_id: str) -> StoredAccount | None:
        """One account."""
        row = await self._one(self._mine().where(accounts.c.id == account_id))
        return StoredAccount(account_of(row), row.password_hash) if row else None

    async def everyone(self) -> list[Account]:
        """All accounts, by name."""
        async with self._database.read() as connection:
            rows = (await connection.execute(self._mine().order_by(accounts.c.name))).all()
        return [account_of(row) for row in rows]

    async def has_administrator(self) -> bool:
        """Whether anyone can administer."""
        async with self._database.read() as connection:
            return bool(await self._administrators(connection))

    async def add(
        self, account: Account, password_hash: str, event: AuditEvent, *, first: bool = False
    ) -> None:
        """Store a new account. Raises Conflict where the name is taken.

        `first` makes the first administrator: Conflict where there is one by now.
        """
        values = _values(account) | {
            "password_hash": password_hash,
            "created_at": self._clock(),
            "password_at": self._clock(),
        }
        try:
            async with self._database.write() as connection:
                await self._audit.append(connection, event)
                if first and await self._administrators(connection):
                    raise Conflict("已经有管理员了", hint="请直接登录")
                await connection.execute(insert(accounts).values(values))
        except IntegrityError as error:
            raise Conflict(f"已有名为“{account.name}”的账号") from error

    async def change(
        self, account: Account, event: AuditEvent, *, end_sessions: bool = False
    ) -> None:
        """Replace an account's display name, roles, regions and state.

        Raises Conflict where nobody could administer any more, NotFound.
        """
        async with self._database.write() as connection:
            await self._audit.append(connection, event)  # holds the chain: others wait here
            had = await self._administrators(connection)
            await self._set(connection, account.id, _changeable(account))
            if had and not await self._administrators(connection):
                raise Conflict("至少要有一位能登录的管理员")
            if end_sessions:
                await end_all_sessions(connection, self._organization, account.id)

    async def set_password(self, account_id: str, password_hash: str, event: AuditEvent) -> None:
        """Store a new password and end every session. Raises NotFound."""
        values = {"password_hash": password_hash, "password_at": self._clock()}
        async with self._database.write() as connection:
            await self._audit.append(connection, event)
            await self._set(connection, account_id, values)
            await end_all_sessions(connection, self._organization, account_id)

    async def rehash(self, account_id: str, old: str, new: str) -> None:
        """Store the same password under newer argon2 parameters, unless it changed meanwhile."""
        mine = (accounts.c.id == account_id) & (accounts.c.password_hash == old)
        async with self._database.write() as connection:
            await connection.execute(update(accounts).where(mine).values(password_hash=new))

    async def _set(
        self, connection: AsyncConnection, account_id: str, values: Mapping[str, Any]
    ) -> None:
        mine = (accounts.c.organization_id == self._organization) & (accounts.c.id == account_id)
        if not (await connection.execute(update(accounts).where(mine).values(values))).rowcount:
            raise NotFound("没有这个账号")

    async def _administrators(self, connection: AsyncConnection) -> Sequence[str]:
        rows = (await connection.execute(self._mine())).all()
        known = (account_of(row) for row in rows)
        return [a.id for a in known if Role.ADMINISTRATOR in a.roles and not a.disabled]

    async def _one(self, query: AnyQuery) -> AnyRow | None:
        async with self._database.read() as connection:
            return (await connection.execute(query)).first()

    def _mine(self) -> AnyQuery:
        return select(accounts).where(accounts.c.organization_id == self._organization)


async def end_all_sessions(connection: AsyncConnection, organization: str, account_id: str) -> int:
    """Delete an account's sessions; gives how many there were."""
    mine = account_sessions.c.organization_id == organization
    gone = delete(account_sessions).where(mine, account_sessions.c.account_id == account_id)
    return (await connection.execute(gone)).rowcount


def account_of(row: AnyRow) -> Account:
    """The account of a row of `accounts`."""
    return Account(
        id=row.id,
        organization=row.organization_id,
        name=row.name,
        display_name=row.display_name,
        roles=frozenset(Role(name) for name in from_json(Strings, row.roles)),
        regions=from_json(Strings, row.regions),
        is_outsourced=row.is_outsourced,
        disabled_at=row.disabled_at,
    )


def _values(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "organization_id": account.organization,
        "name": account.name,
        **_changeable(account),
    }


def _changeable(account: Account) -> dict[str, Any]:
    return {
        "display_name": account.display_name,
        "roles": to_json(tuple(sorted(role.value for role in account.roles)), Strings),
        "regions": to_json(account.regions, Strings),
        "is_outsourced": account.is_outsourced,
        "disabled_at": account.disabled_at,
    }
