"""A process killed in the middle of an ingest leaves every source whole or absent."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.domain.passage import Passage
from assistant.domain.source import Faq, SourceKind
from assistant.records.database import Database
from assistant.records.sources import NewSource, SourceRepository

pytestmark = pytest.mark.integration

SOURCES, PASSAGES = 3000, 4

INGEST = """
import asyncio, sys
from assistant.domain.clock import system_clock
from assistant.records.database import Database
from assistant.records.sources import SourceRepository
from tests.records.test_crash import rows

async def main():
    database = await Database.open(sys.argv[1])
    repository = SourceRepository(database, "office", system_clock)
    everything = rows()
    await repository.put_many(everything[:300])
    print("begun", flush=True)
    await repository.put_many(everything)

asyncio.run(main())
"""


def rows() -> list[NewSource]:
    return [_row(f"f{number:04d}") for number in range(SOURCES)]


def _row(source_id: str) -> NewSource:
    faq = Faq(source_id, "问", "答")
    passages = [Passage(source_id, SourceKind.FAQ, n, "", "文" * 300) for n in range(PASSAGES)]
    return NewSource(faq, passages, "d")


def _kill_an_ingest(root: Path, url: str, delay: float) -> None:
    command = [sys.executable, "-c", INGEST, url]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(delay)
        process.kill()


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.15])
async def test_a_killed_ingest_is_finished_by_the_next(
    root: Path, sqlite_url: str, clock, delay: float
) -> None:
    await asyncio.to_thread(_kill_an_ingest, root, sqlite_url, delay)
    database = await Database.open(sqlite_url)
    repository = SourceRepository(database, "office", clock)
    stored = await repository.digests()
    counts = [len(batch) async for batch in repository.all_passages()]
    assert sum(counts) == PASSAGES * len(stored)
    assert len(await repository.changes(0, SOURCES)) == len(stored) >= 300
    done = [put.status for put in await repository.put_many(rows())]
    assert done.count("unchanged") == len(stored)
    assert done.count("created") == SOURCES - len(stored)
    await database.close()
