"""The tables of a server as JSON Lines, and back: the copy of PostgreSQL inside a backup.

Tables are read as the database describes them, not as this version of the program does, so that
a backup of an older revision goes in as it was and is migrated afterwards.
"""

import asyncio
import json
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select, text

from assistant.errors import BadInput, Conflict
from assistant.records import migrate
from assistant.records.database import Database

BATCH = 500
NOT_COPIED = "alembic_version"


async def export(database: Database, folder: Path) -> None:
    """Write every table to `folder/TABLE.jsonl`, all as of one moment."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    async with database.read_one_state() as connection:
        for table in await connection.run_sync(_tables):
            with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
                rows = await connection.stream(select(table))
                async for part in rows.mappings().partitions(BATCH):
                    file.writelines(_line(dict(row)) for row in part)


async def load(database: Database, folder: Path, revision: str) -> None:
    """Fill an empty database from such a folder, then migrate it to head: all or nothing.

    Raises Conflict when the database holds rows, BadInput when the files do not fit the tables.
    """
    async with database.write() as connection:
        await connection.run_sync(_refuse_rows)
        await connection.run_sync(migrate.migrate_to, revision)
        await connection.run_sync(_fill, folder)
        await connection.run_sync(migrate.upgrade)


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != NOT_COPIED]


def _refuse_rows(connection: Connection) -> None:
    for table in _tables(connection):
        if connection.execute(select(table).limit(1)).first() is not None:
            raise Conflict(f"数据库不是空的：表 {table.name} 里有数据", hint="恢复只写入空数据库")


def _fill(connection: Connection, folder: Path) -> None:
    for table in _tables(connection):
        path = folder / f"{table.name}.jsonl"
        if not path.exists():
            raise BadInput(f"备份缺少表 {table.name}")
        with path.open(encoding="utf-8") as file:
            rows = (_row(table, line) for line in file)
            while batch := list(islice(rows, BATCH)):
                connection.execute(insert(table), batch)
        _continue_numbering(connection, table)


def _continue_numbering(connection: Connection, table: Table) -> None:
    """The next key is one that was never used."""
    column: Column[Any] | None = table.autoincrement_column
    if column is None:
        return
    largest = connection.scalar(select(func.max(column)))
    if largest is not None:
        sequence = "SELECT setval(pg_get_serial_sequence(:table, :column), :largest)"
        names = {"table": table.name, "column": column.name, "largest": largest}
        connection.execute(text(sequence), names)


def _line(row: dict[str, Any]) -> str:
    values = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
    return json.dumps(values, ensure_ascii=False) + "\n"


def _row(table: Table, line: str) -> dict[str, Any]:
    try:
        return {name: _value(table.c[name], value) for name, value in json.loads(line).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"备份里表 {table.name} 的一行无法读取：{error}") from error


def _value(column: Column[Any], value: Any) -> Any:
    kind = column.type.python_type
    if value is not None and kind in (date, datetime):
        return kind.fromisoformat(value)
    return value
