"""`kill -9` at random moments: nothing lost, nothing said or sent twice.

    python -m eval.drills.crash [--service serve|stand-in] [--kills N] [--seed 1] --out FILE.json

The service runs in a process group of its own, which is killed from here: while it starts, while
it serves, whenever. `serve` is the real `assistant serve` (`crash_serve`); `stand-in` has the real
journal, intake, SQLite, desk, room, delivery and speech, but not the meaning of words
(`crash_service`), and so dies more often in the same time. A platform repeats each push until it
is acknowledged; it and the stage count what they receive. At the end the export of the service must
have one line for each comment that the platform sent. Exit status 0: it holds; 1: it does not.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from eval.bench.bench_table import machine
from eval.drills import crash_service
from eval.drills.crash_serve import ServeDrill
from eval.drills.crash_world import Message, World, ask
from eval.drills.verdict import holds

LONGEST_LIFE = 0.8
"""Seconds until a kill: of most processes from when they serve, of the others from their start."""
LONGEST_START = 20.0
KILLED_AT_WORK = 0.8
SENDERS = 4


class Killer:
    """Starts the service and kills its process group."""

    def __init__(self, folder: str, world_port: int, port: int) -> None:
        self._arguments = (folder, world_port, port)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["eval.drills.crash_service"])
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Begin one life."""
        self._process = self._context.Process(target=crash_service.main, args=self._arguments)
        self._process.start()

    def kill(self) -> None:
        """End it from outside, all of it at once."""
        process = self._process
        assert process is not None
        assert process.pid is not None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it has not made its group yet
            process.kill()
        process.join()


class Drill:
    """One run."""

    def __init__(self, given: argparse.Namespace, folder: str) -> None:
        self._given = given
        self._folder = folder
        self._random = random.Random(given.seed)
        self._world = World(given.seed)
        self._port = _free_port()
        self._kills = self._ready_kills = 0
        self._stop = asyncio.Event()

    async def run(self) -> dict[str, Any]:
        """Kill, restart, end, count."""
        began = time.monotonic()
        killer = Killer(self._folder, await self._world.start(), self._port)
        senders = [asyncio.create_task(self._send()) for _ in range(SENDERS)]
        while self._kills < self._given.kills and time.monotonic() - began < self._given.limit:
            await self._one_life(killer)
            self._kills += 1
            if self._kills % 20 == 0:
                print(f"{self._kills} kills, {len(self._world.sent)} comments", flush=True)
        await asyncio.to_thread(killer.start)
        self._stop.set()
        await asyncio.gather(*senders)
        idle = await self._until_idle()
        exported = await ask(self._port, {"op": "outcomes"})
        await asyncio.to_thread(killer.kill)
        return self._result(exported, idle) | {"seconds": round(time.monotonic() - began, 1)}

    async def _one_life(self, killer: Killer) -> None:
        await asyncio.to_thread(killer.start)
        life = self._random.random() * LONGEST_LIFE
        from_ready = self._random.random() < KILLED_AT_WORK
        end = time.monotonic() + (LONGEST_START if from_ready else life)
        ready = False
        while (left := end - time.monotonic()) > 0:
            if not ready and await _answers(self._port):
                ready = True
                end = time.monotonic() + life if from_ready else end
                continue
            await asyncio.sleep(left if ready else min(left, 0.02))
        self._ready_kills += ready
        await asyncio.to_thread(killer.kill)

    async def _send(self) -> None:
        while not self._stop.is_set():
            comments = self._world.comments(self._random.randint(1, 8))
            await self._world.send(self._port, comments)
            await asyncio.sleep(len(comments) * SENDERS / self._given.rate)

    async def _until_idle(self) -> Message:
        """The last life works off what the others left; gives up after minutes."""
        state: Message = {}
        limit = time.monotonic() + self._given.patience
        while time.monotonic() < limit:
            with suppress(OSError, ValueError):
                state = await ask(self._port, {"op": "idle"})
                if state.get("idle"):
                    return state
            await asyncio.sleep(0.2)
        return state

    def _result(self, exported: Message, idle: Message) -> dict[str, Any]:
        world, heard = self._world, self._world.heard
        lines = Counter(line["event_id"] for line in exported["lines"])
        undecided = [one for one in exported["lines"] if one["decided_at"] is None]
        states = Counter(state for _, state in exported["replies"])
        sent = {key for key, state in exported["replies"] if state == "sent"}
        spoken = Counter(heard.texts[cue] for cue in heard.begun)
        return {
            "machine": machine(),
            "kills": self._kills,
            "kills of a ready service": self._ready_kills,
            "comments sent": len(world.sent),
            "comments acknowledged": len(heard.acknowledged),
            "comments without an outcome": len(world.sent.keys() - lines.keys()) + len(undecided),
            "comments with two outcomes": sum(count > 1 for count in lines.values()),
            "outcomes of comments never sent": len(lines.keys() - world.sent.keys()),
            "outcomes": dict(Counter(line["outcome"] for line in exported["lines"])),
            "replies received": heard.keys.total(),
            "replies received twice (key)": sum(n > 1 for n in heard.keys.values()),
            "replies received twice (viewer and text)": sum(n > 1 for n in heard.replies.values()),
            "replies stored as sent and not received": len(sent - heard.keys.keys()),
            "replies failed for want of an address": states["failed"],
            "replies by state": dict(states),
            "cues begun": heard.begun.total(),
            "cues offered again and not begun again": heard.offered_again,
            "cues begun twice": sum(n > 1 for n in heard.begun.values()),
            "answers spoken twice": sum(n > 1 for n in spoken.values()),
            "cues by state": dict(Counter(state for _, state in exported["cues"])),
            "left at the end": idle,
        }


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--service", choices=["serve", "stand-in"], default="serve")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stops", type=int, default=0, help="lives ended by SIGTERM (serve only)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=25.0, help="comments a second")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds; then no more kills")
    parser.add_argument("--patience", type=float, default=240.0, help="seconds for the last life")
    parser.add_argument("--keep", help="folder for the service's state (default: a temporary one)")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crash-drill-") as made:
        drill = ServeDrill if given.service == "serve" else Drill
        result = asyncio.run(drill(given, given.keep or made).run())
    result["holds"] = holds(result)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    print(text)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text + "\n", encoding="utf-8")
    sys.exit(0 if result["holds"] else 1)


if __name__ == "__main__":
    main()
