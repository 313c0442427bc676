"""Logins and API tokens as stored: digests of their secrets, so that a stolen copy opens none."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Table, delete, insert, select, update

from assistant.domain.account import Account, ApiToken, Session
from assistant.domain.audit import AuditEvent
from assistant.errors import NotFound
from assistant.records.accounts import account_of, end_all_sessions
from assistant.records.accounts_audit import AuditRecords
from assistant.records.accounts_schema import account_sessions, accounts, api_tokens
from assistant.records.codec import from_json, to_json
from assistant.records.database import AnyRow, Database

Strings = tuple[str, ...]


class SessionRecords:
    """The sessions and API tokens of one organisation's accounts."""

    def __init__(self, database: Database, organization: str, audit: AuditRecords) -> None:
        self._database = database
        self._organization = organization
        self._audit = audit

    async def start(self, session: Session, password_hash: str, event: AuditEvent) -> bool:
        """Store a new session, and drop those that are over.

        False, and nothing stored, where the account was disabled or its password changed since
        `password_hash` was read: a login must not outlive what it was checked against.
        """
        still = (accounts.c.id == session.account_id) & (accounts.c.disabled_at.is_(None))
        unchanged = still & (accounts.c.password_hash == password_hash)
        over = delete(account_sessions).where(account_sessions.c.expires_at < session.created_at)
        values = asdict(session) | {"organization_id": self._organization}
        async with self._database.write() as connection:
            await self._audit.hold(connection)
            if (await connection.execute(select(accounts.c.id).where(unchanged))).first() is None:
                return False
            await self._audit.append(connection, event)
            await connection.execute(over)
            await connection.execute(insert(account_sessions).values(values))
        return True

    async def find(self, token_digest: str) -> tuple[Session, Account] | None:
        """A session and whose it is, whatever their state."""
        found = await self._with_owner(account_sessions, token_digest)
        return (_session(found[0]), found[1]) if found else None

    async def seen(self, token_digest: str, at: datetime) -> None:
        """Note that a session is in use."""
        mine = account_sessions.c.token_digest == token_digest
        async with self._database.write() as connection:
            await connection.execute(update(account_sessions).where(mine).values(seen_at=at))

    async def end(self, token_digest: str, event: AuditEvent) -> None:
        """End one session; nothing happens where it has ended."""
        gone = delete(account_sessions).where(account_sessions.c.token_digest == token_digest)
        async with self._database.write() as connection:
            await self._audit.hold(connection)  # first, as everywhere: no two wait for each other
            if (await connection.execute(gone)).rowcount:
                await self._audit.append(connection, event)

    async def end_all(self, account_id: str, event: AuditEvent) -> int:
        """End every session of an account; gives how many there were."""
        async with self._database.write() as connection:
            await self._audit.append(connection, event)
            return await end_all_sessions(connection, self._organization, account_id)

    async def add_token(self, token: ApiToken, event: AuditEvent) -> None:
        """Store a program's key."""
        values = asdict(token) | {
            "organization_id": self._organization,
            "scopes": to_json(tuple(sorted(token.scopes)), Strings),
        }
        async with self._database.write() as connection:
            await self._audit.append(connection, event)
            await connection.execute(insert(api_tokens).values(values))

    async def find_token(self, token_digest: str) -> tuple[ApiToken, Account] | None:
        """A program's key and whose it is, whatever their state."""
        found = await self._with_owner(api_tokens, token_digest)
        return (_token(found[0]), found[1]) if found else None

    async def tokens(self, account_id: str) -> Sequence[ApiToken]:
        """The keys of an account, oldest first."""
        mine = api_tokens.c.organization_id == self._organization
        query = select(api_tokens).where(mine, api_tokens.c.account_id == account_id)
        query = query.order_by(api_tokens.c.id)
        async with self._database.read() as connection:
            return [_token(row) for row in (await connection.execute(query)).all()]

    async def revoke_token(self, token_id: str, at: datetime, event: AuditEvent) -> None:
        """End a key. Raises NotFound where there is none, or it has ended."""
        mine = api_tokens.c.organization_id == self._organization
        valid = (api_tokens.c.id == token_id) & api_tokens.c.revoked_at.is_(None)
        async with self._database.write() as connection:
            await self._audit.append(connection, event)
            ended = update(api_tokens).where(mine, valid).values(revoked_at=at)
            if not (await connection.execute(ended)).rowcount:
                raise NotFound("没有这个令牌，或已撤销")

    async def _with_owner(self, table: Table, token_digest: str) -> tuple[AnyRow, Account] | None:
        """The row of a secret, and whose it is."""
        mine = table.c.organization_id == self._organization
        query = select(table).where(mine, table.c.token_digest == token_digest)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
            if row is None:
                return None
            of = select(accounts).where(accounts.c.id == row.account_id)
            owner = (await connection.execute(of)).first()
        return (row, account_of(owner)) if owner else None


def _session(row: AnyRow) -> Session:
    return Session(
        token_digest=row.token_digest,
        account_id=row.account_id,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def _token(row: AnyRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        token_digest=row.token_digest,
        scopes=frozenset(from_json(Strings, row.scopes)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
