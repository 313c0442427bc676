"""A crowd at a steady rate, in the danmaku's mix, and what was seen of it."""

import asyncio
import gzip
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.live.seams import PlatformState, Receive
from eval.bench import bench_corpus

TICK = 0.02
VIEWERS = 5000


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
    began: float = 0.0
    last: float = 0.0
    cpu: float = 0.0
    all: asyncio.Event = field(default_factory=asyncio.Event)


class Crowd:
    """A platform of many viewers who type at a steady rate."""

    name = "kuaishou"

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
        self._seen.began = began = time.perf_counter()
        number = 0
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
    talk = noise()
    fresh = bench_corpus.questions(10_000)
    asked: list[str] = []
    while True:
        if chance.random() >= load.questions:
            yield chance.choice(talk)
        elif not asked or chance.random() < load.distinct:
            asked.append(fresh[len(asked) % len(fresh)])
            yield asked[-1]
        else:
            yield chance.choice(asked[-200:])


def noise() -> list[str]:
    """The danmaku's comments that ask nothing."""
    data = bench_corpus.DATA
    with gzip.open(data / "danmaku_dev_truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        truth = {row["event_id"]: row["case_id"] for row in map(json.loads, lines)}
    with gzip.open(data / "danmaku_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows if truth.get(row["event_id"]) == "noise"]
