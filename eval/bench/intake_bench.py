"""How many comments the intake takes: masked, journaled, handed on; and what a record apiece costs.

    python -m eval.bench.intake_bench [--events 20000] [--out FILE.json]

The whole intake with the real mask, pseudonyms and vault: pushes of several sizes from several
senders at once, while a reader takes and confirms the batches. CPU time is that of the whole
process, senders and reader included. The baseline writes and syncs each event by itself.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ulid import ULID

from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.live.clocks import SystemClock
from assistant.live.incoming import Incoming
from assistant.live.intake import Intake
from assistant.live.journal import Journal
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.safety.keys import Keys
from assistant.safety.masking import Masker
from assistant.safety.nicknames import safe_name
from assistant.safety.pseudonyms import Pseudonyms
from assistant.safety.vault import Vault
from eval.bench.bench_table import Figures, peak_mib, percentile, report

TEXTS = (
    "居住证到期了怎么续签",
    "主播好棒",
    "我电话13800138000，身份证11010519491231002X，帮我查一下公积金",
    "个体户季度申报截止日期",
    "哈哈哈哈哈哈",
    "请问新生儿落户需要带什么材料，可以网上办吗",
    "666",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows: dict[str, Figures] = {}
    for push, senders in ((1, 64), (10, 16), (100, 8)):
        name = f"intake, {senders} senders, pushes of {push}"
        rows[name] = asyncio.run(_intake(events(given.events), push, senders))
    rows["baseline: write and fsync each event"] = _baseline(events(given.events // 10))
    report("intake", rows, given.out)


def events(number: int) -> list[LiveEvent]:
    """Comments as they come, some with personal data."""
    pick = random.Random(7)
    now = datetime.now(UTC)
    return [
        LiveEvent(
            f"event-{n}",
            "webhook",
            EventType.COMMENT,
            now,
            user=LiveUser(f"user-{pick.randint(1, 2000)}", "小王"),
            text=f"{pick.choice(TEXTS)}{n % 97}",
            reply_to=f"address-{n}",
        )
        for n in range(number)
    ]


async def _intake(given: Sequence[LiveEvent], push: int, senders: int) -> Figures:
    with tempfile.TemporaryDirectory(prefix="intake-bench-") as made:
        database = await Database.open(f"sqlite+aiosqlite:///{made}/bench.sqlite3")
        records = LiveRepository(database, "bench", SystemClock().now)
        journal = await Journal.open(Path(made) / "journal", SystemClock().now)
        intake = await Intake.open(
            "hall", "s1", incoming=_incoming(Path(made)), journal=journal, records=records
        )
        pushes = [given[at : at + push] for at in range(0, len(given), push)]
        waits: list[float] = []
        began, cpu = time.perf_counter(), time.process_time()
        reader = asyncio.create_task(_read(intake, len(given)))
        await asyncio.gather(*(_send(intake, pushes[n::senders], waits) for n in range(senders)))
        await reader
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        await intake.close()
        await database.close()
    return {
        "events/s": round(len(given) / wall),
        "CPU ms/event": round(cpu / len(given) * 1000, 3),
        "cores at 2,000/s": round(2000 * cpu / len(given), 2),
        "ack p50 ms": round(percentile(waits, 0.5) * 1000, 1),
        "ack p99 ms": round(percentile(waits, 0.99) * 1000, 1),
        "peak MiB": round(peak_mib()),
    }


async def _send(intake: Intake, pushes: Sequence[Sequence[LiveEvent]], waits: list[float]) -> None:
    for each in pushes:
        began = time.perf_counter()
        await intake.receive(each)
        waits.append(time.perf_counter() - began)


async def _read(intake: Intake, expected: int) -> None:
    taken = 0
    while taken < expected:
        batch = await intake.next()
        intake.confirm(batch.comments)
        taken += len(batch.comments)


def _incoming(folder: Path) -> Incoming:
    keys = Keys.load(folder)
    return Incoming(
        mask=Masker(),
        pseudonyms=Pseudonyms(keys),
        shown_name=safe_name,
        vault=Vault(keys),
        clock=SystemClock(),
        new_id=lambda: str(ULID()),
    )


def _baseline(given: Sequence[LiveEvent]) -> Figures:
    """What a plain log does: a line and an fsync an event, unmasked, on the caller's thread."""
    waits: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    with tempfile.NamedTemporaryFile(prefix="intake-bench-", mode="w") as file:
        for event in given:
            start = time.perf_counter()
            row = {"id": event.event_id, "text": event.text, "to": event.reply_to}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
            waits.append(time.perf_counter() - start)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "events/s": round(len(given) / wall),
        "CPU ms/event": round(cpu / len(given) * 1000, 3),
        "cores at 2,000/s": round(2000 * cpu / len(given), 2),
        "ack p50 ms": round(percentile(waits, 0.5) * 1000, 1),
        "ack p99 ms": round(percentile(waits, 0.99) * 1000, 1),
        "peak MiB": round(peak_mib()),
    }


if __name__ == "__main__":
    main()
