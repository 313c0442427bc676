"""One open database: connections to read, transactions to write."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Row, Select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from assistant.errors import ConfigurationError, Unavailable
from assistant.records import migrate, sqlite

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
AnyQuery = Select[*tuple[Any, ...]]
"""Rows and queries whose columns repositories know and the type checker need not."""

MIGRATION_LOCK = 7_224_000
SEQUENCE_LOCK = 7_224_001
"""Keys of PostgreSQL advisory locks, any two numbers that nobody else uses."""


class Database:
    """SQLite or PostgreSQL behind one face. Made by `open`, given back by `close`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._one_writer = asyncio.Lock()
        in_a_file = self.file not in {None, "", ":memory:"}
        self._one_thread = sqlite.OneThread(str(self.file), "writer") if in_a_file else None
        self._one_reader = sqlite.OneThread(str(self.file), "reader") if in_a_file else None

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open a database and bring it to the newest migration.

        `url` is an asyncio SQLAlchemy URL (`sqlite+aiosqlite:///…`, `postgresql+asyncpg://…`).
        Raises ConfigurationError for a URL that cannot be used or a database of a newer program,
        Unavailable when the server does not answer.
        """
        database = await cls.connect(url)
        try:
            await database.migrate()
        except (OSError, DBAPIError) as error:
            await database.close()
            raise Unavailable(f"数据库打不开：{error}") from error
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    async def connect(cls, url: str) -> Self:
        """A database as it is, without migrating it: for restore. Raises as `open` does."""
        return cls(_engine(url))

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def file(self) -> str | None:
        """The path of the SQLite file; None for a server."""
        return self._engine.url.database if self.dialect == "sqlite" else None

    async def close(self) -> None:
        """Close every connection."""
        for thread in (self._one_thread, self._one_reader):
            if thread is not None:
                await thread.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read from; each statement sees one state."""
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def read_one_state(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose every statement sees the state of its first one, on a server too."""
        async with self._engine.connect() as connection:
            if self.dialect == "postgresql":
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @asynccontextmanager
    async def write(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end, rolled back on any error; keep it under 50 ms.

        `durable` survives a power cut too, as everything does on a server.
        """
        if self.dialect != "sqlite":
            async with self._engine.begin() as connection:
                yield connection
            return
        async with self._one_writer, self._engine.connect() as connection:
            await connection.execution_options(**{sqlite.WRITING: True, sqlite.DURABLE: durable})
            async with connection.begin():
                yield connection

    async def in_one(self, work: Callable[[Connection], T], *, durable: bool = False) -> T:
        """A transaction of plain statements, run without a word to the event loop between them.

        On SQLite all of it is one visit to one thread: in a busy process each statement of `write`
        waits twice for the interpreter lock. Otherwise as `write`.
        """
        if self._one_thread is None:
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)
        async with self._one_writer:
            return await self._one_thread.write(work, durable=durable)

    async def read_in_one(self, work: Callable[[Connection], T]) -> T:
        """Plain reads of one state, run as `in_one` runs its statements."""
        if self._one_reader is None:
            async with self._engine.connect() as connection:
                return await connection.run_sync(work)
        return await self._one_reader.read(work)

    async def write_in_order(self, connection: AsyncConnection) -> None:
        """Let no other transaction draw a sequence number until this one ends.

        PostgreSQL hands out numbers before commit: without this, a reader that has seen 7 could
        miss a 6 that commits later. SQLite has one writer anyway.
        """
        await self._lock(connection, SEQUENCE_LOCK)

    async def migrate(self) -> None:
        """Bring the tables to the newest revision; `open` has done it."""
        async with self.read() as connection:
            if await connection.run_sync(migrate.current) == migrate.newest():
                return
        async with self.write() as connection:
            await self._lock(connection, MIGRATION_LOCK)
            await connection.run_sync(migrate.upgrade)

    async def _lock(self, connection: AsyncConnection, key: int) -> None:
        if self.dialect == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _engine(url: str) -> AsyncEngine:
    try:
        engine = create_async_engine(url)
    except (ArgumentError, ModuleNotFoundError) as error:
        hint = "sqlite+aiosqlite:///FILE or postgresql+asyncpg://… （附加包 postgres）"
        raise ConfigurationError(f"数据库地址不能用：{error}", hint=hint) from error
    if engine.dialect.name == "sqlite":
        sqlite.create_folder(url)
        sqlite.prepare(engine.sync_engine)
    return engine
