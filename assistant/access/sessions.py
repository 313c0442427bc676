"""Who is logged in: server-side sessions for browsers, tokens with scopes for programs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from assistant.access.accounts import Account, Permission, may
from assistant.access.secrets import API_PREFIX, csrf_of, digest, new_token
from assistant.domain.account import ApiToken, Session
from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock, NewId
from assistant.errors import BadInput
from assistant.records.accounts import StoredAccount
from assistant.records.accounts_sessions import SessionRecords

IDLE = timedelta(hours=1)
"""A session that nobody uses ends; an open console uses it all the time."""
LONGEST = timedelta(hours=12)
"""A working day with its evening stream; then the password again."""
RENEWED_EVERY = timedelta(minutes=1)
"""One write a minute, not one a request."""
LONGEST_TOKEN_DAYS = 366


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks. `csrf` goes into every form; a program has none, but `scopes`."""

    account: Account
    csrf: str = ""
    scopes: frozenset[Permission] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether they may do this, themselves and by the key that they use."""
        in_scope = self.scopes is None or permission in self.scopes
        return in_scope and may(self.account, permission)


class Sessions:
    """The logins and program keys of one organisation."""

    def __init__(self, records: SessionRecords, clock: Clock, new_id: NewId) -> None:
        self._records = records
        self._clock = clock
        self._new_id = new_id

    async def start(self, stored: StoredAccount, address: str) -> str | None:
        """Begin a session; gives its secret, or None where the account changed meanwhile."""
        token, now, account = new_token(), self._clock(), stored.account
        session = Session(digest(token), account.id, now, now, now + LONGEST)
        event = AuditEvent(account.id, "session.start", account.id, {"address": address})
        started = await self._records.start(session, stored.password_hash, event)
        return token if started else None

    async def find(self, token: str, *, renew: bool = True) -> SignedIn | None:
        """Who has this secret. `renew` counts as use; a mere look (an open socket) does not."""
        found = await self._records.find(digest(token))
        if found is None:
            return None
        session, account = found
        now = self._clock()
        if account.disabled or now >= min(session.expires_at, session.seen_at + IDLE):
            return None
        if renew and now - session.seen_at >= RENEWED_EVERY:
            await self._records.seen(session.token_digest, now)
        return SignedIn(account, csrf_of(token))

    async def end(self, token: str) -> None:
        """Log out."""
        found = await self._records.find(digest(token))
        if found is not None:
            event = AuditEvent(found[1].id, "session.end", found[1].id)
            await self._records.end(digest(token), event)

    async def end_all(self, actor: str, account_id: str) -> int:
        """Log an account out everywhere; gives how many sessions there were."""
        event = AuditEvent(actor, "session.end_all", account_id)
        return await self._records.end_all(account_id, event)

    async def add_token(
        self, actor: str, account: Account, name: str, scopes: Collection[Permission], days: int
    ) -> tuple[ApiToken, str]:
        """A key for a program, and its secret, which is shown this once."""
        lacking = sorted(scope for scope in scopes if not may(account, scope))
        if lacking or not scopes:
            raise BadInput(
                f"这个账号没有这些权限：{'、'.join(lacking)}" if lacking else "缺少权限范围"
            )
        if not 1 <= days <= LONGEST_TOKEN_DAYS:
            raise BadInput(f"有效期应为 1 到 {LONGEST_TOKEN_DAYS} 天")
        secret, now = API_PREFIX + new_token(), self._clock()
        names = frozenset(scope.value for scope in scopes)
        ends = now + timedelta(days=days)
        token = ApiToken(self._new_id(), account.id, name, digest(secret), names, now, ends)
        payload = {"name": name, "scopes": sorted(names), "expires_at": ends.isoformat()}
        event = AuditEvent(actor, "token.add", token.id, payload | {"account": account.id})
        await self._records.add_token(token, event)
        return token, secret

    async def find_program(self, secret: str) -> SignedIn | None:
        """Who a program works for, and what its key is good for."""
        found = await self._records.find_token(digest(secret))
        if found is None:
            return None
        token, account = found
        over = token.revoked_at is not None or self._clock() >= token.expires_at
        if over or account.disabled:
            return None
        known = frozenset(scope for scope in Permission if scope.value in token.scopes)
        return SignedIn(account, scopes=known)

    async def tokens(self, account: Account) -> Sequence[ApiToken]:
        """The keys of an account."""
        return await self._records.tokens(account.id)

    async def revoke_token(self, actor: str, token_id: str) -> None:
        """End a key. Raises NotFound."""
        event = AuditEvent(actor, "token.revoke", token_id)
        await self._records.revoke_token(token_id, self._clock(), event)
