"""A room is held by one process at a time; the fencing token grows with every holder.

A write is fenced by the token alone, inside its own transaction: whatever the clocks say, nobody
writes after another has taken over.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.errors import LostLease
from assistant.records.database import AnyQuery, AnyRow
from assistant.records.live_writes import new_only
from assistant.records.schema_live import room_leases as leases

NOBODY = ""


async def take(
    connection: AsyncConnection, key: tuple[str, str], holder: str, now: datetime, seconds: float
) -> int | None:
    """Take or renew the lease of (organisation, room); the token, or None where it is held."""
    organization, room_id = key
    first = {"holder": NOBODY, "token": 0, "expires_at": now}
    row = {"organization_id": organization, "room_id": room_id, **first}
    await connection.execute(new_only(connection.dialect.name, leases), [row])
    held = await _row(connection, key)
    assert held is not None
    if held.holder not in {holder, NOBODY} and held.expires_at > now:
        return None
    token: int = held.token if held.holder == holder else held.token + 1
    until = now + timedelta(seconds=seconds)
    await _set(connection, key, holder=holder, token=token, expires_at=until)
    return token


async def holder(connection: AsyncConnection, key: tuple[str, str]) -> str:
    """Who took the lease and did not give it back, whether it has run out or not."""
    held = await connection.execute(select(leases.c.holder).where(*_is(key)))
    return str(held.scalar_one_or_none() or NOBODY)


async def give_back(connection: AsyncConnection, key: tuple[str, str], token: int) -> None:
    """End a lease; its token is worth nothing from now on. Another's lease is left alone."""
    held = await _row(connection, key)
    if held is not None and held.token == token:
        await _set(connection, key, holder=NOBODY, token=token + 1)


def check(connection: Connection, key: tuple[str, str], token: int) -> None:
    """Let the transaction go on only with the room's token. Raises LostLease."""
    held = connection.execute(_locked(key)).first()
    if held is None or held.token != token:
        raise LostLease(f"直播间 {key[1]} 已由另一个进程接管", hint="本进程不再写入")


async def _row(connection: AsyncConnection, key: tuple[str, str]) -> AnyRow | None:
    """The lease, locked until the transaction ends (SQLite has one writer anyway)."""
    return (await connection.execute(_locked(key))).first()


def _locked(key: tuple[str, str]) -> AnyQuery:
    return select(leases).where(*_is(key)).with_for_update()


async def _set(connection: AsyncConnection, key: tuple[str, str], **values: Any) -> None:
    await connection.execute(update(leases).where(*_is(key)).values(**values))


def _is(key: tuple[str, str]) -> tuple[Any, Any]:
    return leases.c.organization_id == key[0], leases.c.room_id == key[1]
