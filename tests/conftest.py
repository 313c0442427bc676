"""Fixtures that every room's tests share."""

import gc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from assistant.records.database import Database
from tests.support import postgresql

pytest_plugins = [
    "tests.support.required",
    "tests.support.logged",
    "tests.support.templates",
    "tests.support.sharing_out",
]

settings.register_profile("untimed", deadline=None)  # laws hold on a busy machine too
settings.load_profile("untimed")


class StoppedClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A command that ran in this process sets the logs for all; the next test begins anew."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return Path(__file__).parents[1]


@pytest.fixture
def clock() -> StoppedClock:
    """Eight in the morning of a working day, UTC."""
    return StoppedClock(datetime(2026, 3, 2, 0, 0, tzinfo=UTC))


@pytest.fixture
def new_id() -> "count[int]":
    """Ids that sort in the order in which they were given, like ULIDs."""
    numbers = count(1)
    return lambda: f"{next(numbers):026d}"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def sqlite_url(data_dir: Path) -> str:
    """A SQLite database that does not exist yet, where `Settings` would put it."""
    return f"sqlite+aiosqlite:///{data_dir / 'assistant.sqlite3'}"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server: the one that runs, else one started for this run."""
    with postgresql.server(tmp_path_factory) as url:
        if url is None:
            pytest.skip("no PostgreSQL: nothing answers at 127.0.0.1:5432 and no initdb is found")
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database at the newest migration, to copy."""
    with postgresql.migrated(postgres_server) as name:
        yield name


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database without a row, at the newest migration; dropped afterwards."""
    with postgresql.database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind without a row."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return request.getfixturevalue(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of each kind, at the newest migration."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """An open SQLite database, for tests that need one and not the choice."""
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no garbage collection need walk it again."""
    gc.collect()
    gc.freeze()
