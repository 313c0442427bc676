"""Faults of what is stored: database, index, journal, sounds, disk."""

import asyncio
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from eval.drills.drill_world import World, signal_tree
from eval.drills.faults import Fault

if TYPE_CHECKING:
    import asyncpg

_LOCKS: "list[sqlite3.Connection | asyncpg.Connection]" = []
_FILL = "drill-fills-the-disk"
_LARGEST = 4 << 30
"""Bytes: a disk with more room than this is not filled here."""


async def lock(world: World) -> None:
    """Another program holds the database: its file, or each table of the server."""
    if url := world.database_url:
        _LOCKS.append(await _tables_held(url))
        return
    held = sqlite3.connect(_database(world), timeout=10, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    _LOCKS.append(held)


async def _tables_held(url: str) -> "asyncpg.Connection":
    from asyncpg import connect

    held = await connect(url.replace("+asyncpg", ""), timeout=10)
    rows = await held.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = ", ".join(f'"{row["tablename"]}"' for row in rows)
    await held.execute("BEGIN")
    await held.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE", timeout=10)
    return held


async def unlock(world: World) -> None:
    """It lets go."""
    del world
    while _LOCKS:
        held = _LOCKS.pop()
        if isinstance(held, sqlite3.Connection):
            held.close()
        else:
            await held.close()


async def corrupt_index(world: World) -> None:
    """The index is torn, and the service is started anew with it."""
    for file in _index_files(world):
        size = file.stat().st_size
        with file.open("r+b") as torn:
            torn.seek(size // 3)
            torn.write(b"\xff" * max(1, min(4096, size // 3)))
    signal_tree(world.process, signal.SIGKILL)


async def lose_index(world: World) -> None:
    """The index is gone, and the service is started anew."""
    for file in _index_files(world):
        file.unlink()
    signal_tree(world.process, signal.SIGKILL)


async def tear_journal(world: World) -> None:
    """The last record of the journal is half written, as by a loss of power."""
    signal_tree(world.process, signal.SIGKILL)
    for file in world.data.rglob("*journal*/*"):
        if file.is_file() and file.stat().st_size:
            with file.open("ab") as torn:
                torn.write(b"\x00\x00\x01\x40half a rec")


async def lose_sounds(world: World) -> None:
    """The cache of spoken sentences is emptied."""
    await asyncio.to_thread(_empty, world.data / "audio")


def _empty(folder: Path) -> None:
    for file in folder.rglob("*"):
        with suppress(OSError):
            if file.is_file():
                file.unlink()


async def fill(world: World) -> None:
    """Not a byte is left on the disk of the data folder."""
    await asyncio.to_thread(_fill, world.data / _FILL)


def _fill(path: Path) -> None:
    with suppress(OSError), path.open("wb") as file:
        while True:
            file.write(b"\0" * (1 << 20))
            file.flush()


async def empty(world: World) -> None:
    """Room is made."""
    (world.data / _FILL).unlink(missing_ok=True)


def is_large(world: World) -> str:
    """A disk that others use is not filled: run with --small-disk."""
    free = shutil.disk_usage(world.data).free
    return "" if free < _LARGEST else "the data folder lies on a large disk (--small-disk)"


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of 3 GB in memory at a folder, enough for recordings; only root may."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3g", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def _database(world: World) -> Path:
    return next(iter(sorted(world.data.glob("*.db")) + sorted(world.data.glob("*.sqlite*"))))


def _index_files(world: World) -> list[Path]:
    folder = world.data / "index"
    return [one for one in folder.rglob("*") if one.is_file() and one.stat().st_size > 64]


_BACK = ("taken_up",)
STORAGE = (
    Fault(
        "database-locked",
        "the database is locked for eight seconds",
        lock,
        unlock,
        8.0,
        alarms=("stalled",),
    ),
    Fault("index-torn", "the index is torn, then the service starts", corrupt_index, alarms=_BACK),
    Fault("index-gone", "the index is gone, then the service starts", lose_index, alarms=_BACK),
    Fault("journal-torn", "the journal ends in half a record", tear_journal, alarms=_BACK),
    Fault("sounds-gone", "the cache of sounds is emptied", lose_sounds),
    Fault(
        "disk-full",
        "the disk is full for eight seconds",
        fill,
        empty,
        8.0,
        alarms=("disk_short",),
        needs=is_large,
    ),
)
