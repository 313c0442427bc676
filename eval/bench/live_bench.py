"""How many comments a second one room takes, over 5,000 passages, as the service runs it.

    python -m eval.bench.live_bench [--rate 1000] [--seconds 60] [--minutes N] [--passages 5000]
                                    [--data DIR] [--out FILE] [--baseline]

The mix is the danmaku's: its noise, with `--questions` of questions, of which `--distinct` are
asked for the first time. Events enter through a platform, the intake's journal and SQLite, as in
`assistant serve`. `--baseline` takes each comment alone: one batch and one commit a comment.
`decision` runs from the platform's receipt to the stored decision, `decided_rate` from the first
receipt to the last decision; `lag` is how late the event loop is; `growth` is resident memory after
a tenth of the run against its end, `curve` what it was between. The loop is that of `serve`.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import httpx
import uvicorn

from assistant.bootstrap import open_assistant, open_live
from assistant.domain.live import Room
from assistant.live.building import LiveParts
from assistant.live.clocks import SystemClock
from assistant.live.desk import DeskParts, LiveDesk
from assistant.live.house import HouseParts, LiveHouse
from assistant.live.hub import Subscription
from assistant.live.intake import Intake, IntakeRules
from assistant.live.journal import Journal, folder_of
from assistant.live.notify import LogNotify
from assistant.live.orders import Automatic, Beat
from assistant.live.platforms.building import Tools
from assistant.live.room import LiveRoom
from assistant.live.simulated import SimulatedStage
from eval.bench import bench_corpus
from eval.bench.answer_bench import folder, settings
from eval.bench.bench_table import percentile, resident_mib
from eval.bench.live_load import Crowd, Load, Seen, texts

LAST = 60.0
"""Seconds to wait for the last decisions."""


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
    loop = uvicorn.Config("").get_loop_factory()
    with folder(given.data) as place, asyncio.Runner(loop_factory=loop) as runner:
        figures = runner.run(_run(place, given.passages, load, alone=given.baseline))
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")


async def _run(place: Path, passages: int, load: Load, *, alone: bool) -> dict[str, Any]:
    async with open_assistant(settings(place)) as assistant, httpx.AsyncClient() as http:
        if not assistant.index.headers:
            await ingest(place, passages, assistant)
        live = await open_live(assistant)
        await asyncio.to_thread(_ready, live)
        await assistant.index.warm()
        seen = Seen()
        crowd = Crowd(texts(load), load, seen)
        desk = _desk(live, place, http, alone=alone)
        room_id = f"bench-{time.time():.0f}"  # nothing is left over from another run
        await live.records.put_room(Room(room_id, "bench"))
        seen.cpu = time.process_time()
        room = await desk.open(room_id)
        await room.command(Automatic(on=True), "bench")
        desk.attach(room_id, crowd)
        watching = [
            asyncio.create_task(_watch(room.subscribe(), seen)),
            asyncio.create_task(_lag(seen)),
            asyncio.create_task(_beat(room)),
        ]
        await crowd.done.wait()
        seen.all.clear()
        sent_in = time.perf_counter() - seen.began
        await _wait_for_all(seen)
        figures = _figures(load, seen, sent_in)
        for task in watching:
            task.cancel()
        await desk.stop()
        return figures | {"passages": passages, "baseline": alone}


def _ready(live: LiveParts) -> None:
    """As a room is that has been on air for some seconds."""
    live.warm()
    live.judging.prepare()


async def ingest(place: Path, passages: int, assistant: Any) -> None:
    """Make the knowledge base."""
    from assistant.retrieval.formats import write_jsonl

    taken, _ = bench_corpus.take(passages)
    file = place / "corpus.jsonl"
    await asyncio.to_thread(write_jsonl, file, taken)
    await assistant.ingest([file])


def _desk(live: LiveParts, place: Path, http: httpx.AsyncClient, *, alone: bool) -> LiveDesk:
    """The service's own desk; `alone` has an intake that gathers nothing."""
    house = LiveHouse(
        HouseParts(
            live=live,
            rooms={},
            journals=place / "journals",
            tools=lambda clock, fetch: Tools(clock, live.new_id, http, {}, fetch),
            notify=LogNotify(),
            stage_secret=live.keys.addresses,
        )
    )
    if not alone:
        return house.desk
    clock = SystemClock()

    async def inlet(room: Room, session_id: str) -> Intake:
        at = folder_of(place / "journals-alone", room.id)
        await asyncio.to_thread(at.mkdir, parents=True, exist_ok=True)
        incoming = live.incoming(clock, live.new_id)
        return await Intake.open(
            room.id,
            session_id,
            incoming=incoming,
            journal=await Journal.open(at, clock.now),
            records=live.records,
            rules=IntakeRules(batch=1, gather=0.0),
        )

    return LiveDesk(
        DeskParts(
            records=live.records,
            clock=clock,
            new_id=live.new_id,
            services=lambda room, stage: live.services(clock, stage, LogNotify(), {}),
            stage=lambda room: SimulatedStage(clock),
            inlet=inlet,
            platforms=lambda room: (),
        )
    )


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
            seen.memory.append(resident_mib())


async def _beat(room: LiveRoom) -> None:
    while True:
        await asyncio.sleep(20)
        await room.command(Beat(), "bench")


async def _wait_for_all(seen: Seen) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST):
            await seen.all.wait()


def _figures(load: Load, seen: Seen, sent_in: float) -> dict[str, Any]:
    decided = len(seen.waits)
    early = seen.memory[len(seen.memory) // 10 :]
    curve = early[:: max(1, len(early) // 20)]
    return {
        "sent": load.total,
        "sent_in_s": round(sent_in, 1),
        "rate": round(load.total / sent_in),
        "decided_rate": round(decided / max(0.001, seen.last - seen.began)),
        "cpu_s": round(time.process_time() - seen.cpu, 1),
        "lost": load.total - decided,
        "questions": len(seen.questions),
        "outcomes": seen.kinds,
        **_times("decision", seen.waits),
        **_times("question", seen.questions),
        "lag_p99_ms": round(percentile(seen.lags, 0.99) * 1000, 1),
        "memory_mib": round(seen.memory[-1], 1) if seen.memory else None,
        "growth_mib": round(early[-1] - early[0], 1) if early else None,
        "curve_mib": [round(each) for each in curve],
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
