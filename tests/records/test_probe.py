"""A database's server is asked on a connection of its own."""

import socket
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from assistant.records.database import Database
from assistant.records.probe import Probe

pytestmark = pytest.mark.integration
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
)


@pytest.mark.postgres
async def test_one_that_was_away_meanwhile_is_told_even_if_it_is_back(postgres_url: str) -> None:
    probe = Probe.of(postgres_url)
    database = await Database.connect(postgres_url)
    try:
        await probe.ask()
        async with database.read() as connection:
            await connection.execute(text(f"{_OTHERS} AND pid <> pg_backend_pid()"))
        with pytest.raises(SQLAlchemyError):
            await probe.ask()
        await probe.ask()
    finally:
        await probe.close()
        await database.close()


async def test_one_that_is_not_there_is_told() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        port = taken.getsockname()[1]
        probe = Probe.of(f"postgresql+asyncpg://nobody@127.0.0.1:{port}/none")
        with pytest.raises(OSError, match="Connect call failed"):
            await probe.ask()
    await probe.close()
