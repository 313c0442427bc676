"""How quick the ledger is: `python -m eval.bench.ledger_bench [--rows 100000] [--database URL]`.

Pages and counts with the filters that cost most, and a workbook of 10,000 rows. Baselines: every
row read and looked through in Python (what a page without the query would do), and openpyxl's
ordinary workbook, held in memory. Medians and the slowest of five.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from assistant.domain.ledger import LedgerFilter, LedgerRow
from assistant.domain.live import OutcomeKind
from assistant.domain.region import Region, RegionTree
from assistant.records.database import Database
from assistant.records.ledger import LedgerReads
from assistant.review.ledger import Column, columns
from assistant.review.ledger_xlsx import LedgerWorkbook
from eval.bench.bench_table import Figures, peak_mib, percentile, report
from eval.bench.ledger_records import Maker, write

BEGAN = datetime(2026, 2, 1, tzinfo=UTC)
EXPORTED = 10_000
TIMES = 5
FILTERS = {
    "everything": LedgerFilter(),
    "one room": LedgerFilter(rooms=("hall",)),
    "one day": LedgerFilter(since=BEGAN + timedelta(days=9), until=BEGAN + timedelta(days=10)),
    "went to a person": LedgerFilter(outcome=OutcomeKind.QUEUED_FOR_REVIEW),
    "overdue": LedgerFilter(overdue=True),
    "a common word": LedgerFilter(words=("公积金",)),
    "two words": LedgerFilter(words=("公积金", "〔2019〕")),
    "a word that nobody wrote": LedgerFilter(words=("绝无此词",)),
}
Work = Callable[[], Awaitable[object]]


async def timed(work: Work, times: int = TIMES) -> list[float]:
    """Milliseconds of each run."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return took


async def looked(ledger: LedgerReads) -> dict[str, Figures]:
    """Page and counts of each filter, then the baseline."""
    rows: dict[str, Figures] = {}
    for name, which in FILTERS.items():
        counts = await ledger.counts(which)
        row: Figures = {"rows": float(counts.rows)}
        for part, work in (("page", ledger.page), ("counts", ledger.counts)):
            took = await timed(lambda which=which, work=work: work(which))
            row |= {f"{part} ms": percentile(took, 0.5), f"{part} max": max(took)}
        rows[name] = row
    took = await timed(lambda: _scanned(ledger), 1)
    rows["baseline: all rows in Python"] = {"page ms": took[0], "page max": took[0]}
    return rows


async def _scanned(ledger: LedgerReads) -> int:
    found = 0
    async for batch in ledger.batches(LedgerFilter()):
        found += sum("绝无此词" in row.text + row.question + row.answer for row in batch)
    return found


async def exported(ledger: LedgerReads, folder: Path) -> dict[str, Figures]:
    """A workbook of 10,000 rows, from the records to the file; and the baseline."""
    tree = RegionTree([Region("990181", "清溪县", None), Region("990199", "榆林镇", None)])
    shown = columns(tree, BEGAN + timedelta(days=400))
    rows: dict[str, Figures] = {}
    for name, wanted in (("workbook", _streamed), ("baseline: workbook in memory", _in_memory)):
        file = folder / "ledger.xlsx"
        began = time.perf_counter()
        count = await wanted(ledger, shown, file)
        took = time.perf_counter() - began
        rows[f"{name}, {count:,} rows"] = {
            "seconds": took,
            "MiB": file.stat().st_size / 2**20,
            "peak MiB": peak_mib(),
        }
    return rows


async def _streamed(ledger: LedgerReads, shown: list[Column], file: Path) -> int:
    count = 0
    with LedgerWorkbook(file, shown) as book:
        async for rows in _some(ledger):
            await asyncio.to_thread(book.add, rows)
            count += len(rows)
        await asyncio.to_thread(book.save, {"行数": str(count)})
    return count


async def _in_memory(ledger: LedgerReads, shown: list[Column], file: Path) -> int:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([column.name for column in shown])
    count = 0
    async for rows in _some(ledger):
        for row in rows:
            sheet.append([column.value(row) for column in shown])
        count += len(rows)
    book.save(file)
    return count


async def _some(ledger: LedgerReads) -> AsyncIterator[list[LedgerRow]]:
    count = 0
    async for rows in ledger.batches(LedgerFilter()):
        yield rows[: EXPORTED - count]
        count += len(rows)
        if count >= EXPORTED:
            return


@asynccontextmanager
async def filled(url: str, rows: int) -> AsyncIterator[LedgerReads]:
    """A ledger of so many rows in an empty database, or the one that is there."""
    database = await Database.open(url)
    now = BEGAN + timedelta(days=400)
    ledger = LedgerReads(database, "office", lambda: now)
    try:
        if not (await ledger.page(LedgerFilter(), 1)).rows:
            await write(database, Maker(BEGAN, of_session=93).make(rows))
        yield ledger
    finally:
        await database.close()


async def main(wanted: argparse.Namespace) -> None:
    """Measure, print and write."""
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        url = wanted.database or f"sqlite+aiosqlite:///{folder / 'ledger.sqlite3'}"
        async with filled(url, wanted.rows) as ledger:
            kind = url.partition("+")[0]
            out = wanted.out
            title = f"Ledger of {wanted.rows:,} rows on {kind}"
            report(title, await looked(ledger), out and out / f"ledger_{kind}.json")
            title = f"Workbook on {kind}"
            report(title, await exported(ledger, folder), out and out / f"ledger_xlsx_{kind}.json")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", default="", help="an empty database; not set: SQLite")
    parser.add_argument("--out", type=Path)
    asyncio.run(main(parser.parse_args()))
