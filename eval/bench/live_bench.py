"""How many comments a second one room takes, over 5,000 passages, as the service runs it.

    python -m eval.bench.live_bench [--rate 1000] [--seconds 60] [--minutes N] [--passages 5000]
                                    [--data DIR] [--out FILE] [--baseline]

The mix is the danmaku's: its noise, with `--questions` of questions, of which `--distinct` are
asked for the first time. Events enter through a platform, the intake's journal and SQLite, as in
`assistant serve`. `--baseline` takes each comment alone: one batch and one commit a comment.
`decision` runs from the platform's receipt to the stored decision; `lag` is how late the event
loop is; `growth` is resident memory after a tenth of the run against its end.
"""

import argparse
import asyncio
import gzip
import json
import random
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.bootstrap import open_assistant, open_live
from assistant.domain.live import EventType, LiveEvent, LiveUser, Room
from assistant.live.building import LiveParts
from assistant.live.clocks import SystemClock
from assistant.live.desk import DeskParts, LiveDesk
from assistant.live.hub import Subscription
from assistant.live.intake import Intake, IntakeRules
from assistant.live.journal import Journal, folder_of
from assistant.live.notify import LogNotify
from assistant.live.orders import Automatic, Beat
from assistant.live.seams import PlatformState, Receive
from assistant.live.simulated import SimulatedStage
from eval.bench import bench_corpus
from eval.bench.answer_bench import folder, settings
from eval.bench.bench_table import percentile

ROOM = "bench"
TICK = 0.02
VIEWERS = 5000
LAST = 60.0
"""Seconds to wait for the last decisions."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent."""

    rate: float
    seconds: float
    questions: float = 0.05
    distinct: float = 0.31

    @property
    def total(self) -> int:
        """How many comments."""
        return round(self.rate * self.seconds)


@dataclass(slots=True)
class Seen:
    """What came out, and when."""

    sent: dict[str, float] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    questions: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    last: float = 0.0
    cpu: float = 0.0
    all: asyncio.Event = field(default_factory=asyncio.Event)


class Crowd:
    """A platform of many viewers who type at a steady rate."""

    name = "webhook"

    def __init__(self, texts: Iterator[str], load: Load, seen: Seen) -> None:
        self._texts = texts
        self._load = load
        self._seen = seen
        self._chance = random.Random(1)
        self._run = f"{time.time():.0f}"
        self.done = asyncio.Event()

    @property
    def state(self) -> PlatformState:
        """Always well."""
        return PlatformState(self.name, connected=True)

    async def run(self, receive: Receive) -> None:
        """Send on time; where the room is slower, the rest is sent late."""
        began, number = time.perf_counter(), 0
        while number < self._load.total:
            due = round((time.perf_counter() - began) * self._load.rate) + 1
            batch = [self._event(n) for n in range(number, min(due, self._load.total))]
            number += len(batch)
            now = time.perf_counter()
            self._seen.sent.update({event.event_id: now for event in batch})
            await receive(batch)
            await asyncio.sleep(TICK)
        self.done.set()

    def _event(self, number: int) -> LiveEvent:
        viewer = f"u{self._chance.randrange(VIEWERS)}"
        return LiveEvent(
            f"{self._run}-{number}",
            self.name,
            EventType.COMMENT,
            datetime.now(UTC),
            LiveUser(viewer, viewer),
            next(self._texts),
        )


def texts(load: Load, seed: int = 7) -> Iterator[str]:
    """The danmaku's noise, with questions; a repeat is one of the last two hundred questions."""
    chance = random.Random(seed)
    noise = _noise()
    fresh = bench_corpus.questions(10_000)
    asked: list[str] = []
    while True:
        if chance.random() >= load.questions:
            yield chance.choice(noise)
        elif not asked or chance.random() < load.distinct:
            asked.append(fresh[len(asked) % len(fresh)])
            yield asked[-1]
        else:
            yield chance.choice(asked[-200:])


