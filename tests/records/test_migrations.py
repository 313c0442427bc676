"""Each migration goes up and down with data in place; the tables are those of `schema`."""

import importlib
import pkgutil
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant import records
from assistant.domain.source import Faq
from assistant.errors import ConfigurationError, Unavailable
from assistant.records import migrate
from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository
from assistant.records.schema import metadata
from assistant.records.sources import SourceRepository
from tests.records.test_outcomes import outcome

pytestmark = pytest.mark.contract


for module in pkgutil.iter_modules(records.__path__, f"{records.__name__}."):
    importlib.import_module(module.name)  # so that `metadata` holds the tables of every one


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def move(connection: AsyncConnection, revision: str) -> Any:
    await connection.run_sync(migrate.migrate_to, revision)
    return await connection.run_sync(tables)


async def test_a_new_database_has_the_tables_of_the_schema(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_down_and_up_again_keeps_what_a_revision_knows(
    repository: SourceRepository, outcomes: OutcomeRepository, database: Database
) -> None:
    await repository.put(Faq("f", "问", "答"), (), digest="d", origin=None)
    await outcomes.record(outcome())
    async with database.write() as connection:
        assert "questions" not in await move(connection, "0001")
    async with database.write() as connection:
        assert "questions" in await move(connection, "head")
    assert await repository.get("f") == Faq("f", "问", "答")
    assert (await outcomes.recent(1)).rows == ()


async def test_down_to_nothing(database: Database) -> None:
    async with database.write() as connection:
        assert await move(connection, "base") == {"alembic_version"}


async def test_opening_twice_changes_nothing(database: Database, database_url: str) -> None:
    again = await Database.open(database_url)
    async with again.read() as connection:
        assert await connection.run_sync(migrate.current) == migrate.newest()
    await again.close()


async def test_a_database_of_a_newer_program_is_refused(
    database: Database, database_url: str
) -> None:
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="9999"):
        await Database.open(database_url)


@pytest.mark.parametrize("url", ["nonsense", "oracle+cx://x/y", "mysql://h/d"])
async def test_a_url_of_no_known_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        await Database.open(url)


async def test_a_file_that_is_no_database_is_told(data_dir) -> None:
    (data_dir / "x.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(Unavailable):
        await Database.open(f"sqlite+aiosqlite:///{data_dir / 'x.sqlite3'}")


async def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(Unavailable):
        await Database.open("postgresql+asyncpg://postgres@127.0.0.1:1/none")
