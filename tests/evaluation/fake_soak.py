"""A soak of a small service without a product: run as a program, so that it can be killed.

    python fake_soak.py DIR

The service takes pushes and writes each comment's outcome to a file before it answers; every third
push it takes is acknowledged only at the second try.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from eval.drills.drill_counts import lost
from eval.soak.__main__ import live
from eval.soak.journal import Journal, Line, State
from eval.soak.plan import Plan
from eval.soak.platform import Listener, Platform, Replies, event
from eval.soak.processes import Sampled

OUTCOMES = "outcomes.jsonl"
TOLD = {"told": 0.2, "untold": False, "broke": ""}


class FakeScene:
    """See `run.Scene`."""

    def __init__(self, folder: Path, plan: Plan, state: State, journal: Journal) -> None:
        self._folder, self._plan, self._state, self._journal = folder, plan, state, journal
        self._known = {line["event_id"] for line in outcomes(folder)}
        self._pushes = 0
        self._stop = asyncio.Event()
        self._moved: list[float] = []
        self.replies = Replies(plan.seed, state, journal)
        self.mirror = Listener("", state, journal)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self.asking = Platform(url, self._plan, self._state, self._journal)
        self._tasks = [asyncio.create_task(w) for w in (self.asking.ask(self._stop), self._move())]
        await self.asking.taken.wait()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server.close()

    @property
    def traffic_hours(self) -> float:
        return self.asking.traffic_hours

    def lived(self) -> Sequence[float]:
        return self._moved

    def sampled(self) -> Sampled:
        return {"serve": (str(os.getpid()), 100 << 20, 0, 20)}

    def draw(self, number: int) -> tuple[str, str]:
        return f"fault-{number}", "only the others strike" if number % 2 else ""

    async def struck(self, name: str, limit: float) -> Line:
        await asyncio.sleep(0.3)
        return {"picture": 0.0, "away": 0.0, "served": 0.3} | TOLD

    async def settled(self, limit: float) -> float | None:
        self.asking.is_held = True
        while not self.asking.sent.keys() <= self.asking.acknowledged:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return 0.1

    async def counted(self, *, final: bool) -> Line:
        asked = [event(n) for n in range(len(self.asking.sent) if final else 0)]
        missing = lost(asked, outcomes(self._folder))
        twice = [key for key, times in self.replies.keys.items() if times > 1]
        return {"asked": len(asked), "lost": missing, "twice": twice, "unsupported": []}

    async def _move(self) -> None:
        while True:
            self._moved.append(time.monotonic())
            await asyncio.sleep(0.2)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                size = int(head.split("content-length:")[1].split("\r\n")[0])
                writer.write(self._taken(json.loads(await reader.readexactly(size))))
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    def _taken(self, rows: list[Line]) -> bytes:
        new = [row["event_id"] for row in rows if row["event_id"] not in self._known]
        with (self._folder / OUTCOMES).open("a", encoding="utf-8") as file:
            for name in dict.fromkeys(new):
                file.write(json.dumps({"event_id": name, "decided_at": 1}) + "\n")
                said = {"id": name, "text": "字", "spoken": "字", "more": 1}
                self.mirror.told[name] = said
                self._journal.add("reply", key=name)
                self.replies.keys[name] += 1
            self._known.update(new)
        self._pushes += 1
        if self._pushes % 3 == 0:
            return b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}"
        names = [row["event_id"] for row in rows]
        body = json.dumps({"accepted": names, "duplicate": []}).encode()
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def outcomes(folder: Path) -> list[Line]:
    """What the service has written."""
    path = folder / OUTCOMES
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


if __name__ == "__main__":
    live(Path(sys.argv[1]), FakeScene)
