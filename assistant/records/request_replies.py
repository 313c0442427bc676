"""What requests with an idempotency key led to, for every process of the office."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from assistant.domain.clock import Clock
from assistant.records.database import Database
from assistant.records.live_writes import new_only
from assistant.records.schema_review import request_replies

KEPT = timedelta(days=1)
ABANDONED = timedelta(minutes=1)
"""Work that has no reply by then died with its process: the next who asks takes it up."""
_C = request_replies.c


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A request of before: the digest of what was asked, and its reply; None: not done yet."""

    asked: str
    body: str | None


class RequestReplies:
    """The replies of one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def claim(self, account_id: str, key: str, asked: str) -> KeptReply | None:
        """None: the work is the caller's to do; else what is known of the same key."""
        now = self._clock()
        row = {
            "organization_id": self._organization,
            "account_id": account_id,
            "key": key,
            "asked": asked,
            "body": None,
            "made_at": now,
        }
        expired = (_C.made_at < now - KEPT) | (_C.body.is_(None) & (_C.made_at < now - ABANDONED))
        own = _C.organization_id == self._organization
        async with self._database.write() as connection:
            await connection.execute(delete(request_replies).where(own, expired))
            insert = new_only(self._database.dialect, request_replies).values(row)
            if (await connection.execute(insert)).rowcount == 1:
                return None
            query = select(_C.asked, _C.body).where(self._is(account_id, key))
            found = (await connection.execute(query)).first()
        return (
            KeptReply(found.asked, found.body)
            if found
            else await self.claim(account_id, key, asked)
        )

    async def keep(self, account_id: str, key: str, body: str) -> None:
        """The work is done."""
        kept = update(request_replies).where(self._is(account_id, key)).values(body=body)
        async with self._database.write() as connection:
            await connection.execute(kept)

    async def drop(self, account_id: str, key: str) -> None:
        """It came to nothing: the key is free again."""
        gone = delete(request_replies).where(self._is(account_id, key), _C.body.is_(None))
        async with self._database.write() as connection:
            await connection.execute(gone)

    def _is(self, account_id: str, key: str) -> ColumnElement[bool]:
        own = _C.organization_id == self._organization
        return own & (_C.account_id == account_id) & (_C.key == key)
