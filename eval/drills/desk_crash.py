"""Two processes settle one queue and are killed: each case is settled once, none is lost.

    python -m eval.drills.desk_crash [--cases 2000] [--kills 60] [--seed 1]
        [--database-url postgresql+asyncpg://…] --out FILE.json

Real processes (`desk_worker`) over one SQLite file, or an empty PostgreSQL database, take, settle
and take back; their chores make resolutions final. From here one of them after the other is killed
with -9, whenever. At the end two last lives work off what is left, and the rows are counted with
plain SQL. Exit status 0: it holds; 1: it does not.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from assistant.access.audit import Audit
from assistant.domain.clock import system_clock
from assistant.domain.live import LiveQuestion, LiveSession, QuestionState, Room
from assistant.domain.review import DeskCase
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.live_rows import QUESTIONS
from assistant.records.review_groups import CASES
from assistant.records.schema_live import live_questions, review_cases
from eval.bench.bench_table import machine
from eval.drills import desk_worker
from eval.drills.desk_worker import OFFICE

LONGEST_LIFE = 1.5
"""Seconds until a kill; of two thirds of the lives from when they work, else from their start."""
LONGEST_START = 30.0
MUST_BE_ZERO = (
    "cases not resolved",
    "cases without a final resolution",
    "cases with two final resolutions",
    "final resolutions without exactly one event",
    "events without a final resolution",
    "final resolutions that were taken back",
    "acknowledged and neither final nor taken back",
    "takings back that did not hold",
    "faults in the audit chain",
)


def holds(result: dict[str, Any]) -> bool:
    """Whether nothing was lost or done twice, and the drill was one."""
    done = result["final resolutions"] > 0 and result["kills at work"] > 0
    return done and all(result[name] == 0 for name in MUST_BE_ZERO)


class Life:
    """One of the two processes, again and again."""

    def __init__(self, url: str, number: int, told: Path) -> None:
        self._url, self._number, self._told = url, number, told
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["eval.drills.desk_worker"])
        self._process: BaseProcess | None = None
        self._mark = ""

    def start(self, seed: int) -> None:
        """Begin one life."""
        self._mark = f"ready {seed}"
        arguments = (self._url, self._number, seed, str(self._told))
        self._process = self._context.Process(target=desk_worker.main, args=arguments)
        self._process.start()

    def works(self) -> bool:
        """Whether it has begun to work."""
        return self._told.exists() and self._mark in self._told.read_text().splitlines()

    def kill(self) -> None:
        """End it from outside."""
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


class DeskDrill:
    """One run over an empty database."""

    def __init__(self, given: argparse.Namespace, url: str, folder: Path) -> None:
        self._given = given
        self._url = url
        self._told = folder / "acknowledged.txt"
        self._chance = random.Random(given.seed)
        self._seeds = iter(range(given.seed * 10_000, 10**9))
        self._counts: Counter[str] = Counter()

    async def run(self) -> dict[str, Any]:
        """Kill, restart, work off, count."""
        began = time.monotonic()
        await _filled(self._url, self._given.cases)
        lives = [Life(self._url, number, self._told) for number in (1, 2)]
        for life in lives:
            await asyncio.to_thread(life.start, next(self._seeds))
        for _ in range(self._given.kills):
            await self._one_kill(self._chance.choice(lives))
        left = await self._until_done()
        for life in lives:
            await asyncio.to_thread(life.kill)
        result = await self._counted() | {"left at the end": left}
        return result | {"seconds": round(time.monotonic() - began, 1)}

    async def _one_kill(self, life: Life) -> None:
        if self._chance.random() < 0.67:
            await self._working(life)
        await asyncio.sleep(self._chance.random() * LONGEST_LIFE)
        busy = await self._open() > 0
        at = "at the start" if not life.works() else "at work" if busy else "with nothing to do"
        self._counts[f"kills {at}"] += 1
        await asyncio.to_thread(life.kill)
        await asyncio.to_thread(life.start, next(self._seeds))

    async def _working(self, life: Life) -> None:
        end = time.monotonic() + LONGEST_START
        while not life.works() and time.monotonic() < end:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)

    async def _until_done(self) -> int:
        limit, left = time.monotonic() + self._given.patience, -1
        while left and time.monotonic() < limit:
            await asyncio.sleep(0.3)
            left = await self._open()
        return left

    async def _open(self) -> int:
        rows = await _asked(self._url, "SELECT state FROM review_cases")
        return sum(state in {"waiting", "sending"} for (state,) in rows)

    async def _counted(self) -> dict[str, Any]:
        cases = await _asked(self._url, "SELECT id, state FROM review_cases")
        rows = await _asked(
            self._url, "SELECT id, case_ids, sent_at, undone_at FROM review_resolutions"
        )
        told = await _asked(self._url, "SELECT kind, subject FROM events")
        final = {row[0]: json.loads(row[1]) for row in rows if row[2]}
        undone = {row[0] for row in rows if row[3]}
        events = Counter(subject for kind, subject in told if kind == "case.resolved")
        settled = Counter(case_id for ids in final.values() for case_id in ids)
        said = [line.split() for line in self._told.read_text().splitlines()]
        acknowledged = {which for what, which in said if what == "settled"}
        taken_back = {which for what, which in said if what == "undone"}
        return {
            "machine": machine(),
            "database": self._url.split(":", maxsplit=1)[0],
            "cases": len(cases),
            "kills at work": self._counts["kills at work"],
            "kills": dict(self._counts),
            "resolutions": len(rows),
            "acknowledged": len(acknowledged),
            "taken back": len(undone),
            "final resolutions": len(final),
            "cases not resolved": sum(state != "resolved" for _, state in cases),
            "cases without a final resolution": sum(id_ not in settled for id_, _ in cases),
            "cases with two final resolutions": sum(count > 1 for count in settled.values()),
            "final resolutions without exactly one event": sum(events[one] != 1 for one in final),
            "events without a final resolution": len(events.keys() - final.keys()),
            "final resolutions that were taken back": len(final.keys() & undone),
            "acknowledged and neither final nor taken back": len(
                acknowledged - final.keys() - undone
            ),
            "takings back that did not hold": len(taken_back - undone),
            "faults in the audit chain": await _faults(self._url),
        }


async def _filled(url: str, count: int) -> None:
    """A room and cases that wait, every third with two like it."""
    database = await Database.open(url)
    try:
        now = datetime.now(UTC)
        live = LiveRepository(database, OFFICE, system_clock)
        await live.put_room(Room("hall", "直播间"))
        await live.open_session(LiveSession("s", "hall", now))
        asked, waiting = [], []
        for n in range(count):
            question = LiveQuestion(
                f"q{n:05d}", "hall", "s", f"第{n}问", now, QuestionState.IN_REVIEW
            )
            case = DeskCase(
                f"k{n:05d}", "hall", "s", question.id, "no_source", "资料未载明", now,
                group_id=f"k{n - n % 9:05d}" if n % 9 in {1, 2} else None,
                due_class="stream", due_at=now + timedelta(hours=1),
            )  # fmt: skip
            asked.append(QUESTIONS.values(OFFICE, question))
            waiting.append(CASES.values(OFFICE, case))
        async with database.write() as connection:
            await connection.execute(insert(live_questions), asked)
            await connection.execute(insert(review_cases), waiting)
    finally:
        await database.close()


async def _asked(url: str, query: str) -> Sequence[Any]:
    database = await Database.connect(url)
    try:
        async with database.read() as connection:
            return (await connection.execute(text(query))).all()
    finally:
        await database.close()


async def _faults(url: str) -> int:
    database = await Database.connect(url)
    try:
        audit = Audit(AuditRecords(database, OFFICE, system_clock))
        return len((await audit.verify()).faults)
    finally:
        await database.close()


async def drill(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run over the database that is given, else over a file in the folder."""
    url = given.database_url or f"sqlite+aiosqlite:///{folder / 'desk.sqlite3'}"
    result = await DeskDrill(given, url, folder).run()
    return result | {"holds": holds(result)}


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=180.0, help="seconds for the last lives")
    parser.add_argument("--database-url", help="an empty database (default: a SQLite file)")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-drill-") as made:
        result = asyncio.run(drill(given, Path(made)))
    written = json.dumps(result, ensure_ascii=False, indent=1)
    print(written)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(written + "\n", encoding="utf-8")
    sys.exit(0 if result["holds"] else 1)


if __name__ == "__main__":
    main()