def _noise() -> list[str]:
    data = bench_corpus.DATA
    with gzip.open(data / "danmaku_dev_truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        truth = {row["event_id"]: row["case_id"] for row in map(json.loads, lines)}
    with gzip.open(data / "danmaku_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows if truth.get(row["event_id"]) == "noise"]


def main() -> None:
    """Build the knowledge, run the load, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--minutes", type=float, help="in place of --seconds")
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--questions", type=float, default=0.05)
    parser.add_argument("--distinct", type=float, default=0.31)
    parser.add_argument("--data", type=Path, help="folder to keep the knowledge base in")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--baseline", action="store_true")
    given = parser.parse_args()
    seconds = given.minutes * 60 if given.minutes else given.seconds
    load = Load(given.rate, seconds, given.questions, given.distinct)
    with folder(given.data) as place:
        figures = asyncio.run(_run(place, given.passages, load, alone=given.baseline))
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")


async def _run(place: Path, passages: int, load: Load, *, alone: bool) -> dict[str, Any]:
    async with open_assistant(settings(place)) as assistant:
        if not assistant.index.headers:
            await _ingest(place, passages, assistant)
        live = await open_live(assistant)
        seen = Seen()
        crowd = Crowd(texts(load), load, seen)
        desk = LiveDesk(_parts(live, place, crowd, alone=alone))
        await live.records.put_room(Room(ROOM, "bench"))
        began, seen.cpu = time.perf_counter(), time.process_time()
        room = await desk.open(ROOM)
        await room.command(Automatic(on=True), "bench")
        watching = [
            asyncio.create_task(_watch(room.subscribe(), seen)),
            asyncio.create_task(_lag(seen)),
            asyncio.create_task(_beat(desk)),
        ]
        await crowd.done.wait()
        seen.all.clear()
        sent_in = time.perf_counter() - began
        await _wait_for_all(seen)
        figures = _figures(load, seen, sent_in, began)
        for task in watching:
            task.cancel()
        await desk.stop()
        return figures | {"passages": passages, "baseline": alone}


async def _ingest(place: Path, passages: int, assistant: Any) -> None:
    from assistant.retrieval.formats import write_jsonl

    taken, _ = bench_corpus.take(passages)
    file = place / "corpus.jsonl"
    await asyncio.to_thread(write_jsonl, file, taken)
    await assistant.ingest([file])


def _parts(live: LiveParts, place: Path, crowd: Crowd, *, alone: bool) -> DeskParts:
    clock = SystemClock()
    parts = live.desk_parts(
        place / "journals",
        LogNotify(),
        clock=clock,
        stage=lambda _: SimulatedStage(clock),
        platforms=lambda _: (crowd,),
    )
    if not alone:
        return parts
    from dataclasses import replace

    async def inlet(room: Room, session_id: str) -> Intake:
        at = folder_of(place / "journals", room.id)
        at.mkdir(parents=True, exist_ok=True)
        incoming = live.incoming(clock, live.new_id)
        journal = await Journal.open(at, clock.now)
        rules = IntakeRules(batch=1, gather=0.0)
        return await Intake.open(
            room.id,
            session_id,
            incoming=incoming,
            journal=journal,
            records=live.records,
            rules=rules,
        )

    return replace(parts, inlet=inlet)


async def _watch(subscription: Subscription, seen: Seen) -> None:
    """When each decision was stored."""
    async for event in subscription:
        now = time.perf_counter()
        seen.ids.update({one.id: one.event_id for one in event.changed.comments})
        for decision in event.changed.decisions:
            sent = seen.sent.pop(seen.ids.pop(decision.comment_id, ""), None)
            if sent is None:
                continue
            seen.last = now
            seen.kinds[decision.kind] = seen.kinds.get(decision.kind, 0) + 1
            seen.waits.append(now - sent)
            if decision.is_question:
                seen.questions.append(now - sent)
        if not seen.sent:
            seen.all.set()


async def _lag(seen: Seen) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        seen.lags.append(max(0.0, time.perf_counter() - began - 0.01))
        if len(seen.lags) % 100 == 0:
            seen.memory.append(_resident())


async def _beat(desk: LiveDesk) -> None:
    while True:
        await asyncio.sleep(20)
        await desk.command(ROOM, Beat(), "bench")


async def _wait_for_all(seen: Seen) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST):
            await seen.all.wait()


def _resident() -> float:
    """Resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _figures(load: Load, seen: Seen, sent_in: float, began: float) -> dict[str, Any]:
    decided = len(seen.waits)
    early = seen.memory[len(seen.memory) // 10 :]
    return {
        "sent": load.total,
        "sent_in_s": round(sent_in, 1),
        "rate": round(load.total / sent_in),
        "decided_rate": round(decided / max(0.001, seen.last - began)),
        "cpu_s": round(time.process_time() - seen.cpu, 1),
        "lost": load.total - decided,
        "questions": len(seen.questions),
        "outcomes": seen.kinds,
        **_times("decision", seen.waits),
        **_times("question", seen.questions),
        "lag_p99_ms": round(percentile(seen.lags, 0.99) * 1000, 1),
        "memory_mib": round(seen.memory[-1], 1) if seen.memory else None,
        "growth_mib": round(early[-1] - early[0], 1) if early else None,
    }


def _times(name: str, values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {
        f"{name}_p{round(at * 100)}_ms": round(percentile(values, at) * 1000, 1)
        for at in (0.5, 0.95, 0.99)
    }


if __name__ == "__main__":
    main()
