"""Resident memory while the 40-minute danmaku is replayed through the live path.

    python -m eval.bench.memory_bench [--data DIR] [--recording FILE] [--out FILE]

The replay runs as fast as it goes over the 5,000 passages of `live_bench` (`--data` may be the
same folder). `curve` is the memory in MiB after each twentieth of the events; `growth` is what the
last one has more than the one after a tenth, when everything has been loaded that is loaded once.
"""

import argparse
import asyncio
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

from assistant.bootstrap import open_assistant, open_live
from assistant.domain.live import Room
from assistant.live.platforms.recording import RecordedEvent, parse_recorded
from assistant.live.replay import Replay
from assistant.live.replay_events import in_order
from eval.bench import bench_corpus
from eval.bench.answer_bench import folder, settings
from eval.bench.bench_table import resident_mib
from eval.bench.live_bench import ingest

ROOM = "memory"
POINTS = 20
PASSAGES = 5000


def main() -> None:
    """Replay, and print how much memory was used when."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, help="folder to keep the knowledge base in")
    danmaku = bench_corpus.DATA / "danmaku_dev.jsonl.gz"
    parser.add_argument("--recording", type=Path, default=danmaku)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with folder(given.data) as place:
        figures = asyncio.run(_run(place, given.recording))
    text = json.dumps(figures, ensure_ascii=False)
    print(text)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")


async def _run(place: Path, recording: Path) -> dict[str, Any]:
    async with open_assistant(settings(place)) as assistant:
        if not assistant.index.headers:
            await ingest(place, PASSAGES, assistant)
        live = await open_live(assistant)
        await asyncio.to_thread(live.warm)
        await assistant.index.warm()
        room = Room(ROOM, ROOM)
        await live.records.put_room(room)
        replay = Replay(live.replay_parts(), room, live.new_id(), automatic=True)
        curve = await _curve(replay, in_order(_events(recording)))
        live.judging.close()
    growth = round(curve[-1] - curve[POINTS // 10 - 1], 1)
    return {"recording": recording.name, "curve_mib": curve, "growth_mib": growth}


async def _curve(replay: Replay, events: Sequence[RecordedEvent]) -> list[float]:
    curve: list[float] = []

    def note(done: int, total: int) -> None:
        if done * POINTS // total > len(curve):
            curve.append(round(resident_mib(), 1))

    await replay.run(events, progress=note)
    return curve


def _events(recording: Path) -> list[RecordedEvent]:
    with gzip.open(recording, "rt", encoding="utf-8") as lines:
        return [parse_recorded(line, f"line {n}") for n, line in enumerate(lines, start=1)]


if __name__ == "__main__":
    main()
