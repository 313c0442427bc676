"""How long the purge holds SQLite's write lock: `python -m eval.bench.purge_bench [--rows 100000]`.

A ledger of so many rows, all older than the limit, is purged as every night (records.retention);
each transaction is timed from BEGIN to COMMIT, by the clock and by the processor time of its
thread (what a busy machine adds is in the first alone). Promise: below 50 ms. Beside it, the plain
way: one DELETE of all old comments.
"""

import argparse
import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, delete

from assistant.records.database import Database
from assistant.records.retention import RetentionRecords
from assistant.records.retention_limits import Limits
from assistant.records.schema_live import comments, decisions
from assistant.records.sqlite import OneThread
from eval.bench.bench_table import Figures, percentile, report
from eval.bench.ledger_bench import BEGAN
from eval.bench.ledger_records import Maker, write

AFTER = BEGAN + timedelta(days=4000)
Took = list[tuple[float, float]]


class Timed(OneThread):
    """A thread whose transactions are timed: wall and processor, in milliseconds."""

    took: Took

    def _transaction(self, *work: Any) -> Any:
        began, used = time.perf_counter(), time.thread_time()
        try:
            return super()._transaction(*work)
        finally:
            took = (time.perf_counter() - began) * 1e3, (time.thread_time() - used) * 1e3
            self.took.append(took)


async def measured(rows: int, folder: Path) -> dict[str, Figures]:
    """Purge all of it; of a copy, delete as much in one go."""
    file, copy = folder / "purge.sqlite3", folder / "copy.sqlite3"
    database = await Database.open(_url(file))
    await write(database, Maker(BEGAN, of_session=93).make(rows))
    await database.close()
    shutil.copyfile(file, copy)

    async def purged(one: Database) -> None:
        gone = await RetentionRecords(one, "office").purge(Limits(AFTER, AFTER))
        print({name: count for name, count in gone.items() if count})

    async def plainly(one: Database) -> None:
        await one.in_one(_all_at_once)

    return {
        "purge, each transaction": _figures(await _timed(file, purged)),
        "baseline: one DELETE": _figures(await _timed(copy, plainly)),
    }


async def _timed(file: Path, work: Callable[[Database], Awaitable[None]]) -> Took:
    """What each write of `in_one` took meanwhile."""
    database, timed = await Database.open(_url(file)), Timed(str(file), "timed")
    timed.took = []
    kept, database._one_thread = database._one_thread, timed  # noqa: SLF001
    try:
        await work(database)
    finally:
        database._one_thread = kept  # noqa: SLF001
        await timed.close()
        await database.close()
    return timed.took


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _all_at_once(connection: Connection) -> None:
    connection.execute(delete(decisions))
    connection.execute(delete(comments))


def _figures(took: Took) -> Figures:
    wall, used = zip(*took, strict=True)
    return {
        "n": float(len(took)),
        "p50 ms": percentile(wall, 0.5),
        "p95 ms": percentile(wall, 0.95),
        "max ms": max(wall),
        "cpu p95 ms": percentile(used, 0.95),
        "cpu max ms": max(used),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        rows = asyncio.run(measured(given.rows, Path(folder)))
    report(f"Purge of {given.rows:,} rows on SQLite", rows, given.out)


if __name__ == "__main__":
    main()
