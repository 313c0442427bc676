"""How SQLite is opened: WAL, foreign keys, patience with other writers, explicit transactions.

Python's driver begins transactions by itself and only before writes, so that a reader in the
middle of two statements can see two states. It is told to leave that to us (SQLAlchemy's
documented recipe): reads begin deferred, writes begin IMMEDIATE, so that a writer waits at the
beginning and never fails half-way with "database is locked".
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

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
    "PRAGMA cache_size = -16384",  # 16 MiB a connection
    "PRAGMA mmap_size = 268435456",
)


def prepare(engine: AsyncEngine) -> None:
    """Make every connection of an engine follow the rules above."""
    event.listen(engine.sync_engine, "connect", _on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)


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
