"""How SQLite is opened: WAL, foreign keys, patience with other writers, explicit transactions.

Python's driver begins transactions by itself and only before writes, so that a reader in the
middle of two statements can see two states. It is told to leave that to us (SQLAlchemy's
documented recipe): reads begin deferred, writes begin IMMEDIATE, so that a writer waits at the
beginning and never fails half-way with "database is locked".
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

T = TypeVar("T")

WRITING = "assistant_writing"
"""Execution option that marks a connection about to write."""

DURABLE = "assistant_durable"
"""Execution option: what is committed must survive a power cut, not only the end of the process."""

PRAGMAS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -4096",  # 4 MiB a connection: what is read comes by the map below
    "PRAGMA mmap_size = 268435456",
)


class OneThread:
    """A connection in a thread of its own: a whole transaction is one visit to it."""

    def __init__(self, file: str, name: str) -> None:
        self._engine = create_engine(URL.create("sqlite", database=file))
        prepare(self._engine)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"sqlite-{name}")

    async def write(self, work: Callable[[Connection], T], *, durable: bool) -> T:
        """Do some work in a transaction; any error rolls it back."""
        return await self._visit(work, {WRITING: True, DURABLE: durable})

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read one state."""
        return await self._visit(work, {})

    async def _visit(self, work: Callable[[Connection], T], options: Mapping[str, bool]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._transaction, work, options)

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown(wait=False)

    def _transaction(self, work: Callable[[Connection], T], options: Mapping[str, bool]) -> T:
        with self._engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                return work(connection)


def prepare(engine: Engine) -> None:
    """Make every connection of an engine follow the rules above."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def create_folder(url: str) -> None:
    """Create the folder of the database file."""
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)


def _on_connect(dbapi_connection: Any, record: object) -> None:  # a driver's own connection type
    del record
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(WRITING):
        connection.exec_driver_sql("BEGIN")
        return
    level = "FULL" if options.get(DURABLE) else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
