"""A PostgreSQL server for one run of the tests, and empty databases on it."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from assistant.records.database import Database

RUNNING = os.environ.get("ASSISTANT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


@contextmanager
def server(folders: pytest.TempPathFactory) -> Iterator[str | None]:
    """The server that runs, or one started here with Debian's or PATH's binaries, or None."""
    if _answers(RUNNING):
        yield RUNNING
    elif binaries := _binaries():
        with _started(binaries, folders.mktemp("postgresql")) as url:
            yield url
    else:
        yield None


@contextmanager
def database(server_url: str, like: str = "template1") -> Iterator[str]:
    """A new database as an asyncio SQLAlchemy URL, a copy of another one; dropped at the end."""
    name = f"assistant_test_{uuid4().hex}"
    _execute(server_url, f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield f"{server_url}/{name}".replace("postgresql://", "postgresql+asyncpg://")
    finally:
        _execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated(server_url: str) -> Iterator[str]:
    """The name of a database to copy: at the newest migration and otherwise empty."""

    async def migrate(url: str) -> None:
        await (await Database.open(url)).close()

    with database(server_url) as url:
        with ThreadPoolExecutor() as threads:
            threads.submit(lambda: asyncio.run(migrate(url))).result()
        yield url.rpartition("/")[2]


def _answers(url: str) -> bool:
    try:
        _execute(url, "SELECT 1")
    except (OSError, asyncpg.PostgresError):
        return False
    return True


def _execute(url: str, statement: str) -> None:
    """In a thread of its own: playwright keeps an event loop running in the tests' one."""
    with ThreadPoolExecutor() as threads:
        threads.submit(lambda: asyncio.run(_executed(url, statement))).result()


async def _executed(url: str, statement: str) -> None:
    connection = await asyncpg.connect(f"{url}/postgres", timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _binaries() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def _started(binaries: Path, folder: Path) -> Iterator[str]:
    """A cluster in a folder; it refuses to run as root, so root runs it as `postgres`."""
    port, cluster = _free_port(), folder / "cluster"
    control = [*_unprivileged(folder), str(binaries / "pg_ctl"), "-D", str(cluster)]
    make = ["initdb", "-o", "--auth=trust --username=postgres --encoding=UTF8 --no-sync"]
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    _run([*control, *make])
    _run([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _unprivileged(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    for parent in folder.parents:
        with suppress(PermissionError):
            parent.chmod(parent.stat().st_mode | 0o011)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
