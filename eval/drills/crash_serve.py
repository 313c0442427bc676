"""The crash drill against the real service: `assistant serve`, killed whole, at random moments.

A platform pushes signed batches over HTTP and counts the replies, a stage page counts what it
begins; both stand outside and outlive every kill. Some lives are ended by SIGTERM instead.
Comments are those of the rehearsal, mixed with questions that the bundled knowledge answers; each
has a viewer of its own, so that a viewer who is told the same twice is a fault.
"""

import argparse
import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from eval.bench.bench_table import machine, percentile
from eval.drills.serve_platform import Pusher, ReplyServer
from eval.drills.serve_process import ROOM, ServeProcess
from eval.drills.serve_stage import StagePage

AT_WORK = 0.8
"""So many kills strike a service that takes comments, the others one that starts."""
LONGEST_WORK, LONGEST_START = 3.0, 10.0
NEVER = 90.0
"""Seconds after which a service that takes no comment counts as one that does not come up."""
SENDERS = 2
BEAT = 20.0
SAME_ANSWER_WITHIN = 900.0
"""Seconds: the room's merge window; later, the same words may be said again."""


class ServeDrill:
    """One run."""

    def __init__(self, given: argparse.Namespace, folder: str) -> None:
        self._given = given
        self._folder = Path(folder)
        self._random = random.Random(given.seed)
        self._replies = ReplyServer(given.seed)
        self._stage = StagePage(given.seed)
        self._counts: Counter[str] = Counter()
        self._waits: list[float] = []

    async def run(self) -> dict[str, Any]:
        """Kill, restart, work off, stop, count."""
        self._serve = serve = self._process(await self._replies.start())
        await serve.prepare()
        self._pusher = Pusher(serve.url, self._given.seed)
        line = f"{serve.url.replace('http', 'ws')}/stage/{ROOM}/line?key={serve.stage_key}"
        stop = asyncio.Event()
        around = [asyncio.create_task(work) for work in (self._stage.run(line), self._beat())]
        rate = self._given.rate / SENDERS
        senders = [asyncio.create_task(self._pusher.run(rate, stop)) for _ in range(SENDERS)]
        began = time.monotonic()
        await self._lives(began + self._given.limit)
        serve.start()
        stop.set()
        await asyncio.gather(*senders)
        left = await self._until_idle()
        ended = await asyncio.to_thread(serve.stop)
        for task in around:
            task.cancel()
        lines = await asyncio.to_thread(serve.outcomes, self._folder / "export")
        result = self._result(lines, await serve.stored(), left)
        return result | {
            "last stop was clean": ended,
            "seconds": round(time.monotonic() - began, 1),
        }

    def _process(self, reply_url: str) -> ServeProcess:
        return ServeProcess(self._folder, reply_url)

    async def _lives(self, until: float) -> None:
        """Kills, and among them the graceful stops, in a random order."""
        ends = ["kill"] * self._given.kills + ["stop"] * self._given.stops
        self._random.shuffle(ends)
        for end in ends:
            if time.monotonic() > until:
                return
            await self._one_life(end)
            if sum(self._counts.values()) % 20 == 0:
                print(f"{dict(self._counts)}, {len(self._pusher.sent)} comments", flush=True)

    async def _one_life(self, end: str) -> None:
        serve, at_work = self._serve, end == "stop" or self._random.random() < AT_WORK
        serve.start()
        if at_work:
            await self._until_taken()
            await asyncio.sleep(self._random.random() * LONGEST_WORK)
        else:
            await asyncio.sleep(self._random.random() * LONGEST_START)
        if end == "stop":
            clean = await asyncio.to_thread(serve.stop)
            self._counts["clean stops" if clean else "stops that were not clean"] += 1
        elif not await asyncio.to_thread(serve.kill):
            self._counts["ended by itself"] += 1
        else:
            taken = self._pusher.taken.is_set()
            self._counts["kills at work" if taken or at_work else "kills at the start"] += 1
        self._pusher.taken.clear()

    async def _until_taken(self) -> None:
        """Until the platform was acknowledged again: the room is back."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(NEVER):
                await self._pusher.taken.wait()
        except TimeoutError:
            self._counts["did not come up"] += 1
        self._waits.append(time.monotonic() - began)

    async def _beat(self) -> None:
        """The duty officer's program: it tells that somebody is there."""
        order, base = f"/console/rooms/{ROOM}/orders", self._serve.url
        key = {"Authorization": f"Bearer {self._serve.token}"}
        async with httpx.AsyncClient(base_url=base, headers=key, trust_env=False) as http:
            while True:
                try:
                    answer = await http.post(order, json={"order": "beat"})
                    if answer.is_success:
                        self._counts["heartbeats"] += 1
                        await asyncio.sleep(BEAT)
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(1.0)

    async def _until_idle(self) -> dict[str, Any]:
        """The last life works off what the others left; gives up after minutes."""
        limit = time.monotonic() + self._given.patience
        left: dict[str, int] = {"undecided": -1}
        while any(left.values()) and time.monotonic() < limit:
            await asyncio.sleep(2.0)
            left = await self._serve.left()
        return left | {"idle": not any(left.values())}

    def _result(
        self, lines: Sequence[Mapping[str, Any]], stored: Mapping[str, Any], left: dict[str, Any]
    ) -> dict[str, Any]:
        pusher, replies, stage = self._pusher, self._replies, self._stage
        outcomes = Counter(line["event_id"] for line in lines)
        undecided = sum(line["decided_at"] is None for line in lines)
        sent = {key for key, state in stored["replies"].items() if state == "sent"}
        states = Counter(stored["replies"].values())
        voiced = Counter(stored["cues"][cue][0] for cue in stage.begun if cue in stored["cues"])
        return {
            "machine": machine(),
            "service": "assistant serve",
            "kills": self._counts["kills at work"] + self._counts["kills at the start"],
            "ends": dict(self._counts),
            "seconds until taken again": {
                "median": round(percentile(self._waits, 0.5), 1),
                "longest": round(max(self._waits), 1),
            },
            "pushes": dict(pusher.pushes),
            "comments sent": len(pusher.sent),
            "comments acknowledged": len(pusher.acknowledged),
            "comments without an outcome": len(pusher.sent.keys() - outcomes.keys()) + undecided,
            "comments with two outcomes": sum(count > 1 for count in outcomes.values()),
            "outcomes of comments never sent": len(outcomes.keys() - pusher.sent.keys()),
            "outcomes": dict(Counter(line["outcome"] for line in lines)),
            "replies received": replies.keys.total(),
            "replies badly signed": replies.badly_signed,
            "replies received twice (key)": sum(n > 1 for n in replies.keys.values()),
            "replies received twice (viewer and text)": sum(
                n > 1 for n in replies.answers.values()
            ),
            "replies received that nobody stored": len(
                replies.keys.keys() - stored["replies"].keys()
            ),
            "replies stored as sent and not received": len(sent - replies.keys.keys()),
            "replies failed for want of an address": states["failed"],
            "replies left uncertain": states["uncertain"],
            "of these received": sum(
                state == "uncertain" and key in replies.keys
                for key, state in stored["replies"].items()
            ),
            "replies by state": dict(states),
            "cues begun": len(stage.begun),
            "cues offered again and not begun again": stage.offered_again,
            "cues begun twice": sum(n > 1 for q, n in voiced.items() if q is not None),
            "cues that only the simulation played": sum(
                state in {"started", "done", "uncertain"} and cue not in stage.begun
                for cue, (_, state) in stored["cues"].items()
            ),
            "cues begun that nobody stored": len(stage.begun.keys() - stored["cues"].keys()),
            "answers spoken twice": said_twice(stage.texts, stage.begun),
            "texts begun more than once": [
                text for text, n in Counter(stage.texts.values()).items() if n > 1
            ],
            "stage connections": stage.connections,
            "stage reloads": stage.reloads,
            "cues by state": dict(Counter(state for _, state in stored["cues"].values())),
            "left at the end": left,
        }


def said_twice(texts: Mapping[str, str], begun: Mapping[str, float]) -> int:
    """How often the same words were begun again within the room's merge window."""
    last: dict[str, float] = {}
    again = 0
    for cue, at in sorted(begun.items(), key=lambda item: item[1]):
        text = texts[cue]
        again += text in last and at - last[text] <= SAME_ANSWER_WITHIN
        last[text] = at
    return again
